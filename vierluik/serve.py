"""`vierluik serve`: the dashboard and the scheduler in one process."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Sequence

import uvicorn

from dashboard.app import create_app
from dashboard.assets import ThemeError, read_theme
from dashboard.operations import Watch
from dashboard.uploads import Uploads
from scheduler.clock import RunClock, RunOrder
from scheduler.watch_folders import WatchedFolders
from storage.database import Database
from storage.health import free_bytes
from vierluik.logs import configure_logs
from vierluik.screen import Exit, say, stop
from vierluik.settings import Settings


def serve_dashboard(database: Database, settings: Settings, host: str, port: int) -> Exit:
    """Serve until somebody stops it. Only on loopback: there are no accounts yet."""
    if not is_loopback(host):
        raise stop(Exit.WRONG_USE, f"{host} is no loopback address. Without accounts the dashboard is only served on 127.0.0.1.")
    if is_taken(host, port):
        raise stop(Exit.WRONG_USE, f"Port {port} is taken by another program. Choose one with --port, for example {port + 1}.")
    try:
        theme = read_theme(settings.theme)
    except ThemeError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    configure_logs(settings.log_format)
    folders = WatchedFolders(settings.watch_folders, settings.case_number_patterns) if settings.watch_folders else None
    clock = RunClock(
        database,
        lambda order: run_command(settings.database, order),
        folders=folders,
        runs_at_once=settings.runs_at_once,
        detail_months=settings.detail_months,
        is_disk_full=lambda: free_bytes(database) < settings.min_free_disk_bytes,
    )
    clock.start()
    say(f"The dashboard is at http://{host}:{port}/ (stop it with Ctrl+C)")
    try:
        uploads = Uploads(settings.max_upload_bytes, tuple(settings.case_number_patterns))
        watch = Watch(settings.metrics_token, settings.min_free_disk_bytes)
        app = create_app(database, uploads=uploads, watch=watch, trackers=tuple(settings.trackers), theme=theme)
        uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False)
    finally:
        clock.stop()
    return Exit.FINE


def run_command(database: str, order: RunOrder) -> Sequence[str]:
    """The command that runs a site in a process of its own."""
    options = [*(["--full"] if order.full else []), *(["--continue"] if order.resume else []), f"--by={order.by}"]
    return [sys.executable, "-m", "vierluik", "run", str(order.site_id), *options, "--db", database]


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1" if host == "localhost" else host, port))
        except OSError:
            return True
        return False
