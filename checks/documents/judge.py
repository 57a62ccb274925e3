"""Judges one document: its snapshot in, findings, outcomes and facts out. Pure."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from checks.documents.snapshot import DocumentSnapshot
from checks.documents.topics import Topic, topics
from checks.documents.verdict import ENGINE, Verdict, finding_of
from rules.document import DocumentFacts, DocumentKind, DocumentResult, TextKind
from rules.finding import Finding
from rules.norm import Norm
from rules.observation import PageLink
from rules.outcome import Outcome, worst
from rules.rule import catalogue
from rules.task import PageStatus

EXEMPT_BEFORE = datetime.fromisoformat("2018-09-22T22:00:00+00:00")  # 23 September 2018 in the Netherlands
MOST_LINKS = 2_000
LONGEST_TARGET = 2_000  # characters of an address; readers keep twice as much
PARTLY = {"content": "document-content-partly", "structure": "document-structure-partly"}
PAGE_WORDS, PAGE_PAGES = 1_200, 4  # what fits on a web page

logger = logging.getLogger(__name__)


def judge(document: DocumentSnapshot, url: str, norm: Norm) -> DocumentResult:
    """What is said of a document that was read."""
    outcomes: dict[str, Outcome] = {}
    findings: list[Finding] = []
    partly: set[str] = set()
    notes = [PARTLY[part] for part in sorted(document.unread)]
    if document.kind is DocumentKind.PDF and document.engine is None:
        notes.append("document-engine-failed")
    verdicts: list[Verdict] = []
    for topic in topics():
        try:
            verdicts += topic.judge(document)
        except Exception:  # what a document holds may surprise a check in any way; the other checks go on
            logger.exception("The checks of %s stopped on %s", topic.name, url)
            partly |= topic.rules
            notes.append("check-failed")
        outcomes |= {rule: Outcome.INAPPLICABLE for rule in topic.rules if catalogue()[rule].belongs_to(norm)}
    for verdict in sorted(verdicts, key=lambda one: one.engine != ENGINE):
        if catalogue()[verdict.rule].belongs_to(norm) and not _is_said(verdict, findings):
            outcome, finding = finding_of(verdict)
            outcomes[verdict.rule] = worst(outcomes[verdict.rule], outcome)
            findings += [finding] if finding else []
    for topic in topics():
        if _is_unread(topic, document):
            partly |= topic.rules
    partly &= outcomes.keys()
    for rule in partly:
        if outcomes[rule] in (Outcome.PASSED, Outcome.INAPPLICABLE):
            outcomes[rule] = Outcome.UNTESTED
    return DocumentResult(
        url=url,
        kind=document.kind,
        status=PageStatus.TESTED,
        facts=facts_of(document),
        findings=tuple(findings),
        outcomes=dict(sorted(outcomes.items())),
        partly=frozenset(partly),
        notes=tuple(dict.fromkeys(notes)),
    )


def _is_said(verdict: Verdict, findings: list[Finding]) -> bool:
    """The engine only adds: where a check of our own spoke of the same rule, it keeps silent."""
    return verdict.engine != ENGINE and any(finding.rule == verdict.rule and ENGINE in finding.engines for finding in findings)


def _is_unread(topic: Topic, document: DocumentSnapshot) -> bool:
    if document.kind is not DocumentKind.PDF:
        return bool(topic.needs & document.unread)
    return bool(topic.needs & document.unread) or ("engine" in topic.needs and document.engine is None)


# --- facts -----------------------------------------------------------------------------------------------------------


def facts_of(document: DocumentSnapshot) -> DocumentFacts:
    return DocumentFacts(
        pages=document.pages,
        words=document.words,
        text=document.text_kind,
        title=document.title[:500],
        language=document.language[:60],
        tagged=document.tagged,
        form=document.form,
        producer=document.producer,
        created=_moment(document.created),
        changed=_moment(document.changed),
        maybe_exempt=_is_maybe_exempt(document),
        as_page=_is_short(document),
        links=tuple(_links(document)),
    )


def _is_maybe_exempt(document: DocumentSnapshot) -> bool:
    """Whether its dates lie before the day from which new documents must be accessible. The day of publication is not in it."""
    if document.form:
        return False
    moments = [one for text in (document.created, document.changed) if (one := _parsed(text))]
    return bool(moments) and max(moments) < EXEMPT_BEFORE


def _parsed(text: str) -> datetime | None:
    match = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(T\d{2}:\d{2}(?::\d{2})?)?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?", text)
    if not match:
        return None
    year, month, day, time, zone = match.groups()
    try:
        moment = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}{time or 'T00:00'}{(zone or 'Z').replace('Z', '+00:00')}"
        )
    except ValueError:
        return None
    return moment.astimezone(UTC)


def _moment(text: str) -> str:
    moment = _parsed(text)
    return moment.isoformat() if moment else ""


def _is_short(document: DocumentSnapshot) -> bool:
    """Text of a few pages that a web page would serve better; a form, a slide show or a sheet is something else."""
    is_text = document.kind in (DocumentKind.PDF, DocumentKind.DOCX, DocumentKind.ODT) and document.text_kind is TextKind.TEXT
    return is_text and not document.form and 30 <= document.words <= PAGE_WORDS and (document.pages or 1) <= PAGE_PAGES


def _links(document: DocumentSnapshot) -> Iterator[PageLink]:
    """The web addresses it leads to, once each, for the link checker; what is too long was cut off and leads nowhere."""
    seen: set[str] = set()
    for link in document.links:
        if link.target.casefold().startswith(("http://", "https://", "mailto:", "tel:")) and link.target not in seen:
            if len(link.target) > LONGEST_TARGET:
                continue
            seen.add(link.target)
            yield PageLink(link.target, link.text[:200], "document")
            if len(seen) >= MOST_LINKS:
                return
