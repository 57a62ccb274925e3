"""Our own mail passes our own test: none of our rules accuses its HTML, in either language."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from test_messages import HOSTILE, NOW, SENDER, digest

from crawler.browser import BrowserFile
from dashboard.letters import Letter, parts_of
from rules.norm import Language
from rules.outcome import Outcome
from scheduler.check_targets import check_targets
from scheduler.run_settings import RunSettings

pytestmark = pytest.mark.slow


def letters(folder: Path) -> list[Path]:
    files = []
    languages: tuple[Language, ...] = ("nl", "en")
    for language in languages:
        for name, content in (("digest", digest()), ("hostile", digest(HOSTILE, HOSTILE))):
            letter = Letter(content, language, "An", "an@example.nl", "key", "token", NOW, SENDER, "https://vierluik.example.nl")
            file = folder / f"{name}-{language}.html"
            file.write_text(parts_of(letter)[2], encoding="utf-8")
            files.append(file)
    return files


def test_no_mail_is_accused_by_our_own_rules(tmp_path: Path, browser: BrowserFile) -> None:
    files = letters(tmp_path)
    judged = asyncio.run(check_targets([file.as_uri() for file in files], RunSettings(norm_id="en301549-4.1.1")))
    assert len(judged.pages) == len(files) and all(page.outcomes for page in judged.pages)
    accused = [
        (page.url.rpartition("/")[2], one.rule, one.target.html)
        for page in judged.pages
        for one in page.findings
        if one.outcome is Outcome.FAILED
    ]
    assert accused == []
