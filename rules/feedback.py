"""What visitors say of a page: a score or a thumb, and sometimes a comment.

A rating is a share from 0 (worst) to 1 (best) of the scale that it was given on: thumbs, 1 to 5, 1 to 10, or per cent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

POSITIVE = 0.65  # a rating from here on is positive: a thumb up, 4 of 5, 7 of 10
FEWEST = 5  # answers before a share of a page is compared with others
COMMENT_DAYS = 90  # that a comment is kept
ANSWER_MONTHS = 25  # that an answer without its comment is kept


class FeedbackError(ValueError):
    """The file cannot be brought in as a whole; the sentence says why and what to do."""


@dataclass(frozen=True)
class Feedback:
    """One answer, masked."""

    address: str  # absolute, without its query; parts of it may be masked
    day: date
    rating: float | None  # None: only a comment
    comment: str = ""

    def number(self, ordinal: int) -> int:
        """By which it is known again in another file; `ordinal`: of those that are otherwise alike."""
        said = repr((self.address, self.day.isoformat(), self.rating, self.comment, ordinal)).encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big") >> 1
