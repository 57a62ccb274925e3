"""All sites in one table, each beside what the public register says of it; and a search over everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from dashboard.screen import AnyScreen, Screen
from dashboard.table_file import table_file
from rules.account import Permission
from rules.content_gap import FoundPage
from rules.rule import Rule, catalogue
from rules.stemming import meaning
from storage.models import Site, Statement
from storage.page_texts import find_pages
from storage.questions.links import class_counts, dead_per_thousand
from storage.questions.runs import RunPoint, run_history
from storage.questions.sites import all_sites
from storage.register import register_since, statements_of_site

router = APIRouter()

MOST_SITES = 1_000
MOST_SEARCHED = 20  # sites in one search
PAGES, RULES = 10, 20
REVIEWED_WITHIN = timedelta(days=366)
SORTS = ("name", "free", "links", "status", "day")


@dataclass(frozen=True)
class PortfolioLine:
    """One site with its figures and its status in the register."""

    site: Site
    latest: RunPoint | None
    free: float | None  # share of tested pages without a failure, in per cent; None: unknown
    change: float | None  # since the run before, in percentage points
    dead: float | None  # links per thousand
    statements: Sequence[Statement]

    @property
    def status(self) -> str:
        """The worst letter of its statements; empty: none is registered."""
        return max((one.status for one in self.statements), default="")

    def is_old(self, today: date) -> bool:
        """Whether a statement was not reviewed within a year."""
        return any(one.agreed_on is not None and one.agreed_on < today - REVIEWED_WITHIN for one in self.statements)


@router.get("/{language}/portfolio", name="portfolio")
def portfolio(screen: AnyScreen, sort: Annotated[str, Query(max_length=10)] = "name") -> Response:
    if sort not in SORTS:
        raise HTTPException(404)
    with screen.database.session() as session:
        lines = _lines(session, screen, sort)
        return screen.show(
            "portfolio.html.j2", lines=lines, sort=sort, since=register_since(session), today=screen.now.date(), sorts=SORTS
        )


@router.get("/{language}/portfolio.csv", name="portfolio_table")
def portfolio_table(screen: AnyScreen, sort: Annotated[str, Query(max_length=10)] = "name") -> Response:
    if sort not in SORTS:
        raise HTTPException(404)
    with screen.database.session() as session:
        rows = [
            [
                one.site.name, one.site.start_url, "" if one.free is None else round(one.free, 1),
                "" if one.change is None else round(one.change, 1), "" if one.dead is None else round(one.dead, 1), one.status,
                one.latest.run.started_at.date().isoformat() if one.latest else "",
            ]
            for one in _lines(session, screen, sort)
        ]  # fmt: skip
    heads = ("naam", "adres", "zonder gevonden fout %", "verschil", "kapotte links per 1000", "status register", "controle")
    return table_file("portfolio.csv", heads, rows, screen.language)


def _lines(session: Session, screen: Screen, sort: str) -> list[PortfolioLine]:
    lines = [_line(session, site) for site in _mine(session, screen)]
    keys = {
        "name": lambda one: (0, one.site.name.casefold()),
        "free": lambda one: (one.free is None, one.free or 0),
        "links": lambda one: (one.dead is None, -(one.dead or 0)),
        "status": lambda one: (0, -ord(one.status or "Z")),
        "day": lambda one: (0, one.latest.run.started_at.isoformat() if one.latest else ""),
    }
    return sorted(lines, key=keys[sort])


def _mine(session: Session, screen: Screen) -> list[Site]:
    return [site for site in all_sites(session, MOST_SITES) if screen.who.may(Permission.SEE, site.id)]


def _line(session: Session, site: Site) -> PortfolioLine:
    history = run_history(session, site.id, 2)
    shares = [_free(one) for one in history]
    dead = dead_per_thousand(class_counts(session, site.id, history[-1].run.id)) if history else None
    change = shares[1] - shares[0] if len(shares) == 2 and shares[0] is not None and shares[1] is not None else None
    return PortfolioLine(
        site, history[-1] if history else None, shares[-1] if shares else None, change, dead, statements_of_site(session, site)
    )


def _free(point: RunPoint) -> float | None:
    tested, failing = point.figure("pages_tested"), point.figure("pages_with_failure")
    return 100 * (tested - failing) / tested if tested and failing is not None else None


@dataclass(frozen=True)
class FoundOnSite:
    """What a search found on one site."""

    site: Site
    pages: list[FoundPage]


@router.get("/{language}/search", name="search_all")
def search_all(screen: AnyScreen, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Pages by their words, rules by their titles and ids, sites by their names; searches of residents are one link further."""
    words = " ".join(q.split())
    plain = words.casefold()
    with screen.database.session() as session:
        sites = _mine(session, screen) if words else []
        stems = [{stem} for stem in meaning(words)] if words else []
        found = [FoundOnSite(site, find_pages(session, site.id, stems, PAGES)) for site in sites[:MOST_SEARCHED]]
    rules: list[Rule] = [
        rule
        for rule in catalogue().values()
        if words and (plain in rule.words[screen.language].title.casefold() or plain in rule.id or words in rule.criteria)
    ]
    return screen.show(
        "search_all.html.j2",
        q=words,
        found=[one for one in found if one.pages],
        sites=[one for one in sites if plain in one.name.casefold() or plain in one.start_url],
        searched=sites[:MOST_SEARCHED],
        rules=rules[:RULES],
    )
