"""Many links over many hosts: never more at once to one host than is set, and what worked is not asked again so soon."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sites.many_hosts import DOMAIN, Hosts, environment, many_hosts

from rules.site import Pace, Scope
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.database import Database
from storage.models import Run
from storage.report import report_of_run
from storage.sites import add_site, find_site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("many-links")]

HOSTS, LINKS, AT_ONCE = 20, 600, 3
SETTINGS = RunSettings(
    engines=("none",), pace=Pace(requests_at_once=AT_ONCE, timeout_s=10.0), seconds_before_second_look=0.5, confirms=False
)
START = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@dataclass
class Watched:
    hosts: Hosts
    database: Database

    def run(self, *, later: timedelta = timedelta(0), settings: RunSettings = SETTINGS) -> tuple[Counter[str], int]:
        """One run; gives how many links are of each class, and how many requests other hosts got."""
        before = self._elsewhere()
        origin = f"http://127.0.0.1:{self.hosts.port}"
        with self.database.session() as session:
            site = find_site(session, origin) or add_site(session, origin, f"{origin}/", Scope((origin,)), START)
        outcome = asyncio.run(SiteRun(self.database, site, settings, now=lambda: START + later).run())
        with self.database.session() as session:
            report = report_of_run(session, session.get_one(Run, outcome.run_id), {})
        classes = Counter(link["class"] for link in report["links"] if DOMAIN in link["url"])
        return classes, self._elsewhere() - before

    def _elsewhere(self) -> int:
        return sum(count for host, count in self.hosts.asked.items() if host.endswith(DOMAIN))


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with many_hosts(HOSTS, LINKS, answers_in_s=0.005) as hosts:
        yield Watched(hosts, database)
    database.close()


def test_every_link_is_asked_at_the_pace_of_its_host_and_a_sound_one_not_again_within_a_day(watched: Watched) -> None:
    expected = {"ok": 588, "dead": 12}
    first, asked = watched.run()
    assert first == expected
    assert asked >= LINKS
    assert max(count for host, count in watched.hosts.most_at_once.items() if host.endswith(DOMAIN)) <= AT_ONCE
    again, asked = watched.run(later=timedelta(hours=23))
    assert again == expected
    assert asked == 12 * 4, "what is dead is asked again: HEAD and GET, twice"
    _, asked = watched.run(later=timedelta(hours=23), settings=replace(SETTINGS, link_cache_hours=0))
    assert asked >= LINKS
    _, asked = watched.run(later=timedelta(hours=48))
    assert asked >= LINKS
