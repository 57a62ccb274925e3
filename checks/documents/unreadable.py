"""A document that cannot be read, and why."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be judged. `reason` is a key of `rules.reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
