"""Keeps templates and causes: which pages share a structure, which findings one repair mends, and what a second look said."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.orm import Session

from rules.cause import Cause, CauseKind, Place, causes_of, component_key, content_causes
from rules.confirm import Confirmation
from rules.finding import Target, fingerprints
from rules.outcome import Outcome
from rules.policy import rule_named
from rules.rule import answer_rules, host_rules, what_it_is_about
from rules.spoken import Spoken
from rules.task import PageResult, PageStatus
from rules.template import Structure, Templates
from storage.blobs import get_texts, put_picture, short_hash
from storage.models import LOADED, Cluster, Finding, Page, PageState, RunPage, table_of
from storage.outcome_lists import of_operated_pages

PAGE_TEMPLATE = "page-template"
MOST_ALIKE = 5_000  # findings of the same rules that a new one is compared with
LARGE = 20  # pages: two of them are looked at again


def templates_of(session: Session, site_id: int) -> Templates:
    """The page templates that a site is known to have."""
    query = select(Cluster.id, Cluster.details).where(Cluster.site_id == site_id, Cluster.kind == PAGE_TEMPLATE)
    return Templates({number: frozenset(details["structure"]) for number, details in session.execute(query)})


def set_template(session: Session, templates: Templates, run_id: int, site_id: int, identity: str, structure: Structure) -> None:
    """Write down of which template a page is; a new one is added to the site's."""
    if not structure:
        return
    number = templates.match(structure)
    if number is None:
        key = hashlib.sha256(repr(sorted(structure)).encode()).hexdigest()[:32]
        row = {"site_id": site_id, "kind": PAGE_TEMPLATE, "key": key, "details": {"structure": sorted(structure)}}
        number = session.scalars(insert(Cluster).returning(Cluster.id), [{**row, "first_run_id": run_id}]).one()
        templates.add(number, structure)
    table = table_of(Page)
    changed = or_(table.c.template_id != number, table.c.template_id.is_(None))
    where = (table.c.site_id == site_id, table.c.identity_hash == short_hash(identity.encode()), changed)
    session.execute(update(table).where(*where).values(template_id=number))


def find_causes(session: Session, site_id: int, run_id: int) -> None:
    """Give every open finding of the pages of a run its cause. A cause keeps its number from run to run."""
    tested = _of_run(site_id, run_id, PageStatus.TESTED, PageStatus.CARRIED_OVER)
    pages_of_template = {
        template: count
        for template, count in session.execute(
            select(Page.template_id, func.count()).where(Page.id.in_(tested)).group_by(Page.template_id)
        )
        if template is not None
    }
    query = (
        # Columns only: all findings of a site are read every night.
        select(
            Finding.id,
            Finding.rule,
            Finding.page_id,
            Page.template_id,
            Finding.frames,
            Finding.path,
            Finding.snippet_blob,
            Finding.arguments,
            Finding.cluster_id,
        )
        .join(Page, Page.id == Finding.page_id)
        .where(Finding.site_id == site_id, Finding.closed_run_id.is_(None), Finding.page_id.in_(tested))
        .order_by(Finding.id)
    )
    rows = session.execute(query).all()
    texts = get_texts(session, (row.snippet_blob for row in rows))
    places = (
        Place(
            finding=row.id,
            rule=row.rule,
            page=row.page_id,
            template=row.template_id,
            frames=tuple(row.frames),
            path=row.path,
            snippet=texts.get(row.snippet_blob or "", ""),
            about=tuple(what_it_is_about(row.rule, row.arguments)),
        )
        for row in rows
    )
    causes = causes_of(places, pages_of_template)
    numbers = _numbers(session, site_id, run_id, causes)
    were = {row.id: row.cluster_id for row in rows}
    changed = [
        {"id": finding, "cluster_id": number}
        for cause in causes
        for number in [numbers[cause.kind, cause.key]]
        for finding in cause.findings
        if were[finding] != number
    ]
    if changed:
        session.execute(update(Finding), changed)


def _tested(site_id: int, run_id: int) -> Select[int]:
    """The pages that a run has tested."""
    return _of_run(site_id, run_id, PageStatus.TESTED)


def _of_run(site_id: int, run_id: int, *statuses: PageStatus) -> Select[int]:
    return (
        select(Page.id)
        .join(RunPage, (RunPage.run_id == run_id) & (RunPage.identity_hash == Page.identity_hash))
        .where(Page.site_id == site_id, RunPage.status.in_(statuses))
    )


def _numbers(session: Session, site_id: int, run_id: int, causes: Sequence[Cause]) -> dict[tuple[CauseKind, str], int]:
    """The number of each cause; causes not known yet are added."""
    kinds = [kind.value for kind in CauseKind]
    query = select(Cluster.kind, Cluster.key, Cluster.id).where(Cluster.site_id == site_id, Cluster.kind.in_(kinds))
    numbers = {(CauseKind(kind), key): number for kind, key, number in session.execute(query)}
    fresh: list[dict[str, Any]] = [
        {
            "site_id": site_id,
            "kind": cause.kind.value,
            "key": cause.key,
            "rule": cause.rule,
            "region": cause.region,
            "mender": cause.kind.mender(rule.mender).value if (rule := rule_named(cause.rule)) else "",
            "details": {},
            "first_run_id": run_id,
        }
        for cause in causes
        if (cause.kind, cause.key) not in numbers
    ]
    if fresh:
        added = session.execute(insert(Cluster).returning(Cluster.kind, Cluster.key, Cluster.id), fresh)
        numbers |= {(CauseKind(kind), key): number for kind, key, number in added}
    return numbers


