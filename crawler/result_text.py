"""What the words around a list of search results say: how many there are, or that there are none. Dutch and English."""

from __future__ import annotations

import re

NUMBER = r"(?P<number>\d{1,3}(?:[.\s]\d{3})+|\d{1,7})"
WHAT = r"(?:zoek)?(?:resultaten|resultaat|treffers?|hits?|results?|pagina['’]?s|documenten)"
COUNTED = (
    re.compile(rf"\b(?:van|of|uit)\s+(?:de\s+|in totaal\s+|about\s+)?{NUMBER}\s+{WHAT}", re.IGNORECASE),
    re.compile(rf"\b{WHAT}\s+\d+\s*(?:-|–|tot|t/m|to)\s*\d+\s+(?:van|of)\s+(?:de\s+)?{NUMBER}\b", re.IGNORECASE),
    re.compile(rf"\b\d+\s*(?:-|–|tot|t/m|to)\s*\d+\s+(?:van|of)\s+(?:de\s+|totaal\s+)?{NUMBER}\b", re.IGNORECASE),
    re.compile(rf"(?<![\d.,/-]){NUMBER}\s+(?:gevonden\s+)?{WHAT}\b", re.IGNORECASE),
    re.compile(rf"\b(?:aantal\s+)?{WHAT}\s*[:(]\s*{NUMBER}\b", re.IGNORECASE),
    re.compile(rf"\b(?:gevonden|found)\s*:?\s+{NUMBER}\s+(?:pagina|resulta|result|item)", re.IGNORECASE),
)
NONE = re.compile(
    r"\b(?:geen\s+(?:enkele?\s+)?(?:zoek)?(?:resultaten|resultaat|treffers?|pagina['’]?s|documenten|informatie|antwoord(?:en)?)\b"
    r"|geen\b[^.!?]{0,60}\bgevonden\b|niets\b[^.!?]{0,30}\bgevonden\b|(?:niks|niets)\s+gevonden"
    r"|(?:heeft|leverde|levert|gaf|geeft)\s+(?:helaas\s+)?(?:geen|niets)\b|kunnen\s+(?:helaas\s+)?niets\s+vinden|0\s+resultaten"
    r"|no\s+(?:search\s+)?(?:results?|matches|hits|pages)\b|nothing\s+(?:was\s+)?found|did\s+not\s+match\s+any)",
    re.IGNORECASE,
)


def number_said(text: str) -> int | None:
    """How many results a page says that there are; None where it does not say."""
    for pattern in COUNTED:
        if match := pattern.search(text):
            return int(re.sub(r"\D", "", match["number"]))
    return None


def says_none(text: str) -> bool:
    """Whether a page says that nothing was found."""
    if (number := number_said(text)) is not None:
        return number == 0
    return NONE.search(text) is not None
