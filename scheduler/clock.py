"""The clock: starts what is due by its schedule, and what a button or a command asked for.

A run is a process of its own: the dashboard stays quick, and a run that dies takes nothing with it. Of several clocks over one
database one is at work; what a clock that died left behind is found and taken up.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from rules.evaluation import FREEZE
from rules.findability import TEST, TaskState
from rules.journey import TEST as JOURNEYS
from rules.journey import TRY as TRY_JOURNEY
from rules.schedule import DUE_BY_SCHEDULE, WorkKind
from rules.search_log import IMPORT, LEARN
from scheduler.due import fall_due
from scheduler.messages import write_messages
from scheduler.pulses import Pulses
from scheduler.run_site import process_name, processes_gone
from scheduler.take_search_log import forget_questions
from scheduler.watch_availability import EVERY
from scheduler.watch_folders import LOOK_AT_FOLDERS_EVERY_S, WatchedFolders
from storage.availability import due_addresses, propose_addresses
from storage.database import Database, DatabaseError
from storage.feedback import purge_feedback
from storage.lease import Lease, hold, lease, release
from storage.models import Site
from storage.questions.findability import count_tasks
from storage.questions.runs import run_of_process
from storage.questions.searches import has_search_log
from storage.requests import (
    RUN,
    AlreadyAsked,
    ask,
    finish_request,
    give_back,
    note_process,
    take_for_free_sites,
    take_requests,
)
from storage.retention import DETAIL_MONTHS, purge_detail
from storage.run_control import mark_gone, running, to_continue
from storage.runs import SILENT_FOR
from storage.search_retention import purge
from storage.tickets import due_tickets

LOOK_EVERY_S = 2
HOLD_EVERY_S = 10  # how often the lease is kept
LEASE_SILENT_S = 60  # after which another scheduler takes the lease
TELL_EVERY_S = 60
WATCH_EVERY_S = 60
STOPS_WITHIN_S = 30

CHECK_PAGE = "check_page"
# Requests that are no run over the site, and the program that answers them. These wait until nothing else opens the site.
EXCLUSIVE = {
    CHECK_PAGE: "scheduler.check_again",
    TEST: "scheduler.test_findability",
    WorkKind.LINKS.value: "scheduler.ask_links",
    WorkKind.DOCUMENTS.value: "scheduler.ask_documents",
    JOURNEYS: "scheduler.walk_journeys",
    FREEZE: "scheduler.freeze_evaluation",
}
LOOKS = {
    "try_policy": "scheduler.try_policy",
    TRY_JOURNEY: "scheduler.try_journey",
    "read_statement": "scheduler.read_statement",
    LEARN: "scheduler.learn_from_searches",
    IMPORT: "scheduler.take_search_log",
}

log = structlog.get_logger("vierluik.scheduler")


@dataclass(frozen=True)
class RunOrder:
    """A run that is to be started."""

    site_id: int
    by: str
    full: bool = False
    resume: bool = False  # take up the one that was interrupted


@dataclass(frozen=True)
class Work:
    """A process that opens a site."""

    process: subprocess.Popen[bytes]
    kind: str
    request: int | None


class RunClock:
    """Starts and stops with the dashboard."""

    def __init__(
        self,
        database: Database,
        run_command: Callable[[RunOrder], Sequence[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        folders: WatchedFolders | None = None,
        *,
        runs_at_once: int = 2,
        detail_months: int = DETAIL_MONTHS,
        is_disk_full: Callable[[], bool] = lambda: False,
        pulses: Pulses | None = None,
    ) -> None:
        self.database = database
        self.run_command = run_command
        self.now = now
        self.folders = folders
        self.runs_at_once = runs_at_once
        self.detail_months = detail_months
        self.is_disk_full = is_disk_full
        self.pulses = pulses or Pulses()
        self.name = f"{process_name()}:{secrets.token_hex(4)}"
        self.work: dict[int, Work] = {}  # by site
        self.watcher: subprocess.Popen[bytes] | None = None  # of the availability
        self.looks: list[subprocess.Popen[bytes]] = []
        self.is_active = False
        self.held_at = float("-inf")  # by the steady clock
        self.trouble = ""  # what keeps it from working, said once
        self.lock = threading.RLock()
        self.scheduler = BackgroundScheduler(timezone=UTC)

    # --- begin and end -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.scheduler.add_job(self.look, "interval", seconds=LOOK_EVERY_S, max_instances=1, coalesce=True)
        self.scheduler.add_job(self.forget_questions, "interval", minutes=1, max_instances=1, coalesce=True)
        self.scheduler.add_job(self.tell, "interval", seconds=TELL_EVERY_S, max_instances=1, coalesce=True)
        self.scheduler.add_job(self.watch, "interval", seconds=WATCH_EVERY_S, max_instances=1, coalesce=True)
        self.scheduler.start()

    def stop(self) -> None:
        """Stop starting runs, and stop those that go on politely: they are continued when a scheduler starts again."""
        self.scheduler.shutdown(wait=False)
        with self.lock:
            for work in self.work.values():
                work.process.terminate()
            for work in self.work.values():
                try:
                    work.process.wait(STOPS_WITHIN_S)
                except subprocess.TimeoutExpired:
                    work.process.kill()
                    work.process.wait()
            with self._database_may_be_gone():
                self._reap()
                with self.database.session() as session:
                    release(session, self.name)
            self.is_active = False

    # --- a look ------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """One tick. While the database is gone nothing starts; what goes on goes on, and the next tick tries again."""
        with self.lock, self._database_may_be_gone():
            self._reap()
            if not self._holds_lease():
                return
            with self.database.session() as session:
                due = fall_due(session, self.now())
            for kind in due:
                self._work_of_installation(kind)
            self._mark_dead_runs()
            self._take_up_requests()
            self._continue_runs()

    @contextmanager
    def _database_may_be_gone(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            self._say_trouble("database-gone", error=str(error))
        else:
            if self.trouble == "database-gone":
                log.info("scheduler.database-back")
                self.trouble = ""

    def _say_trouble(self, what: str, **details: str) -> None:
        if self.trouble != what:
            log.error(f"scheduler.{what}", **details)
            self.trouble = what

    def _holds_lease(self) -> bool:
        """Whether this scheduler is the one at work; asked of the database every few seconds."""
        if self.is_active and self.pulses.steady() - self.held_at < HOLD_EVERY_S:
            return True
        with self.database.session() as session:
            seen = lease(session)
            silent = seen if self._is_silent(seen) else None
            holds = hold(session, self.name, self.now(), silent)
        if holds and not self.is_active:
            log.info("scheduler.active", scheduler=self.name, after=seen.holder)
            with self.database.session() as session:
                give_back(session, lambda process: not self._lives_here(process), self.now())
        elif self.is_active and not holds:
            log.warning("scheduler.passive", scheduler=self.name, active=seen.holder)
        self.is_active, self.held_at = holds, self.pulses.steady()
        return holds

    def _is_silent(self, seen: Lease) -> bool:
        process = seen.holder.rpartition(":")[0]
        return bool(processes_gone([process])) or self.pulses.seconds_silent("lease", seen) >= LEASE_SILENT_S

    @staticmethod
    def _lives_here(process: str) -> bool:
        """Whether a process of this machine lives; of another machine's nothing is known, and its scheduler was silent."""
        return process.rpartition(":")[0] == process_name().rpartition(":")[0] and not processes_gone([process])

    # --- what is started ---------------------------------------------------------------------------------------------

    def _work_of_installation(self, kind: WorkKind) -> None:
        """Beside the look: it may take a while."""
        if kind is WorkKind.RETENTION:
            self._soon(self.purge, kind)
        elif kind is WorkKind.IMPORTS and self.folders:
            self._soon(self.look_at_folders, kind)
            self._soon(self.look_at_folders, f"{kind}-again", LOOK_AT_FOLDERS_EVERY_S)  # a file is taken when two looks agree

    def _soon(self, work: Callable[[], None], name: str, seconds: float = 0) -> None:
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        self.scheduler.add_job(work, "date", run_date=moment, id=name, replace_existing=True, misfire_grace_time=None)

    def purge(self) -> None:
        """Keep the retention periods, also where nothing new is brought in."""
        with self._database_may_be_gone(), self.database.session() as session:
            purge(session, self.now())
            purge_feedback(session, self.now())
            proof = purge_detail(session, self.now(), self.detail_months)
            if proof is not None:
                log.info("retention.purged", before=str(proof.before or ""), **proof.removed)

    def forget_questions(self) -> None:
        """Files that were sent and about which nobody answered a question go."""
        with self._database_may_be_gone():
            forget_questions(self.database, self.now())

    def tell(self) -> None:
        """Write what people are to be told, and send what is due in a process of its own: mail servers may be slow."""
        if not self.is_active:
            return
        is_due = False
        with self._database_may_be_gone():
            is_due = write_messages(self.database, self.now())
            with self.database.session() as session:
                is_due = is_due or bool(due_tickets(session, self.now()))
        if is_due:
            command = [sys.executable, "-m", "vierluik", "message", "send", "--db", self.database.url]
            self.looks.append(subprocess.Popen(command))  # noqa: S603  # our own command

    def watch(self) -> None:
        """Ask the watched addresses that are due, in a process of its own; while one is at it, no other begins."""
        is_due = False
        with self._database_may_be_gone(), self.database.session() as session:
            is_due = self.is_active and bool(due_addresses(session, self.now(), EVERY))
        if is_due and (self.watcher is None or self.watcher.poll() is not None):
            command = [sys.executable, "-m", "scheduler.watch_availability", self.database.url]
            self.watcher = subprocess.Popen(command)  # noqa: S603  # our own command

    def look_at_folders(self) -> None:
        """Ask for the import of the search logs that appeared in a watched folder."""
        assert self.folders is not None
        with self._database_may_be_gone(), self.database.session() as session:
            self.folders.look(session, self.now())

    def _take_up_requests(self) -> None:
        with self.database.session() as session:
            looks = [(name, request.id) for kind, name in LOOKS.items() for request in take_requests(session, kind, self.now())]
            busy = {*self.work, *(run.site_id for run in running(session))}
            exclusive = list(take_for_free_sites(session, EXCLUSIVE, busy, self.now()))
            busy.update(request.site_id for request in exclusive)
            runs = list(islice(take_for_free_sites(session, [RUN], busy, self.now()), self._free_slots()))
        for module, number in looks:
            self._look(module, number)
        for request in exclusive:
            process = self._look(EXCLUSIVE[request.kind], request.id)
            self.work[request.site_id] = Work(process, request.kind, request.id)
        for request in runs:
            full, resume = (bool(request.arguments.get(name)) for name in ("full", "resume"))
            self._start_run(RunOrder(request.site_id, request.requested_by or "?", full, resume), request.id)

    def _free_slots(self) -> int:
        """How many more runs may go on at once."""
        if self.is_disk_full():
            self._say_trouble("disk-full")
            return 0
        if self.trouble == "disk-full":
            self.trouble = ""
        return max(0, self.runs_at_once - sum(work.kind == RUN for work in self.work.values()))

    def _continue_runs(self) -> None:
        """Take up the runs that stopped by themselves."""
        with self.database.session() as session:
            busy = {*self.work, *(run.site_id for run in running(session))}
            stopped = [run for run in to_continue(session, self.now()) if run.site_id not in busy][: self._free_slots()]
            for run in stopped:
                run.continued += 1
                run.heartbeat_at = self.now()
        for run in stopped:
            log.warning("run.continued", run=run.id, site=run.site_id, reason=run.reason, time=run.continued)
            self._start_run(RunOrder(run.site_id, run.requested_by, resume=True), None)

    def _start_run(self, order: RunOrder, request: int | None) -> None:
        process = subprocess.Popen(list(self.run_command(order)))  # noqa: S603  # our own command
        self.work[order.site_id] = Work(process, RUN, request)
        log.info("run.started", site=order.site_id, by=order.by, full=order.full, resume=order.resume, process=process.pid)

    def _look(self, module: str, request: int) -> subprocess.Popen[bytes]:
        """Seconds or minutes of work: it answers its request itself."""
        command = [sys.executable, "-m", module, self.database.url, str(request)]
        process = subprocess.Popen(command)  # noqa: S603  # our own command
        self.looks = [*(one for one in self.looks if one.poll() is None), process]
        with self.database.session() as session:
            note_process(session, request, process_name_of(process))
        return process

    # --- what has ended ----------------------------------------------------------------------------------------------

    def _reap(self) -> None:
        for site_id, work in list(self.work.items()):
            code = work.process.poll()
            if code is None:
                continue
            if work.kind == RUN:
                self._after_run(site_id, work, code)
            del self.work[site_id]

    def _after_run(self, site_id: int, work: Work, code: int) -> None:
        """Answer who asked; after a good run the search is tested, where there are tasks, and searches are explained anew."""
        with self.database.session() as session:
            run = run_of_process(session, site_id, process_name_of(work.process))
            log.info("run.ended", site=site_id, run=run and run.id, state=run and run.state, exit_code=code)
            site = session.get(Site, site_id)
            if site is None:
                return  # it was removed meanwhile, and every request with it
            propose_addresses(session, site, self.now())
            if work.request is not None:
                result = {"exit_code": code} | ({"run": run.id} if run else {})
                finish_request(session, work.request, "done" if code == 0 else "failed", result, self.now())
            kinds = [TEST] if count_tasks(session, site_id, TaskState.CONFIRMED) else []
            kinds += [LEARN] if has_search_log(session, site_id) else []
            for kind in kinds if code == 0 else ():
                with suppress(AlreadyAsked):
                    ask(session, site_id, kind, {}, DUE_BY_SCHEDULE, self.now())

    def _mark_dead_runs(self) -> None:
        """Find runs without a process: of this machine at once, of others when they give no sign of life any more."""
        with self.database.session() as session:
            going = running(session)
            self.pulses.keep_only(("lease", *(run.id for run in going)))
            gone = processes_gone([run.process for run in going])
            silent = {run.id for run in going if self.pulses.seconds_silent(run.id, run.heartbeat_at) >= SILENT_FOR.seconds}
            for run in mark_gone(session, silent | {run.id for run in going if run.process in gone}, self.now()):
                log.warning("run.gone", run=run.id, site=run.site_id, process=run.process)


def process_name_of(process: subprocess.Popen[bytes]) -> str:
    """A process that was started here, as runs remember it."""
    return f"{process_name().rpartition(':')[0]}:{process.pid}"
