"""A paragraph that most people can read at once: what makes it hard is named, the worst first.

Source: the sentence rules and official words of plain Dutch for government texts; Flesch-Douma, W.H. Douma, De leesbaarheid van
landbouwbladen (1960), as 206.835 - 0.93 words per sentence - 77 syllables per word. No figure here measures a level such as B1:
that is a level of a reader, and reading level (SC 3.1.5) is AAA. So this is advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from checks.content.blocks import MainContent, dutch_blocks, main_content, sentences, words_of
from checks.content.lists import pairs, word_list
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

RULE = "plain-paragraph"
RULES = (RULE,)

LONG, VERY_LONG = 25, 35  # words in one sentence
FEWEST_WORDS = 12  # in a paragraph; less is a label or a list item
HARD = 3  # points from which a paragraph is asked about
LONGEST_WORD = 40  # letters
MOST_NAMED = 4  # words of one kind
MOST_FINDINGS = 6  # on one page: the hardest ones, so that an editor can start
APART = 10  # words between the two halves of a verb
LISTED = 0.2  # commas per word: a sentence that sums up is long for another reason

PASSIVE = frozenset(["wordt", "worden", "werd", "werden"])
# A participle, by its form. Nouns that look like one are never the second half of a verb.
PARTICIPLE = re.compile(
    r"(?:(?:aan|af|bij|door|in|mee|na|om|onder|op|over|samen|tegen|terug|toe|uit|vast|voor|weg)?ge[a-zéïë]{2,}|"
    r"(?:be|ver|ont|her|er)[a-zéïë]{3,}|[a-z]{2,}(?:ver|be)[a-z]{3,})(?:d|t|en)"
)
NO_PARTICIPLE = word_list("plain_language/no_participle.txt")
INFINITIVE = re.compile(r"[a-zéïë]{3,}(?:en|aan|ien|oen|aat)")
# The finite half of a verb in two halves, and what the other half then is.
WITH_PARTICIPLE = frozenset(
    ["heeft", "hebben", "had", "hadden", "wordt", "worden", "werd", "werden", "is", "zijn", "was", "waren"]
)
WITH_INFINITIVE = frozenset(
    [
        "kan",
        "kunt",
        "kunnen",
        "moet",
        "moeten",
        "mag",
        "mogen",
        "zal",
        "zult",
        "zullen",
        "wil",
        "wilt",
        "willen",
        "zou",
        "zouden",
        "kon",
        "konden",
        "moest",
        "moesten",
    ]
)
CLAUSE_END = re.compile(
    r"[,;:()–—]|\s-\s|\b(?:en|of|maar|want|dat|die|als|omdat|zodat|waar|wanneer|om|waarbij|waarvan|wie|wat|te|dan|tot|en/of)\b"
)
DETERMINERS = frozenset(
    ["het", "een", "geen", "zijn", "haar", "hun", "uw", "ons", "dit", "dat", "veel", "meer", "minder", "alle", "eigen"]
)
FUNCTION_WORDS = frozenset(
    [
        "van",
        "ervan",
        "voor",
        "door",
        "over",
        "naar",
        "deze",
        "dit",
        "dat",
        "die",
        "welke",
        "zijn",
        "worden",
        "wordt",
        "kan",
        "zal",
        "moet",
        "heeft",
    ]
)
BEFORE_NOUN = re.compile(
    r"\b(?:de|het|een) (?:door|op grond van|krachtens|ingevolge|bij|in|aan|voor|met) "
    r"(?:[\w’'-]{1,40} ){3,14}?[\w-]+(?:de|te|en) [\w-]{3,}"
)
# A verb made into a noun: "het verlenen van", "de vaststelling van".
NOUN_OF_VERB = re.compile(r"\b(?:[Hh]et ([a-zéïë]{4,}en)|[Dd]e ([a-zéïë]{4,}(?:ing|atie|age))) (?:van|door)\b")
PLAIN_NOUNS = word_list("plain_language/plain_nouns.txt")
ABBREVIATION = re.compile(r"\b(?:[A-Z]{2,6}|[A-Z][a-z]{0,2}[A-Z]{1,3})\b(?![-/\d])")
KNOWN_ABBREVIATIONS = word_list("plain_language/known_abbreviations.txt")
ROMAN = re.compile(r"[IVXLCDM]+")
QUOTED = re.compile(r"[\"“„‘][^\"”’“]{0,200}[\"”’]")
VOWELS = re.compile(r"aai|oei|ooi|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|ou|au|[aeiouyáéíóúàèäëïöü]")


@dataclass(frozen=True)
class Trouble:
    """What makes one paragraph hard, and how much in points."""

    points: int
    longest: int  # words in its longest sentence, where that is long
    sentence: str  # how that sentence begins
    passives: int
    apart: str  # the two halves of a verb that stand far apart
    words: tuple[str, ...]  # "indien → als"
    nouns: tuple[str, ...]
    abbreviations: tuple[str, ...]


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """The hardest paragraphs of a page; one finding each."""
    content = main_content(document)
    if content is None:
        return
    unexplained = _unexplained(content)
    found = []
    for number, block in enumerate(dutch_blocks(content)):
        if len(words_of(block.text)) < FEWEST_WORDS:
            continue
        trouble = trouble_of(block.text, unexplained)
        unexplained -= set(trouble.abbreviations)  # explained once is enough
        if trouble.points < HARD:
            yield passed(RULE, block.element)
        else:
            found.append((-trouble.points, number, block, trouble))
    for _, _, block, trouble in sorted(found, key=lambda one: one[:2])[:MOST_FINDINGS]:
        yield cannot_tell(RULE, block.element, "", **_arguments(block.text, trouble))


def trouble_of(text: str, unexplained: set[str] | frozenset[str] = frozenset()) -> Trouble:
    """What makes a paragraph hard to read."""
    parts = [(sentence, words_of(sentence)) for sentence in sentences(text)]
    longest, length = max(((one, _length(one, words)) for one, words in parts), key=lambda one: one[1], default=("", 0))
    passives = sum(_is_passive(words) for _, words in parts)
    apart = next((found for sentence, _ in parts if (found := _apart(sentence))), "")
    official = official_words(text)
    nouns = _nouns(text)
    abbreviations = [one for one in dict.fromkeys(ABBREVIATION.findall(text)) if one in unexplained]
    points = (
        (length >= LONG)
        + (length >= VERY_LONG)
        + (passives > 1)
        + (apart != "")
        + min(len(official), 3)
        + (len(nouns) > 1)
        + (len(abbreviations) > 0)
    )
    return Trouble(
        points=points,
        longest=length if length >= LONG else 0,
        sentence=_begin(longest, 6),
        passives=passives if passives > 1 else 0,
        apart=apart,
        words=tuple(f"{word} → {plain}" for word, plain in official[:MOST_NAMED]),
        nouns=tuple(nouns[:MOST_NAMED]) if len(nouns) > 1 else (),
        abbreviations=tuple(abbreviations[:MOST_NAMED]),
    )


def _arguments(text: str, trouble: Trouble) -> dict[str, str | int]:
    return {
        "begin": _begin(text, 8),
        "longest": trouble.longest,
        "sentence": trouble.sentence if trouble.longest else "",
        "words": ", ".join(trouble.words),
        "apart": trouble.apart,
        "passives": trouble.passives,
        "nouns": ", ".join(f"“{noun}”" for noun in trouble.nouns),
        "abbreviations": ", ".join(trouble.abbreviations),
        "flesch": flesch_douma(text),
    }


def _begin(text: str, most: int) -> str:
    """The first words of a text."""
    words = text.split()
    return " ".join(words[:most])[:120] + (" …" if len(words) > most else "")


def _length(sentence: str, words: list[str]) -> int:
    """The words of a sentence; of one that sums up only those up to its list."""
    commas = sentence.count(",") + sentence.count(";") + sentence.count(" / ")
    return 0 if commas >= LISTED * len(words) else len(words)


def _is_participle(word: str) -> bool:
    return len(word) <= LONGEST_WORD and PARTICIPLE.fullmatch(word) is not None and word not in NO_PARTICIPLE


def _is_passive(words: list[str]) -> bool:
    """Whether a sentence has a form of "worden" with a participle beside it or at the end of its clause."""
    lower = [word.lower() for word in words]
    for number, word in enumerate(lower):
        if word not in PASSIVE:
            continue
        near = (lower[number - 1] if number else "", *lower[number + 1 : number + 2], lower[-1])
        if any(_is_participle(one) for one in near):
            return True
    return False


def _is_infinitive(before: str, word: str) -> bool:
    """Whether a word at the end of a clause is a verb; after an adjective or an article it is a noun in the plural."""
    return INFINITIVE.fullmatch(word) is not None and not before.endswith("e") and before not in DETERMINERS


def _apart(sentence: str) -> str:
    """The two halves of a verb with many words between them in one clause, or a noun far from its article; "" where none is."""
    for clause in CLAUSE_END.split(sentence):
        words = words_of(clause)
        lower = [word.lower() for word in words]
        for number, word in enumerate(lower[: -APART - 1]):
            last = lower[-1]
            if (word in WITH_PARTICIPLE and _is_participle(last)) or (
                word in WITH_INFINITIVE and _is_infinitive(lower[-2], last)
            ):
                return f"{words[number]} … {words[-1]}"
            if word in WITH_PARTICIPLE | WITH_INFINITIVE:
                break
    far = BEFORE_NOUN.search(sentence)
    words = far[0].split() if far else []
    return f"{words[0]} … {words[-1]}" if len(words) > APART and words[-1] not in FUNCTION_WORDS else ""


def _nouns(text: str) -> list[str]:
    found = [(match[1] or match[2], match[0]) for match in NOUN_OF_VERB.finditer(text)]
    return list(dict.fromkeys(phrase for noun, phrase in found if noun not in PLAIN_NOUNS))


def official_words(text: str) -> list[tuple[str, str]]:
    """The official words of a text with the everyday word for each; those between quotation marks are somebody else's."""
    pattern, plain = _official()
    found = (match[0].lower() for match in pattern.finditer(QUOTED.sub(" ", text)))
    return [(word, _plain(word, plain)) for word in dict.fromkeys(found)]


