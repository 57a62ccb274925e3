"""A year of nightly runs through the product's own storage code, and how large the database has become.

    python -m benchmarks.year DATABASE_URL [--pages N] [--nights N] [--changing SHARE]

Every page has 15 findings (five of them of the template), 80 links, some 400 words, and facts for the comparison with other
pages; every night one page in a hundred changes its words, one third of its findings, and now and then its links.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import text

from rules.finding import Finding, Target
from rules.observation import LinkClass, PageLink
from rules.outcome import Impact, Outcome
from rules.rule import catalogue
from rules.site import Scope
from rules.task import PageResult, PageStatus, PageText
from storage.database import Database
from storage.models import Run
from storage.results import JudgedLink, store_links, store_page
from storage.retention import purge_detail
from storage.runs import FetchFacts, RunMadeWith, add_found, finish_run, mark_left, start_run
from storage.sites import add_site

ORIGIN = "https://www.voorbeeldstad.nl"
FINDINGS = 15
OF_TEMPLATE = 5
LINKS_OF_TEMPLATE = 60
LINKS_OF_PAGE = 20
WORDS_OF_PAGE = 400
BEGIN = datetime(2025, 1, 1, 2, tzinfo=UTC)
SCALED_TO = 10_000  # pages of which the size is worked out from fewer
RULES = sorted(catalogue())
BEGINS = ("ge", "be", "ver", "af", "om", "in", "uit", "op")
MIDDLES = ("meld", "vraag", "bouw", "huur", "wijs", "trek", "zet", "leg", "geef", "loop")
WORDS = ["".join(parts) for parts in product(BEGINS, MIDDLES, ("", "en", "ing", "ingen", "baar"))]


class Site:
    """The website as it is tonight: of each page, how often it has changed."""

    def __init__(self, pages: int, seed: int = 1) -> None:
        self.random = random.Random(seed)  # a benchmark
        self.versions = [0] * pages

    def change(self, share: float) -> list[int]:
        changed = self.random.sample(range(len(self.versions)), max(1, round(share * len(self.versions))))
        for number in changed:
            self.versions[number] += 1
        return changed

    def result(self, number: int) -> PageResult:
        """What a visit to a page brings."""
        version, dice = self.versions[number], random.Random(number)
        findings = tuple(self._finding(number, ordinal, version) for ordinal in range(FINDINGS))
        outcomes = {rule: dice.choices((Outcome.PASSED, Outcome.INAPPLICABLE), (2, 3))[0] for rule in RULES}
        outcomes |= {finding.rule: finding.outcome for finding in findings}
        words = random.Random((number << 20) + version)
        body = " ".join(words.choices(WORDS, range(len(WORDS), 0, -1), k=WORDS_OF_PAGE))
        url = address(number)
        return PageResult(
            url,
            PageStatus.TESTED,
            final_url=url,
            http_status=200,
            title=f"Onderwerp {number} aanvragen - Gemeente Voorbeeldstad",
            language="nl",
            findings=findings,
            outcomes=outcomes,
            links=self._links(number, version),
            sample=self._facts(number, version),
            text=PageText((f"Onderwerp {number}", "Aanvragen", "Kosten", "Contact"), body),
        )

    def _finding(self, number: int, ordinal: int, version: int) -> Finding:
        rule = RULES[(ordinal * 11 + (0 if ordinal < OF_TEMPLATE else number)) % len(RULES)]
        edition = (version + ordinal) // 3  # one third is replaced at every change
        name = (
            f"kop-{WORDS[ordinal]}"
            if ordinal < OF_TEMPLATE
            else f"{WORDS[number % len(WORDS)]}-{WORDS[ordinal]}-{WORDS[edition]}"
        )
        path = f"html > body > div.pagina > main#inhoud > article.tekst > section.{name} > div.kolom > p > a.knop"
        html = f'<a class="knop" href="/{name}"><img src="/bestanden/{name}.png"> Lees meer over dit onderwerp</a>'
        target = Target((), f"section.{name} > div > p > a", html, path)
        outcome = Outcome.FAILED if ordinal % 3 else Outcome.CANNOT_TELL
        return Finding(rule, catalogue()[rule].version, outcome, Impact.SERIOUS, ("axe",), target, outcome.value)

    def _links(self, number: int, version: int) -> tuple[PageLink, ...]:
        menu = [PageLink(f"{ORIGIN}/menu/onderdeel-{place}", f"Onderdeel {place}", "a") for place in range(LINKS_OF_TEMPLATE)]
        own = ((number * 37 + place * 101 + version // 3) % len(self.versions) for place in range(LINKS_OF_PAGE))
        return (*menu, *(PageLink(address(other), f"Onderwerp {other}", "a") for other in own))

    def _facts(self, number: int, version: int) -> dict[str, Any]:
        items = [[f"/menu/onderdeel-{place}", f"Onderdeel {place}", "", place % 3] for place in range(LINKS_OF_TEMPLATE)]
        element = {"html": "<nav></nav>", "path": "html > body > header > nav", "selector": "nav"}
        block = {"element": element, "items": items, "kind": "nav", "name": "Hoofdmenu", "region": "header", "side": "before"}
        return {"blocks": [block], "title": f"Onderwerp {number}", "words": version, "form": number % 9 == 0}


def address(number: int) -> str:
    return f"{ORIGIN}/onderwerpen/thema-{number % 40}/onderwerp-{number}"


def nights(database: Database, pages: int, count: int, changing: float) -> Iterator[tuple[int, int]]:
    """Every night of the year; gives its number and the pages that were tested in it."""
    site = Site(pages)
    with database.session() as session:
        origins = Scope((ORIGIN,))
        site_id = add_site(session, "Voorbeeldstad", f"{ORIGIN}/", origins, BEGIN).id
    links = [JudgedLink(address(number), LinkClass.OK, 200, "", "", "text/html") for number in range(pages)]
    made_with = RunMadeWith(norm="en301549-3.2.1", rule_set="0" * 64, engines={"axe": "4"})
    for night in range(count):
        now = BEGIN + timedelta(days=night)
        fresh = list(range(pages)) if night == 0 else site.change(changing)
        with database.session() as session:
            run_id = start_run(session, site_id, made_with, "here:1", "", now).id
            add_found(session, run_id, [(address(number), address(number), 2) for number in range(pages)])
            carried = set(range(pages)).difference(fresh)
            mark_left(session, run_id, [address(number) for number in carried], PageStatus.CARRIED_OVER, "")
        for number in fresh:
            with database.session() as session:
                facts = FetchFacts(address(number), 2, f'"{site.versions[number]}"')
                store_page(session, site_id, run_id, address(number), site.result(number), facts)
        with database.session() as session:
            store_links(session, site_id, run_id, links, complete=True, now=now)
            finish_run(session, session.get_one(Run, run_id), complete=True, documents=0, now=now)
        with database.session() as session:
            purge_detail(session, now)
        yield night, len(fresh)


def size_of(database: Database) -> int:
    """Bytes, all told, after the database has tidied up."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            pages, size = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
            return int(pages * size)
    with database.engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


