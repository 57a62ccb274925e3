"""The frontier of a walk: which pages are known, which are still to be fetched, and why others are left out."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rules.address import page_identity, without_fragment
from rules.site import Limits, Scope


@dataclass(frozen=True)
class Candidate:
    """An address that should be fetched as a page."""

    identity: str
    url: str
    depth: int | None  # clicks from the start page; None: only a sitemap names it


@dataclass
class Frontier:
    """Breadth first: a page is fetched by the shortest way that leads to it."""

    scope: Scope
    limits: Limits
    robots_allow: Callable[[str], bool]
    queue: deque[Candidate] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    shapes: Counter[str] = field(default_factory=Counter)

    def remember(self, identity: str) -> None:
        """A page that was considered before the run was interrupted."""
        self.known.add(identity)
        self.shapes[shape_of(identity)] += 1

    def consider(self, url: str, depth: int | None) -> tuple[Candidate | None, str]:
        """Look at an address of the site: the candidate when it is new, with the reason when it is left out.

        Gives (None, "") for an address that was considered before. A candidate without a reason is in the queue.
        """
        identity = page_identity(url)
        if identity in self.known:
            return None, ""
        self.known.add(identity)
        candidate = Candidate(identity, without_fragment(url), depth)
        reason = self._left_out(candidate)
        if not reason:
            self.queue.append(candidate)
        return candidate, reason

    def consider_all(self, urls: Iterable[str], depth: int | None) -> list[tuple[Candidate, str]]:
        considered = (self.consider(url, depth) for url in urls)
        return [(candidate, reason) for candidate, reason in considered if candidate]

    def _left_out(self, candidate: Candidate) -> str:
        if reason := self.scope.left_out(candidate.url):
            return reason
        if not self.robots_allow(candidate.url):
            return "robots"
        if candidate.depth is not None and candidate.depth > self.limits.max_depth:
            return "depth-limit"
        shape = shape_of(candidate.identity)
        self.shapes[shape] += 1
        return "shape-limit" if self.shapes[shape] > self.limits.max_pages_per_shape else ""


def shape_of(identity: str) -> str:
    """What is left of an address when digits and the values of its query are masked, and repeated folders folded.

    Calendars, counters and folders that contain themselves give endless addresses of one shape.
    """
    path, _, query = identity.partition("?")
    path = re.sub(r"\d+", "0", path)
    path = re.sub(r"(/[^/]+(?:/[^/]+)??)\1+(?=/|$)", r"\1", path)
    keys = "&".join(sorted({pair.partition("=")[0] for pair in query.split("&")})) if query else ""
    return f"{path}?{keys}"
