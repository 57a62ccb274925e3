"""The log of what runs by itself: lines for people on a terminal, JSON elsewhere; never a secret, never a search query."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from enum import StrEnum
from typing import Any

import structlog

PASSWORD_IN_ADDRESS = re.compile(r"(://[^\s:/@]*):[^\s@/]+@")
SECRETS = re.compile(r"password|passwd|token|secret|authorization|cookie|query", re.IGNORECASE)


class LogFormat(StrEnum):
    """What lines of the log look like."""

    AUTO = "auto"  # text on a terminal, else JSON
    TEXT = "text"
    JSON = "json"


def configure_logs(form: LogFormat) -> None:
    """Send every log of this process, those of libraries too, to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    as_json = form is LogFormat.JSON or (form is LogFormat.AUTO and not sys.stderr.isatty())
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("vierluik").setLevel(logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out what nobody may read in a log: passwords in addresses, and whatever is called a secret or a query."""
    for name, value in event.items():
        if SECRETS.search(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = PASSWORD_IN_ADDRESS.sub(r"\1:***@", value)
    return event
