"""A first run over a site, a night in which nothing has changed, and a night in which 1 % of the pages has and 1 in 28 is due."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from benchmarks.measure import Measured, measure
from benchmarks.sites import served
from storage.database import Database
from storage.models import Run
from storage.report import report_of_run

ROOT = Path(__file__).parent.parent
PLANTED = '<p><img src="/nl/images/geplant.png"></p></body>'  # a picture without a description, on each page that changes
CHANGED_SHARE = 0.01
INSTALLED = 'seconds_before_second_look = 0\ncontact = "bench"\n'  # otherwise as it is installed, second look included


@dataclass(frozen=True)
class Nights:
    """What the three runs cost and came to."""

    full: Measured
    still: Measured  # nothing had changed and nothing was due
    night: Measured
    coverage: dict[str, dict[str, Any]]  # of each run, by its name
    planted: int
    found: int  # of the pages that were changed, those on which the night's run has found it

    @property
    def ratio(self) -> float:
        return self.night.cpu_s / self.full.cpu_s


def nights(help_folder: Path, pages: int, work: Path) -> Nights:
    """Make the three runs over copies of the site that together have that many pages."""
    site, folder = work / "site", work / "runs"
    folder.mkdir()
    copies = 1 + pages // len(list((help_folder / "nl").glob("*.html")))
    for number in range(copies):
        shutil.copytree(help_folder, site / f"deel-{number}", copy_function=os.link)
    links = "".join(f'<li><a href="/deel-{number}/nl/index.html">Deel {number}</a></li>' for number in range(copies))
    home = f'<!doctype html><html lang="nl"><title>Hulp</title><main><h1>Hulp</h1><ul>{links}</ul></main></html>'
    (site / "index.html").write_text(home, encoding="utf-8")
    (folder / "vierluik.toml").write_text(INSTALLED, encoding="utf-8")
    with served(site) as url:
        full, first = _run(folder, url, pages)
        still, second = _run(folder, url, pages)
        changed = _change(site, first)
        with sqlite3.connect(folder / "bench.db") as database:  # the runs before were those of the day before
            database.execute("UPDATE run SET started_at = datetime(started_at, '-1 day')")
        database.close()
        night, third = _run(folder, url, pages)
    run = third["run"]["id"]
    new = {
        urlsplit(page["url"]).path
        for page in third["pages"]
        if any(one["first_run"] == run and "geplant.png" in one["target"]["html"] for one in page["findings"])
    }
    coverage = {"full": first["coverage"], "still": second["coverage"], "night": third["coverage"]}
    shown = {
        name: {key: one[key] for key in ("found", "tested", "carried_over", "tested_because")} for name, one in coverage.items()
    }
    return Nights(full, still, night, shown, len(changed), len(new & changed))


def _run(folder: Path, url: str, pages: int) -> tuple[Measured, dict[str, Any]]:
    """The run as a schedule starts it, without a report in a file; that is made afterwards, and not counted."""
    command = [sys.executable, "-m", "vierluik", "run", f"{url}/", "--max-pages", str(pages), "--offline"]
    database = Database(f"sqlite:///{folder}/bench.db")
    measured = measure([*command, "--db", database.url], folder, {"PYTHONPATH": str(ROOT)})
    with database.session() as session:
        report = report_of_run(session, session.scalars(select(Run).order_by(Run.id.desc()).limit(1)).one(), {})
    database.close()
    return measured, report


def _change(site: Path, report: dict[str, Any]) -> set[str]:
    """Plant a fault on one in a hundred of the pages that were tested; gives their paths."""
    paths = [urlsplit(page["url"]).path for page in report["pages"] if page["status"] == "tested"]
    files = [path for path in paths if (site / path.lstrip("/")).is_file()]
    step = round(1 / CHANGED_SHARE)
    chosen = set(files[step // 2 :: step])
    for path in chosen:
        file = site / path.lstrip("/")
        source = file.read_text(encoding="utf-8", errors="surrogateescape")
        file.unlink()  # it is a link to the file of the other copies
        file.write_text(source.replace("</body>", PLANTED), encoding="utf-8", errors="surrogateescape")
    return chosen
