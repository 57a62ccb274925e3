"""`vierluik export evidence` and `vierluik verify`: what an evaluation rests on in one file, and whether it is as it was."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from pydantic_core import to_json
from sqlalchemy.orm import Session

from dashboard.exports.evaluation import ENDINGS, EvaluationForm, written
from dashboard.exports.evidence_pack import PackError, check_pack, manifest_hash, write_pack
from dashboard.exports.pdf_file import PdfMissing
from rules.evaluation import Results
from rules.norm import Language
from storage.database import Database
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import all_revisions, evidence_files, last_pack, load_evaluation, note_pack, pack_is_known
from storage.models import Run
from storage.report import DetailGone, report_of_run
from vierluik.screen import Exit, say, stop
from vierluik.tool import tool_description

UNSAFE = re.compile(r"[^\w.-]+")


def export_evidence(database: Database, row_of: Any, output: Path, language: Language) -> None:
    """Write the pack of an evaluation. `row_of(session)` gives the evaluation. An existing file is never written over."""
    if output.exists():
        raise stop(Exit.WRONG_USE, f"{output} exists already, and evidence is never written over. Name a new file.")
    now = datetime.now(UTC)
    with database.session() as session:
        row = row_of(session)
        results = Results.of(load_evaluation(session, row))
        files, lacking = _files(session, row, results, language)
        previous = last_pack(session, row.site_id)
        about = {"tool": tool_description(), "site": results.evaluation.site, "evaluation": row.id, "lacking": lacking}
        pack, digest = write_pack(files, about, previous, now)
        try:
            output.write_bytes(pack)
        except OSError as error:
            raise stop(Exit.WRONG_USE, f"{output} cannot be written: {error.strerror}.") from error
        note_pack(session, row, digest, previous, now)
    say(f"{output}: {len(files)} files; the manifest has the SHA-256 {digest}. Write that down elsewhere too.")
    for sentence in lacking:
        say(sentence)


def _files(session: Session, row: StoredEvaluation, results: Results, language: Language) -> tuple[dict[str, bytes], list[str]]:
    files: dict[str, bytes] = {}
    lacking = ["The pages themselves are not in the pack: what machines found on them cannot be repeated from it."]
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


def _plain(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _without_content(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "content"}


def verify(database: Database | None, file: Path, previous: Path | None) -> Exit:
    """Say whether a pack is as it was made, and follows on the one before it."""
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
        say(f"{file}: {len(verdict.differences)} differences.")
        return Exit.FINDINGS
    say(f"{file}: {verdict.files} files, all as they were made. Manifest {verdict.manifest_sha256}.")
    return Exit.FINE
