"""Real runs over two editions of the sample site, stored again in each database from what they heard."""

from __future__ import annotations

from typing import Any

from sample_runs import SampleRuns, replay, report_of
from stored_story import rows

from storage.database import Database

KEEPS_GROWING = {"run", "run_figure", "run_rule", "page_check"}  # the last: two numbers for each page that was tested


def figures_of(report: dict[str, Any]) -> dict[str, float]:
    return {one["id"]: one["value"] for one in report["kpis"]}


def comparable(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what belongs to one database: numbers of runs, moments, the browser's name."""
    pages = [
        {**page, "findings": sorted((one["fingerprint"], one["outcome"], one["target"]["html"]) for one in page["findings"])}
        for page in report["pages"]
    ]
    links = sorted((link["url"], link["class"], len(link["sources"])) for link in report["links"])
    return {"pages": pages, "links": links, "figures": figures_of(report), "documents": report["documents"]}


def test_both_databases_give_the_same_report_of_two_editions(sample_runs: SampleRuns, database: Database) -> None:
    for edition in ("1", "2"):
        report = report_of(database, replay(database, sample_runs.recordings[edition]))
        assert comparable(report) == comparable(sample_runs.reports[edition])
        told, recorded = ({**one["coverage"], "carried_since": None} for one in (report, sample_runs.reports[edition]))
        assert told == recorded


def test_a_second_run_over_an_unchanged_site_writes_no_new_rows(sample_runs: SampleRuns, database: Database) -> None:
    replay(database, sample_runs.recordings["1"])
    before = rows(database)
    report = report_of(database, replay(database, sample_runs.recordings["1"]))
    after = rows(database)
    assert {name for name, count in after.items() if count != before[name]} <= KEEPS_GROWING
    assert figures_of(report)["new_findings"] == figures_of(report)["closed_findings"] == 0


def test_a_fault_that_comes_back_is_a_new_interval(sample_runs: SampleRuns, database: Database) -> None:
    """Edition 1, edition 2, edition 1 again: what was mended and came back counts as new, and is found as before."""
    first = report_of(database, replay(database, sample_runs.recordings["1"]))
    second = report_of(database, replay(database, sample_runs.recordings["2"]))
    third = report_of(database, replay(database, sample_runs.recordings["1"]))
    assert [page["url"] for page in third["pages"]] == [page["url"] for page in first["pages"]]
    assert figures_of(third)["new_findings"] == figures_of(second)["closed_findings"]
    assert figures_of(third)["failed_findings"] == figures_of(first)["failed_findings"]
    assert rows(database)["run_page"] == 0
