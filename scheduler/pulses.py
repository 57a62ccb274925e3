"""Who still gives a sign of life, by our own steady clock: those of other machines may be wrong, ours may be set."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable


class Pulses:
    """Remembers since when a sign has been the same."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self._seen: dict[Hashable, tuple[Hashable, float]] = {}

    def seconds_silent(self, name: Hashable, sign: Hashable) -> float:
        """How long this one has given the same sign, as far as was looked."""
        now = self.steady()
        if name not in self._seen or self._seen[name][0] != sign:
            self._seen[name] = (sign, now)
        return now - self._seen[name][1]

    def keep_only(self, names: Iterable[Hashable]) -> None:
        """Forget the others."""
        kept = set(names)
        self._seen = {name: seen for name, seen in self._seen.items() if name in kept}
