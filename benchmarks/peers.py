"""Peers from npm, installed once into the cache; a peer that cannot be installed gives None and its row is skipped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.floor import FLAGS
from benchmarks.sites import CACHE

PA11Y_CI = "pa11y-ci@4.1.1"


def pa11y_ci(work: Path, pages: Path, browser: str) -> list[str] | None:
    """The command that runs pa11y-ci with axe over the pages, one at a time: with more it loses pages."""
    folder = CACHE / "pa11y-ci"
    program = folder / "node_modules/.bin/pa11y-ci"
    if not program.exists() and not _install(folder, PA11Y_CI):
        return None
    config = work / f"pa11y-{Path(browser).name}.json"
    defaults = {
        "runners": ["axe"],
        "concurrency": 1,
        "timeout": 60_000,
        "standard": "WCAG2AA",
        "reporters": [["json", {"fileName": str(work / "pa11y-result.json")}]],
        "chromeLaunchConfig": {"executablePath": browser, "args": FLAGS},
    }
    config.write_text(json.dumps({"defaults": defaults, "urls": pages.read_text(encoding="utf-8").split()}), encoding="utf-8")
    return [str(program), "--config", str(config)]


def _install(folder: Path, package: str) -> bool:
    if not shutil.which("npm"):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    done = subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--prefix", str(folder), package], env=environment, check=False
    )
    return done.returncode == 0
