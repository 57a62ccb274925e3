"""All sites side by side, asked with a few questions however many sites there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.run import RunState
from storage.availability import Uptime
from storage.availability_models import AvailabilityDay, WatchedAddress
from storage.models import Run, RunFigure, Site, Statement
from storage.questions.runs import WHOLE
from storage.register import hosts_of
from storage.site_list import OWNER

POINTS = 12  # runs of a site's line
AT_ONCE = 400  # numbers in one question
Kind = TypeVar("Kind", str, int)
FAILING, JUDGED = "pages_with_confirmed_failure", "pages_tested"


@dataclass(frozen=True)
class SiteLine:
    """One site among all."""

    site: Site
    latest: Run | None  # the newest finished run over the whole site
    state: str  # of its newest run, a rules.run.RunState; empty: there is none
    judged: int | None  # pages
    failing: int | None  # pages with a confirmed failure; None: not known, the run is of before that was written
    shares: tuple[float, ...]  # of pages with a confirmed failure, 0 to 1, the oldest run first
    uptime: Uptime
    statement: Statement | None  # the newest of its hosts in the public register

    @property
    def owner(self) -> str:
        return str(self.site.settings.get(OWNER, ""))

    @property
    def share(self) -> float | None:
        """Of the judged pages those with a confirmed failure, 0 to 1; None: not known."""
        return self.failing / self.judged if self.judged and self.failing is not None else None

    @property
    def change(self) -> float | None:
        """By how much the share grew since the run before; below zero it shrank. None: nothing to compare."""
        return self.shares[-1] - self.shares[-2] if len(self.shares) > 1 else None


@dataclass(frozen=True)
class SiteRuns:
    """The newest finished runs over one site."""

    latest: Run
    figures: tuple[Mapping[str, float], ...]  # of each run the ones that were asked for, the oldest run first


def newest_runs(session: Session, names: Sequence[str], sites: Collection[int] | None = None) -> dict[int, SiteRuns]:
    """The newest finished runs of each site, or of some; a site without any is not in it."""
    place = func.row_number().over(partition_by=Run.site_id, order_by=Run.id.desc()).label("place")
    finished = select(Run.id, Run.site_id, place).where(Run.state == RunState.FINISHED, WHOLE)
    ranked = (finished if sites is None else finished.where(Run.site_id.in_(sites))).subquery()
    query = select(ranked.c.site_id, ranked.c.id).where(ranked.c.place <= POINTS).order_by(ranked.c.id)
    numbers: dict[int, list[int]] = defaultdict(list)
    for site, number in session.execute(query):
        numbers[site].append(number)
    figures = _figures(session, [number for each in numbers.values() for number in each], names)
    latest: dict[int, Run] = {}
    for some in _parts([each[-1] for each in numbers.values()]):
        latest |= {run.site_id: run for run in session.scalars(select(Run).where(Run.id.in_(some)))}
    return {site: SiteRuns(latest[site], tuple(figures.get(number, {}) for number in each)) for site, each in numbers.items()}


def unfinished_runs(session: Session, sites: Collection[int]) -> dict[int, Run]:
    """The newest run over each of some sites, where that is not a finished one."""
    newest = select(func.max(Run.id)).where(WHOLE, Run.site_id.in_(sites)).group_by(Run.site_id)
    unfinished = session.scalars(select(Run).where(Run.id.in_(newest), Run.state != RunState.FINISHED))
    return {run.site_id: run for run in unfinished}


def portfolio(session: Session, first: date, last: date) -> list[SiteLine]:
    """Every site, by name; `first` and `last` are the days that availability is counted over."""
    sites = session.scalars(select(Site).order_by(Site.name)).all()
    runs = newest_runs(session, (FAILING, JUDGED))
    states = _states(session)
    uptimes = _uptimes(session, first, last)
    statements = _statements(session, {host for site in sites for host in hosts_of(site)})
    lines = []
    for site in sites:
        line = runs.get(site.id)
        newest = line.figures[-1] if line else {}
        known = [one for one in (line.figures if line else ()) if FAILING in one and one.get(JUDGED)]
        of_hosts = [one for host in hosts_of(site) for one in statements.get(host, ())]
        lines.append(
            SiteLine(
                site=site,
                latest=line.latest if line else None,
                state=states.get(site.id, ""),
                judged=_whole(newest.get(JUDGED)),
                failing=_whole(newest.get(FAILING)),
                shares=tuple(one[FAILING] / one[JUDGED] for one in known),
                uptime=uptimes.get(site.id, Uptime()),
                statement=max(of_hosts, key=lambda one: (one.agreed_on or date.min, one.number), default=None),
            )
        )
    return lines


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _states(session: Session) -> dict[int, str]:
    """The state of the newest run over each site."""
    newest = select(func.max(Run.id)).where(WHOLE).group_by(Run.site_id)
    return dict(session.execute(select(Run.site_id, Run.state).where(Run.id.in_(newest))).all())


def _figures(session: Session, runs: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for some in _parts(runs):
        query = select(RunFigure.run_id, RunFigure.name, RunFigure.value)
        for run, name, value in session.execute(query.where(RunFigure.run_id.in_(some), RunFigure.name.in_(names))):
            found[run][name] = value
    return found


def _uptimes(session: Session, first: date, last: date) -> dict[int, Uptime]:
    query = (
        select(WatchedAddress.site_id, func.sum(AvailabilityDay.asked), func.sum(AvailabilityDay.up))
        .join(AvailabilityDay, AvailabilityDay.address_id == WatchedAddress.id)
        .where(AvailabilityDay.day.between(first, last))
        .group_by(WatchedAddress.site_id)
    )
    return {site: Uptime(int(asked), int(up)) for site, asked, up in session.execute(query)}


def _statements(session: Session, hosts: Iterable[str]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for some in _parts(sorted(hosts)):
        for one in session.scalars(select(Statement).where(Statement.host.in_(some))):
            found[one.host].append(one)
    return found


def _parts(values: Sequence[Kind]) -> Iterator[Sequence[Kind]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
