"""Runs the rows and prints one table: `python -m benchmarks [--pages N] [--rounds N] [ROW …]`.

Every bar is a ratio inside one run: these machines are shared and noisy. A row that cannot be measured here says why.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from benchmarks.engine_cost import cost_of
from benchmarks.incremental import nights
from benchmarks.measure import Measured, measure
from benchmarks.page_queue import new_databases, stand_in
from benchmarks.peers import link_peers, pa11y_ci
from benchmarks.screens import MOST_BYTES, TIMES, measure_screens
from benchmarks.search_log_file import HOST as LOG_HOST
from benchmarks.search_log_file import write_log
from benchmarks.search_report_cost import cost_of_report
from benchmarks.sites import real_site, served
from crawler.browser import FULL, SHELLS, find_browser
from scheduler.run_settings import RunSettings
from storage.database import Database
from tests.postgres_server import new_postgres_database
from tests.sites.many_hosts import DOMAIN, environment, many_hosts

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
# What is broken in gimp-help-nl; the last one is asked for by a style sheet.
BROKEN = {
    "/nl/gimp-layer-dialog",
    "/nl/plug-in-compose",
    "/nl/plug-in-decompose",
    "/nl/gimp-help-custom.css",
    "/nl/images/title-bg.png",
}
LONGER = 3  # times the pages
LOG_LINES = 5_000_000
REPORT_ROWS = 1_000_000
QUEUED_PAGES = 128
DEFAULT_PAGES, NIGHT_PAGES, SCREENS_PAGES = 100, 1_000, 10_000
console = Console()


@dataclass
class Bench:
    """What is measured on, and what was measured so far."""

    url: str
    folder: Path
    pages: int
    rounds: int
    work: Path
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def bar(self, name: str, value: float | None, bar: str, holds: bool | None, why: str = "") -> None:
        shown = "-" if value is None else f"{value:.2f}"
        verdict = why if holds is None else "yes" if holds else "NO"
        self.rows.append((name, shown, bar, verdict))
        self.figures[name] = value
        console.print(f"{name}: {shown} (bar: {bar}) {verdict}", markup=False)


def product(
    bench: Bench, *more: str, pages: int | None = None, browser: str = "", start: str = "", confirm: bool = False
) -> tuple[Measured, dict[str, Any]]:
    """(c) The product's whole run: crawl, links, browser, storage, in a fresh database."""
    folder = Path(tempfile.mkdtemp(dir=bench.work))
    (folder / "vierluik.toml").write_text(f"confirm = {str(confirm).lower()}\n", encoding="utf-8")
    report = folder / "report.json"
    command = [PYTHON, "-m", "vierluik", "run", start or f"{bench.url}/nl/index.html", "--max-pages", str(pages or bench.pages)]
    command += ["--offline", "--json", str(report), "--db", f"sqlite:///{folder}/bench.db", *more]
    environment = {"PYTHONPATH": str(ROOT), **({"VIERLUIK_BROWSER": browser} if browser else {})}
    measured = measure(command, folder, environment)
    return measured, json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}


def page_list(bench: Bench) -> Path:
    """The addresses that the product tests, as the fixed set for every other row."""
    file = bench.work / "pages.txt"
    if not file.exists():
        _, report = product(bench)
        tested = [page["url"] for page in report["pages"] if page["status"] == "tested"]
        file.write_text("\n".join(tested), encoding="utf-8")
    return file


def floor(bench: Bench, tabs: int, browser: str) -> Measured:
    return measure([PYTHON, "-m", "benchmarks.floor", browser, str(tabs), str(page_list(bench))], ROOT)


def naive(bench: Bench, browser: str) -> Measured:
    return measure([PYTHON, "-m", "benchmarks.naive", browser, str(page_list(bench))], ROOT)


