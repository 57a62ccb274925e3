"""`vierluik evaluation`, `import wcag-em` and the exports of an evaluation."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import typer
from sqlalchemy.orm import Session

from dashboard.exports.evaluation import EvaluationForm
from rules.evaluation import EvaluationError, Results
from rules.norm import Language
from rules.wcag_em import Read, read_wcag_em
from storage.database import Database
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import (
    bring_in_evaluation,
    evaluations_of_site,
    load_evaluation,
    new_evaluation,
    newest_evaluation,
    stored_evaluation,
)
from storage.models import Site
from storage.sites import SiteError, get_site
from vierluik.form import Format
from vierluik.screen import Exit, say, stop

EVIDENCE = "evidence"
ExportKind = StrEnum("ExportKind", {one.name: one.value for one in (*Format, *EvaluationForm)} | {"EVIDENCE": EVIDENCE})  # type: ignore[misc]
OF_BOTH = frozenset(Format) & frozenset(EvaluationForm)


def is_of_evaluation(kind: str, evaluation: int | None) -> bool:
    """Whether an export is one of an evaluation. Forms that a run has too are of an evaluation where that is named."""
    if kind == EVIDENCE or (kind in set(EvaluationForm) and kind not in OF_BOTH):
        return True
    if evaluation is None:
        return False
    if kind in set(EvaluationForm):
        return True
    raise stop(Exit.WRONG_USE, f"An evaluation cannot be had as {kind}. Choose from {', '.join(EvaluationForm)}.")


def begin(database: Database, name: str, evaluators: list[str], reviewer: str, norm: str, commissioner: str, seed: str) -> None:
    """Begin an evaluation and say what is in its sample."""
    try:
        with database.session() as session:
            site = _site(session, name)
            row = new_evaluation(
                session,
                site,
                datetime.now(UTC),
                evaluators=evaluators,
                reviewer=reviewer,
                norm_id=norm,
                seed=seed,
                commissioner=commissioner,
            )
            told = load_evaluation(session, row)
            number = row.id
    except EvaluationError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    for page in told.sample:
        typer.echo(f"{page.number}\t{page.part}\t{page.role}\t{page.url}")
    say(f"Evaluation {number} of '{told.site}' has begun; judge it on the dashboard. Seed of the draw: {told.draw.seed}")


def list_evaluations(database: Database, name: str) -> None:
    """The evaluations of a site: number, day, kind, norm, score, and how many criteria nobody judged."""
    with database.session() as session:
        for row in evaluations_of_site(session, _site(session, name).id):
            figures = Results.of(load_evaluation(session, row)).figures
            cells = (row.id, row.made_on, row.kind, row.norm, figures.score, figures.not_at_all)
            typer.echo("\t".join(str(cell) for cell in cells))


def import_wcag_em(database: Database, file: Path, body: bytes, name: str, evaluator: str) -> None:
    """Bring in a file of the W3C report tool as an evaluation of a site, and say what of it could not be taken over."""
    try:
        read = read_wcag_em(body)
        with database.session() as session:
            number = bring_in_evaluation(session, _site(session, name), read.evaluation, evaluator, datetime.now(UTC)).id
    except EvaluationError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error} Nothing of it was kept.") from error
    told = read.evaluation
    say(f"Evaluation {number} was brought in: {len(told.sample)} pages, {len(told.assessments)} verdicts.")
    for sentence in left_out(read):
        say(sentence)


def left_out(read: Read) -> list[str]:
    """What of a file could not be taken over as it stood, a sentence each."""
    of_lists = (
        (read.unknown_tests, "verdicts are on criteria that the norm does not have, and were left out"),
        (read.unknown_subjects, "verdicts are on pages that are not in the sample, and were left out"),
        (read.unknown_outcomes, "verdicts have an outcome that does not exist; they count as not tested"),
        (read.renamed, "titles stand there more than once; those pages are known by their addresses only"),
    )
    said = [f"{len(found)} {words}: {', '.join(dict.fromkeys(found[:5]))}." for found, words in of_lists if found]
    if read.merged:
        said.append(f"{read.merged} times one page had several verdicts on a criterion; they became 'cannot tell'.")
    if read.older_wcag:
        said.append("It was made by WCAG 2.0: the criteria that came after it are not tested.")
    return said


def export_evaluation(database: Database, kind: str, name: str, output: Path, number: int | None, language: Language) -> None:
    """Write an evaluation to a file; the newest one where none is named."""
    from dashboard.exports.evaluation import written
    from dashboard.exports.pdf_file import PdfMissing
    from vierluik.evidence import export_evidence

    if kind == EVIDENCE:
        export_evidence(database, lambda session: _evaluation(session, _site(session, name), number), output, language)
        return
    with database.session() as session:
        site = _site(session, name)
        row = _evaluation(session, site, number)
        results = Results.of(load_evaluation(session, row))
    try:
        output.write_bytes(written(results, EvaluationForm(kind), language))
    except PdfMissing as error:
        raise stop(Exit.NOTHING_JUDGED, "A PDF cannot be made here: install Pango, or take html instead of pdf.") from error
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{output} cannot be written: {error.strerror}.") from error
    figures = results.figures
    say(f"{output}: evaluation {row.id}, {figures.score} criteria met, {figures.not_at_all} judged by nobody.")


def freeze_pages(database: Database, name: str, number: int | None) -> Exit:
    """Keep the evidence of the sample of an evaluation; of the newest one where none is named."""
    from vierluik.evidence import freeze

    return freeze(database, lambda session: _evaluation(session, _site(session, name), number))


def _evaluation(session: Session, site: Site, number: int | None) -> StoredEvaluation:
    row = stored_evaluation(session, number) if number else newest_evaluation(session, site.id)
    if row is None or row.site_id != site.id:
        which = f"no evaluation {number}" if number else "no evaluation"
        raise stop(
            Exit.WRONG_USE, f"'{site.name}' has {which}. Begin one with: vierluik evaluation begin {site.id} --evaluator NAME"
        )
    return row


def _site(session: Session, name: str) -> Site:
    try:
        return get_site(session, name)
    except SiteError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
