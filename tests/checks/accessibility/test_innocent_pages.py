"""What is made well is accused of nothing: by no rule, with every engine of a run, and with keyboard, mouse and zoom.

`innocent/patterns` holds the patterns of the ARIA Authoring Practices, rebuilt with working keyboard scripts;
`innocent/look_alikes` what municipal pages have that looks like a barrier and is none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from sites.loopback import answered_by

from checks.judge import judge
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import driver
from rules.outcome import Outcome
from rules.task import Judgement
from scheduler.check_pages import visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("innocent-pages")]

FOLDER = Path(__file__).parent / "innocent"
PAGES = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.html"))
BROWSERS = 4
# The newer norm asks for everything that the older one asks for, and for target size.
SETTINGS = RunSettings(norm_id="en301549-4.1.1", load_timeout_s=5.0)
# Of these a page must have passed: nobody is cleared by not having been tried.
TRIED = (
    "control-answers-keys dialog-closes-with-escape dialog-takes-focus empty-form-says-nothing focus-obscured focus-order-visual "
    "focus-visible hover-content-stays hover-without-focus keyboard-trap leaves-on-input narrow-window skip-link-works "
    "state-is-told"
)


class FolderHandler(SimpleHTTPRequestHandler):
    """Answers with the files of the folder."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, directory=str(FOLDER), **kwargs)  # type: ignore[arg-type]  # what the server gives it

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with answered_by(FolderHandler) as address:
        yield address


@pytest.fixture(scope="module")
def judged(origin: str, browser: BrowserFile, request: pytest.FixtureRequest) -> dict[str, Judgement]:
    """What is said of each page; of the tests that were asked for, no more."""
    here = [item for item in request.session.items if item.path == request.path]
    asked = [item for item in here if "judged" in getattr(item, "fixturenames", ())]
    wanted = {item.callspec.params["path"] if hasattr(item, "callspec") else "" for item in asked}
    return asyncio.run(judge_pages(origin, browser, [path for path in PAGES if path in wanted or "" in wanted]))


async def judge_pages(origin: str, browser: BrowserFile, paths: list[str]) -> dict[str, Judgement]:
    """A few browsers at once: a page that is touched is mostly waited for."""
    found: dict[str, Judgement] = {}
    guard = AddressGuard.for_origins((origin,), offline=True)
    left = paths[::-1]

    async def judge_what_is_left() -> None:
        async with visitor_for(playwright, browser, guard, SETTINGS) as visitor:
            while left:
                path = left.pop()
                found[path] = judge(await visitor.visit(f"{origin}/{path}", touch=True), SETTINGS.norm)

    async with driver() as playwright, asyncio.TaskGroup() as tasks:
        for _ in range(BROWSERS):
            tasks.create_task(judge_what_is_left())
    return found


@pytest.mark.parametrize("path", PAGES)
def test_innocent_page_is_accused_of_nothing(path: str, judged: dict[str, Judgement]) -> None:
    accused = [
        f"{one.rule}: {one.message} {dict(one.arguments)} {one.target.html}"
        for one in judged[path].findings
        if one.outcome is Outcome.FAILED
    ]
    assert accused == []


@pytest.mark.parametrize("path", PAGES)
def test_every_rule_had_its_look_at_an_innocent_page(path: str, judged: dict[str, Judgement]) -> None:
    assert [rule for rule, outcome in judged[path].outcomes.items() if outcome is Outcome.UNTESTED] == []


def test_innocent_pages_were_really_tried(judged: dict[str, Judgement]) -> None:
    passed = {rule for judgement in judged.values() for rule, outcome in judgement.outcomes.items() if outcome is Outcome.PASSED}
    assert set(TRIED.split()) - passed == set()
