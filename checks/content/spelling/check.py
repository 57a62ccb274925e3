"""Words that are spelt wrong: unknown to the dictionary, and one slip away from a word that is in it.

Advice: no criterion asks for it, and a dictionary never has every word. So names, words in another language, new compounds and
words that come back on the page are left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from checks.content.blocks import Block, MainContent, is_dutch, main_content
from checks.content.spelling.dictionary import is_known, meant_by
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

RULE = "spelling"
RULES = (RULE,)

# A word of small letters that is no part of an address, a file, a code or a compound with a hyphen.
WORD = re.compile(r"(?<![\w@./\\’'&=#_-])[a-zà-öø-ÿ]{5,24}(?:[’']s)?(?![\w@/\\’'_-]|\.\w)")
AGAIN = 3  # times on one page: a word of the house, not a slip
MOST_WORDS = 3000  # looked at on one page
LONG, MOST_LONG = 16, 100  # letters; words
MOST_UNKNOWN = 25
MOST_FINDINGS = 8
FEWEST_DUTCH_WORDS = 30  # on a page before a block that is too short to tell is taken for Dutch


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """One finding for each block of text with a misspelt word."""
    content = main_content(document)
    if content is None:
        return
    blocks = list(_dutch_blocks(content))
    times = Counter(word for block in blocks for word in WORD.findall(block.text))
    named = {word.lower() for word in re.findall(r"\b[A-ZÀ-Þ]\w{4,}", content.text + " " + content.facts["title"])}
    about = set(WORD.findall(document.page.url.lower().replace("/", " ")))
    unknown = list(
        islice(_unknown(word for word in times if times[word] < AGAIN and word not in named | about), MOST_UNKNOWN + 1)
    )
    # A page of words that the dictionary never saw is about something that it knows nothing of.
    slips = {word: meant for word in unknown if (meant := meant_by(word))} if len(unknown) <= MOST_UNKNOWN else {}
    found = 0
    for block in blocks:
        wrong = list(dict.fromkeys(word for word in WORD.findall(block.text) if word in slips))
        if not wrong:
            yield passed(RULE, block.element)
        elif found < MOST_FINDINGS:
            found += 1
            corrections = ", ".join(f"{word} → {slips[word]}" for word in wrong[:5])
            yield cannot_tell(RULE, block.element, words=", ".join(wrong[:5]), corrections=corrections)


def _unknown(words: Iterable[str]) -> Iterator[str]:
    """The words that the dictionary does not have. A long one may take it a tenth of a second to take apart: few of those."""
    long = 0
    for word in islice(words, MOST_WORDS):
        long += len(word) > LONG
        if (len(word) <= LONG or long <= MOST_LONG) and not is_known(word):
            yield word


def _dutch_blocks(content: MainContent) -> Iterator[Block]:
    """The blocks in Dutch; a heading or a label is, where the page is and nothing says otherwise."""
    page_is_dutch = is_dutch(content.text) and len(content.text.split()) >= FEWEST_DUTCH_WORDS
    for block in content.blocks:
        if block.quoted or block.language not in ("nl", ""):
            continue
        if is_dutch(block.text) or (page_is_dutch and len(block.text.split()) < FEWEST_DUTCH_WORDS // 3):
            yield block
