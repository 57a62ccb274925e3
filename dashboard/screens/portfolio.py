"""All sites in one table: how each of them is, beside what its accessibility statement says; also as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from dashboard.languages import N_, translations
from dashboard.screen import AnyScreen, PageNumber, Screen
from dashboard.table_file import TableKind, table_file
from dashboard.words import word
from storage.questions.portfolio import SiteLine, portfolio
from storage.register import register_since

router = APIRouter()

DAYS = 30  # that availability is counted over
YEAR = timedelta(days=366)  # within which a statement is reviewed


class Sort(StrEnum):
    """What the table is sorted by; each with the worst, or the oldest, on top."""

    NAME = "name"
    SHARE = "share"
    CHANGE = "change"
    UPTIME = "uptime"
    RUN = "run"
    STATEMENT = "statement"


# What is not known comes last, whichever way round.
KEYS: dict[Sort, Callable[[SiteLine], Any]] = {
    Sort.NAME: lambda line: line.site.name.casefold(),
    Sort.SHARE: lambda line: None if line.share is None else -line.share,
    Sort.CHANGE: lambda line: None if line.change is None else -line.change,
    Sort.UPTIME: lambda line: line.uptime.share,
    Sort.RUN: lambda line: line.latest.started_at if line.latest else None,
    Sort.STATEMENT: lambda line: (-ord(line.statement.status), line.statement.agreed_on or date.min) if line.statement else None,
}
COLUMNS = (
    N_("Site"),
    N_("Adres"),
    N_("Van wie"),
    N_("Laatste controle"),
    N_("Getoetste pagina’s"),
    N_("Met bevestigde fout"),
    N_("Deel met bevestigde fout"),
    N_("Verschil met de keer ervoor"),
    N_("Bereikbaar"),
    N_("Verklaring"),
    N_("Verklaring van"),
)


@router.get("/{language}/portfolio", name="portfolio", response_class=HTMLResponse)
def show(
    screen: AnyScreen,
    page: PageNumber = 1,
    sort: Annotated[Sort, Query()] = Sort.SHARE,
    turned: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    with screen.database.session() as session:
        lines = _lines(screen, sort, turned=turned)
        since = register_since(session)
    pagination = screen.pagination(page, len(lines))
    return screen.show(
        "portfolio.html.j2",
        lines=lines[pagination.offset : pagination.last_row],
        pagination=pagination,
        sort=sort,
        turned=turned,
        days=DAYS,
        register_since=since,
        year_ago=(screen.now - YEAR).date(),
    )


@router.get("/{language}/portfolio.{kind}", name="portfolio_file")
def file(
    screen: AnyScreen, kind: TableKind, sort: Annotated[Sort, Query()] = Sort.SHARE, turned: Annotated[bool, Query()] = False
) -> Response:
    """All of the table, sorted as it is seen."""
    words = translations(screen.language)
    rows = (
        (
            line.site.name,
            line.site.start_url,
            line.owner,
            line.latest.started_at.date().isoformat() if line.latest else "",
            _known(line.judged),
            _known(line.failing),
            _share(line.share),
            _share(line.change),
            _share(line.uptime.share),
            f"{line.statement.status}: {words.gettext(word('statement', line.statement.status))}" if line.statement else "",
            line.statement.agreed_on.isoformat() if line.statement and line.statement.agreed_on else "",
        )
        for line in _lines(screen, sort, turned=turned)
    )
    return table_file("portfolio", kind, [words.gettext(column) for column in COLUMNS], rows, screen.language)


def _lines(screen: Screen, sort: Sort, *, turned: bool) -> list[SiteLine]:
    today = screen.now.date()
    with screen.database.session() as session:
        lines = portfolio(session, today - timedelta(days=DAYS), today)
    key = KEYS[sort]
    known = sorted((line for line in lines if key(line) is not None), key=key, reverse=turned)
    return [*known, *(line for line in lines if key(line) is None)]


def _known(value: int | None) -> object:
    return "" if value is None else value


def _share(value: float | None) -> object:
    return "" if value is None else round(value, 4)
