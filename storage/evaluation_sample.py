"""The sample of an evaluation as it is kept: proposed from a run and the journeys, drawn, changed with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.evaluation import Evaluation, EvaluationError, SamplePage, SamplePart, SampleRole
from rules.evaluation_sample import Candidate, draw_random, size_of_random
from rules.findability import TaskState
from rules.task import PageStatus
from storage.evaluation_models import StoredEvaluation, StoredSamplePage
from storage.findability import tasks_of_site
from storage.journeys import journeys_of_site, newest_walks, seen_of, steps_of_walk
from storage.models import Page, PageState
from storage.questions.documents import documents_of_run
from storage.questions.intervals import JUDGED, standing

LONGEST_TITLE = 500
LONGEST_REASON = 10_000
MOST_PAGES = 500  # of a sample


def candidates_of(session: Session, site_id: int, run_id: int) -> list[Candidate]:
    """The pages and documents that a run judged, as candidates for a sample."""
    right = {url for task in tasks_of_site(session, site_id, TaskState.CONFIRMED) for url in task.grades}
    states = standing(
        PageState,
        run_id,
        PageState.page_id.in_(select(Page.id).where(Page.site_id == site_id)),
        PageState.status.in_(JUDGED),
        columns=(PageState.page_id, PageState.title, PageState.depth),
    )
    query = (
        select(Page.id, Page.identity, Page.page_type, Page.template_id, states.c.title, states.c.depth)
        .join(states, states.c.page_id == Page.id)
        .order_by(Page.identity)
    )
    found = [
        Candidate(url, title, number, kind, template, depth, is_task=url in right)
        for number, url, kind, template, title, depth in session.execute(query)
    ]
    found = _with_processes(session, site_id, found)
    documents = [row for row in documents_of_run(session, site_id, run_id) if row.state.status == PageStatus.TESTED]
    found += [
        Candidate(row.document.url, str(row.state.facts.get("title") or ""), document=row.state.kind)
        for row in sorted(documents, key=lambda one: one.document.url)
    ]
    return found


def _with_processes(session: Session, site_id: int, found: list[Candidate]) -> list[Candidate]:
    """The steps of the confirmed journeys, as the newest walk saw them: a process is in the sample whole, or not at all."""
    steps: dict[str, tuple[str, str]] = {}
    walks = newest_walks(session, site_id)
    for journey in journeys_of_site(session, site_id, TaskState.CONFIRMED):
        ways = list(steps_of_walk(session, walks[journey.id].id).values()) if journey.id in walks else []
        for row in max(ways, key=lambda way: sum(bool(one.seen.get("url")) for one in way), default=[]):
            seen = seen_of(row)
            if seen.url.startswith(("http://", "https://")):
                steps.setdefault(page_identity(seen.url), (journey.title, seen.title))
    known = {one.url for one in found}
    crawled = [replace(one, process=steps[one.url][0]) if one.url in steps else one for one in found]
    return crawled + [Candidate(url, title or of, process=of) for url, (of, title) in steps.items() if url not in known]


def sample_row(evaluation_id: int, number: int, one: Candidate, part: SamplePart, role: SampleRole) -> StoredSamplePage:
    return StoredSamplePage(
        evaluation_id=evaluation_id,
        number=number,
        url=one.url,
        title=(one.title.strip() or one.url)[:LONGEST_TITLE],
        part=part,
        role=role,
        page_id=one.page_id,
        template=one.template,
        is_document=bool(one.document),
    )


def pages_of(session: Session, evaluation_id: int) -> list[StoredSamplePage]:
    query = select(StoredSamplePage).where(StoredSamplePage.evaluation_id == evaluation_id).order_by(StoredSamplePage.number)
    return list(session.scalars(query))


def draw(session: Session, row: StoredEvaluation, now: datetime) -> int:
    """Draw what the random part lacks of 10 % of the structured part; gives how many pages were added.

    Pages that were drawn before stay, and those that were replaced are not drawn again.
    """
    if row.run_id is None:
        return 0
    pages = pages_of(session, row.id)
    standing_pages = [page for page in pages if page.removed_on is None]
    structured = {page.url for page in standing_pages if page.part == SamplePart.STRUCTURED}
    drawn = [page for page in standing_pages if page.part == SamplePart.RANDOM]
    frame = {one.url: one for one in candidates_of(session, row.site_id, row.run_id) if one.url not in structured}
    row.frame = len(frame)
    lacking = size_of_random(len(structured)) - len(drawn)
    order = draw_random(frame, row.seed, out=[page.url for page in pages])
    number = max((page.number for page in pages), default=0)
    added = order[: max(lacking, 0)]
    for place, url in enumerate(added, number + 1):
        session.add(sample_row(row.id, place, frame[url], SamplePart.RANDOM, SampleRole.RANDOM))
    row.changed_at = now
    session.flush()
    return len(added)


def add_page(session: Session, row: StoredEvaluation, url: str, title: str, role: SampleRole, now: datetime) -> StoredSamplePage:
    """Add a page to the structured part: one that was crawled, or any address, such as a step behind a log-in.

    Raises EvaluationError where it is in the sample already, or there is no room.
    """
    pages = pages_of(session, row.id)
    if any(page.url == url and page.removed_on is None for page in pages):
        raise EvaluationError("page-in", f"{url} is in the sample already.")
    if len(pages) >= MOST_PAGES:
        raise EvaluationError("page-many", f"A sample has at most {MOST_PAGES} pages. Replace one instead.")
    found = next((one for one in candidates_of(session, row.site_id, row.run_id) if one.url == url), None) if row.run_id else None
    one = found or Candidate(url, "")
    number = max((page.number for page in pages), default=0) + 1
    added = sample_row(row.id, number, replace(one, title=title.strip() or one.title), SamplePart.STRUCTURED, role)
    session.add(added)
    row.changed_at = now
    session.flush()
    return added


def replace_page(session: Session, row: StoredEvaluation, number: int, reason: str, url: str, now: datetime) -> str:
    """Take a page out of the sample, with the reason; what was said of it stays stored. Gives what came in its place.

    For a drawn page the next of the draw comes; for another the page `url`, or none. Raises EvaluationError.
    """
    page = next((one for one in pages_of(session, row.id) if one.number == number and one.removed_on is None), None)
    if page is None:
        raise EvaluationError("page-gone", f"There is no page {number} in the sample.")
    if not reason.strip():
        raise EvaluationError("no-reason", "Say why the page is replaced: the report lists it.")
    page.removed_on, page.reason = now.date(), reason.strip()[:LONGEST_REASON]
    session.flush()
    if page.part == SamplePart.RANDOM:
        draw(session, row, now)
        newest = pages_of(session, row.id)[-1]
        page.replaced_by = newest.url if newest.number > number and newest.part == SamplePart.RANDOM else ""
    elif url:
        page.replaced_by = add_page(session, row, url, "", SampleRole(page.role), now).url
    row.changed_at = now
    session.flush()
    return page.replaced_by


def gone_pages(session: Session, row: StoredEvaluation) -> set[int]:
    """The numbers of the pages of the sample that a later run did not find on the site any more."""
    open_states = select(PageState.page_id).where(
        PageState.closed_run_id.is_(None), PageState.page_id == StoredSamplePage.page_id
    )
    query = select(StoredSamplePage.number).where(
        StoredSamplePage.evaluation_id == row.id,
        StoredSamplePage.removed_on.is_(None),
        StoredSamplePage.page_id.is_not(None),
        ~open_states.exists(),
    )
    return set(session.scalars(query))


def alike(evaluation: Evaluation, number: int) -> list[SamplePage]:
    """The other pages of the sample that are of the same template."""
    page = evaluation.page(number)
    if page is None or page.template is None:
        return []
    return [one for one in evaluation.sample if one.template == page.template and one.number != number]
