"""Brings series in that others measured: read by `checks/feedback`, kept by `storage/measurements`, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from checks.feedback.measurements import read_measurements
from rules.search_log import Tally
from storage.database import Database
from storage.measurements import keep_measurements
from storage.sites import get_site

AHEAD = timedelta(days=1)  # clocks differ


@dataclass(frozen=True)
class MeasurementsImported:
    """What came of bringing a file in."""

    tally: Tally
    values: int
    series: tuple[str, ...]
    new: int
    changed: int


def import_measurements(database: Database, site_name: str, stream: BinaryIO, source: str, now: datetime) -> MeasurementsImported:
    """Bring a file in, in one transaction.

    Raises MeasurementError for a file that is bad as a whole, SiteError and DatabaseError: then nothing of it is kept.
    """
    tally = Tally()
    with database.session() as session:
        site = get_site(session, site_name)
        measured = read_measurements(stream, site.start_url, source, (now + AHEAD).date(), tally)
        new, changed = keep_measurements(session, site.id, measured, now)
    return MeasurementsImported(tally, len(measured), tuple(sorted({one.series for one in measured})), new, changed)