def row_cpu(bench: Bench) -> None:
    """CPU per page: the floor, what people write today, pa11y-ci, and the product, in rotating rounds."""
    browser = find_browser()
    shell, full = (str(browser.path) if browser.is_shell else ""), _full_browser()
    count = len(page_list(bench).read_text(encoding="utf-8").split())
    engine = shell or full
    parts: dict[str, Callable[[], Measured]] = {
        "floor": lambda: floor(bench, 2, engine),
        "product": lambda: product(bench, "--engines", "axe", browser=engine)[0],
    }
    if full:
        parts["naive, full Chromium"] = lambda: naive(bench, full)
        parts["product, full Chromium"] = lambda: product(bench, "--engines", "axe", browser=full)[0]
    for name, path in (("full Chromium", full), ("headless shell", shell)):
        command = pa11y_ci(bench.work, page_list(bench), path) if path else None
        if command:
            parts[f"pa11y-ci, {name}"] = partial(measure, command, bench.work)
    taken: dict[str, list[Measured]] = {name: [] for name in parts}
    names = list(parts)
    for number in range(bench.rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name].append(parts[name]())
            last = taken[name][-1]
            console.print(f"  round {number + 1}, {name}: {last.cpu_s / count:.3f} CPU-s/page, {last.wall_s:.0f} s", markup=False)
    cpu = {name: statistics.median(one.cpu_s for one in runs) / count for name, runs in taken.items()}
    bench.figures["cpu_s_per_page"] = cpu
    bench.figures["exact"] = all(one.exact for runs in taken.values() for one in runs)
    # What starting costs, and asking every link of the site, is the same for few pages as for many.
    longer = [product(bench, "--engines", "axe", pages=LONGER * bench.pages, browser=engine)[0] for _ in range(bench.rounds)]
    share, share_of_few = (
        statistics.median(one.browser_cpu_s / one.cpu_s for one in runs) for runs in (longer, taken["product"])
    )
    bench.bar("product / floor, same browser", cpu["product"] / cpu["floor"], "<= 1.25", cpu["product"] <= 1.25 * cpu["floor"])
    bench.bar(f"browser's share of the product's CPU, {LONGER * bench.pages} pages", share, ">= 0.85", share >= 0.85)
    bench.bar(f"the same, {bench.pages} pages", share_of_few, "reported", None, "reported")
    if full:
        ratio = cpu["product"] / cpu["naive, full Chromium"]
        bench.bar("product / what people write today", ratio, "<= 0.40", ratio <= 0.4)
    else:
        bench.bar("product / what people write today", None, "<= 0.40", None, "skipped: no full Chromium on this machine")
    for name, bar in (("full Chromium", 2.3), ("headless shell", 1.0)):
        if (peer := f"pa11y-ci, {name}") in cpu:
            bench.bar(f"{peer} / product", cpu[peer] / cpu["product"], f">= {bar}", cpu[peer] >= bar * cpu["product"])
        else:
            bench.bar(f"{peer} / product", None, f">= {bar}", None, "skipped: npm or this browser is not here")


def row_checks(bench: Bench) -> None:
    """Every check that runs on every page against the floor; and what the second look, with hands and pictures, adds."""
    engine = str(find_browser().path)
    parts = {
        "floor": lambda: floor(bench, 2, engine),
        "axe alone": lambda: product(bench, "--engines", "axe")[0],
        "all checks": lambda: product(bench)[0],
        "all checks, second look": lambda: product(bench, confirm=True)[0],
    }
    names = list(parts)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for number in range(bench.rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name].append(parts[name]().cpu_s)
            console.print(f"  round {number + 1}, {name}: {taken[name][-1]:.1f} CPU-s", markup=False)
    cpu = {name: statistics.median(runs) for name, runs in taken.items()}
    bench.figures["checks_cpu_s"] = cpu
    ratio = cpu["all checks"] / cpu["floor"]
    bench.bar("all checks of every page / floor", ratio, "<= 1.6", ratio <= 1.6)
    alone = cpu["axe alone"] / cpu["floor"]
    bench.bar("axe alone / floor", alone, "<= 0.85 (stretch)", alone <= 0.85)
    more = cpu["all checks, second look"] / cpu["all checks"] - 1
    bench.bar("what the second look and the touched pages add to a first run", more, "reported", None, "reported")


