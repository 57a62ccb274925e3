"""Whatever a page does to its browser, it ends in a judgement or a reason, and the next page notices nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sites.hostile import (
    Served,
    closed_port,
    download,
    links_to,
    make_certificate,
    megabytes,
    never_ends,
    page,
    pdf,
    redirect,
    says_nothing,
    script,
    serve,
    status,
    text,
)

import crawler.deadline
import crawler.visit
from checks.accessibility.engines.axe.probe import IsolatedAxe
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile, BrowserMissing
from crawler.visit import OpenTab, Visitor, driver
from crawler.world import well_formed
from rules.observation import Evidence, PageSnapshot
from rules.outcome import Outcome
from rules.probe import World
from rules.task import CheckRequest, PageResult, PageStatus
from scheduler.check_pages import check_pages, visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("visit")]  # what is made once is made once

Results = dict[str, tuple[PageResult, PageResult]]
SETTINGS = RunSettings(load_timeout_s=2.0)
AFTER = "/gewoon"
IMAGE = '<img src="/x.png">'
PAGES = {
    AFTER: page(),
    "/elders": page(title="Elders"),
    # What should be judged as if nothing were the matter.
    "/dialogs": script("alert(1); confirm(2); prompt(3); print(); onbeforeunload = () => 'Blijf!'"),
    "/windows": script("for (let i = 0; i < 5; i++) open('/elders'); window.opened = open('/never')"),
    "/closes": script("window.close()"),
    "/own-axe": script("window.axe = {run: () => 'nee'}; window.wakeAxe = 1; window.vierluikAxe = {}"),
    "/amd": script("window.define = () => { throw 1 }; define.amd = {}; window.module = {exports: {}}"),
    "/prototypes": script(
        "for (const kind of [Array, Object, String, Function, Promise, Map, Element])"
        " for (const name of Object.getOwnPropertyNames(kind.prototype))"
        " try { kind.prototype[name] = () => { throw 'stuk' } } catch {}"
    ),
    "/clobbered": page(
        "<main><h1>x</h1><form name=title></form><form name=documentElement></form><img name=scripts alt=''></main>"
    ),
    "/no-scripts": page(IMAGE, Content_Security_Policy="script-src 'none'; default-src 'self'"),
    "/trusted-types": page(IMAGE, Content_Security_Policy="require-trusted-types-for 'script'; trusted-types 'none'"),
    "/sandbox": page(IMAGE, Content_Security_Policy="sandbox"),
    "/sandbox-with-scripts": page(IMAGE, Content_Security_Policy="sandbox allow-scripts"),
    "/sandboxed-frames": page(
        '<iframe title="a" sandbox src="/image"></iframe><iframe title="b" src="/sandbox"></iframe>'
        '<iframe title="c" sandbox srcdoc="<html lang=nl><title>c</title><img src=x>"></iframe>'
    ),
    "/image": page(IMAGE),
    "/own-address": script("history.replaceState(null, '', '/elders?stap=2')"),
    "/half-characters": page(
        f"<main><h1>x</h1><a href='/elders'>x</a>{IMAGE}</main><script>"
        "document.title = 'a\\ud800'; document.querySelector('a').textContent = '\\udc00\\udc00b';"
        "document.querySelector('img').id = 'c\\ud800'</script>"
    ),
    "/cookie": script("document.cookie = 'teller=geheim; max-age=864000'"),
    "/redirect": redirect("/elders"),
    "/refresh": page(head='<meta http-equiv="refresh" content="0;url=/elders">'),
    "/leaves-later": page(head='<meta http-equiv="refresh" content="20;url=/elders">'),
    "/image-hangs": page('<main><h1>x</h1><img src="/silent" alt="x"></main>'),
    "/never-ends": never_ends(),
    "/fifty-megabytes": megabytes(50),
    "/reloads-by-script": script("location.reload()"),
    # What cannot be judged.
    "/reloads": page(head='<meta http-equiv="refresh" content="0">'),
    "/silent": says_nothing(),
    "/pdf": pdf(),
    "/download": download(),
    "/204": status(204),
    "/401": status(401, WWW_Authenticate='Basic realm="x"'),
    "/403": status(403),
    "/404": status(404),
    "/500": status(500),
    "/loop": redirect("/loop"),
    "/metadata": redirect("http://169.254.169.254/latest/"),
    # What another page may notice.
    "/redirects-late": script("setTimeout(() => location = '/slow', 50)"),
    "/slow": says_nothing(),
    "/holds-on": script("addEventListener('pagehide', () => { for (;;); })"),
    "/spins": script("setTimeout(() => { for (;;); }, 0)"),
    "/spins-at-once": script("for (;;);"),
}
JUDGED = {
    "/dialogs": (),
    "/windows": (),
    "/closes": (),
    "/own-axe": (),
    "/amd": (),
    "/prototypes": (),
    "/clobbered": (),
    "/no-scripts": (),
    "/trusted-types": (),
    "/sandbox": (),
    "/sandbox-with-scripts": (),
    "/sandboxed-frames": (),
    "/own-address": (),
    "/half-characters": (),
    "/redirect": (),
    "/refresh": (),
    "/leaves-later": (),
    "/image-hangs": ("load-timeout",),
    "/never-ends": ("load-timeout",),
}
LEFT = {
    "/reloads": "navigated-away",
    "/silent": "load-timeout",
    "/pdf": "not-html",
    "/download": "not-html",
    "/204": "not-html",
    "/401": "needs-login",
    "/403": "refused",
    "/404": "missing",
    "/500": "server-error",
    "/loop": "redirect-loop",
    "/metadata": "private-address",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve(PAGES) as served:
        yield served


def visit(site: Served, browser: BrowserFile, *paths: str, settings: RunSettings = SETTINGS) -> list[PageResult]:
    """Judge these addresses, one after the other in one browser."""

    async def judged() -> list[PageResult]:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, visitor_for(playwright, browser, guard, settings) as visitor:
            request = CheckRequest(tuple(path if "://" in path else site.url + path for path in paths))
            return [result async for result in check_pages(request, visitor)]

    return asyncio.run(judged())


@pytest.fixture(scope="module")
def judged(site: Served, browser: BrowserFile) -> Results:
    """Every page that should be judged, and the ordinary page that was visited after it."""
    results = visit(site, browser, *(path for one in JUDGED for path in (one, AFTER)))
    return dict(zip(JUDGED, zip(results[::2], results[1::2], strict=True), strict=True))


@pytest.fixture(scope="module")
def left(site: Served, browser: BrowserFile) -> Results:
    """Every page that cannot be judged, and the ordinary page that was visited after it."""
    results = visit(site, browser, *(path for one in LEFT for path in (one, AFTER)))
    return dict(zip(LEFT, zip(results[::2], results[1::2], strict=True), strict=True))


@pytest.mark.parametrize("path", JUDGED)
def test_difficult_page_is_judged(judged: Results, path: str) -> None:
    result, after = judged[path]
    assert (result.status, result.reason) == (PageStatus.TESTED, "")
    assert result.notes == JUDGED[path]
    assert result.engines == frozenset(SETTINGS.engines)
    assert Outcome.PASSED in result.outcomes.values()
    assert (after.status, after.title, after.notes) == (PageStatus.TESTED, "Gewoon", ())


@pytest.mark.parametrize("path", LEFT)
def test_page_that_cannot_be_judged_says_why(left: Results, path: str) -> None:
    result, after = left[path]
    assert (result.status, result.reason) == (PageStatus.UNTESTED, LEFT[path])
    assert (after.status, after.title, after.notes) == (PageStatus.TESTED, "Gewoon", ())


@pytest.mark.parametrize("path", ["/no-scripts", "/trusted-types", "/sandbox", "/sandbox-with-scripts"])
def test_page_that_forbids_scripts_is_tested_as_any_other(judged: Results, path: str) -> None:
    assert "image-alternative" in {finding.rule for finding in judged[path][0].findings}


def test_sandboxed_frames_are_looked_into(judged: Results) -> None:
    found = {finding.target.frames for finding in judged["/sandboxed-frames"][0].findings if finding.rule == "image-alternative"}
    assert len(found) == 3
    assert all(len(frames) == 1 and frames[0].rpartition(" > ")[2].startswith("iframe") for frames in found)


def test_script_that_writes_the_address_bar_is_no_redirect(site: Served, judged: Results) -> None:
    assert judged["/own-address"][0].final_url == f"{site.url}/own-address"
    assert judged["/refresh"][0].final_url == judged["/redirect"][0].final_url == f"{site.url}/elders"


def test_cookies_are_noted_by_name_and_never_by_value(site: Served, browser: BrowserFile) -> None:
    (result,) = visit(site, browser, "/cookie")
    (cookie,) = result.cookies
    assert (cookie.name, cookie.host, cookie.days) == ("teller", "127.0.0.1", 9)
    assert "geheim" not in repr(cookie)


def test_half_characters_can_be_stored(judged: Results) -> None:
    result = judged["/half-characters"][0]
    assert result.title == "a\N{REPLACEMENT CHARACTER}"
    repr(result).encode("utf-8")
    assert "\N{REPLACEMENT CHARACTER}" in "".join(finding.target.html for finding in result.findings)


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        (r'"\ud800"', '"\ufffd"'),
        (r'"\udc00\udc00"', '"\ufffd\ufffd"'),
        (r'"\\ud800"', r'"\\ud800"'),
        (r'"\\\ud800"', '"\\\\\ufffd"'),
        (r'"\u0000 en \\udb00"', r'"\u0000 en \\udb00"'),
    ],
)
def test_only_half_characters_are_replaced(json: str, expected: str) -> None:
    assert well_formed(json) == expected


def test_late_redirect_does_not_disturb_the_next_page(site: Served, browser: BrowserFile) -> None:
    results = visit(site, browser, *("/redirects-late", AFTER) * 2)
    assert {result.reason or result.title for result in results[1::2]} == {"Gewoon"}


def test_page_that_will_not_let_go_is_not_the_fault_of_the_next(site: Served, browser: BrowserFile) -> None:
    held, after, last = visit(site, browser, "/holds-on", AFTER, "/elders")
    assert (held.status, after.status, last.status) == (PageStatus.TESTED,) * 3
    assert (after.title, last.title) == ("Gewoon", "Elders")


@pytest.mark.parametrize("path", ["/spins", "/spins-at-once"])
def test_page_that_loops_for_ever_ends_at_the_deadline(
    site: Served, browser: BrowserFile, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler.deadline, "CALL_TIMEOUT_S", 2.0)
    looping, after = visit(site, browser, path, AFTER)
    assert (looping.status, looping.reason in ("page-hangs", "load-timeout")) == (PageStatus.UNTESTED, True)
    assert (after.status, after.title) == (PageStatus.TESTED, "Gewoon")


class Eye:
    """A probe that looks by one expression."""

    sources = ()
    deadline_s = 1.0
    touches = False
    watches = False

    def __init__(self, name: str, expression: str) -> None:
        self.name = name
        self.expression = expression

    async def gather(self, page: World) -> Evidence:
        return Evidence(self.name, complete=True, data=await page.evaluate(self.expression))


def test_page_that_hangs_costs_one_deadline_and_not_one_for_each_probe(site: Served, browser: BrowserFile) -> None:
    async def look() -> PageSnapshot:
        probes = Eye("held", "(() => { for (;;); })()"), Eye("next", "1"), Eye("last", "1")
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, Visitor(playwright, browser, guard, probes, "test") as visitor:
            return await visitor.visit(site.url + AFTER)

    reasons = {name: evidence.reason for name, evidence in asyncio.run(look()).evidence.items()}
    assert reasons == {"held": "probe-timeout", "next": "page-hangs", "last": "page-hangs"}


def test_very_large_page_ends_in_a_judgement_or_a_reason(
    site: Served, browser: BrowserFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IsolatedAxe, "deadline_s", 3.0)
    large, after = visit(site, browser, "/fifty-megabytes", AFTER, settings=replace(SETTINGS, load_timeout_s=4.0))
    assert large.status is PageStatus.TESTED or large.reason in ("load-timeout", "page-hangs", "browser-crashed", "probe-timeout")
    assert after.title == "Gewoon"


def test_tls_error_refused_connection_and_unknown_host(browser: BrowserFile, tmp_path: Path) -> None:
    with serve({"/": page()}, make_certificate(tmp_path, "expired")) as site:
        addresses = ("/", "http://nergens.invalid/", f"http://127.0.0.1:{closed_port()}/")
        results = visit(site, browser, *addresses, settings=replace(SETTINGS, load_timeout_s=20.0))
    # A door of our own machine is refused by the gate before anybody can say that it is closed.
    assert [result.reason for result in results] == ["tls-error", "unknown-host", "private-address"]


def test_the_site_itself_is_reached_at_the_address_it_had_and_not_through_the_gate(site: Served, browser: BrowserFile) -> None:
    port = int(site.url.rpartition(":")[2])

    async def judged() -> tuple[str, int]:
        # A name that no resolver knows (RFC 6761): only the address that was pinned can answer for it.
        guard = AddressGuard(own={("127.0.0.1", port)}, addresses={("gemeente.test", port): ["127.0.0.9", "127.0.0.1"]})
        async with driver() as playwright, visitor_for(playwright, browser, guard, SETTINGS) as visitor:
            snapshot = await visitor.visit(f"http://gemeente.test:{port}{AFTER}")
            return snapshot.title, len(visitor._gate._open)

    assert asyncio.run(judged()) == ("Gewoon", 0)


def test_nothing_private_is_asked_by_a_page(browser: BrowserFile) -> None:
    with serve({"*": text("geheim")}) as private:
        body = links_to() + f'<img src="{private.url}/a.png" alt=""><iframe title="x" src="{private.url}/b"></iframe>'
        socket = private.url.replace("http", "ws")
        code = f"<script>fetch('{private.url}/c'); new WebSocket('{socket}/d'); open('{private.url}/e')</script>"
        with serve({"/": page(body + code), "/off": redirect(private.url)}) as site:
            first, second = visit(site, browser, "/", "/off")
        assert first.status is PageStatus.TESTED
        assert (second.status, second.reason) == (PageStatus.UNTESTED, "private-address")
        assert private.asked == []


# --- crashes -----------------------------------------------------------------------------------------------------------


def processes_of(visitor: Visitor, kind: str = "") -> list[psutil.Process]:
    """The browser of a visitor itself, or its processes of a kind such as "renderer"."""
    mine = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if visitor._mark in process.cmdline():
                mine.append(process)
    if not kind:
        return mine
    inner = {child for process in mine for child in process.children(recursive=True)}
    return [process for process in inner if f"--type={kind}" in process.cmdline()]


def visit_and_kill(browser: BrowserFile, kind: str, times: int) -> tuple[PageResult, PageResult, int]:
    """Visit a page and kill a process while it loads, so often.

    Gives its result, that of the next page, and how often it was asked.
    """

    async def judged(site: Served) -> list[PageResult]:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, visitor_for(playwright, browser, guard, SETTINGS) as visitor:
            request = CheckRequest((f"{site.url}/hangs", f"{site.url}/"))
            task = asyncio.ensure_future(anext(check_pages(replace(request, urls=request.urls[:1]), visitor)))
            for time_no in range(1, times + 1):
                await asyncio.to_thread(site.wait_until_asked, "/never.png", time_no)
                for process in processes_of(visitor, kind):
                    process.kill()
            return [await task, await anext(check_pages(replace(request, urls=request.urls[1:]), visitor))]

    pages = {"/": page(), "/hangs": page('<main><h1>x</h1><img src="/never.png" alt="x"></main>'), "/never.png": says_nothing()}
    with serve(pages) as site:
        result, after = asyncio.run(judged(site))
        return result, after, site.times_asked("/hangs")


@pytest.mark.parametrize("kind", ["", "renderer"], ids=["browser", "tab"])
def test_page_whose_browser_is_killed_is_tried_once_more(browser: BrowserFile, kind: str) -> None:
    result, after, times = visit_and_kill(browser, kind, 1)
    assert (result.status, result.notes, times) == (PageStatus.TESTED, ("load-timeout",), 2)
    assert after.status is PageStatus.TESTED


@pytest.mark.parametrize("kind", ["", "renderer"], ids=["browser", "tab"])
def test_page_that_crashes_twice_is_untested_and_the_next_page_fine(browser: BrowserFile, kind: str) -> None:
    result, after, times = visit_and_kill(browser, kind, 2)
    assert (result.status, result.reason, times) == (PageStatus.UNTESTED, "browser-crashed", 2)
    assert after.status is PageStatus.TESTED


def test_browser_that_does_not_start_is_a_sentence(site: Served) -> None:
    with pytest.raises(BrowserMissing, match=r"does not start.*vierluik doctor"):
        visit(site, BrowserFile(Path("/bin/false"), True, "test"), AFTER)


def test_windows_of_a_page_are_closed(site: Served, browser: BrowserFile) -> None:
    async def open_pages() -> int:
        guard = AddressGuard.for_origins((site.url,))
        async with driver() as playwright, visitor_for(playwright, browser, guard, SETTINGS) as visitor:
            await visitor.visit(f"{site.url}/windows")
            tab: OpenTab | None = visitor._tab
            assert tab is not None
            return len(tab.page.context.pages)

    assert asyncio.run(open_pages()) == 1
    assert site.times_asked("/elders") > 0


def test_local_file_reaches_no_other_file(browser: BrowserFile, tmp_path: Path) -> None:
    secret = (tmp_path / "geheim.html").as_uri()
    (tmp_path / "geheim.html").write_text('<html lang="nl"><title>geheim</title><img src="x.png">', encoding="utf-8")
    (tmp_path / "mijn pagina.html").write_text(
        f'<!doctype html><html lang="nl"><title>Bestand</title><main><h1>x</h1><img src="{secret}" alt="">'
        f'<iframe title="f" src="{secret}"></iframe><iframe title="g" src="geheim.html"></iframe>'
        f'<object data="{secret}"></object><iframe title="h" src="file:///etc/passwd"></iframe></main>'
        f"<script>fetch('{secret}').then(r => r.text()).then(t => document.title = t);"
        f"fetch('geheim.html').then(r => r.text()).then(t => document.title = t); open('{secret}')</script>",
        encoding="utf-8",
    )
    refresh = f'<title>Weg</title><meta http-equiv="refresh" content="0;url={secret}">'
    (tmp_path / "weg.html").write_text(refresh, encoding="utf-8")
    (tmp_path / "script.html").write_text(f'<title>Script</title><script>location = "{secret}"</script>', encoding="utf-8")
    with serve({}) as site:
        files = [(tmp_path / name).as_uri() for name in ("mijn pagina.html", "weg.html", "script.html")]
        results = visit(site, browser, *files)
    assert [(result.status, result.title) for result in results] == [
        (PageStatus.TESTED, title) for title in ("Bestand", "Weg", "Script")
    ]
    assert [result.final_url for result in results] == files
    assert not [finding for finding in results[0].findings if finding.target.frames and "x.png" in finding.target.html]


def test_local_file_keeps_its_own_encoding(browser: BrowserFile, tmp_path: Path) -> None:
    (tmp_path / "latin.html").write_bytes('<meta charset="iso-8859-1"><title>Café</title><p>x</p>'.encode("latin-1"))
    with serve({}) as site:
        assert visit(site, browser, (tmp_path / "latin.html").as_uri())[0].title == "Café"
