"""The language that is named is the language of the words.

Source: WCAG 2.2 SC 3.1.1 Language of Page (level A) and SC 3.1.2 Language of Parts (level AA); EN 301 549 clauses 9.3.1.1 and
9.3.1.2; ACT rules ucwvc8 and off6ek; techniques H57 and H58.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.accessibility.wording import phrases
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

PAGE = "page-language-text"
PART = "part-language-text"
UNMARKED = "part-language-unmarked"
RULES = (PAGE, PART, UNMARKED)

# What is met on Dutch municipal sites. Latin is known only so that filler text ("lorem ipsum") is not taken for anything else.
EXPECTED = phrases("language/expected.txt")
FILLER = "la"
# Languages that short texts do not tell apart: one of them is as good as the other.
RELATED = (
    frozenset({"nl", "af", "fy"}),
    frozenset({"da", "no", "nn", "sv", "fo", "is"}),
    frozenset({"hr", "sr", "bs", "sl"}),
    frozenset({"cs", "sk", "pl"}),
    frozenset({"es", "ca", "gl", "pt", "ext", "an", "oc", "it", "la", "ro"}),
    frozenset({"ru", "uk", "be", "bg", "mk", "sr"}),
    frozenset({"fr", "oc", "wa", "ca"}),
    frozenset({"id", "ms", "jv"}),
    frozenset({"tr", "az", "tk"}),
    frozenset({"ar", "ary", "arz", "fa", "ur", "ps"}),
    frozenset({"zh", "yue", "wuu", "ja"}),
    frozenset({"de", "lb"}),
)
SAME = {"nb": "no", "iw": "he", "in": "id", "cmn": "zh", "sh": "sr", "prs": "fa", "ckb": "ku", "kmr": "ku"}
NOT_WORDS = re.compile(r"\S*(?:@|://|www\.)\S*|\S*\d\S*|\b\w+\.(?:nl|com|org|eu|html?|pdf|png|jpe?g)\b")
WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*|[\u3040-\u30ff\u4e00-\u9fff]")

FEWEST_WORDS = 5  # fewer words prove nothing
FEWEST_UNMARKED = 12
LONG_UNMARKED = 40
CHUNK = 400  # characters judged at a time


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    declared = _primary(facts["language"])
    page = facts["page"]
    is_right = True
    if page and _is_known(declared) and len(_words(page["text"])) >= FEWEST_WORDS - 1:
        verdict = _page(page, declared)
        is_right = verdict.outcome == "passed"
        yield verdict
    for part in facts["parts"]:
        language = _primary(part["language"])
        if _is_known(language) and len(_words(part["text"])) >= 2:
            yield _part(part, language)
    if is_right and _is_known(declared):
        for block in facts["blocks"]:
            yield from _unmarked(block, declared)


def _page(page: dict[str, Any], declared: str) -> Verdict:
    chunks = list(_chunks(page["text"]))
    if not chunks:
        return passed(PAGE, page["element"])
    weights: dict[str, int] = {}
    for chunk in chunks:
        language = _other_language(chunk, declared, sure=0.9 if len(chunks) > 1 else 0.95)
        weights[language] = weights.get(language, 0) + len(chunk)
    other = max(weights, key=lambda one: weights[one])
    share = weights[other] / sum(weights.values())
    arguments = {"declared": declared, "found": other}
    if other and share >= 0.75 and not any(_has_common_words(chunk, declared) for chunk in chunks):
        return failed(PAGE, page["element"], **arguments)
    if other and share >= 0.5:
        return cannot_tell(PAGE, page["element"], **arguments)
    if len(chunks) == 1 and (found := _doubt(chunks[0], declared)):
        return cannot_tell(PAGE, page["element"], declared=declared, found=found)
    return passed(PAGE, page["element"])


def _part(part: dict[str, Any], declared: str) -> Verdict:
    text = part["text"]
    words = _words(text)
    if len(words) >= FEWEST_WORDS and (found := _other_language(text[:1500], declared, sure=0.95)):
        return failed(PART, part["element"], declared=declared, found=found)
    if len(words) >= 2 and any(word.islower() for word in words) and (found := _doubt(text[:1500], declared)):
        return cannot_tell(PART, part["element"], declared=declared, found=found)
    return passed(PART, part["element"])


def _unmarked(block: dict[str, Any], declared: str) -> Iterator[Verdict]:
    """Text without a language of its own, in another language than the page: long enough not to be a name or a title."""
    words = _words(block["text"])
    if len(words) < FEWEST_UNMARKED or sum(word[0].islower() for word in words) < 0.6 * len(words):
        return
    found = _other_language(block["text"], declared, sure=0.99)
    if not found:
        yield passed(UNMARKED, block["element"])
    elif len(words) >= LONG_UNMARKED and _other_language(block["text"], declared, sure=0.999):
        yield failed(UNMARKED, block["element"], declared=declared, found=found)
    else:
        yield cannot_tell(UNMARKED, block["element"], declared=declared, found=found)


def _other_language(text: str, declared: str, sure: float) -> str:
    """The language that a text is surely in, where that is not the declared one nor one like it; else nothing."""
    if _has_common_words(text, declared):
        return ""
    ranked = _ranked(text, declared)
    best, probability = ranked[0]
    family = sum(chance for language, chance in ranked if _alike(language, declared))
    return best if probability >= sure and family <= 0.01 and best != FILLER and _has_lower_case(text) else ""


def _doubt(text: str, declared: str) -> str:
    """The language that a short text is most likely in, where the declared one is out of the question; else nothing."""
    if len(_words(text)) < 2 or _has_common_words(text, declared):
        return ""
    ranked = _ranked(text, declared)
    best, probability = ranked[0]
    family = sum(chance for language, chance in ranked if _alike(language, declared))
    return best if probability >= 0.45 and family <= 0.05 and best != FILLER else ""


def _ranked(text: str, declared: str) -> list[tuple[str, float]]:
    identifier = _identifier("" if declared in EXPECTED else declared)
    return [(language, float(chance)) for language, chance in identifier.rank(NOT_WORDS.sub(" ", text))]


def _alike(first: str, second: str) -> bool:
    return first == second or any(first in family and second in family for family in RELATED)


def _primary(tag: str) -> str:
    primary = tag.casefold().replace("_", "-").partition("-")[0]
    return SAME.get(primary, primary)


def _words(text: str) -> list[str]:
    return WORD.findall(NOT_WORDS.sub(" ", text))


def _has_lower_case(text: str) -> bool:
    """Not a row of names: at least a third of the words begin with a small letter, or the script knows no capitals."""
    words = _words(text)
    return sum(not word[0].isupper() for word in words) * 3 >= len(words)


def _has_common_words(text: str, language: str) -> bool:
    """Enough of the small words of a language that nobody need look further."""
    common = _common_words(language)
    words = [word.casefold() for word in _words(text)]
    found = [word for word in words if word in common]
    return len(set(found)) >= 3 and len(found) >= 0.1 * len(words)


@cache
def _common_words(language: str) -> frozenset[str]:
    pairs = (line.split() for line in phrases("language/common_words.txt"))
    return frozenset(word for tag, word in pairs if tag == language)


def _is_known(language: str) -> bool:
    return language in EXPECTED or (bool(language) and language in _model().labels)


@cache
def _model() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=4)  # each holds 5 MB
def _identifier(unexpected: str) -> LanguageIdentifier:
    """The model, looking only at the languages that are expected here and, where there is one, another that was declared."""
    identifier = copy.copy(_model())  # the large tables are shared
    identifier.set_languages(EXPECTED | {unexpected} if unexpected else EXPECTED)
    return identifier


def _chunks(text: str) -> Iterator[str]:
    """Pieces of a text, line by line, each of some 400 characters and at least a few words."""
    gathered = ""
    for line in text.split("\n"):
        gathered = f"{gathered}\n{line}" if gathered else line
        if len(gathered) >= CHUNK:
            yield gathered
            gathered = ""
    if len(_words(gathered)) >= FEWEST_WORDS - 1:
        yield gathered