def row_text(bench: Bench) -> None:
    """What all checks of the text cost of the check of a page."""
    files = [bench.folder / urlsplit(url).path.lstrip("/") for url in page_list(bench).read_text(encoding="utf-8").split()]
    share = asyncio.run(cost_of([file for file in files if file.is_file()], RunSettings.engines)).text_checks
    bench.bar("all checks of the text / the check of a page", share, "<= 0.05", share <= 0.05)


def row_workers(bench: Bench) -> None:
    """Two workers against one: the time of the fixed set; and the same findings with 1, 2 and 4."""
    walls: dict[int, list[float]] = {1: [], 2: [], 4: []}
    busy: dict[int, list[float]] = {1: [], 2: [], 4: []}  # cores, on the average
    found: dict[int, set[tuple[str, ...]]] = {}
    complete = True
    for _ in range(bench.rounds):
        for workers in walls:
            measured, report = _with_workers(bench, workers)
            walls[workers].append(measured.wall_s)
            busy[workers].append(measured.cpu_s / measured.wall_s)
            found[workers] = _findings(report)
            coverage = report["coverage"]
            complete &= coverage["untested"] == 0 and coverage["tested"] == min(bench.pages, coverage["found"])
    ratio = statistics.median(walls[2]) / statistics.median(walls[1])
    bench.bar("time of two workers / of one", ratio, "<= 0.65", ratio <= 0.65)
    bench.figures["cores busy"] = {workers: statistics.median(cores) for workers, cores in busy.items()}
    best = statistics.median(busy[1]) / min(2, os.cpu_count() or 1)
    bench.bar("of which this machine allows: cores that one worker keeps busy / 2", best, "reported", None, "reported")
    same = found[1] == found[2] == found[4]
    bench.bar("same findings with 1, 2 and 4 workers, every page tested", float(same and complete), "= 1", same and complete)
    base = json.loads(floor(bench, 2, str(find_browser().path)).output)
    ours = _nodes_per_axe_rule(bench)
    equal = all(ours.get(url, 0) == sum(rules.values()) for url, rules in base.items())
    bench.bar("findings equal to the floor's, page by page", float(equal), "= 1", equal)


def row_links(bench: Bench) -> None:
    """Crawl and links alone against a bare Scrapy spider, and the truth about broken addresses."""
    bare, ours = [], []
    dead: set[str] = set()
    for _ in range(bench.rounds):
        bare.append(measure([PYTHON, "-m", "benchmarks.bare_crawl", f"{bench.url}/nl/"], ROOT).cpu_s)
        for start in (f"{bench.url}/nl/", f"{bench.url}/nl/index.html"):
            measured, report = product(bench, "--engines", "none", pages=5_000, start=start)
            ours.append(measured.cpu_s)
            dead = {link["url"].removeprefix(bench.url) for link in report["links"] if link["class"] == "dead"}
            bench.figures[f"dead from {start.removeprefix(bench.url)}"] = sorted(dead)
    ratio = statistics.median(ours) / statistics.median(bare)
    bench.bar("crawl and links / bare Scrapy spider", ratio, "<= 1.5", ratio <= 1.5)
    bench.bar("broken addresses found of 5, none false", float(len(dead & BROKEN)), "= 5", dead == BROKEN)


def row_linkpeers(bench: Bench) -> None:
    """The same site by other link checkers: the broken addresses that each finds, false ones, and CPU as a ratio."""
    every = sorted(path.relative_to(bench.folder).as_posix() for path in (bench.folder / "nl").rglob("*.html"))
    pages = bench.work / "every-page.txt"
    pages.write_text("\n".join(f"{bench.url}/{path}" for path in every), encoding="utf-8")
    start = f"{bench.url}/nl/"
    peers = link_peers(start, pages)
    cpu: dict[str, list[float]] = defaultdict(list)
    found: dict[str, set[str]] = {}
    for _ in range(bench.rounds):
        ours, report = product(bench, "--engines", "none", pages=5_000, start=start)
        cpu["product"].append(ours.cpu_s)
        found["product"] = {link["url"] for link in report["links"] if link["class"] == "dead"}
        for name, peer in peers.items():
            if peer:
                measured = measure(peer.command, bench.work)
                cpu[name].append(measured.cpu_s)
                found[name] = peer.broken(measured.output)
    for name, urls in found.items():
        paths = {url.removeprefix(bench.url).partition("#")[0] for url in urls if url.startswith(bench.url)}
        bench.figures[f"broken by {name}"] = sorted(paths)
        right, wrong = len(paths & BROKEN), len(paths - BROKEN)
        bench.bar(f"{name}: broken addresses found of {len(BROKEN)}", right, "reported", None, f"{wrong} false")
    for name, bar in (("linkinator", 1.0), ("linkchecker", 1.6), ("lychee, given every page", 0.0)):
        if peers[name]:
            ratio = statistics.median(cpu[name]) / statistics.median(cpu["product"])
            bench.bar(f"CPU of {name} / of the product", ratio, f">= {bar}" if bar else "reported", ratio >= bar if bar else None)
        else:
            bench.bar(f"CPU of {name} / of the product", None, f">= {bar}", None, "skipped: it cannot be installed here")


