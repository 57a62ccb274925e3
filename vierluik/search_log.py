"""`vierluik import search-log`: a file is opened here, and what came of it is said in plain words."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from checks.search_log.address import read_address
from checks.search_log.period import read_period
from checks.search_log.read import ReadOptions
from checks.search_log.table import read_mapping
from rules.norm import Language
from rules.search_log import SearchLogError, Source, Tally
from scheduler.import_search_log import Imported, import_search_log
from storage.database import Database
from storage.sites import SiteError
from vierluik.screen import PLAIN_LINE_EVERY_S, Exit, say, stop

LEFT_OUT = {
    "bot": ("bezoek van zoekmachines en andere programma's", "visits of search engines and other programs"),
    "vierluik": ("bezoek van Vierluik zelf", "Vierluik's own visits"),
    "paging": (
        "volgende pagina's, filters en sorteringen van dezelfde zoekopdracht",
        "further pages, filters and orders of one search",
    ),
    "autocomplete": ("suggesties tijdens het typen", "suggestions while typing"),
    "empty": ("lege zoekopdrachten", "empty searches"),
    "not-shown": ("verzoeken zonder zoekpagina als antwoord", "requests that were not answered with a page"),
    "other-site": ("zoekopdrachten op een andere site", "searches on another site"),
    "in-the-future": ("zoekopdrachten in de toekomst", "searches in the future"),
    "another-phase": ("regels van een tweede deel van de index of een tweede fase", "lines of another shard or phase"),
    "click-alone": ("kliks waarvan de zoekopdracht in een ander bestand staat", "clicks whose search stands in another file"),
    "totals": ("regels die andere regels optellen", "lines that add up other lines"),
    "no-search": ("regels die geen zoekopdracht zijn", "lines that are no search"),
}
BAD = {
    "too-long": ("te lang", "too long"),
    "not-this-format": ("niet in deze vorm", "not in this form"),
    "no-number": ("zonder aantal", "without a number"),
    "no-day": ("zonder dag", "without a day"),
}


def bring_in(
    database: Database,
    file: Path,
    site: str,
    *,
    source: Source | None,
    name: str,
    addresses: list[str],
    period: str,
    mapping: str,
    case_numbers: list[str],
    preview: bool,
    yes: bool,
    language: Language,
) -> None:
    """Bring a file in and say what came of it; nothing of it is kept where that fails."""
    try:
        options = ReadOptions(
            source=source,
            addresses=tuple(map(read_address, addresses)),
            period=read_period(period) if period else None,
            mapping=read_mapping(mapping) if mapping else {},
            confirmed=yes,
            case_numbers=tuple(case_numbers),
        )
        with file.open("rb") as stream:
            display = _Display(file.stat().st_size)
            imported = import_search_log(
                database, site, stream, options, datetime.now(UTC), name=name, preview=preview, progress=display.show
            )
            display.clear()
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror or error}.") from error
    except SiteError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except SearchLogError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. Nothing of it was kept; what was brought in before stays.") from error
    for line in summary(imported, language, preview=preview):
        say(line)


class _Display:
    """How far it is: one line that is written over on a terminal, a line every ten seconds elsewhere."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.last = time.monotonic()

    def show(self, tally: Tally) -> None:
        now, terminal = time.monotonic(), sys.stderr.isatty()
        if now - self.last < (0.2 if terminal else PLAIN_LINE_EVERY_S):
            return
        self.last = now
        line = f"{100 * tally.bytes_read // max(self.size, 1)} %, {tally.bytes_read / 1e6:.0f} MB"
        if terminal:
            sys.stderr.write(f"\r{line}\x1b[K")
        else:
            say(line)

    @staticmethod
    def clear() -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")


def summary(imported: Imported, language: Language, *, preview: bool = False) -> list[str]:
    """What came of it, for people."""
    dutch, tally = language == "nl", imported.tally
    which = 0 if dutch else 1
    span = f"{imported.days[0]} t/m {imported.days[1]}" if dutch else f"{imported.days[0]} to {imported.days[1]}"
    searches, clicks, added = (_number(count, dutch) for count in (imported.searches, imported.clicks, imported.added))
    kind = f"'{imported.source}'"
    if dutch:
        lines = [f"{_number(tally.lines, dutch)} regels gelezen als {kind}: {searches} zoekopdrachten en {clicks} kliks, {span}."]
    else:
        lines = [f"{_number(tally.lines, dutch)} lines read as {kind}: {searches} searches and {clicks} clicks, {span}."]
    if preview:
        lines += [*(f"    {query}" for query in imported.sample), "Er is niets bewaard." if dutch else "Nothing was kept."]
    elif imported.again:
        lines.append(
            "Dit bestand is al eerder ingelezen; er is niets veranderd."
            if dutch
            else "This file was brought in before; nothing changed."
        )
    else:
        lines.append(f"Nieuw: {added}; de rest was al bekend." if dutch else f"New: {added}; the rest was known already.")
    if tally.addresses:
        lines.append(f"{'Zoekadres' if dutch else 'Search address'}: {', '.join(tally.addresses)}")
    if tally.masked:
        kinds = ", ".join(f"{kind} {count}" for kind, count in tally.masked.most_common())
        lines.append(f"{'Persoonsgegevens vervangen' if dutch else 'Personal data replaced'}: {kinds}")
    for reason, count in tally.left_out.most_common():
        lines.append(f"{'Niet meegeteld' if dutch else 'Left out'}: {_number(count, dutch)} {LEFT_OUT[reason][which]}")
    if tally.bad_lines:
        where = "; ".join(f"{'regel' if dutch else 'line'} {line}: {BAD[reason][which]}" for line, reason in tally.bad_samples)
        lines.append(
            f"{'Onleesbare regels' if dutch else 'Lines that cannot be read'}: {_number(tally.bad_lines, dutch)} ({where})"
        )
    if imported.unknown:
        words = ", ".join(UNKNOWN[fact][which] for fact in imported.unknown)
        lines.append(f"{'Niet te bepalen uit deze bron' if dutch else 'Cannot be determined from this source'}: {words}")
    return lines


UNKNOWN = {
    "events": ("losse zoekopdrachten", "single searches"),
    "results": ("of er iets gevonden werd", "whether anything was found"),
    "clicks": ("of er geklikt werd", "whether a result was clicked"),
    "positions": ("op welke plaats geklikt werd", "at which place it was clicked"),
    "sessions": ("welke zoekopdrachten bij één bezoek horen", "which searches are of one visit"),
    "exits": ("of het bezoek daarna eindigde", "whether the visit ended after it"),
}


def _number(count: int, dutch: bool) -> str:
    return f"{count:,}".replace(",", ".") if dutch else f"{count:,}"
