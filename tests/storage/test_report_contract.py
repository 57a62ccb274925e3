"""The report keeps its contract: what other programs rely on (`docs/schemas/report.schema.json`)."""

from __future__ import annotations

import asyncio
import copy
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sample_runs import SampleRuns, report_of

from rules.norm import norms
from scheduler.check_targets import check_targets
from scheduler.run_settings import RunSettings
from storage.report import report_of_check
from vierluik.sample_site import serve
from vierluik.tool import tool_description

SCHEMA = json.loads(Path(__file__).parents[2].joinpath("docs/schemas/report.schema.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.xdist_group("sample-runs")

VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def faults_of(report: dict[str, Any]) -> list[str]:
    """Where a report breaks the schema, at most ten places."""
    errors = sorted(VALIDATOR.iter_errors(report), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{error.json_path}: {error.message[:200]}" for error in errors[:10]]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report of `vierluik check` on three pages, a file, a PDF and a page that does not exist."""
    file = tmp_path_factory.mktemp("file") / "pagina.html"
    file.write_text("<html lang=nl><title>Een bestand</title><main><h1>Hoi</h1><img src=x></main>", encoding="utf-8")
    with serve("1") as server:
        targets = [f"{server.url}{path}" for path in ("/", "/contact", "/producten/paspoort", "/bestaat-niet")]
        targets += [f"{server.url}/documenten/begroting-2027.pdf", file.as_uri()]
        settings = RunSettings()
        judged = asyncio.run(check_targets(targets, settings))
    report = report_of_check(judged.pages, settings.norm, tool_description(judged.browser, settings.engines), judged.documents)
    return json.loads(json.dumps(report))  # type: ignore[no-any-return]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_report_of_checked_pages_keeps_the_contract(checked: dict[str, Any]) -> None:
    assert faults_of(checked) == []
    assert [page["status"] for page in checked["pages"]] == ["tested", "tested", "tested", "untested", "tested"]
    assert len(checked["documents"]) == 1
    assert "run" not in checked
    for page in checked["pages"]:
        assert set(page["criteria"]) == set(norms()["en301549-3.2.1"].criteria)


def test_report_of_a_stored_run_keeps_the_contract(sample_runs: SampleRuns) -> None:
    for edition in sample_runs.outcomes:
        report = json.loads(json.dumps(sample_runs.reports[edition]))
        assert faults_of(report) == []
        assert report["run"]["state"] == "finished"


def test_coverage_of_a_stored_run_equals_its_pages(sample_runs: SampleRuns) -> None:
    for edition, outcome in sample_runs.outcomes.items():
        report = sample_runs.reports[edition]
        statuses = Counter(page["status"] for page in report["pages"])
        coverage = report["coverage"]
        assert coverage["found"] == len(report["pages"]) == outcome.coverage.found
        assert coverage["found"] == sum(coverage[name] for name in ("tested", "carried_over", "untested", "skipped"))
        assert (statuses["tested"], statuses["untested"], statuses["skipped"]) == (
            coverage["tested"],
            coverage["untested"],
            coverage["skipped"],
        )
        assert coverage["documents"] == len(report["documents"])
        assert len(coverage["untested_pages"]) == coverage["untested"]
        assert len(coverage["skipped_pages"]) == coverage["skipped"]


def test_figures_of_a_stored_run_equal_its_findings_and_links(sample_runs: SampleRuns) -> None:
    for edition in sample_runs.outcomes:
        report = sample_runs.reports[edition]
        figures = {one["id"]: one["value"] for one in report["kpis"]}
        outcomes = [finding["outcome"] for page in report["pages"] for finding in page["findings"]]
        failing = [
            page for page in report["pages"] if any(one["outcome"] == "failed" and one["criteria"] for one in page["findings"])
        ]
        assert figures["failed_findings"] == outcomes.count("failed")
        assert figures["cannot_tell_findings"] == outcomes.count("cantTell")
        assert figures["pages_with_failure"] == len(failing)
        assert figures["links"] == len(report["links"])
        assert figures["dead_links"] == sum(link["class"] in ("dead", "soft-404") for link in report["links"])


def test_criteria_of_a_page_agree_with_its_findings(sample_runs: SampleRuns) -> None:
    """A failed finding makes its criteria failed, and no criterion fails without a finding."""
    for page in sample_runs.reports["1"]["pages"]:
        failed = {number for one in page["findings"] if one["outcome"] == "failed" for number in one["criteria"]}
        assert failed == {number for number, outcome in page["criteria"].items() if outcome == "failed"}, page["url"]


def test_an_older_run_still_reports_what_it_found(sample_runs: SampleRuns) -> None:
    """Edition 1 was run over first; the run over edition 2 changed nothing of what it reports."""
    assert report_of(sample_runs.database, sample_runs.outcomes["1"]) == sample_runs.reports["1"]


def test_a_finding_that_stays_keeps_the_run_it_was_first_seen_in(sample_runs: SampleRuns) -> None:
    first, second = sample_runs.reports["1"], sample_runs.reports["2"]
    fingerprints = {one["fingerprint"] for page in first["pages"] for one in page["findings"]}
    later = {one["fingerprint"]: one["first_run"] for page in second["pages"] for one in page["findings"]}
    runs = {edition: sample_runs.outcomes[edition].run_id for edition in sample_runs.outcomes}
    for fingerprint, first_run in later.items():
        assert first_run == (runs["1"] if fingerprint in fingerprints else runs["2"])


def _first_finding(report: dict[str, Any]) -> dict[str, Any]:
    return next(finding for page in report["pages"] for finding in page["findings"])  # type: ignore[no-any-return]


FAULTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "page without status": lambda report: report["pages"][0].pop("status"),
    "status nobody knows": lambda report: report["pages"][0].update(status="passed"),
    "untested page without reason": lambda report: report["pages"][0].update(status="untested", reason="", findings=[]),
    "a page that passes": lambda report: report["pages"][0]["criteria"].update({"1.1.1": "passed"}),
    "a criterion that does not exist": lambda report: report["pages"][0]["criteria"].update({"5.1.1": "failed"}),
    "finding without words": lambda report: _first_finding(report)["message"].update(nl=""),
    "outcome of an engine": lambda report: _first_finding(report).update(outcome="violation"),
    "impact nobody knows": lambda report: _first_finding(report).update(impact="high"),
    "version as text": lambda report: _first_finding(report).update(version="1"),
    "target as text": lambda report: _first_finding(report).update(target="html > body"),
    "part of a run alone": lambda report: report.update(links=[]),
    "other schema": lambda report: report.update(schema=2),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_schema_catches_a_report_that_breaks_the_contract(checked: dict[str, Any], fault: str) -> None:
    report = copy.deepcopy(checked)
    FAULTS[fault](report)
    assert faults_of(report)


def test_schema_lets_additions_in(checked: dict[str, Any]) -> None:
    report = copy.deepcopy(checked)
    report["later"] = report["pages"][0]["later"] = _first_finding(report)["later"] = {"new": True}
    assert faults_of(report) == []
