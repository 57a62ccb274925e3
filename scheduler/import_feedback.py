"""Brings feedback in: read and masked by `checks/feedback`, kept by `storage/feedback`, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from checks.feedback.read import FeedbackOptions, read_feedback
from rules.feedback import FeedbackError
from rules.search_log import Tally
from storage.database import Database
from storage.feedback import keep_feedback, known_feedback, purge_feedback
from storage.sites import get_site

AHEAD = timedelta(days=1)  # clocks differ


@dataclass(frozen=True)
class FeedbackImported:
    """What came of bringing a file in."""

    tally: Tally
    answers: int
    comments: int
    added: int
    scale: tuple[float, float] | None
    columns: str
    again: bool  # the same file was brought in before; nothing was changed
    old_comments: int  # that were removed at once: older than they may be kept


def import_feedback(
    database: Database, site_name: str, stream: BinaryIO, options: FeedbackOptions, now: datetime
) -> FeedbackImported:
    """Bring a file in, in one transaction.

    Raises FeedbackError for a file that is bad as a whole, SiteError and DatabaseError: then nothing of it is kept.
    """
    tally = Tally()
    with database.session() as session:
        site = get_site(session, site_name)
        read = read_feedback(stream, site.start_url, replace(options, zone=site.time_zone), tally)
        answers = [one for one in read.answers if one.day <= (now + AHEAD).date()]
        tally.left_out["in-the-future"] += len(read.answers) - len(answers)
        if not answers:
            raise FeedbackError(_why_empty(tally, site.start_url))
        again = known_feedback(session, site.id, read.digest)
        added = 0 if again else keep_feedback(session, site.id, answers, read.digest, now)
        old_comments = purge_feedback(session, now)[0]
        return FeedbackImported(
            tally,
            len(answers),
            sum(bool(one.comment) for one in answers),
            added,
            read.scale,
            ",".join(f"{name}={heading}" for name, heading in read.mapping.items()),
            again,
            old_comments,
        )


def _why_empty(tally: Tally, start_url: str) -> str:
    if tally.left_out["other-site"]:
        return f"none of its pages is of {start_url}; choose another --site"
    if tally.left_out["in-the-future"]:
        return "all its answers are in the future; look at the order of day and month"
    if tally.bad_lines:
        line, reason = tally.bad_samples[0]
        what = "no day" if reason == "no-day" else "no score or answer"
        return f"none of its lines can be read; line {line} has {what} that is known, so say what the columns hold with --mapping"
    return "there is no answer of a visitor in it"
