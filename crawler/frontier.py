"""The frontier of a walk: which pages are known, which are still to be fetched, and why others are left out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from rules.address import page_identity, without_fragment
from rules.login import LOGS_OUT
from rules.site import Limits, Scope


@dataclass(frozen=True)
class Candidate:
    """An address that should be fetched as a page."""

    identity: str
    url: str
    depth: int | None  # clicks from the start page; None: only a sitemap names it


@dataclass
class Frontier:
    """Breadth first: a page is fetched by the shortest way that leads to it.

    The pages of the panel, those that stand tested from earlier runs, go before newcomers, so that a site that is larger
    than a run may be is looked at by the same pages each time. A newcomer gets a place that none of them needs.
    """

    scope: Scope
    limits: Limits
    robots_allow: Callable[[str], bool]
    logs_out: Callable[[str], bool] = lambda url: False
    queue: deque[Candidate] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    shapes: Counter[str] = field(default_factory=Counter)
    panel: frozenset[str] = frozenset()  # identities; empty: there was no earlier run
    newcomers: list[Candidate] = field(default_factory=list)

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
            (self.newcomers if self.panel and identity not in self.panel else self.queue).append(candidate)
        return candidate, reason

    def consider_all(self, urls: Iterable[str], depth: int | None) -> list[tuple[Candidate, str]]:
        considered = (self.consider(url, depth) for url in urls)
        return [(candidate, reason) for candidate, reason in considered if candidate]

    def admit_newcomers(self, pages: Collection[str]) -> None:
        """Queue newcomers where the pages of the panel that may still be met leave room. `pages`: those that were fetched.

        Who gets a place is chance, and the same chance each time.
        """
        if not self.newcomers:
            return
        to_come = sum(identity not in pages for identity in self.panel)
        room = max(0, self.limits.max_pages - len(pages) - to_come)
        chosen = self.newcomers
        if len(chosen) > room:
            chosen = sorted(chosen, key=lambda one: hashlib.sha256(one.identity.encode("utf-8", "surrogatepass")).digest())
        self.queue.extend(chosen[:room])
        self.newcomers = chosen[room:]

    def take_rest(self) -> tuple[str, ...]:
        """Everything that still waits: it is not fetched any more."""
        rest = tuple(candidate.identity for candidate in (*self.queue, *self.newcomers))
        self.queue.clear()
        self.newcomers.clear()
        return rest

    def _left_out(self, candidate: Candidate) -> str:
        if reason := self.scope.left_out(candidate.url):
            return reason
        if self.logs_out(candidate.url):
            return LOGS_OUT
        if not self.robots_allow(candidate.url):
            return "robots"
        if candidate.depth is not None and candidate.depth > self.limits.max_depth:
            return "depth-limit"
        shape = shape_of(candidate.identity)
        self.shapes[shape] += 1
        is_new = candidate.identity not in self.panel
        return "shape-limit" if is_new and self.shapes[shape] > self.limits.max_pages_per_shape else ""


def shape_of(identity: str) -> str:
    """What is left of an address when digits and the values of its query are masked, and repeated folders folded.

    Calendars, counters and folders that contain themselves give endless addresses of one shape.
    """
    path, _, query = identity.partition("?")
    path = re.sub(r"\d+", "0", path)
    path = re.sub(r"(/[^/]+(?:/[^/]+)??)\1+(?=/|$)", r"\1", path)
    keys = "&".join(sorted({pair.partition("=")[0] for pair in query.split("&")})) if query else ""
    return f"{path}?{keys}"
