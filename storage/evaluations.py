"""Evaluations by people as they are kept: made from the crawl, changed step by step, and never overwritten unseen."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, undefer

from rules.criteria import Reach, rows_of
from rules.evaluation import (
    METHODS,
    TEXTS,
    WHOLE_SAMPLE,
    Assessment,
    Draw,
    Evaluation,
    EvaluationError,
    EvaluationKind,
    Evidence,
    Exemption,
    MachineLook,
    Replacement,
    SamplePage,
    SamplePart,
    SampleRole,
    outcome_of_cell,
)
from rules.evaluation_sample import (
    Candidate,
    draw_random,
    propose_structured,
    size_of_random,
    technologies_of,
)
from rules.findability import TaskState
from rules.norm import DEFAULT_NORM, norms
from rules.outcome import Outcome
from rules.task import PageStatus
from storage.barriers import open_barriers
from storage.evaluation_models import (
    AssessmentRevision,
    StoredAssessment,
    StoredEvaluation,
    StoredEvidence,
    StoredPack,
    StoredSamplePage,
)
from storage.findability import tasks_of_site
from storage.models import Page, PageState, Run, Site, table_of
from storage.questions.documents import documents_of_run
from storage.questions.intervals import JUDGED, standing
from storage.questions.runs import latest_run

DETAILS: tuple[str, ...] = ("title", "method", "commissioner", "scope", "support_baseline", "extra_requirements")
DETAILS += ("essential_functions", "page_types", "tools", "summary", "specifics", "language", "contact")
LONGEST = {"name": 200, "detail": 10_000, "text": 10_000, "url": 4_000, "title": 500}
MOST_PAGES = 500  # of a sample
MOST_EVIDENCE_BYTES = 5_000_000
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}  # shown; all else is only handed out


@dataclass(frozen=True)
class Saved:
    """What became of saving an assessment."""

    now: Assessment  # as it stands in the database
    kept: bool  # False: somebody else saved the same cell meanwhile; what was sent is kept beside it


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
    documents = [row for row in documents_of_run(session, site_id, run_id) if row.state.status == PageStatus.TESTED]
    found += [
        Candidate(row.document.url, str(row.state.facts.get("title") or ""), document=row.state.kind)
        for row in sorted(documents, key=lambda one: one.document.url)
    ]
    return found


def machine_look(run: Run, norm_id: str) -> MachineLook:
    """What a run saw of the website, for the honest line."""
    coverage = run.coverage
    rows = rows_of(norms()[norm_id])
    return MachineLook(
        run=run.id,
        on=run.started_at.date(),
        known=coverage.get("found", 0),
        tested=coverage.get("tested", 0) + coverage.get("carried_over", 0),
        skipped=coverage.get("skipped", 0),
        untested=coverage.get("untested", 0),
        tool=f"Vierluik {version('vierluik')}",
        engines=tuple(f"{name} {number}" for name, number in sorted(run.engines.items())),
        browser=run.browser,
        tests=tuple(row.criterion.number for row in rows if row.reach is Reach.TESTED),
        asks=tuple(row.criterion.number for row in rows if row.reach is Reach.ASKED),
    )


def new_evaluation(
    session: Session,
    site: Site,
    now: datetime,
    *,
    evaluators: Sequence[str],
    reviewer: str = "",
    norm_id: str = DEFAULT_NORM,
    seed: str = "",
    **details: str,
) -> StoredEvaluation:
    """Begin an evaluation: its sample, technologies and essential functions are proposed from the newest run.

    Raises EvaluationError where there is no run to propose from, or a name is missing.
    """
    run = latest_run(session, site.id)
    if run is None:
        raise EvaluationError(
            "no-run", f"'{site.name}' has no finished run to take a sample from. Make one with: vierluik run {site.id}"
        )
    if norm_id not in norms():
        raise EvaluationError("no-norm", f"There is no norm '{norm_id}'. Choose from {', '.join(norms())}.")
    candidates = candidates_of(session, site.id, run.id)
    tasks = [task.title for task in tasks_of_site(session, site.id, TaskState.CONFIRMED)]
    look = machine_look(run, norm_id)
    proposed = {
        "title": f"{site.name}, {norms()[norm_id].title}",
        "method": METHODS[0],
        "scope": "\n".join(f"{origin}{site.path_prefix}" for origin in site.origins),
        "essential_functions": "\n".join(tasks),
        "page_types": "\n".join(sorted({one.page_type for one in candidates if one.page_type})),
        "tools": "\n".join([*look.engines, look.browser]).strip(),
        "language": "nl",
    }
    row = StoredEvaluation(
        site_id=site.id,
        kind=EvaluationKind.FULL,
        norm=norm_id,
        run_id=run.id,
        made_on=now.date(),
        details={
            **_checked_details(proposed | details),
            "technologies": technologies_of(candidates),
        },
        evaluators=_names(evaluators),
        reviewer=_name(reviewer) if reviewer.strip() else "",
        seed=seed or secrets.token_hex(8),
        machine=_as_plain(look),
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    for place, one in enumerate(propose_structured(candidates), 1):
        session.add(_sample_row(row.id, place, one.candidate, SamplePart.STRUCTURED, one.role))
    session.flush()
    draw(session, row, now)
    return row


def _sample_row(evaluation_id: int, number: int, one: Candidate, part: SamplePart, role: SampleRole) -> StoredSamplePage:
    return StoredSamplePage(
        evaluation_id=evaluation_id,
        number=number,
        url=one.url,
        title=(one.title.strip() or one.url)[: LONGEST["title"]],
        part=part,
        role=role,
        page_id=one.page_id,
        template=one.template,
        is_document=bool(one.document),
    )


def evaluations_of_site(session: Session, site_id: int) -> list[StoredEvaluation]:
    """The evaluations of a site, the newest first."""
    query = select(StoredEvaluation).where(StoredEvaluation.site_id == site_id).order_by(StoredEvaluation.id.desc())
    return list(session.scalars(query))


def newest_evaluation(session: Session, site_id: int) -> StoredEvaluation | None:
    return next(iter(evaluations_of_site(session, site_id)), None)


def stored_evaluation(session: Session, number: int) -> StoredEvaluation | None:
    return session.get(StoredEvaluation, number)


def load_evaluation(session: Session, row: StoredEvaluation) -> Evaluation:
    """The whole of an evaluation as one value."""
    details = row.details
    pages = _pages(session, row.id)
    said = session.scalars(select(StoredAssessment).where(StoredAssessment.evaluation_id == row.id).order_by(StoredAssessment.id))
    shown = session.scalars(select(StoredEvidence).where(StoredEvidence.evaluation_id == row.id).order_by(StoredEvidence.id))
    machine = dict(row.machine)
    if machine.get("on"):
        machine["on"] = date.fromisoformat(machine["on"])
    lists = {name: tuple(machine.get(name, ())) for name in ("engines", "tests", "asks")}
    return Evaluation(
        site=session.get_one(Site, row.site_id).name,
        norm_id=row.norm,
        kind=EvaluationKind(row.kind),
        evaluators=tuple(row.evaluators),
        reviewer=row.reviewer,
        on=row.made_on,
        revision=row.revision,
        technologies=tuple(details.get("technologies", ())),
        sample=tuple(_sample_page(page) for page in pages if page.removed_on is None),
        draw=Draw(row.seed, row.frame),
        replaced=tuple(
            Replacement(page.url, SamplePart(page.part), page.reason, page.removed_on, page.replaced_by)
            for page in pages
            if page.removed_on
        ),
        assessments=tuple(_assessment(one) for one in said),
        evidence=tuple(
            Evidence(one.id, one.criterion, one.page, one.name, one.media_type, one.note, one.size, one.added_by, one.added_at)
            for one in shown
        ),
        machine=MachineLook(**(machine | lists)),
        barriers=tuple(seen.value for seen in open_barriers(session, row.site_id)),
        retested=tuple(row.retested),
        **{name: str(details.get(name, "")) for name in DETAILS},
    )


def _pages(session: Session, evaluation_id: int) -> list[StoredSamplePage]:
    query = select(StoredSamplePage).where(StoredSamplePage.evaluation_id == evaluation_id).order_by(StoredSamplePage.number)
    return list(session.scalars(query))


def _sample_page(row: StoredSamplePage) -> SamplePage:
    part, role = SamplePart(row.part), SampleRole(row.role)
    return SamplePage(row.number, row.url, row.title, part, role, row.page_id, row.template, row.is_document)


def _assessment(row: StoredAssessment) -> Assessment:
    planned = row.texts.get("planned_on")
    return Assessment(
        criterion=row.criterion,
        page=row.page,
        assessor=row.assessor,
        outcome=Outcome(row.outcome),
        planned_on=date.fromisoformat(planned) if planned else None,
        exemption=Exemption(row.texts.get("exemption", "")),
        saved_at=row.saved_at,
        version=row.version,
        **{name: str(row.texts.get(name, "")) for name in TEXTS},
    )


def bring_in_evaluation(session: Session, site: Site, told: Evaluation, evaluator: str, now: datetime) -> StoredEvaluation:
    """Keep an evaluation that another program made. `evaluator`: who is named in place of whom the file names; may be empty.

    Pages that were crawled are known again by their addresses. Raises EvaluationError where something of it cannot be kept.
    """
    run = latest_run(session, site.id)
    known = {one.url: one for one in candidates_of(session, site.id, run.id)} if run else {}
    names = dict.fromkeys(one.assessor for one in told.assessments if not evaluator)
    people = [evaluator] if evaluator else [*(names or told.evaluators)]
    row = StoredEvaluation(
        site_id=site.id,
        kind=EvaluationKind.FULL,
        norm=told.norm_id,
        run_id=run.id if run else None,
        made_on=told.on or now.date(),
        details={
            **_checked_details({name: getattr(told, name) for name in DETAILS}),
            "technologies": list(told.technologies),
        },
        evaluators=_names(people[:2]),
        reviewer=_name(people[2]) if len(people) > 2 else "",
        machine=_as_plain(machine_look(run, told.norm_id)) if run else {},
        created_at=now,
        changed_at=now,
    )
    if len(people) > 3:
        raise EvaluationError("many-evaluators", "More than three people judged. Name one for all of them with --evaluator.")
    if len(told.sample) > MOST_PAGES:
        raise EvaluationError("page-many", f"A sample has at most {MOST_PAGES} pages; the file has {len(told.sample)}.")
    session.add(row)
    session.flush()
    for page in told.sample:
        crawled = known.get(page.url)
        one = Candidate(
            page.url, page.title, crawled.page_id if crawled else None, template=crawled.template if crawled else None
        )
        stored = _sample_row(row.id, page.number, one, page.part, page.role)
        stored.is_document = bool(crawled and crawled.document)
        session.add(stored)
    session.flush()
    for said in told.assessments:
        save_assessment(session, row.id, replace(said, assessor=evaluator or said.assessor, version=0), said.saved_at or now)
    return row


# --- steps 1, 2 and 5: what is said of the evaluation as a whole ------------------------------------------------------


def change_details(session: Session, row: StoredEvaluation, based_on: int, changes: dict[str, Any], now: datetime) -> bool:
    """Change what is said of the whole evaluation. False: somebody changed it meanwhile, and nothing was written.

    `changes`: any of DETAILS, "technologies", "evaluators", "reviewer", "made_on" and "revision". Raises EvaluationError.
    """
    values: dict[str, Any] = {}
    if "evaluators" in changes:
        values["evaluators"] = _names(changes["evaluators"])
    if "reviewer" in changes:
        values["reviewer"] = _name(changes["reviewer"]) if changes["reviewer"].strip() else ""
    if changes.get("made_on"):
        values["made_on"] = changes["made_on"]
    if changes.get("revision"):
        values["revision"] = changes["revision"]
    technologies = {"technologies": list(changes["technologies"])} if "technologies" in changes else {}
    details = {**row.details, **_checked_details({k: v for k, v in changes.items() if k in DETAILS}), **technologies}
    table = table_of(StoredEvaluation)
    query = update(table).where(table.c.id == row.id, table.c.version == based_on)
    query = query.values(**values, details=details, version=based_on + 1, changed_at=now)
    is_written = session.execute(query.returning(table.c.id)).first() is not None
    session.expire(row)
    return is_written


def remove_evaluation(session: Session, row: StoredEvaluation) -> None:
    """Remove an evaluation with all that was said in it."""
    session.delete(row)
    session.flush()


# --- step 3: the sample ----------------------------------------------------------------------------------------------


def draw(session: Session, row: StoredEvaluation, now: datetime) -> int:
    """Draw what the random part lacks of 10 % of the structured part; gives how many pages were added.

    Pages that were drawn before stay, and those that were replaced are not drawn again.
    """
    if row.run_id is None:
        return 0
    pages = _pages(session, row.id)
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
        session.add(_sample_row(row.id, place, frame[url], SamplePart.RANDOM, SampleRole.RANDOM))
    row.changed_at = now
    session.flush()
    return len(added)


def add_page(session: Session, row: StoredEvaluation, url: str, title: str, role: SampleRole, now: datetime) -> StoredSamplePage:
    """Add a page to the structured part: one that was crawled, or any address, such as a step behind a log-in.

    Raises EvaluationError where it is in the sample already, or there is no room.
    """
    pages = _pages(session, row.id)
    if any(page.url == url and page.removed_on is None for page in pages):
        raise EvaluationError("page-in", f"{url} is in the sample already.")
    if len(pages) >= MOST_PAGES:
        raise EvaluationError("page-many", f"A sample has at most {MOST_PAGES} pages. Replace one instead.")
    found = next((one for one in candidates_of(session, row.site_id, row.run_id) if one.url == url), None) if row.run_id else None
    one = found or Candidate(url, "")
    number = max((page.number for page in pages), default=0) + 1
    added = _sample_row(row.id, number, replace(one, title=title.strip() or one.title), SamplePart.STRUCTURED, role)
    session.add(added)
    row.changed_at = now
    session.flush()
    return added


def replace_page(session: Session, row: StoredEvaluation, number: int, reason: str, url: str, now: datetime) -> str:
    """Take a page out of the sample, with the reason; what was said of it stays stored. Gives what came in its place.

    For a drawn page the next of the draw comes; for another the page `url`, or none. Raises EvaluationError.
    """
    page = next((one for one in _pages(session, row.id) if one.number == number and one.removed_on is None), None)
    if page is None:
        raise EvaluationError("page-gone", f"There is no page {number} in the sample.")
    if not reason.strip():
        raise EvaluationError("no-reason", "Say why the page is replaced: the report lists it.")
    page.removed_on, page.reason = now.date(), reason.strip()[: LONGEST["text"]]
    session.flush()
    if page.part == SamplePart.RANDOM:
        draw(session, row, now)
        newest = _pages(session, row.id)[-1]
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


# --- step 4: what is said of each criterion --------------------------------------------------------------------------


def save_assessment(session: Session, evaluation_id: int, said: Assessment, now: datetime) -> Saved:
    """Save what one person says of one cell; `said.version` is the version that it was written over (0: the first).

    Somebody who saved meanwhile is not overwritten: what was sent is then kept as a refused revision. Raises EvaluationError
    for a criterion or a page that is not there.
    """
    row = session.get_one(StoredEvaluation, evaluation_id)
    _check_cell(session, row, said)
    texts = _texts(said)
    cell = {"evaluation_id": evaluation_id, "criterion": said.criterion, "page": said.page, "assessor": said.assessor}
    values = {"outcome": said.outcome.value, "texts": texts, "saved_at": now, "version": said.version + 1}
    table = table_of(StoredAssessment)
    if said.version:
        where = [table.c[name] == value for name, value in cell.items()]
        written = update(table).where(*where, table.c.version == said.version).values(**values).returning(table.c.id)
        kept = session.execute(written).first() is not None
    else:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        first = insert(table).values(**cell, **values).on_conflict_do_nothing().returning(table.c.id)
        kept = session.execute(first).first() is not None
    stored = session.scalars(select(StoredAssessment).filter_by(**cell).execution_options(populate_existing=True)).one_or_none()
    version_of = values["version"] if kept else said.version
    session.add(AssessmentRevision(**cell, **(values | {"version": version_of}), refused=not kept))
    if kept:
        row.changed_at = now
    session.flush()
    return Saved(_assessment(stored) if stored else said, kept)


def copy_assessment(session: Session, evaluation_id: int, said: Assessment, pages: Iterable[int], now: datetime) -> list[int]:
    """Say the same of other pages, where this person has not said anything yet; gives the pages that it was said of."""
    copied = []
    for number in pages:
        one = replace(said, page=number, version=0)
        there = session.scalar(
            select(StoredAssessment.id).where(
                StoredAssessment.evaluation_id == evaluation_id,
                StoredAssessment.criterion == said.criterion,
                StoredAssessment.page == number,
                StoredAssessment.assessor == said.assessor,
            )
        )
        if there is None and number != said.page and save_assessment(session, evaluation_id, one, now).kept:
            copied.append(number)
    return copied


def alike(evaluation: Evaluation, number: int) -> list[SamplePage]:
    """The other pages of the sample that are of the same template."""
    page = evaluation.page(number)
    if page is None or page.template is None:
        return []
    return [one for one in evaluation.sample if one.template == page.template and one.number != number]


def revisions_of_cell(session: Session, evaluation_id: int, criterion: str, page: int) -> list[AssessmentRevision]:
    """Everything that was ever saved of one cell, or refused, the newest first."""
    query = select(AssessmentRevision).where(
        AssessmentRevision.evaluation_id == evaluation_id,
        AssessmentRevision.criterion == criterion,
        AssessmentRevision.page == page,
    )
    return list(session.scalars(query.order_by(AssessmentRevision.id.desc()).limit(50)))


def retest(session: Session, row: StoredEvaluation, now: datetime) -> StoredEvaluation:
    """A new evaluation of what failed: same sample; what failed is to be judged again, all else is carried over.

    Raises EvaluationError where nothing failed.
    """
    before = load_evaluation(session, row)
    failed_cells = {
        (one.criterion, one.page)
        for one in before.assessments
        if outcome_of_cell(before.cell(one.criterion, one.page), before.reviewer) is Outcome.FAILED
    }
    if not failed_cells:
        raise EvaluationError("nothing-failed", "Nothing failed in this evaluation, so there is nothing to test again.")
    again = StoredEvaluation(
        **{name: getattr(row, name) for name in ("site_id", "norm", "run_id", "details", "evaluators", "reviewer", "seed")},
        frame=row.frame,
        machine=row.machine,
        kind=EvaluationKind.RETEST,
        made_on=now.date(),
        retest_of=row.id,
        retested=[number for number in before.norm.criteria if number in {criterion for criterion, _ in failed_cells}],
        created_at=now,
        changed_at=now,
    )
    session.add(again)
    session.flush()
    columns = [name for name in StoredSamplePage.__table__.columns.keys() if name not in ("id", "evaluation_id")]  # noqa: SIM118
    for page in _pages(session, row.id):
        session.add(StoredSamplePage(evaluation_id=again.id, **{name: getattr(page, name) for name in columns}))
    session.flush()
    for one in before.assessments:
        is_open = (one.criterion, one.page) in failed_cells
        kept = replace(one, outcome=Outcome.UNTESTED) if is_open else one
        if kept.page == WHOLE_SAMPLE or before.page(kept.page):
            save_assessment(session, again.id, replace(kept, version=0), now)
    return again


def _check_cell(session: Session, row: StoredEvaluation, said: Assessment) -> None:
    if said.criterion not in norms()[row.norm].criteria:
        raise EvaluationError("no-criterion", f"{norms()[row.norm].title} has no criterion {said.criterion}.")
    if said.assessor not in (*row.evaluators, row.reviewer):
        raise EvaluationError(
            "no-assessor", f"'{said.assessor}' is no evaluator or reviewer of this evaluation. Add the name first."
        )
    if said.page == WHOLE_SAMPLE:
        return
    query = select(func.count()).where(
        StoredSamplePage.evaluation_id == row.id, StoredSamplePage.number == said.page, StoredSamplePage.removed_on.is_(None)
    )
    if not session.scalar(query):
        raise EvaluationError(
            "page-gone", f"There is no page {said.page} in the sample any more. Look at the sample for what came instead."
        )


def _texts(said: Assessment) -> dict[str, str]:
    texts = {name: getattr(said, name).strip() for name in TEXTS}
    if long := [name for name, text in texts.items() if len(text) > LONGEST["text"]]:
        raise EvaluationError(
            "too-long", f"The {long[0]} is longer than {LONGEST['text']} characters. Make it shorter, or add it as a file."
        )
    return {**texts, "planned_on": said.planned_on.isoformat() if said.planned_on else "", "exemption": said.exemption.value}


# --- evidence --------------------------------------------------------------------------------------------------------


def add_evidence(
    session: Session, row: StoredEvaluation, said: Assessment, name: str, content: bytes, note: str, now: datetime
) -> StoredEvidence:
    """Keep a file, or only a note, with the cell of an assessment. Raises EvaluationError where it is too large or empty."""
    if len(content) > MOST_EVIDENCE_BYTES:
        raise EvaluationError("file-large", f"The file is larger than {MOST_EVIDENCE_BYTES // 1_000_000} MB. Make it smaller.")
    if not content and not note.strip():
        raise EvaluationError("no-file", "Choose a file, or write a note.")
    _check_cell(session, row, said)
    shown = next((kind for kind, start in PICTURES.items() if content.startswith(start)), "application/octet-stream")
    kept = StoredEvidence(
        evaluation_id=row.id,
        criterion=said.criterion,
        page=said.page,
        name=name.replace("\\", "/").rpartition("/")[2][: LONGEST["name"]],
        media_type=shown if content else "text/plain",
        note=note.strip()[: LONGEST["text"]],
        size=len(content),
        content=content,
        added_by=said.assessor,
        added_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def evidence_by_number(session: Session, evaluation_id: int, number: int) -> StoredEvidence | None:
    found = session.get(StoredEvidence, number)
    return found if found and found.evaluation_id == evaluation_id else None


# --- what is checked -------------------------------------------------------------------------------------------------


def _names(names: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(_name(name) for name in names if name.strip()))
    if not found:
        raise EvaluationError("no-evaluator", "Name at least one evaluator: somebody has to judge.")
    if len(found) > 2:
        raise EvaluationError("many-evaluators", "Name at most two evaluators; a third person may be the reviewer.")
    return found


def _name(name: str) -> str:
    if len(name.strip()) > LONGEST["name"]:
        raise EvaluationError("too-long", f"A name has at most {LONGEST['name']} characters.")
    return name.strip()


def _checked_details(details: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(details.keys() - set(DETAILS)):
        raise EvaluationError("no-detail", f"An evaluation has no {unknown[0]}. Choose from {', '.join(DETAILS)}.")
    if long := [name for name, text in details.items() if len(text) > LONGEST["detail"]]:
        raise EvaluationError(
            "too-long", f"The {long[0].replace('_', ' ')} is longer than {LONGEST['detail']} characters. Make it shorter."
        )
    if details.get("method", METHODS[0]) not in METHODS:
        raise EvaluationError("no-method", f"Choose as method one of {', '.join(METHODS)}.")
    return {name: text.strip() for name, text in details.items()}


def _as_plain(look: MachineLook) -> dict[str, Any]:
    plain = asdict(look)
    return {**plain, "on": look.on.isoformat() if look.on else None}


# --- evidence packs --------------------------------------------------------------------------------------------------


def last_pack(session: Session, site_id: int) -> str:
    """The hash of the manifest of the newest pack of a site; empty where there is none."""
    query = select(StoredPack.manifest_sha256).where(StoredPack.site_id == site_id).order_by(StoredPack.id.desc()).limit(1)
    return session.scalar(query) or ""


def note_pack(session: Session, row: StoredEvaluation, manifest_sha256: str, previous: str, now: datetime) -> None:
    """Write down that a pack was made, so that it can be known again."""
    session.add(
        StoredPack(
            site_id=row.site_id, evaluation_id=row.id, manifest_sha256=manifest_sha256, previous_sha256=previous, made_at=now
        )
    )
    session.flush()


def pack_is_known(session: Session, manifest_sha256: str) -> bool:
    return session.scalar(select(StoredPack.id).where(StoredPack.manifest_sha256 == manifest_sha256).limit(1)) is not None


def all_revisions(session: Session, evaluation_id: int) -> list[AssessmentRevision]:
    """Everything that anybody ever saved in an evaluation, the oldest first."""
    query = select(AssessmentRevision).where(AssessmentRevision.evaluation_id == evaluation_id)
    return list(session.scalars(query.order_by(AssessmentRevision.id)))


def evidence_files(session: Session, evaluation_id: int) -> list[StoredEvidence]:
    """The files and notes of an evaluation."""
    query = select(StoredEvidence).where(StoredEvidence.evaluation_id == evaluation_id).order_by(StoredEvidence.id)
    return list(session.scalars(query.options(undefer(StoredEvidence.content))))
