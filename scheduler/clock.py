"""The clock: starts runs when they are due by their cron line, and when a button or a command asked for one.

A run is a process of its own: the dashboard stays quick, and a run that dies takes nothing with it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from scheduler.run_site import mark_dead_runs
from storage.database import Database
from storage.requests import finish_request, take_requests
from storage.sites import all_sites

LOOK_EVERY_S = 2
STARTS_LATE_BY_S = 3_600  # a run that was due while the machine was off still starts within this time


class CronError(ValueError):
    """The line is no cron line; the sentence says how to write one."""


def check_cron(line: str) -> None:
    """Raise CronError for what is no cron line; an empty one means: only on request."""
    if not line:
        return
    try:
        CronTrigger.from_crontab(line)
    except ValueError as error:
        raise CronError(
            f"'{line}' is no cron line ({error}). Write minute, hour, day, month and weekday: \"0 3 * * *\" is every night at 3."
        ) from error


class RunClock:
    """Starts and stops with the dashboard."""

    def __init__(
        self,
        database: Database,
        run_command: Callable[[int, str], Sequence[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database = database
        self.run_command = run_command  # the command that runs a site: of its number and of who asked
        self.now = now
        self.processes: dict[int, tuple[subprocess.Popen[bytes], int | None]] = {}  # by site; with the request
        self.lines: dict[int, tuple[str, str]] = {}
        self.scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        mark_dead_runs(self.database, self.now())
        self.scheduler.add_job(self.look, "interval", seconds=LOOK_EVERY_S, max_instances=1, coalesce=True)
        self.scheduler.start()

    def stop(self) -> None:
        """Stop starting runs, and stop those that go on politely: they can be continued."""
        self.scheduler.shutdown(wait=False)
        for process, _ in self.processes.values():
            process.terminate()
        for process, _ in self.processes.values():
            process.wait(30)

    def look(self) -> None:
        """Follow the sites' cron lines, take up requests, and note which runs have ended."""
        self._reap()
        self._follow_cron_lines()
        with self.database.session() as session:
            taken = [(request.id, request.site_id, request.requested_by) for request in take_requests(session, "run", self.now())]
        for number, site_id, by in taken:
            self.start_run(site_id, by, number)

    def start_run(self, site_id: int, by: str, request: int | None = None) -> None:
        """Start a run, unless one over the same site goes on."""
        if site_id in self.processes:
            self._answer(request, "failed", {"reason": "a run over this site goes on already"})
            return
        process = subprocess.Popen(list(self.run_command(site_id, by)))  # noqa: S603  # our own command
        self.processes[site_id] = (process, request)

    def _reap(self) -> None:
        for site_id, (process, request) in list(self.processes.items()):
            code = process.poll()
            if code is not None:
                del self.processes[site_id]
                self._answer(request, "done" if code == 0 else "failed", {"exit_code": code})

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
                    CronTrigger.from_crontab(cron, timezone=zone),
                    args=(site_id, "schedule"),
                    id=name,
                    coalesce=True,
                    misfire_grace_time=STARTS_LATE_BY_S,
                )
        self.lines = lines
