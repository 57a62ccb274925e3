"""Each way in which an address can behave gets its class, in a whole run over loopback; nothing that lives is called dead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sites.hostile import (
    Answer,
    ByTurn,
    Site,
    breaks_off,
    download,
    links_to,
    megabytes,
    never_ends,
    page,
    pdf,
    redirect,
    says_nothing,
    serve,
    status,
    text,
)

from checks.links.classify import classify
from checks.links.soft_404 import is_soft_404
from crawler.soft_answers import MADE_UP
from rules.observation import LinkAnswer, LinkClass, LinkObservation, Shown
from rules.site import Limits, Pace, Scope
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.database import Database
from storage.models import Run
from storage.report import report_of_run
from storage.sites import add_site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("link-truth")]

SETTINGS = RunSettings(
    engines=("none",),
    limits=Limits(max_page_bytes=2_000_000, max_minutes=3),
    pace=Pace(timeout_s=2.0),
    seconds_before_second_look=0.5,
    confirms=False,
)


def first_then(first: Answer, then: Answer, times: int = 1) -> ByTurn:
    return lambda method, asked: first if asked <= times else then


def without_head(code: int, then: Answer | None = None) -> ByTurn:
    return lambda method, asked: status(code) if method == "HEAD" else then or page()


def image() -> Answer:
    return Answer(b"\x89PNG\r\n", headers={"Content-Type": "image/png"})


# Path: how it answers, and what a link to it is. Those of the second list are asked as files: by HEAD, then GET.
PAGES: dict[str, tuple[Answer | ByTurn, LinkClass]] = {
    "/sound": (page(), LinkClass.OK),
    "/empty": (Answer(b"", headers={"Content-Type": "text/html"}), LinkClass.OK),
    "/204": (status(204), LinkClass.OK),
    "/half": (breaks_off(), LinkClass.UNSURE),
    "/never-ends": (never_ends(), LinkClass.OK),
    "/fifty-megabytes": (megabytes(50), LinkClass.OK),
    "/download": (download(), LinkClass.OK),
    "/moved": (redirect("/sound", 301), LinkClass.MOVED),
    "/moved-for-now": (redirect("/sound", 302), LinkClass.MOVED),
    "/chain": (redirect("/moved", 301), LinkClass.MOVED),
    "/to-dead": (redirect("/dead", 301), LinkClass.DEAD),
    "/loop": (redirect("/loop"), LinkClass.DEAD),
    "/mijn": (redirect("/inloggen?terug=1"), LinkClass.BLOCKED),
    "/dead": (status(404), LinkClass.DEAD),
    "/gone": (status(410), LinkClass.DEAD),
    "/400": (status(400), LinkClass.DEAD),
    "/401": (status(401), LinkClass.BLOCKED),
    "/403": (status(403), LinkClass.BLOCKED),
    "/405": (status(405), LinkClass.BLOCKED),
    "/429": (status(429, Retry_After="90"), LinkClass.BLOCKED),
    "/451": (status(451), LinkClass.BLOCKED),
    "/999": (status(999), LinkClass.BLOCKED),
    "/500": (status(500), LinkClass.DEAD),
    "/503": (status(503, Retry_After="90"), LinkClass.UNSURE),
    "/silent": (says_nothing(), LinkClass.UNSURE),
    "/dead-then-back": (first_then(status(404), page()), LinkClass.OK),
    "/500-then-back": (first_then(status(500), page()), LinkClass.OK),
    "/soft": (page("<h1>Pagina niet gevonden</h1>", title="Gemeente"), LinkClass.SOFT_404),
    "/soft-title": (page(title="404 | Gemeente"), LinkClass.SOFT_404),
    "/soft-end": (page(title="Gemeente Voorbeeldstad - Niet gevonden"), LinkClass.SOFT_404),
    "/about-404": (page("<h1>Wat betekent foutmelding 404 4x4?</h1>", title="Hoe 404 Not Found ontstond"), LinkClass.OK),
    "/lost": (page("<h1>Sleutels niet gevonden? Meld het bij de balie</h1>", title="Gevonden voorwerpen"), LinkClass.OK),
}
FILES: dict[str, tuple[Answer | ByTurn, LinkClass]] = {
    "/file/sound.pdf": (pdf(), LinkClass.OK),
    "/file/no-head-403.png": (without_head(403, image()), LinkClass.OK),
    "/file/no-head-404.png": (without_head(404, image()), LinkClass.OK),
    "/file/no-head-405.png": (without_head(405, image()), LinkClass.OK),
    "/file/no-head-500.png": (without_head(500, image()), LinkClass.OK),
    "/file/no-head-501.png": (without_head(501, image()), LinkClass.OK),
    "/file/busy-once.png": (first_then(status(429, Retry_After="1"), image()), LinkClass.OK),
    "/file/busy-at-a-date.png": (first_then(status(503, Retry_After="Thu, 01 Jan 2026 00:00:00 GMT"), image()), LinkClass.OK),
    "/file/dead.png": (status(404), LinkClass.DEAD),
    "/file/moved.png": (redirect("/file/no-head-403.png", 308), LinkClass.MOVED),
    "/file/half.png": (breaks_off(), LinkClass.OK),
    "/file/large.png": (megabytes(20), LinkClass.OK),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The class of every address, by its path."""
    images = "".join(f'<img src="{path}" alt="">' for path in FILES)
    site: Site = {
        "/": page(links_to(*PAGES) + images),
        "/inloggen": page("<h1>Inloggen</h1>"),
        **{path: answer for path, (answer, _) in (PAGES | FILES).items()},
    }
    with serve(site) as served:
        yield classes_of(tmp_path_factory.mktemp("truth"), served.url)


