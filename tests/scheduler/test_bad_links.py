"""Links that no page should have: nothing private is asked, nothing secret is shown, the sound ones are asked all the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sites.hostile import Served, page, redirect, serve
from sites.many_hosts import DOMAIN, environment

from rules.site import Pace, Scope
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.database import Database
from storage.models import Run
from storage.report import report_of_run
from storage.sites import add_site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bad-links")]

SETTINGS = RunSettings(engines=("none",), pace=Pace(timeout_s=2.0), seconds_before_second_look=0.2, confirms=False)
LOOK_ALIKE = "http://gem\N{CYRILLIC SMALL LETTER IE}ente.invalid/"
PRIVATE = (
    "http://127.0.0.1:1/",
    "http://2130706433:1/",
    "http://0x7f.1:1/",
    "http://[::1]:1/",
    "http://[::ffff:127.0.0.1]:1/",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    f"http://intranet.{DOMAIN}:1/",
)


@dataclass
class Told:
    links: dict[str, dict[str, Any]]
    report: str
    served: Served


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("bad-links")
    database = Database(f"sqlite:///{folder / 'vierluik.db'}")
    database.migrate()
    site: dict[str, Any] = {"/gewoon": page(), "/laatste": page(), "/naar-binnen": redirect(PRIVATE[0])}
    with pytest.MonkeyPatch.context() as patch, serve(site) as served:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        host = served.url.removeprefix("http://")
        bad = [
            f"http://jan:geheim@{host}/gewoon",
            "http://jan:geheim@bestaat-niet.invalid/",
            "/nul&#0;teken",
            "/regel&#13;&#10;X-Ingevoegd: 1",
            "/bel&#7;teken",
            "/" + "a" * 100_000,
            "//",
            "http://",
            "http://[:::]/",
            "http://%00.nl/",
            "javascript:alert(1)",
            "/naar-binnen",
            LOOK_ALIKE,
            *PRIVATE,
            "/laatste",
        ]
        site["/"] = page("<main><h1>Slecht</h1>" + "".join(f'<p><a href="{one}">Link</a></p>' for one in bad) + "</main>")
        with database.session() as session:
            stored = add_site(session, "bad", f"{served.url}/", Scope((served.url,)), datetime.now(UTC))
        outcome = asyncio.run(SiteRun(database, stored, SETTINGS).run())
        with database.session() as session:
            report = report_of_run(session, session.get_one(Run, outcome.run_id), {})
        yield Told({link["url"]: link for link in report["links"]}, json.dumps(report), served)
    database.close()


def test_the_sound_links_among_them_are_asked(told: Told) -> None:
    for path in ("/gewoon", "/laatste"):
        assert told.links[told.served.url + path]["class"] == "ok"


def test_a_name_and_password_in_a_link_are_neither_sent_nor_kept(told: Told) -> None:
    assert "http://bestaat-niet.invalid/" in told.links
    assert "geheim" not in told.report


def test_a_private_address_is_not_asked_however_it_is_written(told: Told) -> None:
    private = {url for url, link in told.links.items() if link["reason"] == "private-address"}
    assert {told.links[url]["class"] for url in private} == {"not asked"}
    elsewhere = {url for url in told.links if not url.startswith(told.served.url) and ".invalid" not in url}
    assert private == elsewhere | {f"{told.served.url}/naar-binnen"}
    assert len(elsewhere) == 6, "three of the spellings are one address"


def test_control_characters_reach_no_server_as_such(told: Told) -> None:
    asked = [path for _, path in told.served.asked]
    assert all(path.isprintable() for path in asked)
    assert not any("Ingevoegd" in path and " " in path for path in asked)


def test_an_address_of_a_hundred_thousand_characters_is_left_alone(told: Told) -> None:
    assert max(len(url) for url in told.links) < 10_000
    assert max(len(path) for _, path in told.served.asked) < 10_000


def test_a_name_that_looks_like_another_is_shown_as_what_it_is(told: Told) -> None:
    (shown,) = (url for url in told.links if "ente.invalid" in url or "xn--" in url)
    assert shown.startswith("http://xn--")