def cause_for(session: Session, site_id: int, run_id: int, fresh: Sequence[Finding]) -> dict[int, int]:
    """The cause of findings that came between two runs, by their number: that of the same element, else their rule's content."""
    query = (
        select(Finding)
        .where(Finding.site_id == site_id, Finding.closed_run_id.is_(None), Finding.rule.in_({row.rule for row in fresh}))
        .where(Finding.cluster_id.is_not(None))
        .order_by(Finding.id)
        .limit(MOST_ALIKE)
    )
    known = session.scalars(query).all()
    texts = get_texts(session, (row.snippet_blob for row in (*known, *fresh)))
    like = {component_key(_place(row, texts)): row.cluster_id for row in known}
    places = [_place(row, texts) for row in fresh]
    found = {place.finding: cause for place in places if (cause := like.get(component_key(place)))}
    causes = content_causes(place for place in places if place.finding not in found)
    numbers = _numbers(session, site_id, run_id, causes)
    return found | {finding: numbers[cause.kind, cause.key] for cause in causes for finding in cause.findings}


def _place(row: Finding, texts: dict[str, str]) -> Place:
    about = tuple(what_it_is_about(row.rule, row.arguments))
    return Place(row.id, row.rule, row.page_id, None, tuple(row.frames), row.path, texts.get(row.snippet_blob or "", ""), about)


# --- the second look -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PageToSee:
    """A page that is looked at again, and the causes that it stands for."""

    page_id: int
    identity: str
    causes: tuple[int, ...]  # whose failures wait for a verdict


def pages_to_see_again(session: Session, site_id: int, run_id: int, most: int) -> list[PageToSee]:
    """Pages that together show the causes whose failures nobody has confirmed, the widest causes first.

    One page of each cause, two of a large one, at most `most` pages; what is left over waits for the next run.
    """
    query = (
        select(Finding.cluster_id, Finding.page_id)
        .join(Cluster, Cluster.id == Finding.cluster_id)
        .where(
            Finding.site_id == site_id,
            Finding.closed_run_id.is_(None),
            Finding.page_id.in_(_tested(site_id, run_id)),
            Finding.state == LOADED,  # what a journey met no look at the page meets
            Finding.rule.not_in(host_rules() | answer_rules()),  # no browser meets them; a later run confirms them
            or_(Finding.outcome == Outcome.FAILED, Finding.confirmation == Confirmation.UNSTABLE),
            or_(Cluster.confirmation.is_(None), Cluster.confirmation == Confirmation.UNSTABLE),
        )
        .distinct()
        .order_by(Finding.page_id)
    )
    pages_of: dict[int, list[int]] = defaultdict(list)
    causes_on: dict[int, set[int]] = defaultdict(set)
    for cause, page in session.execute(query):
        assert cause is not None
        pages_of[cause].append(page)
        causes_on[page].add(cause)
    wanted = {cause: 2 if len(pages) >= LARGE else 1 for cause, pages in pages_of.items()}
    chosen: list[int] = []
    for cause in sorted(pages_of, key=lambda one: (-len(pages_of[one]), one)):
        while wanted[cause] > 0 and len(chosen) < most:
            page = max((page for page in pages_of[cause] if page not in chosen), key=lambda one: _covers(causes_on[one], wanted))
            chosen.append(page)
            for covered in causes_on[page]:
                wanted[covered] -= 1
    identities = dict(session.execute(select(Page.id, Page.identity).where(Page.id.in_(chosen))).all())
    return [PageToSee(page, identities[page], tuple(sorted(causes_on[page]))) for page in chosen]


def _covers(causes: Iterable[int], wanted: dict[int, int]) -> int:
    return sum(wanted[cause] > 0 for cause in causes)


