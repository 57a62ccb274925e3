"""The clock: starts runs when they are due by their cron line, and when a button or a command asked for one.

A run is a process of its own: the dashboard stays quick, and a run that dies takes nothing with it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from rules.content_gap import FIND_GAPS
from rules.findability import TEST, TaskState
from rules.search_log import IMPORT
from scheduler.run_site import mark_dead_runs
from scheduler.watch_folders import LOOK_AT_FOLDERS_EVERY_S, WatchedFolders
from storage.database import Database
from storage.feedback import purge_feedback
from storage.questions.findability import count_tasks
from storage.questions.searches import has_search_log
from storage.requests import AlreadyAsked, ask, finish_request, take_requests
from storage.search_retention import purge
from storage.sites import all_sites

LOOK_EVERY_S = 2
STOPS_WITHIN_S = 30
STARTS_LATE_BY_S = 3_600  # a run that was due while the machine was off still starts within this time


# Requests that are no run, and the program that answers them.
LOOKS = {
    "check_page": "scheduler.check_again",
    "try_policy": "scheduler.try_policy",
    TEST: "scheduler.test_findability",
    FIND_GAPS: "scheduler.find_gaps",
    IMPORT: "scheduler.take_search_log",
}


class CronError(ValueError):
    """The line is no cron line; the sentence says how to write one."""


WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def check_cron(line: str) -> None:
    """Raise CronError for what is no cron line; an empty one means: only on request."""
    if not line:
        return
    try:
        trigger_of(line)
    except ValueError as error:
        raise CronError(
            f"'{line}' is no cron line ({error}). Write minute, hour, day, month and weekday: \"0 3 * * *\" is every night at 3."
        ) from error


def trigger_of(line: str, zone: str = "UTC") -> CronTrigger:
    """When a cron line is due. Raises ValueError for what is no cron line.

    Sunday is 0 or 7, as in cron; APScheduler itself would count from Monday.
    """
    *rest, weekday = line.split()
    return CronTrigger.from_crontab(" ".join([*rest, _named(weekday)]), timezone=zone)


def _named(weekdays: str) -> str:
    """The weekday field of a cron line with names for its numbers."""
    names: list[str] = []
    for part in weekdays.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0-6" if span == "*" and step else span).partition("-")
        if not first.isdigit():
            names.append(part)
            continue
        numbers = range(int(first), int(last or first) + 1, int(step or 1))
        if not numbers or numbers[-1] > len(WEEKDAYS):
            raise ValueError(f"{part} is no weekday from 0 to 7")
        names += [WEEKDAYS[number % len(WEEKDAYS)] for number in numbers]
    return ",".join(names)


class RunClock:
    """Starts and stops with the dashboard."""

    def __init__(
        self,
        database: Database,
        run_command: Callable[[int, str], Sequence[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        folders: WatchedFolders | None = None,
    ) -> None:
        self.database = database
        self.run_command = run_command  # the command that runs a site: of its number and of who asked
        self.now = now
        self.folders = folders
        self.processes: dict[int, tuple[subprocess.Popen[bytes], int | None]] = {}  # by site; with the request
        self.looks: list[subprocess.Popen[bytes]] = []
        self.lines: dict[int, tuple[str, str]] = {}
        self.lock = threading.RLock()  # a cron line and a request may fall due at the same moment
        self.scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        mark_dead_runs(self.database, self.now())
        self.scheduler.add_job(self.look, "interval", seconds=LOOK_EVERY_S, max_instances=1, coalesce=True)
        self.scheduler.add_job(self.purge, "cron", hour=2, coalesce=True, misfire_grace_time=STARTS_LATE_BY_S)
        if self.folders:
            every = {"seconds": LOOK_AT_FOLDERS_EVERY_S, "max_instances": 1, "coalesce": True}
            self.scheduler.add_job(self.look_at_folders, "interval", **every)
        self.scheduler.start()

    def stop(self) -> None:
        """Stop starting runs, and stop those that go on politely: they can be continued."""
        self.scheduler.shutdown(wait=False)
        for process, _ in self.processes.values():
            process.terminate()
        for process, _ in self.processes.values():
            try:
                process.wait(STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._reap()

    def look(self) -> None:
        """Follow the sites' cron lines, take up requests, and note which runs have ended."""
        self._reap()
        self._follow_cron_lines()
        with self.database.session() as session:
            taken = [(request.id, request.site_id, request.requested_by) for request in take_requests(session, "run", self.now())]
            looks = [
                (module, request.id) for kind, module in LOOKS.items() for request in take_requests(session, kind, self.now())
            ]
        for number, site_id, by in taken:
            self.start_run(site_id, by, number)
        for module, number in looks:
            self._look(module, number)

    def purge(self) -> None:
        """Keep the retention periods, also where nothing new is brought in."""
        with self.database.session() as session:
            purge(session, self.now())
            purge_feedback(session, self.now())

    def look_at_folders(self) -> None:
        """Ask for the import of the search logs that appeared in a watched folder."""
        assert self.folders is not None
        with self.database.session() as session:
            self.folders.look(session, self.now())

    def start_run(self, site_id: int, by: str, request: int | None = None) -> None:
        """Start a run, unless one over the same site goes on."""
        with self.lock:
            self._reap()
            if site_id in self.processes:
                self._answer(request, "failed", {"reason": "a run over this site goes on already"})
                return
            process = subprocess.Popen(list(self.run_command(site_id, by)))  # noqa: S603  # our own command
            self.processes[site_id] = (process, request)

    def _look(self, module: str, request: int) -> None:
        """Seconds or minutes of work: it answers its request itself."""
        command = [sys.executable, "-m", module, self.database.url, str(request)]
        self.looks = [one for one in self.looks if one.poll() is None]
        self.looks.append(subprocess.Popen(command))  # noqa: S603  # our own command

    def _reap(self) -> None:
        with self.lock:
            for site_id, (process, request) in list(self.processes.items()):
                code = process.poll()
                if code is not None:
                    del self.processes[site_id]
                    self._after_run(site_id)
                    self._answer(request, "done" if code == 0 else "failed", {"exit_code": code})

    def _after_run(self, site_id: int) -> None:
        """After each run over a site its search is tested, where it has tasks, and the words of its pages are looked at anew."""
        with self.database.session() as session:
            kinds = [TEST] if count_tasks(session, site_id, TaskState.CONFIRMED) else []
            kinds += [FIND_GAPS] if has_search_log(session, site_id) else []
            for kind in kinds:
                with suppress(AlreadyAsked):
                    ask(session, site_id, kind, {}, "schedule", self.now())

    def _answer(self, request: int | None, state: str, result: dict[str, object]) -> None:
        if request is not None:
            with self.database.session() as session:
                finish_request(session, request, state, result, self.now())

    def _follow_cron_lines(self) -> None:
        with self.database.session() as session:
            lines = {site.id: (site.cron, site.time_zone) for site in all_sites(session)}
        for site_id in {*lines, *self.lines}:
            if lines.get(site_id) == self.lines.get(site_id):
                continue
            name = f"site-{site_id}"
            if self.scheduler.get_job(name):
                self.scheduler.remove_job(name)
            cron, zone = lines.get(site_id, ("", "UTC"))
            if cron:
                self.scheduler.add_job(
                    self.start_run,
                    trigger_of(cron, zone),
                    args=(site_id, "schedule"),
                    id=name,
                    coalesce=True,
                    misfire_grace_time=STARTS_LATE_BY_S,
                )
        self.lines = lines
