"""A page that was never finished: words that hold a place for others, or nothing at all.

Advice: a visitor finds nothing, and no criterion says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.content.blocks import MainContent, main_content, words_of
from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

PLACEHOLDER, EMPTY = "placeholder-text", "empty-page"
RULES = (PLACEHOLDER, EMPTY)

ANYWHERE = re.compile(
    r"\blorem ipsum\b|\bdolor sit amet\b|\b(?:dummy|blind|plaatshouder)[- ]?tekst\b|"
    r"\bhier (?:komt|komen|staat straks|kunt u) (?:nog |later )?(?:de |een |uw )?(?:tekst|inhoud|introductie|inleiding|foto)\b|"
    r"\b(?:typ|vul|zet|plaats) hier (?:de |uw |je |een )?(?:tekst|inhoud|titel|introductie|kop|naam)\b|"
    r"\b(?:click|klik) (?:here )?(?:hier )?(?:to edit|om (?:te bewerken|deze tekst))\b|"
    r"(?<!bijlage )(?<!hoofdstuk )(?<!artikel )(?<!titel )(?<!deel )(?<!amsterdam )"  # thirty, and a coat of arms
    r"(?<![\w-])(?:xx?[-/.]xx?[-/.](?:20)?xx(?:xx)?|€ ?x{1,3}(?:,(?:xx|-))?|x{3,8})(?![\w-])|"
    r"\bTODO\b|\[(?:tekst|naam|datum|bedrag|invullen|link)\]",
    re.IGNORECASE,
)
WHOLE = re.compile(
    r"\W*(?:(?:de |deze |meer )?(?:tekst|inhoud|informatie|foto|afbeelding|video|kaart|pagina|nadere informatie)(?: hierover)? "
    r"(?:volgt|komt)(?: (?:nog|later|spoedig|snel|binnenkort|zo snel mogelijk|hier))*|"
    r"(?:deze )?pagina (?:is )?in (?:aanbouw|opbouw|ontwikkeling)|"
    r"onder constructie|under construction|coming soon|nog in te vullen|nog invullen|test(?:pagina| ?tekst)?|tekst)\W*",
    re.IGNORECASE,
)
# A page about such texts, and a letter to copy, hold them on purpose.
ON_PURPOSE = re.compile(
    r"voorbeeldbrief|modelbrief|model|sjabloon|template|vul(?:t)? .{0,40} in\b|placeholder|opmaak|lettertype", re.IGNORECASE
)

FEWEST_WORDS = 10  # of a page's content, headings apart
MOST_LINKS = 1


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """The words that hold a place, and whether there are any words at all."""
    content = main_content(document)
    if content is None:
        return
    yield from _placeholders(content)
    yield from _emptiness(content)


def _placeholders(content: MainContent) -> Iterator[Verdict]:
    for block in content.blocks:
        found = ANYWHERE.search(block.text) or WHOLE.fullmatch(block.text[:200])
        on_purpose = block.quoted or ON_PURPOSE.search(f"{content.facts['title']} {block.under} {block.text}")
        if found and not on_purpose:
            yield cannot_tell(PLACEHOLDER, block.element, words=found[0].strip()[:80])
        elif not block.is_heading:
            yield passed(PLACEHOLDER, block.element)


def _emptiness(content: MainContent) -> Iterator[Verdict]:
    """Only of a page that marks its main content: else what was left out may be it."""
    facts = content.facts
    if not facts["isMain"] or facts["cut"]:
        return
    words = sum(len(words_of(block.text)) for block in content.blocks if not block.is_heading)
    if words < FEWEST_WORDS and not facts["media"] and facts["links"] <= MOST_LINKS:
        yield cannot_tell(EMPTY, facts["root"], count=words)
    else:
        yield passed(EMPTY, facts["root"])