def _plain(word: str, plain: dict[str, str]) -> str:
    """The everyday word; the list has the word itself, or its stem with a star."""
    return plain.get(word) or next(
        everyday for stem, everyday in plain.items() if stem.endswith("*") and word.startswith(stem[:-1])
    )


@cache
def _official() -> tuple[re.Pattern[str], dict[str, str]]:
    plain = pairs("plain_language/official_words.tsv")
    words = sorted(plain, key=len, reverse=True)
    alternatives = "|".join(re.escape(word.rstrip("*")) + (r"\w{0,3}" if word.endswith("*") else "") for word in words)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])", re.IGNORECASE), plain


def _unexplained(content: MainContent) -> set[str]:
    """The abbreviations of the main content that nothing on the page explains."""
    text = content.text
    # What the page is about, it calls by its name.
    names = set(words_of(content.facts["title"])).union(*(words_of(block.text) for block in content.blocks if block.is_heading))
    explained = set(content.facts["abbreviations"]) | KNOWN_ABBREVIATIONS | names
    # "de Algemene plaatselijke verordening (APV)" and "APV (Algemene plaatselijke verordening)".
    explained |= set(re.findall(r"\(([A-Z][\w]{1,6})\)", text)) | set(
        re.findall(r"\b([A-Z][\w]{1,6}) (?:\(|betekent|staat voor|= )", text)
    )
    shouted = {word for block in content.blocks if block.text.isupper() for word in words_of(block.text)}
    found = set(ABBREVIATION.findall(text))
    return {one for one in found if one not in explained | shouted and not ROMAN.fullmatch(one)}


def syllables(word: str) -> int:
    """How many syllables a Dutch word has, by its groups of vowels; at least one."""
    return max(1, len(VOWELS.findall(word.lower())))


def flesch_douma(text: str) -> int:
    """How easily a text is read, from 0 (very hard) to 100 (very easy), by the length of its sentences and words."""
    words = [word for word in words_of(text) if word[0].isalpha()]
    if not words:
        return 100
    per_word = sum(map(syllables, words)) / len(words)
    score = 206.835 - 0.93 * len(words) / max(1, len(sentences(text))) - 77 * per_word
    return round(min(100.0, max(0.0, score)))
