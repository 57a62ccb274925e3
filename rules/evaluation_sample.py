"""The sample of an evaluation: a structured part that is proposed from the crawl, and a random part that anybody can draw again.

Source: WCAG-EM 2.0, step 3 (a random part of 10 % of the structured part, on top of it); Implementing Decision (EU) 2018/1524,
Annex I, 3.2 (which pages have to be in it).
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.document import DocumentKind
from rules.evaluation import SampleRole
from rules.page_type import PageType

SHARE = 0.10

OF_TYPE = {
    PageType.HOME: SampleRole.HOME,
    PageType.CONTACT: SampleRole.CONTACT,
    PageType.SEARCH: SampleRole.SEARCH,
    PageType.STATEMENT: SampleRole.STATEMENT,
}
BY_NAME = {
    SampleRole.CONTACT: re.compile(r"\bcontact", re.IGNORECASE),
    SampleRole.LOGIN: re.compile(r"\b(?:in|aan)?log(?:gen|in|-in)?\b|\bmijn ?(?:gemeente|loket|omgeving)|digid", re.IGNORECASE),
    SampleRole.SEARCH: re.compile(r"\b(?:zoeken|zoekresultaten|search)\b", re.IGNORECASE),
    SampleRole.STATEMENT: re.compile(r"toegankelijkheid(?:sverklaring)?\b|accessibility", re.IGNORECASE),
    SampleRole.HELP: re.compile(r"\b(?:help|hulp|uitleg|faq)\b|veelgestelde", re.IGNORECASE),
    SampleRole.SITEMAP: re.compile(r"\bsite-?map\b|\ba-z\b|inhoudsopgave", re.IGNORECASE),
    SampleRole.LEGAL: re.compile(r"\bprivacy|disclaimer|proclaimer|\bcookie", re.IGNORECASE),
}
FORMATS = {
    DocumentKind.PDF: "PDF",
    DocumentKind.DOCX: "Word",
    DocumentKind.XLSX: "Excel",
    DocumentKind.PPTX: "PowerPoint",
    DocumentKind.OLD_OFFICE: "Office 97-2003",
    DocumentKind.ODT: "OpenDocument",
    DocumentKind.ODS: "OpenDocument",
    DocumentKind.ODP: "OpenDocument",
    DocumentKind.RTF: "RTF",
    DocumentKind.EPUB: "EPUB",
}


@dataclass(frozen=True)
class Candidate:
    """A page or document of the crawl that may come into the sample."""

    url: str
    title: str
    page_id: int | None = None
    page_type: str = ""
    template: int | None = None
    depth: int | None = None  # clicks from the start page
    document: str = ""  # a rules.document.DocumentKind; empty: a page
    is_task: bool = False  # most residents come for it
    process: str = ""  # the journey that it is a step of; empty: of none


@dataclass(frozen=True)
class Proposed:
    """A page that is proposed, and why."""

    candidate: Candidate
    role: SampleRole


def propose_structured(candidates: Sequence[Candidate], most_of_a_kind: int = 40) -> list[Proposed]:
    """The structured part: the pages that the method and the law name, every step of the processes, then one page of every
    template and document type.

    A page is proposed once, for the first reason that holds. At most `most_of_a_kind` forms, templates and tasks each: of a
    site with hundreds of templates the ones nearest to the start page.
    """
    ordered = sorted(candidates, key=_nearness)
    taken: dict[str, Proposed] = {}

    def take(role: SampleRole, wanted: Iterable[Candidate], most: int = 1) -> None:
        left = most
        for one in wanted:
            if not left:
                return
            if one.url not in taken:
                taken[one.url] = Proposed(one, role)
                left -= 1

    pages = [one for one in ordered if not one.document]
    for kind, role in OF_TYPE.items():
        take(role, (one for one in pages if one.page_type == kind))
    have = {proposed.role for proposed in taken.values()}
    for role, pattern in BY_NAME.items():
        if role not in have:
            take(role, (one for one in pages if pattern.search(one.title) or pattern.search(_last_part(one.url))))
    take(SampleRole.TASK, (one for one in pages if one.is_task), most_of_a_kind)
    steps = [one for one in pages if one.process]
    take(SampleRole.PROCESS, steps, len(steps))  # a process is in it whole
    take(SampleRole.FORM, (one for one in pages if one.page_type == PageType.FORM), most_of_a_kind)
    seen = {proposed.candidate.template for proposed in taken.values()}
    for one in pages:
        if one.template is not None and one.template not in seen and len(seen) <= most_of_a_kind:
            seen.add(one.template)
            take(SampleRole.TEMPLATE, [one])
    for kind_of_document in dict.fromkeys(one.document for one in ordered if one.document):
        take(SampleRole.DOCUMENT, (one for one in ordered if one.document == kind_of_document))
    order = list(SampleRole)
    return sorted(taken.values(), key=lambda proposed: order.index(proposed.role))


def size_of_random(structured: int) -> int:
    """How many pages are drawn on top: 10 % of the structured part, rounded up."""
    return math.ceil(SHARE * structured)


def draw_random(urls: Iterable[str], seed: str, out: Iterable[str] = ()) -> list[str]:
    """All addresses of the frame in the order in which they are drawn; those `out` are not in it.

    The order is that of the SHA-256 of seed, a line feed and the address: with the seed anybody draws the same pages, with any
    program, however the frame was ordered.
    """
    not_in = set(out)
    return sorted({url for url in urls if url not in not_in}, key=lambda url: hashlib.sha256(f"{seed}\n{url}".encode()).digest())


def technologies_of(candidates: Iterable[Candidate], *, scripts: bool = True) -> list[str]:
    """The technologies that the site relies on, as far as a crawl shows them."""
    documents = {one.document for one in candidates}
    names = dict.fromkeys(name for kind, name in FORMATS.items() if kind in documents)
    return ["HTML", "CSS", *(["JavaScript", "WAI-ARIA"] if scripts else []), *names]


def _nearness(one: Candidate) -> tuple[bool, int, int, str]:
    return (one.depth is None, one.depth or 0, len(one.url), one.url)


def _last_part(url: str) -> str:
    return url.split("?")[0].rstrip("/").rpartition("/")[2].replace("-", " ").replace("_", " ")
