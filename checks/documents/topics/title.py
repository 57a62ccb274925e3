"""A document has a title that says what it is about, and shows it.

Source: WCAG 2.2 SC 2.4.2 Page Titled; EN 301 549 clause 10.2.4.2; technique PDF18; ISO 14289-1 clause 7.1; Matterhorn 06, 07.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.documents.snapshot import DocumentSnapshot
from checks.documents.verdict import Verdict, cannot_tell, failed, passed

TITLE = "document-title"
SHOWN = "document-title-shown"
RULES = (TITLE, SHOWN)
NEEDS = ()

FILE_NAME = re.compile(r".*\.(pdf|docx?|xlsx?|pptx?|od[tsp]|indd|rtf|html?|qxp|pub|vsdx?|dwg|tmp|ai|psd)", re.IGNORECASE)
PROGRAM = re.compile(
    r"(microsoft (word|powerpoint|excel)|powerpoint[- ]pr[eé]sentati(e|on)|word[- ]document)\b( - .*)?", re.IGNORECASE
)
NO_TITLE = re.compile(
    r"(untitled|naamloos|unknown|onbekend|no title|geen titel|zonder titel|title|titel|documento?|presentati(e|on)|slide|dia|"
    r"blad|sheet|scan(ned)?( document)?|image|afbeelding|print|pdf|new document|nieuw document|template|sjabloon|test|"
    r"full page (photo|fax print)|layout|concept|draft)([ _-]?\(?\d*\)?)",
    re.IGNORECASE,
)
CODE = re.compile(r"(?=.*\d)[A-Z0-9_\-. ]{5,}")  # "DOC20210312", "SKM_C458 2211"


def judge(document: DocumentSnapshot) -> Iterator[Verdict]:
    title = " ".join(document.title.split())
    arguments = {"title": title[:200]}
    if not title:
        yield failed(TITLE)
        return
    if PROGRAM.fullmatch(title) or FILE_NAME.fullmatch(title) or NO_TITLE.fullmatch(title):
        yield failed(TITLE, "says_nothing", arguments=arguments)
    elif CODE.fullmatch(title) or not re.search(r"[^\W\d_]{2}", title):
        yield cannot_tell(TITLE, arguments=arguments)
    else:
        yield passed(TITLE)
    if document.title_shown is not None:
        yield passed(SHOWN) if document.title_shown else failed(SHOWN, arguments=arguments)
