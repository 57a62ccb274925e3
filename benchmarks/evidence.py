"""What the evidence of a sample costs beside an ordinary run over the same pages: `python -m benchmarks.evidence [--pages N]`.

The bar is a ratio inside one go over the sample site: seconds a page to freeze and to verify, and bytes a page.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from rules.evaluation import SampleRole
from rules.site import Limits, Scope
from scheduler.freeze_evaluation import freeze_evaluation
from scheduler.judge_again import judge_again
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.database import Database
from storage.evaluations import add_page, candidates_of, load_evaluation, new_evaluation
from storage.frozen_pages import frozen_pages
from storage.models import Site
from storage.sites import add_site
from vierluik.sample_site import serve


def measured(pages: int, folder: Path) -> dict[str, float]:
    """Seconds and bytes a page."""
    database = Database(f"sqlite:///{folder / 'vierluik.db'}")
    database.migrate()
    settings = RunSettings(limits=Limits(max_pages=pages), seconds_before_second_look=1.0)
    with serve("2") as server:
        origin = server.url.rstrip("/")
        with database.session() as session:
            site = add_site(session, "Proef", f"{origin}/", Scope((origin,)), datetime.now(UTC))
        began = time.monotonic()
        run = asyncio.run(SiteRun(database, site, settings).run())
        of_run = time.monotonic() - began
        with database.session() as session:
            now = datetime.now(UTC)
            row = new_evaluation(session, session.get_one(Site, site.id), now, evaluators=["Anna"])
            there = {page.url for page in load_evaluation(session, row).sample}
            for one in candidates_of(session, site.id, run.run_id):
                if one.url not in there and not one.document:
                    add_page(session, row, one.url, "", SampleRole.CHOSEN, now)
            number = row.id
        began = time.monotonic()
        frozen = freeze_evaluation(database, number, "benchmark")
        of_freeze = time.monotonic() - began
    with database.session() as session:
        kept = list(frozen_pages(session, number))
    pictures = sum(len(page.picture.jpeg) for page in kept if page.picture)
    began = time.monotonic()
    again = judge_again(kept)
    of_verify = time.monotonic() - began
    database.close()
    return {
        "pages": frozen.pages,
        "run_s_per_page": of_run / frozen.pages,
        "freeze_s_per_page": of_freeze / frozen.pages,
        "verify_s_per_page": of_verify / frozen.pages,
        "freeze_to_run": of_freeze / of_run,
        "verify_to_run": of_verify / of_run,
        "archive_kb_per_page": frozen.bytes / frozen.pages / 1_000,
        "picture_kb_per_page": pictures / frozen.pages / 1_000,
        "findings": again.findings,
        "repeated": again.repeated,
        "differences": len(again.differences),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=50)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(arguments.parse_args().pages, Path(folder)), indent=1))


if __name__ == "__main__":
    main()
