"""Whatever a page does while it is touched, nothing is sent, it stays where it is, and the next page notices nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sites.hostile import Served, page, script, serve

import crawler.visit
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import Visitor, driver
from rules.observation import Evidence, PageSnapshot
from rules.probe import Probe, Tab

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("visit")]

AFTER = "/gewoon"
CENTRE = (100.0, 100.0)
BUTTON = "<style>body{margin:0}button{width:400px;height:300px}button:focus{background:red}</style>"
PAGES = {
    AFTER: page("<main><h1>x</h1></main>"),
    "/posts": page(f"{BUTTON}<form method=post action='/sent'><button>Verstuur</button></form>"),
    "/posts-in-a-window": page(f"{BUTTON}<form method=post action='/sent' target=_blank><button>Verstuur</button></form>"),
    "/fetches": page(
        f"""{BUTTON}<button onclick="fetch('/sent', {{method: 'DELETE'}}); navigator.sendBeacon('/sent')">x</button>"""
    ),
    "/asks": page(f"""{BUTTON}<button onclick="fetch('/asked')">x</button>"""),
    "/socket": page(f"""{BUTTON}<button onclick="new WebSocket(location.origin.replace('http', 'ws') + '/sent')">x</button>"""),
    "/leaves": page(f"{BUTTON}<button onclick=\"location = '/sent'\">x</button>"),
    "/reloads": page(f"{BUTTON}<button onclick='location.reload()'>x</button>"),
    "/opens": page(f"{BUTTON}<button onclick=\"open('/sent')\">x</button>"),
    "/speaks": page(f"{BUTTON}<button onclick='alert(1); confirm(2); onbeforeunload = () => 1'>x</button>"),
    "/anchors": page(f"{BUTTON}<button onclick=\"location.hash = 'x'\">x</button>"),
    "/changes": page(f"{BUTTON}<button onclick=\"document.body.append('veranderd'); document.cookie = 'a=1'\">x</button>"),
    "/spins": page(f"{BUTTON}<button onclick='for (;;);'>x</button>"),
    "/blank": page(f"{BUTTON}<button onclick=\"location = 'about:blank'\">x</button>"),
    "/listens": page(
        f"{BUTTON}<button>x</button><p onclick='1'>y</p><script>"
        "document.querySelector('button').addEventListener('keydown', Date);"
        "document.body.addEventListener('click', Date); addEventListener('keyup', Date)</script>"
    ),
    "/late": script("setTimeout(() => location = '/gewoon', 100)"),
}


class Hand:
    """A probe of which each test says what it does."""

    sources = ()
    deadline_s = 3.0
    touches = True
    watches = False

    def __init__(self, name: str, does: Callable[[Tab], Awaitable[Any]]) -> None:
        self.name = name
        self.does = does

    async def gather(self, page: Tab) -> Evidence:
        return Evidence(self.name, complete=True, data=await self.does(page))


async def click_and_tell(tab: Tab) -> Any:
    await tab.click(*CENTRE)
    await asyncio.sleep(0.3)
    return [await tab.evaluate("location.pathname + location.hash"), [kind for kind, _ in tab.refused()]]


async def look(tab: Tab) -> Any:
    return await tab.evaluate("[document.body.innerText, innerWidth, matchMedia('print').matches, document.cookie]")


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve(PAGES) as served:
        yield served


def touched(site: Served, browser: BrowserFile, paths: list[str], *probes: Probe) -> list[PageSnapshot]:
    async def run() -> list[PageSnapshot]:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, Visitor(playwright, browser, guard, probes, "test", load_timeout_s=5.0) as visitor:
            return [await visitor.visit(path if ":" in path else site.url + path, touch=True) for path in paths]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/posts", ["navigation"]),
        ("/posts-in-a-window", None),
        ("/fetches", ["request", "request"]),
        ("/socket", []),
        ("/leaves", ["navigation"]),
        ("/reloads", ["navigation"]),
        ("/opens", None),
        ("/speaks", ["dialog", "dialog"]),
    ],
)
def test_nothing_is_sent_and_nothing_is_left(site: Served, browser: BrowserFile, path: str, refused: list[str] | None) -> None:
    (snapshot,) = touched(site, browser, [path], Hand("hand", click_and_tell))
    evidence = snapshot.evidence["hand"]
    assert evidence.complete, evidence.reason
    assert evidence.data[0] == path
    if refused is not None:
        assert evidence.data[1] == refused
    assert site.times_asked("/sent") == 0


def test_asking_and_anchors_are_allowed(site: Served, browser: BrowserFile) -> None:
    anchors, _ = touched(site, browser, ["/anchors", "/asks"], Hand("hand", click_and_tell))
    assert anchors.evidence["hand"].data == ["/anchors#x", []]
    assert site.times_asked("/asked") == 1


def test_each_probe_gets_the_page_as_it_was_opened(site: Served, browser: BrowserFile) -> None:
    async def change(tab: Tab) -> None:
        await tab.view(320, 640, scale=2.0, media={"prefers-reduced-motion": "reduce"})
        await tab.click(*CENTRE)

    probes = Hand("before", look), Hand("change", change), Hand("after", look)
    first, second = touched(site, browser, ["/changes", "/changes"], *probes)
    before, after = first.evidence["before"].data, first.evidence["after"].data
    assert before[:3] == after[:3]
    assert before[1] == 1280
    # Nor does the next page know of a cookie that touching this one set.
    assert second.evidence["before"].data == before


def test_hands_and_eyes(site: Served, browser: BrowserFile) -> None:
    async def all_of_it(tab: Tab) -> Any:
        before = await tab.picture((0, 0, 50, 50))
        await tab.press("Tab")
        focused = await tab.evaluate("document.activeElement.localName")
        window = await tab.listeners("keydown", "keyup", "click")
        found = await tab.evaluate("vierluikListeners.map(([node, types]) => [node.localName, types])")
        await tab.view(1280, 800, scale=2.0)
        return [focused, before != await tab.picture((0, 0, 50, 50)), window, found, await tab.evaluate("innerWidth")]

    (snapshot,) = touched(site, browser, ["/listens"], Hand("hand", all_of_it))
    expected = ["button", True, ["keyup"], [["body", ["click"]], ["button", ["keydown"]], ["p", ["click"]]], 640]
    found = snapshot.evidence["hand"].data
    assert [*found[:3], sorted(found[3]), found[4]] == expected


@pytest.mark.parametrize("path", ["/spins", "/blank"])
def test_page_that_breaks_under_a_probe_costs_that_probe_only(site: Served, browser: BrowserFile, path: str) -> None:
    probes = Hand("look", look), Hand("click", click_and_tell), Hand("again", look)
    broken, after = touched(site, browser, [path, AFTER], *probes)
    assert [one.complete for one in broken.evidence.values()] == [True, False, True]
    assert broken.evidence["click"].reason in ("probe-timeout", "navigated-away", "script-failed")
    assert broken.touched
    assert all(one.complete for name, one in after.evidence.items() if name != "click")


def test_page_that_leaves_by_itself_is_not_touched_under_another_name(site: Served, browser: BrowserFile) -> None:
    late, after = touched(site, browser, ["/late", AFTER], Hand("look", look))
    evidence = late.evidence["look"]
    assert evidence.complete or evidence.reason == "navigated-away"
    assert after.evidence["look"].complete


def test_touching_ends_in_time(site: Served, browser: BrowserFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawler.visit, "TOUCH_TIMEOUT_S", 2.0)
    slow, after = touched(
        site, browser, ["/spins", AFTER], Hand("look", look), Hand("click", click_and_tell), Hand("again", look)
    )
    assert slow.evidence["again"].reason == "probe-timeout"
    assert after.evidence["look"].complete


def test_local_file_is_touched_too(site: Served, browser: BrowserFile, tmp_path: Path) -> None:
    file = tmp_path / "bestand.html"
    file.write_text(f"<title>x</title>{BUTTON}<button onclick=\"location = '/sent'\">x</button>", encoding="utf-8")
    (snapshot,) = touched(site, browser, [file.as_uri()], Hand("hand", click_and_tell))
    assert snapshot.evidence["hand"].data == ["/bestand.html", ["navigation"]]


def test_page_is_only_touched_when_asked(site: Served, browser: BrowserFile) -> None:
    async def run() -> PageSnapshot:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, Visitor(playwright, browser, guard, [Hand("hand", look)], "test") as visitor:
            return await visitor.visit(site.url + AFTER)

    snapshot = asyncio.run(run())
    assert (snapshot.evidence, snapshot.touched) == ({}, False)
