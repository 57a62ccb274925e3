"""What machines ask the dashboard: is it alive, is it ready, and how is it going."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from storage.database import Database, DatabaseError
from storage.health import figures, free_bytes
from storage.lease import lease

SCHEDULER_SILENT = timedelta(minutes=2)
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")  # an address behind one of these is not the caller's


@dataclass(frozen=True)
class Watch:
    """How the dashboard is watched."""

    metrics_token: str = ""  # empty: only this machine itself may ask for metrics
    min_free_disk_bytes: int = 0


def healthy() -> PlainTextResponse:
    """The process lives; whether it can do its work is for /readyz."""
    return PlainTextResponse("ok")


def ready(request: Request) -> JSONResponse:
    """200 where everything is there that the work needs, else 503; each part with a word."""
    state = request.app.state
    parts = dict(_parts(state.database, state.now(), state.watch))
    return JSONResponse(parts, 200 if all(word == "ok" for word in parts.values()) else 503)


def metrics(request: Request) -> Response:
    """In the form that Prometheus reads. With a token for whoever has it, without one for this machine alone."""
    state = request.app.state
    if not _may_ask(request, state.watch.metrics_token):
        raise HTTPException(403)
    registry = CollectorRegistry()
    registry.register(_Figures(state.database, state.now()))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _may_ask(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _parts(database: Database, now: datetime, watch: Watch) -> Iterator[tuple[str, str]]:
    try:
        current = database.is_current()
        yield "database", "ok"
    except DatabaseError:
        yield "database", "gone"
        return
    yield "migrations", "ok" if current else "missing"
    if current:
        try:
            with database.session() as session:
                held = lease(session)
            yield "scheduler", "ok" if held.holder and now - held.beat_at < SCHEDULER_SILENT else "silent"
        except DatabaseError:
            yield "scheduler", "unknown"
    yield "disk", "ok" if free_bytes(database) >= watch.min_free_disk_bytes else "full"


class _Figures(Collector):
    """The figures of one moment, as metrics."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("vierluik", "Vierluik itself.", {"version": version("vierluik")})
        try:
            with self.database.session() as session:
                found, held = figures(session, self.now), lease(session)
        except DatabaseError:
            yield GaugeMetricFamily("vierluik_database_up", "Whether the database can be used.", 0)
            return
        yield GaugeMetricFamily("vierluik_database_up", "Whether the database can be used.", 1)
        yield GaugeMetricFamily("vierluik_database_size_bytes", "Size of the database.", found.database_bytes)
        yield GaugeMetricFamily("vierluik_disk_free_bytes", "Room on the disk of the database.", free_bytes(self.database))
        runs = GaugeMetricFamily("vierluik_runs", "Runs that are stored.", labels=("state", "kind"))
        for (state, kind), count in found.runs.items():
            runs.add_metric((state, kind), count)
        yield runs
        age = GaugeMetricFamily(
            "vierluik_last_good_run_age_seconds", "Since the last run that ended well.", labels=("site", "name")
        )
        for (number, name), span in found.since_good_run.items():
            age.add_metric((str(number), name), span.total_seconds())
        yield age
        pages = GaugeMetricFamily("vierluik_pages", "Pages of the last run that ended well.", labels=("site", "name", "status"))
        for (number, name), counts in found.pages.items():
            for status, count in counts.items():
                pages.add_metric((str(number), name, status), count)
        yield pages
        asked = GaugeMetricFamily("vierluik_requests", "Requests without an answer.", labels=("kind", "state"))
        for (kind, state), count in found.requests.items():
            asked.add_metric((kind, state), count)
        yield asked
        failed = CounterMetricFamily("vierluik_requests_failed", "Requests that failed, imports among them.", labels=("kind",))
        for kind, count in found.failed.items():
            failed.add_metric((kind,), count)
        yield failed
        wait = found.longest_wait.total_seconds()
        yield GaugeMetricFamily("vierluik_request_wait_seconds", "How long the oldest request waits.", wait)
        yield GaugeMetricFamily(
            "vierluik_schedule_overdue_seconds", "How late the latest schedule is.", found.overdue.total_seconds()
        )
        messages = GaugeMetricFamily(
            "vierluik_messages", "Messages in the outbox, those kept for a while too.", labels=("state",)
        )
        for state, count in found.messages.items():
            messages.add_metric((state,), count)
        yield messages
        waits = found.oldest_message.total_seconds()
        yield GaugeMetricFamily("vierluik_message_wait_seconds", "How long the oldest message waits to be sent.", waits)
        alarms = GaugeMetricFamily("vierluik_alarms", "Alarms that last and were told.", labels=("kind",))
        for kind, count in found.alarms.items():
            alarms.add_metric((kind,), count)
        yield alarms
        yield GaugeMetricFamily("vierluik_scheduler_held", "Whether a scheduler holds the lease.", float(bool(held.holder)))
        age_of_lease = max(0.0, (self.now - held.beat_at).total_seconds())
        yield GaugeMetricFamily("vierluik_scheduler_lease_age_seconds", "Since the scheduler gave a sign of life.", age_of_lease)
