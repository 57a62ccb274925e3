"""One stored set of sites, and the dashboard over it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from dashboard_seed import NOW, fill
from fastapi import FastAPI
from starlette.testclient import TestClient

from dashboard.app import create_app
from rules.setting import SettingsTable
from storage.database import Database
from vierluik.settings_table import table


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, dict[str, int]]]:
    """Filled once; no test writes into it."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('stored') / 'vierluik.db'}")
    database.migrate()  # with the index of full-text search
    yield database, fill(database)
    database.close()


@pytest.fixture(scope="session")
def stored(filled: tuple[Database, dict[str, int]]) -> Database:
    return filled[0]


@pytest.fixture(scope="session")
def ids(filled: tuple[Database, dict[str, int]]) -> dict[str, int]:
    return filled[1]


@pytest.fixture(scope="session")
def dashboard_app(stored: Database, settings_table: SettingsTable) -> FastAPI:
    return create_app(stored, now=lambda: NOW, settings=settings_table)


@pytest.fixture(scope="session")
def settings_table(tmp_path_factory: pytest.TempPathFactory) -> SettingsTable:
    """Every setting, of an installation without a file."""
    return table(tmp_path_factory.mktemp("settings") / "vierluik.toml")


@pytest.fixture
def client(dashboard_app: FastAPI) -> TestClient:
    return TestClient(dashboard_app, follow_redirects=False)


@pytest.fixture
def empty(database: Database, settings_table: SettingsTable) -> TestClient:
    return TestClient(create_app(database, now=lambda: NOW, settings=settings_table), follow_redirects=False)


@pytest.fixture(scope="module")
def address(stored: Database, settings_table: SettingsTable) -> Iterator[str]:
    """The dashboard as a browser sees it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(stored, now=lambda: NOW, settings=settings_table), port=port, log_config=None)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