def row_linksmany(bench: Bench) -> None:
    """20,000 distinct links over 200 hosts: memory, requests at once to one host, and what a second run asks."""
    hosts, links, dead_every = 200, 20_000, 50
    folder = Path(tempfile.mkdtemp(dir=bench.work))
    names = environment(folder)
    names["PYTHONPATH"] = os.pathsep.join([str(folder), str(ROOT)])
    (folder / "vierluik.toml").write_text('engines = ["none"]\nseconds_before_second_look = 1\n', encoding="utf-8")
    with many_hosts(hosts, links, dead_every=dead_every) as served_hosts:
        command = [PYTHON, "-m", "vierluik", "run", f"http://127.0.0.1:{served_hosts.port}/", "--db", f"sqlite:///{folder}/b.db"]
        runs = []
        asked = [0]
        for number in range(2):
            report = folder / f"{number}.json"
            runs.append(measure([*command, "--json", str(report)], folder, names))
            asked.append(sum(count for host, count in served_hosts.asked.items() if host.endswith(DOMAIN)))
        at_once = max(count for host, count in served_hosts.most_at_once.items() if host.endswith(DOMAIN))
    found = json.loads(report.read_text(encoding="utf-8"))["links"]
    dead = sum(link["class"] == "dead" for link in found)
    bench.figures["linksmany"] = {"cpu_s": [run.cpu_s for run in runs], "wall_s": [run.wall_s for run in runs], "asked": asked}
    bench.bar("peak memory of the run and its crawler, MiB", runs[0].peak_pss_mib, "< 400", runs[0].peak_pss_mib < 400)
    bench.bar("most requests at once to one host", at_once, "<= 4", at_once <= 4)
    right = dead == links // dead_every and len(found) >= links
    bench.bar("dead links found of those that are", dead, f"= {links // dead_every}", right)
    again = asked[2] - asked[1]
    bench.bar("requests of a second run, to dead links only", again, f"= {4 * dead}", again == 4 * dead)


def row_memory(bench: Bench) -> None:
    """Peak memory of a run of 1,000 pages against one of 200, and against the floor."""
    start = f"{bench.url}/copies/3"
    small = product(bench, "--engines", "axe", pages=200, start=start)[0].peak_pss_mib
    large = product(bench, "--engines", "axe", pages=1_000, start=start)[0].peak_pss_mib
    base = floor(bench, 2, str(find_browser().path)).peak_pss_mib
    bench.figures["peak_pss_mib"] = {"200 pages": small, "1000 pages": large, "floor": base}
    bench.bar("memory of 1,000 pages / of 200", large / small, "<= 1.2", large <= 1.2 * small)
    bench.bar("memory of 1,000 pages / the floor's", large / base, "<= 1.1", large <= 1.1 * base)


