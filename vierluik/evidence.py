"""`vierluik evaluation freeze`, `export evidence` and `verify`: what an evaluation rests on, and whether it still says so."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import typer
from pydantic_core import to_json
from sqlalchemy.orm import Session

from dashboard.exports.evaluation import ENDINGS, EvaluationForm, written
from dashboard.exports.evidence_pack import PackError, check_pack, manifest_hash, write_pack
from dashboard.exports.pdf_file import PdfMissing
from rules.evaluation import Results
from rules.frozen_page import JudgedAgain
from rules.norm import Language
from rules.reason import reason_text
from storage.database import Database
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import all_revisions, evidence_files, last_pack, load_evaluation, note_pack, pack_is_known
from storage.frozen_pages import frozen_pages, frozen_rows
from storage.models import Run
from storage.report import DetailGone, report_of_run
from storage.run_control import running
from vierluik.evidence_pages import page_files, read_pages
from vierluik.screen import Exit, say, stop
from vierluik.tool import tool_description

UNSAFE = re.compile(r"[^\w.-]+")


# --- kept --------------------------------------------------------------------------------------------------------------


def freeze(database: Database, row_of: Any) -> Exit:
    """Keep the evidence of every page of the sample of an evaluation. `row_of(session)` gives the evaluation."""
    from crawler.browser import BrowserMissing
    from scheduler.freeze_evaluation import freeze_evaluation

    with database.session() as session:
        row = row_of(session)
        number, site_id = row.id, row.site_id
        if any(run.site_id == site_id for run in running(session)):
            raise stop(Exit.WRONG_USE, "A run over this site goes on. Keep the evidence when it has ended.")
    try:
        kept = freeze_evaluation(database, number, "command line", lambda done, total: say(f"{done} of {total} pages"))
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    with database.session() as session:
        for one in frozen_rows(session, number):
            if one.reason:
                say(f"{one.url}: {reason_text(one.reason, 'en')}")
    size = kept.bytes / 1_000_000
    say(f"Evaluation {number}: the evidence of {kept.pages - kept.untested} pages is kept, {size:.1f} MB of archives.")
    if kept.untested:
        say(f"{kept.untested} pages could not be opened; what was kept of them before stays.")
    return Exit.NOTHING_JUDGED if kept.pages and kept.untested == kept.pages else Exit.FINE


# --- written -----------------------------------------------------------------------------------------------------------


def export_evidence(database: Database, row_of: Any, output: Path, language: Language) -> None:
    """Write the pack of an evaluation. `row_of(session)` gives the evaluation. An existing file is never written over."""
    if output.exists():
        raise stop(Exit.WRONG_USE, f"{output} exists already, and evidence is never written over. Name a new file.")
    now = datetime.now(UTC)
    with database.session() as session:
        row = row_of(session)
        results = Results.of(load_evaluation(session, row))
        files, lacking = _files(session, row, results, language)
        lacking += _lacking_of_pages(session, row, results)
        previous = last_pack(session, row.site_id)
        about = {"tool": tool_description(), "site": results.evaluation.site, "evaluation": row.id, "lacking": lacking}
        pages = chain.from_iterable(page_files(page) for page in frozen_pages(session, row.id))
        try:
            with output.open("xb") as out:
                count, digest = write_pack(out, chain(sorted(files.items()), pages), about, previous, now)
        except FileExistsError as error:
            raise stop(Exit.WRONG_USE, f"{output} exists already, and evidence is never written over.") from error
        except (OSError, PackError) as error:
            output.unlink(missing_ok=True)
            said = f"{output} cannot be written: {error.strerror}." if isinstance(error, OSError) else str(error)
            raise stop(Exit.WRONG_USE, said) from error
        note_pack(session, row, digest, previous, now)
    say(f"{output}: {count} files; the manifest has the SHA-256 {digest}. Write that down elsewhere too.")
    for sentence in lacking:
        say(sentence)


def _files(session: Session, row: StoredEvaluation, results: Results, language: Language) -> tuple[dict[str, bytes], list[str]]:
    files: dict[str, bytes] = {}
    lacking: list[str] = []
    for form in EvaluationForm:
        try:
            files[f"report/{form}.{ENDINGS[form][0]}"] = written(results, form, language)
        except PdfMissing:
            lacking.append("The PDF is not in the pack: Pango is missing here.")
    files["decisions.json"] = to_json([_plain(one) for one in all_revisions(session, row.id)], indent=1)
    for one in evidence_files(session, row.id):
        files[f"evidence/{one.id}-{UNSAFE.sub('-', one.name) or 'note.txt'}"] = one.content or one.note.encode()
    files["evidence.json"] = to_json([_without_content(one) for one in evidence_files(session, row.id)], indent=1)
    run = session.get(Run, row.run_id) if row.run_id else None
    try:
        if run is None:
            raise DetailGone("The run that the sample was proposed from is not kept any more.")
        files["machine.json"] = to_json(report_of_run(session, run, tool_description()), indent=1)
    except DetailGone as error:
        lacking.append(str(error))
    return files, lacking


def _lacking_of_pages(session: Session, row: StoredEvaluation, results: Results) -> list[str]:
    rows = {one.number: one for one in frozen_rows(session, row.id)}
    if not rows:
        return [
            "The pages themselves are not in the pack: what machines found on them cannot be repeated from it. "
            f"Keep them first with: vierluik evaluation freeze {row.site_id} --evaluation {row.id}"
        ]
    said = []
    for page in results.evaluation.sample:
        kept = rows.get(page.number)
        if kept is None:
            said.append(f"Page {page.number} ({page.url}) came into the sample after the evidence was kept.")
        elif kept.archive_blob is None:
            why = reason_text(kept.reason, "en") if kept.reason else "What lies behind a log-in is not pictured or archived."
            said.append(f"Page {page.number} ({page.url}) has no archive. {why}")
    return said


def _plain(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _without_content(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "content"}


# --- looked at again ---------------------------------------------------------------------------------------------------


def verify(database: Database | None, file: Path, previous: Path | None, *, judges: bool = True, opens: bool = True) -> Exit:
    """Say whether a pack is as it was made, follows on the one before it, and whether its pages still say the same."""
    try:
        verdict = check_pack(file, previous=manifest_hash(previous) if previous else "")
    except PackError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    for sentence in verdict.differences:
        typer.echo(sentence)
    if database is not None:
        with database.session() as session:
            known = pack_is_known(session, verdict.manifest_sha256)
        say("Its manifest is the one that was written down here." if known else "This database knows no pack with this manifest.")
    for sentence in verdict.manifest.get("lacking", []):
        say(str(sentence))
    if verdict.differences:
        say(f"{file}: {len(verdict.differences)} differences. Its pages were not judged again: they are not what was kept.")
        return Exit.FINDINGS
    say(f"{file}: {verdict.files} files, all as they were made. Manifest {verdict.manifest_sha256}.")
    return _judge_again(file, opens=opens) if judges else Exit.FINE


def _judge_again(file: Path, *, opens: bool) -> Exit:
    from scheduler.judge_again import NotJudged, judge_again

    try:
        pages = list(read_pages(file))
        if not pages:
            return Exit.FINE
        judged = judge_again(pages, opens=opens, on_page=lambda done, total: say(f"{done} of {total} pages opened again"))
    except (PackError, NotJudged) as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    return _told(judged)


def _told(judged: JudgedAgain) -> Exit:
    for sentence in judged.differences:
        typer.echo(sentence)
    for sentence in (*judged.notes, *judged.not_repeated):
        say(sentence)
    looked = f"{judged.pages} pages judged from their stored results, {judged.repeated} opened again from their archive"
    looked += f", {judged.documents} documents judged from their file" if judged.documents else ""
    if judged.differences:
        say(f"{looked}: {len(judged.differences)} differences.")
        return Exit.FINDINGS
    say(f"{looked}: the same {judged.findings} findings.")
    return Exit.FINE