def store_second_look(session: Session, page: PageToSee, second: PageResult) -> None:
    """Give the failures of a page, and the causes that they stand for, the verdict of a second look.

    A failure that was not met again is unstable and only asks from now on; one that is met again after that fails.
    """
    again = {
        mark for mark, finding in fingerprints(page.identity, "loaded", second.findings) if finding.outcome is Outcome.FAILED
    }
    ran = {rule for rule, outcome in second.outcomes.items() if outcome is not Outcome.UNTESTED}
    verdicts: dict[int, list[tuple[Finding, Confirmation]]] = defaultdict(list)
    query = select(Finding).where(
        Finding.page_id == page.page_id,
        Finding.state == LOADED,
        Finding.closed_run_id.is_(None),
        Finding.cluster_id.in_(page.causes),
    )
    for finding in session.scalars(query):
        is_failure = finding.outcome == Outcome.FAILED or finding.confirmation == Confirmation.UNSTABLE
        if not is_failure or finding.rule not in ran:
            continue
        verdict = Confirmation.CONFIRMED if finding.fingerprint in again else Confirmation.UNSTABLE
        verdicts[finding.cluster_id or 0].append((finding, verdict))
    for cause, found in verdicts.items():
        # One look that met it proves that it is there; all must miss it before it counts as unstable.
        verdict = Confirmation.CONFIRMED if any(one is Confirmation.CONFIRMED for _, one in found) else Confirmation.UNSTABLE
        cluster = session.get_one(Cluster, cause)
        if verdict is Confirmation.UNSTABLE and cluster.kind == CauseKind.CONTENT:
            # What comes and goes on one page says nothing of what was written on another.
            for finding, _ in found:
                finding.confirmation, finding.outcome = Confirmation.UNSTABLE, Outcome.CANNOT_TELL
        elif cluster.confirmation != Confirmation.CONFIRMED:
            cluster.confirmation = verdict


def apply_verdicts(session: Session, site_id: int) -> None:
    """Every open failure takes the verdict of its cause."""
    for verdict, was, becomes in (
        (
            Confirmation.CONFIRMED,
            or_(Finding.outcome == Outcome.FAILED, Finding.confirmation == Confirmation.UNSTABLE),
            Outcome.FAILED,
        ),
        (Confirmation.UNSTABLE, Finding.outcome == Outcome.FAILED, Outcome.CANNOT_TELL),
    ):
        causes = select(Cluster.id).where(Cluster.site_id == site_id, Cluster.confirmation == verdict)
        where = (
            Finding.closed_run_id.is_(None),
            Finding.cluster_id.in_(causes),
            was,
            or_(Finding.confirmation.is_(None), Finding.confirmation != verdict),
        )
        values = {"confirmation": verdict.value, "outcome": becomes.value}
        session.execute(update(Finding).where(*where).values(**values).execution_options(synchronize_session=False))


def targets_of(session: Session, page: PageToSee) -> dict[int, Target]:
    """One element on a page for each of its causes that has no picture yet."""
    query = (
        select(Finding)
        .join(Cluster, Cluster.id == Finding.cluster_id)
        .where(
            Finding.page_id == page.page_id,
            Finding.state == LOADED,
            Finding.closed_run_id.is_(None),
            Finding.rule.not_in(host_rules()),  # there is nothing to see of them
            Finding.cluster_id.is_not(None),
            Cluster.picture_blob.is_(None),
        )
        .order_by(Finding.id)
    )
    found: dict[int, Target] = {}
    for finding in session.scalars(query):
        found.setdefault(finding.cluster_id or 0, Target(tuple(finding.frames), finding.selector, "", finding.path))
    return found


def store_example(session: Session, cause: int, page_id: int, picture: bytes | None, spoken: Spoken | None) -> None:
    """Keep how one element of a cause looks and sounds, both on one page. What was kept of another is forgotten."""
    if not picture and not spoken:
        return
    cluster = session.get_one(Cluster, cause)
    cluster.details = {"spoken": asdict(spoken)} if spoken else {}
    cluster.picture_page_id = page_id
    cluster.picture_blob = put_picture(session, picture) if picture else None


def pages_to_touch(
    session: Session, site_id: int, run_id: int, seen: Sequence[PageToSee], most: int, before: frozenset[int] = frozenset()
) -> list[PageToSee]:
    """One page of each template, the templates of most pages first; rather one that is looked at again anyway.

    `before`: pages that the last run touched, and that are tested anew; they are touched again. A template of which a page
    that was touched keeps its result needs no other.
    """
    known = _templates_of_touched(session, _of_run(site_id, run_id, PageStatus.CARRIED_OVER))
    query = select(Page.id, Page.identity, Page.template_id).where(Page.id.in_(_tested(site_id, run_id))).order_by(Page.id)
    of_template: dict[int | None, list[PageToSee]] = defaultdict(list)
    again = {page.page_id: page for page in seen}
    for number, identity, template in session.execute(query):
        if template in known and number not in before:
            continue
        of_template[template].append(again.get(number, PageToSee(number, identity, ())))
    waits = {template: not any(page.page_id in before for page in pages) for template, pages in of_template.items()}
    in_order = sorted(
        of_template, key=lambda template: (waits[template], -len(of_template[template]), of_template[template][0].page_id)
    )
    widest = [of_template[template] for template in in_order]
    return [min(pages, key=lambda page: (page.page_id not in before, page.page_id not in again)) for pages in widest[:most]]


def _templates_of_touched(session: Session, pages: Select[int]) -> set[int | None]:
    """The templates of pages of which a result with keyboard, mouse and zoom stands."""
    query = (
        select(Page.template_id, PageState.outcomes_blob)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(Page.id.in_(pages))
        .distinct()
    )
    rows = session.execute(query).all()
    touched = of_operated_pages(session, [digest for _, digest in rows])
    return {template for template, digest in rows if digest in touched}
