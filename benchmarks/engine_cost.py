"""What each engine and each topic of our own costs on every page: `python -m benchmarks.engine_cost FILE.html …`.

CPU of the browser's processes and of ours, in milliseconds per page, and as a share of axe-core's in the same run: these
machines are shared and noisy. Topics are timed inside the page (wall time); the first one that asks for a name pays for all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import psutil
from rich.console import Console
from rich.table import Table

from checks.accessibility.sample.facts import facts_of
from checks.topics import documents_of, topics
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.visit import OpenTab, Visitor, driver
from rules.observation import Evidence
from rules.probe import Probe
from scheduler.check_pages import probes_for
from scheduler.run_settings import ENGINES, RunSettings

TOPICS = """globalThis.vierluik || wakeVierluik();
JSON.stringify(Object.fromEntries(vierluik.gatherers.map((name) => {
  const started = performance.now();
  vierluik.gather([name]);
  return [name, performance.now() - started];
})))"""
LOADING = "opening the page"
TEXT = "content"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves the folder that the files stand in: a tab is used again and again only for pages of the web."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


class MeasuringVisitor(Visitor):
    """Adds up what each probe costs."""

    cpu_s: dict[str, float]
    topics_ms: dict[str, float]
    judged_s: dict[str, float]

    async def _gather(self, probe: Probe, tab: OpenTab) -> Evidence:
        if probe is self.probes[0]:
            self.cpu_s[LOADING] += cpu_s() - self.started
        before = cpu_s()
        evidence = await super()._gather(probe, tab)
        self.cpu_s[probe.name] += cpu_s() - before
        if probe.name == "vierluik":
            for topic, spent in json.loads(await tab.main.evaluate(TOPICS)).items():
                self.topics_ms[topic] += spent
        return evidence

    async def measure(self, urls: list[str]) -> None:
        self.cpu_s, self.topics_ms, self.judged_s = defaultdict(float), defaultdict(float), defaultdict(float)
        for url in urls:
            self.started = cpu_s()
            page = await self.visit(url)
            for topic in topics().values():
                started = time.process_time()
                for document in documents_of(topic, page) or ():
                    list(topic.judge(document))
                self.judged_s[topic.area] += time.process_time() - started
            started = time.process_time()
            facts_of(page)
            self.judged_s["what a page is compared by"] += time.process_time() - started


def cpu_s() -> float:
    """CPU seconds of this process and of all that it started, so far."""
    own = psutil.Process()
    total = 0.0
    for process in (own, *own.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


@dataclass(frozen=True)
class Cost:
    """CPU seconds of some pages, together."""

    probes: dict[str, float]  # of each probe, and of opening the pages
    topics: dict[str, float]  # of each topic inside the page: wall time
    judged: dict[str, float]  # of judging in Python, by area

    @property
    def text_checks(self) -> float:
        """The share that all checks of the text have in the whole check of a page."""
        return (self.topics[TEXT] + self.judged[TEXT]) / (sum(self.probes.values()) + sum(self.judged.values()))


async def cost_of(files: list[Path], engines: tuple[str, ...]) -> Cost:
    """Check every file once to warm up the first, and then all."""
    settings = RunSettings(engines=engines)
    folder = Path(os.path.commonpath([file.resolve().parent for file in files]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    urls = [f"{origin}/{quote(str(file.resolve().relative_to(folder)))}" for file in files]
    probes = [probe for probe in probes_for(engines, settings.norm) if not probe.touches]
    async with (
        driver() as playwright,
        MeasuringVisitor(playwright, find_browser(), AddressGuard.for_origins((origin,)), probes, settings.user_agent) as visitor,
    ):
        await visitor.measure(urls[:1])  # what is started once is started once
        await visitor.measure(urls)
    server.shutdown()
    return Cost(visitor.cpu_s, {name: spent / 1000 for name, spent in visitor.topics_ms.items()}, visitor.judged_s)


def show(cost: Cost, pages: int) -> None:
    console = Console(width=100)
    table = Table("probe", "ms per page", "x axe", title=f"CPU on {pages} pages")
    axe = cost.probes.get("axe")
    for name, spent in _dearest_first(cost.probes):
        table.add_row(name, f"{1000 * spent / pages:.0f}", f"{spent / axe:.2f}" if axe else "")
    console.print(table)
    if axe:
        console.print(
            f"all together {sum(cost.probes.values()) / (axe + cost.probes[LOADING]):.2f} x opening the page and axe-core"
        )
    inside = Table("topic", "ms per page", title="Topics of our own, inside the page")
    for name, spent in _dearest_first(cost.topics):
        inside.add_row(name, f"{1000 * spent / pages:.1f}")
    console.print(inside)
    judged = Table("area", "ms per page", title="Judging what was gathered, in Python")
    for name, spent in _dearest_first(cost.judged):
        judged.add_row(name, f"{1000 * spent / pages:.1f}")
    console.print(judged)
    console.print(f"all checks of the text: {100 * cost.text_checks:.1f} % of the check of a page (at most 5)")


def _dearest_first(costs: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(costs.items(), key=lambda item: -item[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_cost", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--engines", default=",".join(RunSettings.engines), help=f"of {', '.join(ENGINES)}")
    given = parser.parse_args()
    show(asyncio.run(cost_of(given.files, tuple(given.engines.split(",")))), len(given.files))
