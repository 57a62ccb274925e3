"""A batch: some pages of one host as a job, plain data in and out. It holds all that a worker elsewhere needs to test them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from rules.address import host_of, port_of
from rules.login import Login
from rules.task import CheckRequest
from scheduler.run_settings import RunSettings

MOST_PAGES = 10


@dataclass(frozen=True)
class BrowserWanted:
    """What a browser of a run is opened with; runs that differ in it, or are not the same, never share one."""

    run_id: int
    origins: tuple[str, ...]
    offline: bool
    contact: str
    load_timeout_s: float
    login: Login | None = None  # where the secrets are that let it in: a worker reads them itself


@dataclass(frozen=True)
class PageBatch:
    """Addresses of one host, with the identities of their pages in the same order."""

    run_id: int
    process: str  # that makes the run; another one gives its pages out anew
    identities: tuple[str, ...]
    request: CheckRequest
    browser: BrowserWanted
    delay_s: float  # after each page

    def as_job(self) -> dict[str, Any]:
        plain: dict[str, Any] = BATCH.dump_python(self, mode="json")
        return plain

    @property
    def settings(self) -> RunSettings:
        """The settings of the run, as far as they matter to a browser."""
        return RunSettings(
            norm_id=self.request.norm,
            engines=self.request.engines,
            policies=self.request.policies,
            contact=self.browser.contact,
            offline=self.browser.offline,
            load_timeout_s=self.browser.load_timeout_s,
            login=self.browser.login,
        )


BATCH = TypeAdapter(PageBatch)


def batch_of_job(arguments: dict[str, Any]) -> PageBatch:
    return BATCH.validate_python(arguments)


def place_at(url: str, slot: int) -> str:
    """The lock of a job: only one job at a time has it, whoever's worker and whoever's run."""
    return f"host:{host_of(url)}:{port_of(url)}:{slot}"