def classes_of(folder: Path, origin: str) -> dict[str, str]:
    database = Database(f"sqlite:///{folder / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        stored = add_site(session, origin, f"{origin}/", Scope((origin,)), datetime.now(UTC))
    outcome = asyncio.run(SiteRun(database, stored, SETTINGS).run())
    with database.session() as session:
        report = report_of_run(session, session.get_one(Run, outcome.run_id), {})
    database.close()
    return {link["url"].removeprefix(origin): link["class"] for link in report["links"]}


@pytest.mark.parametrize("path", PAGES | FILES)
def test_behaviour_has_its_class(judged: dict[str, str], path: str) -> None:
    assert judged[path] == (PAGES | FILES)[path][1]


def test_host_that_never_says_404(tmp_path: Path) -> None:
    home = page(links_to("/bestaat", "/weg", "/ook-weg", "/schil", "/home"), title="Voorbeeldstad")
    shell = page('<div id="app"></div>', title="Voorbeeldstad")
    site: Site = {"/": home, "/home": redirect("/"), "/bestaat": page(), "/schil": shell, "*": redirect("/", 302)}
    with serve(site) as served:
        found = classes_of(tmp_path, served.url)
        assert served.times_asked(MADE_UP) == 1
    assert {path: found[path] for path in ("/bestaat", "/weg", "/ook-weg", "/schil", "/home")} == {
        "/bestaat": "ok",
        "/weg": "soft-404",
        "/ook-weg": "soft-404",
        "/schil": "ok",
        "/home": "moved",
    }


def test_pages_that_scripts_fill_all_look_alike_and_are_not_accused(tmp_path: Path) -> None:
    shell = page('<div id="app"></div><a href="/een">Een</a><a href="/twee">Twee</a>', title="App")
    with serve({"/robots.txt": text("User-agent: *\nAllow: /"), "*": shell}) as served:
        found = classes_of(tmp_path, served.url)
    assert (found["/een"], found["/twee"]) == ("ok", "ok")


@pytest.mark.parametrize(
    ("answer", "own", "expected"),
    [
        (LinkAnswer("https://a.nl/x", 404), False, LinkClass.DEAD),
        (LinkAnswer("https://a.nl/x", 500), False, LinkClass.UNSURE),
        (LinkAnswer("https://a.nl/x", 500), True, LinkClass.DEAD),
        (LinkAnswer("https://a.nl/x", None, "unknown-host"), False, LinkClass.DEAD),
        (LinkAnswer("https://a.nl/x", None, "tls-error"), False, LinkClass.UNSURE),
        (LinkAnswer("https://a.nl/x", None, "timeout"), True, LinkClass.UNSURE),
        (LinkAnswer("https://a.nl/x", None, "private-address"), False, LinkClass.NOT_ASKED),
        (LinkAnswer("https://a.nl/mijn", 200, "", "https://digid.nl/inloggen"), False, LinkClass.BLOCKED),
    ],
)
def test_two_looks_alike(answer: LinkAnswer, own: bool, expected: LinkClass) -> None:
    link = LinkObservation(answer.url, answer, answer, 30.0)
    assert classify(link, own_site=own, network_works=True)[0] is expected
    if expected is LinkClass.DEAD:
        assert classify(LinkObservation(answer.url, answer), own_site=own, network_works=True)[0] is LinkClass.UNSURE
    if not own:
        assert classify(link, own_site=own, network_works=False)[0] is not LinkClass.DEAD


@pytest.mark.parametrize(
    "said",
    [
        "Pagina niet gevonden",
        "De pagina is niet gevonden",
        "Helaas, deze pagina bestaat niet meer",
        "Oeps! De opgevraagde pagina kan niet worden gevonden",
        "404",
        "Error 404 - Not Found",
        "Fout 404: pagina niet gevonden",
        "Page not found | Gemeente",
        "Niet gevonden - Gemeente Voorbeeldstad",
    ],
)
def test_notices_that_say_so(said: str) -> None:
    assert is_soft_404(Shown(said, ""))
    assert is_soft_404(Shown("Gemeente", said))


@pytest.mark.parametrize(
    "said",
    [
        "Portemonnee niet gevonden?",
        "Bestemmingsplan 404",
        "Besluit 404 2026",
        "Wat te doen bij een 404-melding",
        "Zaak niet gevonden dan bellen",
        "Deze pagina is niet beschikbaar in het Engels",
        "Bestand niet gevonden? Zo lost u het op",
        "404 jaar stadsrechten",
    ],
)
def test_words_that_only_occur(said: str) -> None:
    assert not is_soft_404(Shown(said, said))
