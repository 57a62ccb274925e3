"""Personal data in what people write down of residents: replaced by its kind, and the rest left as it was written.

What is masked in search logs (`checks/search_log/mask.py`) loses its capitals and line ends; here a person reads the text again.
Source: `shared/reference/domain.md`, 6.1. Every bare number of eight or nine digits is masked, whether its check digit fits or
not. Names are not known by any form: whoever writes is asked to leave them out.
"""

from __future__ import annotations

import re
from collections import Counter

_KINDS = (  # the longer forms first: a number inside them is not looked at again
    ("e-mail", re.compile(r"[^\s@<>\[\]()\"',;:]{1,64}@[^\s@<>\[\]()\"',;]{1,180}\.[a-z]{2,24}", re.IGNORECASE)),
    ("iban", re.compile(r"\b[a-z]{2}\d{2}[ .]?[a-z]{4}(?:[ .]?\d){10}\b", re.IGNORECASE)),
    ("telefoon", re.compile(r"(?<!\d)(?:(?:\+|00)\d{2}[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ -]?\d){8}(?!\d)")),
    ("bsn", re.compile(r"(?<![\d.,])\d(?:[ .]?\d){7,8}(?![\d])")),
    ("adres", re.compile(r"(?<![A-Za-z0-9])[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}(?:[ ,]{1,2}\d{1,5})?(?![A-Za-z0-9])")),
)


def masked(text: str) -> tuple[str, Counter[str]]:
    """The text with "[e-mail]", "[iban]", "[telefoon]", "[bsn]" or "[adres]" in place of such data, and how many of each."""
    found: Counter[str] = Counter()
    for kind, form in _KINDS:
        text, count = form.subn(f"[{kind}]", text)
        found += Counter({kind: count})
    return text, found