def row_searchlog(bench: Bench) -> None:
    """A search log of 5 million lines: import with masking against DuckDB that merely counts the queries in the same file."""
    for share in (0.05, 0.5):
        log = bench.work / "access.log"
        truth = write_log(log, LOG_LINES, share)
        ours, base = [], []
        for number in range(bench.rounds):
            database = f"sqlite:///{bench.work}/searches-{share}-{number}.db"
            product = [PYTHON, "-m", "vierluik"]
            measure([*product, "site", "add", LOG_HOST, "--db", database], bench.work, {"PYTHONPATH": str(ROOT)})
            command = [*product, "import", "search-log", str(log), "--site", "1", "--db", database]
            ours.append(measure(command, bench.work, {"PYTHONPATH": str(ROOT)}))
            base.append(measure([PYTHON, "-m", "benchmarks.count_queries", str(log)], ROOT))
        assert base[0].output.split() == [str(truth["distinct"]), str(truth["searches"])], base[0].output
        ratio = statistics.median(one.cpu_s for one in ours) / statistics.median(one.cpu_s for one in base)
        told = share == 0.05
        name = f"CPU of an import / of DuckDB counting, {share:.0%} searches"
        bench.bar(name, ratio, "<= 2" if told else "reported", ratio <= 2 if told else None)
        peak = max(one.peak_pss_mib for one in ours)
        bench.bar(f"memory of that import, MiB, {share:.0%}", peak, "< 400", peak < 400)


def row_searchreport(bench: Bench) -> None:
    """What was searched over 25 months, a million totals, against fetching the same rows by their index."""
    costs = cost_of_report(bench.work, REPORT_ROWS, bench.rounds)
    for name in ("report", "months"):
        ratio = costs[name] / costs["plain"]
        bench.bar(f"CPU of the {name} over {REPORT_ROWS:,} totals / of fetching them", ratio, "<= 10", ratio <= 10)


def row_queue(bench: Bench) -> None:
    """Workers: speed with a one-second stand-in for the browser, what the queue costs, CPU a page with real browsers."""
    with new_databases() as server:
        walls = {workers: stand_in(server, workers, QUEUED_PAGES, 1.0).wall_s for workers in (1, 2, 8)}
        for workers, bar in ((2, 1.8), (8, 6.0)):
            speed = walls[1] / walls[workers]
            bench.bar(f"speed of {workers} workers / of one, a page a second", speed, f">= {bar}", speed >= bar)
        queue_cpu_s = stand_in(server, 1, 10 * QUEUED_PAGES, 0.0).cpu_s / (10 * QUEUED_PAGES)
        cpu: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(bench.rounds):
            for workers, taken in cpu.items():
                command = [PYTHON, "-m", "benchmarks.page_queue", "run", new_postgres_database(server), str(workers)]
                command += [f"{bench.url}/nl/index.html", str(bench.pages)]
                taken.append(measure(command, bench.work, {"PYTHONPATH": str(ROOT)}).cpu_s / bench.pages)
    page, two = statistics.median(cpu[1]), statistics.median(cpu[2])
    bench.figures["queue"] = {"walls": walls, "queue_cpu_s_per_page": queue_cpu_s, "cpu_s_per_page": cpu}
    bench.bar("CPU of the queue for a page / of a page, axe alone", queue_cpu_s / page, "<= 0.01", queue_cpu_s <= 0.01 * page)
    bench.bar("CPU for a page with 2 workers / with 1", two / page, "<= 1.1", two <= 1.1 * page)


def row_incremental(bench: Bench) -> None:
    """A night in which 1 % of 1,000 pages has changed and one in 28 is due, against the first run; as installed."""
    count = NIGHT_PAGES if bench.pages == DEFAULT_PAGES else bench.pages
    measured = nights(bench.folder, count, Path(tempfile.mkdtemp(dir=bench.work)))
    tested = measured.coverage["night"]["tested"]
    full, still, night = measured.full.cpu_s, measured.still.cpu_s, measured.night.cpu_s
    bench.figures["incremental"] = {"cpu_s": {"full": full, "still": still, "night": night}, **measured.coverage}
    name = f"CPU of a night / of the full run, {count} pages"
    bench.bar(name, measured.ratio, "<= 0.10", measured.ratio <= 0.10)
    bench.bar("of which walk, links, comparison, causes and figures: a night without a change", still / full, "reported", None)
    bench.bar(f"of which the {tested} pages tested", (night - still) / full, "reported", None)
    bench.bar("of which the browser", measured.night.browser_cpu_s / full, "reported", None)
    found = measured.found
    bench.bar("planted changes found", found, f"= {measured.planted}", found == measured.planted)


