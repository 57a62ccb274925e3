"""What all tests share: the stored runs over the sample site, made once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack

import pytest
from _pytest.nodeid import NodeId
from hypothesis import settings
from postgres_server import postgres_server
from sample_runs import SampleRuns, make_sample_runs

from crawler.browser import BrowserFile, BrowserMissing, find_browser
from storage.database import Database

settings.register_profile("vierluik", deadline=None)  # tests assert no time: machines are shared
settings.load_profile("vierluik")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Keep every test that reads the stored runs in one process, so that the runs are made once; slow tests come first."""
    for item in items:
        if "sample_runs" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("sample-runs"))
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)  # no long one may be left for the end
    yield
    for item in items:
        # pytest-xdist 3.8 writes a group's name where pytest 9.2 no longer reads it.
        if grouped := vars(item).get("_nodeid"):
            item._id = NodeId.parse(grouped)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def sample_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleRuns]:
    """Stored runs over editions 1, 2 and clean of the sample site. Only for reading."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'vierluik.db'}")
    database.migrate()
    yield make_sample_runs(database)
    database.close()


@pytest.fixture(scope="session")
def browser() -> BrowserFile:
    """The Chromium of this machine; where there is none, what needs it is left out and says so."""
    try:
        return find_browser()
    except BrowserMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A PostgreSQL server that lives as long as the tests; gives its address."""
    with ExitStack() as server:
        try:
            address = server.enter_context(postgres_server(tmp_path_factory.mktemp("postgres")))
        except Exception as error:  # whatever keeps it from starting here says nothing about Vierluik
            pytest.skip(f"PostgreSQL cannot be started on this machine: {type(error).__name__}: {error}")
        yield address
