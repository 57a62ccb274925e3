"""What runs by itself says what it does in lines that machines read, and nothing that nobody may read."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from vierluik.logs import LogFormat, configure_logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_each_line_is_one_object_with_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogFormat.AUTO)  # no terminal here
    structlog.contextvars.bind_contextvars(site=4)
    structlog.get_logger("vierluik.scheduler").info("run.started", run=7, kind="full", note="twee\nregels")
    [line] = lines(capsys)
    assert line.items() >= {"event": "run.started", "site": 4, "run": 7, "kind": "full", "level": "info"}.items()
    assert str(line["timestamp"]).endswith("Z")


def test_no_secret_and_no_query_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogFormat.JSON)
    log = structlog.get_logger("vierluik.scheduler")
    log.error(
        "scheduler.database-gone", error="postgresql://me:geheim@db/vierluik is gone", metrics_token="geheim", query="geheim"
    )
    try:
        raise ConnectionError("postgresql://me:geheim@db/vierluik")
    except ConnectionError:
        log.exception("failed")
    logging.getLogger("apscheduler").warning("job postgresql://me:%s@db/ failed", "geheim")
    text = capsys.readouterr().err
    assert "geheim" not in text
    assert "postgresql://me:***@db/vierluik is gone" in text


def test_libraries_speak_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogFormat.JSON)
    logging.getLogger("uvicorn.error").error("the port %s is gone", 8000)
    logging.getLogger("apscheduler").info("not said")
    assert [line["event"] for line in lines(capsys)] == ["the port 8000 is gone"]


def test_people_get_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogFormat.TEXT)
    structlog.get_logger("vierluik.scheduler").info("run.started", run=7)
    text = capsys.readouterr().err
    assert "run.started" in text and "run=7" in text and not text.startswith("{")
