"""Runs W3C ACT test cases and prints what was found, per rule and criterion: `python -m benchmarks.act_report FOLDER`.

FOLDER holds testcases.json, testcases/ and test-assets/. A finding counts for an ACT rule only where the page of our rule
names that ACT rule's id. Only rules with a success criterion of level A or AA are counted; --all shows the others too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.visit import driver
from rules.norm import success_criteria
from rules.outcome import Outcome
from rules.rule import catalogue, touching_rules
from rules.task import CheckRequest, PageResult
from scheduler.check_pages import check_pages, visitor_for
from scheduler.run_settings import RunSettings

PREFIX = "/WAI/content-assets/wcag-act-rules/"


class CaseHandler(SimpleHTTPRequestHandler):
    """Serves the folder under the path that the examples themselves use."""

    protocol_version = "HTTP/1.1"
    # As the website of the examples serves them; half of them do not say so themselves.
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".html": "text/html; charset=utf-8"}  # noqa: RUF012

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(PREFIX))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@dataclass(frozen=True)
class Case:
    """One example of an ACT rule, and what it must get."""

    rule: str
    name: str
    expected: str
    path: str
    criteria: tuple[str, ...]

    @property
    def counts(self) -> bool:
        levels = {success_criteria()[number].level for number in self.criteria if number in success_criteria()}
        return bool(levels & {"A", "AA"})


def cases_in(folder: Path) -> list[Case]:
    listed = json.loads((folder / "testcases.json").read_text(encoding="utf-8"))["testcases"]
    return [
        Case(one["ruleId"], one["ruleName"], one["expected"], one["relativePath"], _criteria(one))
        for one in listed
        if (folder / one["relativePath"]).is_file() and one["relativePath"].endswith((".html", ".xhtml", ".htm"))
    ]


def _criteria(case: dict[str, Any]) -> tuple[str, ...]:
    needed = case.get("ruleAccessibilityRequirements") or {}
    return tuple(key.split(":")[1] for key in needed if key.startswith("wcag2"))


async def run_cases(folder: Path, cases: list[Case], settings: RunSettings) -> dict[str, PageResult]:
    handler = partial(CaseHandler, directory=str(folder))
    results: dict[str, PageResult] = {}
    touching = {act for rule in touching_rules() for act in catalogue()[rule].act}
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_address[1]}"
        guard = AddressGuard.for_origins((origin,), offline=True)
        async with driver() as playwright, visitor_for(playwright, find_browser(), guard, settings) as visitor:
            for case in track(cases, "ACT test cases", console=Console(stderr=True)):
                urls = (f"{origin}{PREFIX}{case.path}",)
                # Only the rules that name a case's ACT rule count for it: where none of those touches the page, nobody need.
                request = CheckRequest(urls, settings.engines, settings.norm_id, touch=case.rule in touching)
                async for result in check_pages(request, visitor):
                    results[case.path] = result
        server.shutdown()
    return results


def outcome_for(case: Case, result: PageResult) -> Outcome:
    """What our rules that name this ACT rule say of the page."""
    said = {finding.outcome for finding in result.findings if case.rule in catalogue()[finding.rule].act}
    if Outcome.FAILED in said:
        return Outcome.FAILED
    return Outcome.CANNOT_TELL if said else Outcome.PASSED


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.act_report", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engines", default="", help="names with commas between; all by default")
    parser.add_argument("--rule", action="append", default=[], help="only this ACT rule; can be said again")
    parser.add_argument("--all", action="store_true", help="also rules without a criterion of level A or AA")
    parser.add_argument("--cases", action="store_true", help="name every example that is missed, asked or wrongly accused")
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    cases = [case for case in cases_in(arguments.folder) if not arguments.rule or case.rule in arguments.rule]
    cases = [case for case in cases if arguments.all or case.counts]
    settings = RunSettings(norm_id="en301549-4.1.1", load_timeout_s=10.0)
    if arguments.engines:
        settings = RunSettings(norm_id=settings.norm_id, load_timeout_s=10.0, engines=tuple(arguments.engines.split(",")))
    results = asyncio.run(run_cases(arguments.folder.resolve(), cases, settings))
    figures = _report(cases, results, name_cases=arguments.cases)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


def _report(cases: list[Case], results: dict[str, PageResult], *, name_cases: bool) -> dict[str, Any]:
    rows: dict[str, list[int]] = defaultdict(lambda: [0] * 6)
    columns = {Outcome.FAILED: 1, Outcome.CANNOT_TELL: 2}
    console = Console(width=160)
    names = {}
    for case in cases:
        outcome = outcome_for(case, results[case.path])
        offset = 0 if case.expected == "failed" else 3
        rows[case.rule][offset] += 1
        if outcome in columns:
            rows[case.rule][offset + columns[outcome]] += 1
        names[case.rule] = f"{case.name} ({', '.join(case.criteria)})"
        is_odd = outcome is not Outcome.FAILED if case.expected == "failed" else outcome is not Outcome.PASSED
        if name_cases and (is_odd or results[case.path].reason):
            said = sorted({one.rule for one in results[case.path].findings if case.rule in catalogue()[one.rule].act})
            console.print(
                case.rule, case.expected, "->", outcome, case.path, results[case.path].reason, ",".join(said), markup=False
            )
    table = Table("ACT rule", "name", "failed", "found", "asked", "clean", "accused", "asked", title="ACT test cases")
    for rule, row in sorted(rows.items()):
        table.add_row(rule, names[rule][:70], *(str(number) for number in row))
    console.print(table)
    failed, found, asked, clean, accused, doubted = (sum(row[i] for row in rows.values()) for i in range(6))
    figures = {
        "failed examples": failed,
        "found": found,
        "found or asked": found + asked,
        "clean examples": clean,
        "false positives": accused,
        "asked on clean": doubted,
        "rules": dict(rows),
    }
    console.print(
        f"found {found}/{failed} = {found / max(failed, 1):.1%}, found or asked {(found + asked) / max(failed, 1):.1%}; "
        f"false positives {accused}/{clean} = {accused / max(clean, 1):.1%}, asked on clean {doubted / max(clean, 1):.1%}"
    )
    _by_criterion(console, cases, results)
    return figures


def _by_criterion(console: Console, cases: list[Case], results: dict[str, PageResult]) -> None:
    table = Table("criterion", "failed", "found", "asked", "clean", "accused", "asked", title="By success criterion")
    rows: dict[str, list[int]] = defaultdict(lambda: [0] * 6)
    for case in cases:
        outcome = outcome_for(case, results[case.path])
        for criterion in case.criteria:
            row = rows[criterion]
            offset = 0 if case.expected == "failed" else 3
            row[offset] += 1
            row[offset + 1] += outcome is Outcome.FAILED
            row[offset + 2] += outcome is Outcome.CANNOT_TELL
    for criterion, row in sorted(rows.items(), key=lambda item: [int(part) for part in item[0].split(".")]):
        table.add_row(criterion, *(str(number) for number in row))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