# What grows with nights and rules, and is the same for a site of any size.
OF_ANY_SITE = ("run", "run_figure", "run_rule", "detail_purge")


def size_of_any_site(database: Database) -> int:
    """Bytes of it that do not grow with the number of pages: figures of runs, and what the database needs for itself."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            own = "SELECT sum(pgsize) FROM dbstat JOIN sqlite_master ON sqlite_master.name = dbstat.name WHERE tbl_name = :name"
            sizes = [connection.execute(text(own), {"name": name}).scalar_one() for name in OF_ANY_SITE]
            return int(sum(sizes))
        catalogue = text(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace <> 'public'::regnamespace"
        )
        own = "SELECT pg_total_relation_size(to_regclass(:name))"
        sizes = [connection.execute(text(own), {"name": name}).scalar_one() for name in OF_ANY_SITE]
        return int(connection.execute(catalogue).scalar_one() + sum(sizes))


def rest_a_day(database: Database) -> None:
    """What PostgreSQL does by itself between two nights, which are seconds apart here."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("database")
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--nights", type=int, default=365)
    options.add_argument("--changing", type=float, default=0.01)
    chosen = options.parse_args()
    database = Database(chosen.database)
    database.migrate()
    begun, first = time.process_time(), 0
    for night, _tested in nights(database, chosen.pages, chosen.nights, chosen.changing):
        rest_a_day(database)
        if night == 0:
            first = size_of(database)
        if night % 30 == 0:
            print(
                f"night {night + 1}: {size_of(database) / 1e6:.0f} MB, {time.process_time() - begun:.0f} CPU-s", file=sys.stderr
            )
    size, of_any_site = size_of(database), size_of_any_site(database)
    scaled = of_any_site + round((size - of_any_site) * SCALED_TO / chosen.pages)
    figures = {"first_night": first, "bytes": size, "of_any_site": of_any_site, f"at {SCALED_TO} pages": scaled}
    json.dump({**figures, "cpu_s": time.process_time() - begun}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