def row_screens(bench: Bench) -> None:
    """Every screen with a year of data on 10,000 pages: server time against a static template of as many rows, and bytes."""
    database = Database(f"sqlite:///{bench.work}/screens.db")
    database.migrate()
    found = measure_screens(database, SCREENS_PAGES if bench.pages == DEFAULT_PAGES else bench.pages)
    database.close()
    bench.figures["screens"] = {one.address: [one.times, one.cpu_s, one.transferred, one.rows] for one in found}
    late = [one for one in found if one.times > TIMES]
    heavy = [one for one in found if one.transferred >= MOST_BYTES]
    for one in found[:10]:
        bench.bar(f"CPU of {one.address} / of a static template", one.times, f"<= {TIMES}", one.times <= TIMES)
    bench.bar("screens that cost more than that", len(late), "= 0", not late)
    bench.bar(f"screens of {MOST_BYTES:,} bytes or more, without pictures", len(heavy), "= 0", not heavy)


ROWS: dict[str, Callable[[Bench], None]] = {
    "cpu": row_cpu,
    "checks": row_checks,
    "text": row_text,
    "workers": row_workers,
    "links": row_links,
    "linkpeers": row_linkpeers,
    "linksmany": row_linksmany,
    "memory": row_memory,
    "searchlog": row_searchlog,
    "searchreport": row_searchreport,
    "queue": row_queue,
    "incremental": row_incremental,
    "screens": row_screens,
}


def _with_workers(bench: Bench, workers: int) -> tuple[Measured, dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(dir=bench.work))
    settings = f'workers = {workers}\nseconds_before_second_look = 0\nconfirm = false\nengines = ["axe"]\n'
    (folder / "vierluik.toml").write_text(settings, encoding="utf-8")
    report = folder / "report.json"
    command = [PYTHON, "-m", "vierluik", "run", f"{bench.url}/nl/index.html", "--max-pages", str(bench.pages), "--offline"]
    command += ["--json", str(report), "--db", f"sqlite:///{folder}/bench.db"]
    measured = measure(command, folder, {"PYTHONPATH": str(ROOT)})
    return measured, json.loads(report.read_text(encoding="utf-8"))


def _findings(report: dict[str, Any]) -> set[tuple[str, ...]]:
    return {
        (page["url"], finding["rule"], finding["outcome"], *finding["target"]["frames"], finding["target"]["selector"])
        for page in report["pages"]
        for finding in page["findings"]
    }


def _nodes_per_axe_rule(bench: Bench) -> dict[str, int]:
    """How many elements axe names on each page, through the product's own probe, before rules are merged."""
    command = [PYTHON, "-m", "benchmarks.product_nodes", str(page_list(bench))]
    return {url: int(count) for url, count in json.loads(measure(command, ROOT).output).items()}


def _full_browser() -> str:
    return next((found for name in FULL if (found := shutil.which(name)) and name not in SHELLS), "")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"any of {', '.join(ROWS)}; all by default")
    parser.add_argument("--pages", type=int, default=DEFAULT_PAGES)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if unknown := [row for row in arguments.rows if row not in ROWS]:
        parser.error(f"there is no row {', '.join(unknown)}; choose from {', '.join(ROWS)}")
    folder = real_site()
    if folder is None:
        print("The benchmark needs Debian's package gimp-help-nl (real Dutch pages) and cannot get it here: skipped.")
        return 0
    with served(folder) as url, tempfile.TemporaryDirectory() as work:
        bench = Bench(url, folder, arguments.pages, arguments.rounds, Path(work))
        for row in arguments.rows or ROWS:
            console.print(f"{row}: {ROWS[row].__doc__}", markup=False)
            ROWS[row](bench)
    table = Table("what", "measured", "bar", "holds", title=f"Vierluik, {arguments.pages} pages, {arguments.rounds} rounds")
    for row in bench.rows:
        table.add_row(*row)
    console.print(table)
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    (results / f"{stamp}.json").write_text(json.dumps(bench.figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
