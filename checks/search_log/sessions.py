"""Visits without visitors: a salted hash that is another every day, and that nobody can make again."""

from __future__ import annotations

import os
from hashlib import blake2b

DAY_MS = 86_400_000


class Sessions:
    """Gives what belongs to one visitor on one day one number. The salts live in this object and die with it."""

    def __init__(self) -> None:
        self._salts: dict[int, bytes] = {}

    def number(self, visitor: bytes, at_ms: int) -> int:
        """The number of a visitor (address and browser, or a visit's own mark) on the day of a moment (UTC)."""
        day = at_ms // DAY_MS
        salt = self._salts.get(day)
        if salt is None:
            salt = self._salts[day] = os.urandom(32)
        return int.from_bytes(blake2b(visitor, digest_size=8, key=salt).digest(), "big") >> 1
