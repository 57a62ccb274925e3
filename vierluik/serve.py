"""`vierluik serve`: the dashboard and the scheduler in one process."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from dashboard.app import create_app
from dashboard.assets import ThemeError, read_theme
from dashboard.guard import Door
from dashboard.operations import Watch
from dashboard.uploads import Uploads
from rules.account import Role
from scheduler.clock import RunClock, RunOrder
from scheduler.watch_folders import WatchedFolders
from storage.accounts import has_administrator
from storage.database import Database
from storage.health import free_bytes
from vierluik.logs import configure_logs
from vierluik.screen import Exit, say, stop
from vierluik.settings import OIDC_SECRET_VARIABLE, Settings
from vierluik.web_server import WebServer


def serve_dashboard(database: Database, settings: Settings, host: str, port: int) -> Exit:
    """Serve until somebody stops it. On loopback the dashboard opens without an account as long as nobody has one."""
    door = door_of(database, settings, host)
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
        app = create_app(database, uploads=uploads, watch=watch, door=door, trackers=tuple(settings.trackers), theme=theme)
        WebServer(app, host, port, app.state.streams.close).run()
    finally:
        clock.stop()
    return Exit.FINE


def door_of(database: Database, settings: Settings, host: str) -> Door:
    """How people come in. Anything but loopback needs an administrator, and the address that people know."""
    is_open = not is_loopback(host) or not is_loopback(urlsplit(settings.public_url).hostname or "localhost")
    with database.session() as session:
        is_ready = has_administrator(session)
    if is_open and not is_ready:
        raise stop(
            Exit.WRONG_USE,
            f"{settings.public_url or host} is more than this machine, and nobody has an account yet. Make one first: "
            "vierluik user add you@example.nl --name You --role administrator",
        )
    if not is_loopback(host) and not settings.public_url:
        raise stop(
            Exit.WRONG_USE,
            'Say by which address people find the dashboard, in vierluik.toml: public_url = "https://vierluik.example.nl". '
            "Passwords and sessions go over https only.",
        )
    organisation = None
    if settings.oidc_issuer:
        secret = os.environ.get(OIDC_SECRET_VARIABLE, "")
        if not settings.oidc_client_id or not secret:
            raise stop(Exit.WRONG_USE, f"oidc_issuer needs oidc_client_id too, and the secret in {OIDC_SECRET_VARIABLE}.")
        # Loaded where it is used: most dashboards have no such log-in.
        from dashboard.oidc import Organisation

        roles = {name: Role(role) for name, role in settings.oidc_roles.items()}
        organisation = Organisation(settings.oidc_issuer, settings.oidc_client_id, secret, roles)
    return Door(always_locked=is_open, public_url=settings.public_url, organisation=organisation)


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
