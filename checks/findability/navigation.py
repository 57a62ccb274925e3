"""How a page is reached without the search: the fewest clicks, by the menu and by the content apart, and a tree test.

Links that stand with the same words on at least half of all pages are the menu (header, footer, fixed blocks); the rest is
content. The tree test is a simulation: at each step the link is taken whose label fits the words of residents best. It knows
words only, not that a passport is something of "Burgerzaken": it says what labels say, not what people know.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from checks.findability.words import fit
from rules.findability import SearchTask, SiteLinks, SiteShape, Step, WayThere

FEWEST_PAGES = 3  # a link on fewer pages is no menu, however small the site is
MOST_CLICKS = 15  # of a simulated walk; then somebody gives up
LEAST_FIT = 0.2  # below this nobody would think that a label is meant
SHOWN = 20

Link = tuple[str, str]  # where it leads, its words
Came = Mapping[str, tuple[str, str]]  # page: the page before it on the shortest way, and the words of the link


@dataclass(frozen=True)
class Navigation:
    """The links of one site, looked at from its start page."""

    site: SiteLinks

    @cached_property
    def menu(self) -> frozenset[Link]:
        counts = Counter(link for links in self.site.links.values() for link in set(links))
        enough = max(FEWEST_PAGES, len(self.site.links) / 2)
        return frozenset(link for link, count in counts.items() if count >= enough)

    @cached_property
    def _shortest(self) -> Came:
        return self._ways(lambda link: True)

    @cached_property
    def _by_menu(self) -> Came:
        return self._ways(lambda link: link in self.menu)

    @cached_property
    def _by_content(self) -> Came:
        return self._ways(lambda link: link not in self.menu)

    def _ways(self, counts: Callable[[Link], bool]) -> Came:
        came: dict[str, tuple[str, str]] = {self.site.start: ("", "")}
        queue = deque([self.site.start])
        while queue:
            page = queue.popleft()
            for target, label in self.site.links.get(page, ()):
                if target not in came and counts((target, label)):
                    came[target] = (page, label)
                    queue.append(target)
        return came

    def way_to(self, page: str, task: SearchTask) -> WayThere:
        """How one of the right pages of a task is reached."""
        wanted = (*task.queries, task.title)
        shortest = self._steps(self._shortest, page)
        walk, arrives, is_direct = self._walk(page, wanted)
        return WayThere(
            url=page,
            shortest=shortest,
            by_menu=_length(self._steps(self._by_menu, page)),
            by_content=_length(self._steps(self._by_content, page)),
            fits=round(sum(fit(step.label, wanted) for step in shortest) / len(shortest), 2) if shortest else 0.0,
            walk=walk,
            arrives=arrives,
            is_direct=is_direct,
            only_in_sitemap=shortest is None and page in self.site.pages,
        )

    def _steps(self, came: Came, page: str) -> tuple[Step, ...] | None:
        if page not in came:
            return None
        steps = []
        while page != self.site.start:
            before, label = came[page]
            steps.append(Step(label, page, (page, label) in self.menu))
            page = before
        return tuple(reversed(steps))

    def _walk(self, goal: str, wanted: Sequence[str]) -> tuple[tuple[Step, ...], bool, bool]:
        """The clicks of somebody who takes the label that fits best, and turns back where none does."""
        trail, seen = [self.site.start], {self.site.start}
        taken: list[Step] = []
        is_direct = True
        while trail and len(taken) < MOST_CLICKS and trail[-1] != goal:
            choices = [
                (fit(label, wanted), target, label)
                for target, label in self.site.links.get(trail[-1], ())
                if target not in seen and target in self.site.links
            ]
            best = max(choices, key=lambda choice: choice[0], default=(0.0, "", ""))
            if best[0] < LEAST_FIT:
                trail.pop()
                is_direct = False
                continue
            _, target, label = best
            taken.append(Step(label, target, (target, label) in self.menu))
            seen.add(target)
            trail.append(target)
        arrives = bool(trail) and trail[-1] == goal
        return tuple(taken), arrives, arrives and is_direct

    def shape(self) -> SiteShape:
        """How many pages stand how deep, which ones nothing leads to, and which lead nowhere."""
        depths = Counter(len(self._steps(self._shortest, page) or ()) for page in self.site.links if page in self._shortest)
        unlinked = sorted(self.site.pages - self._shortest.keys())
        dead_ends = sorted(
            page
            for page, links in self.site.links.items()
            if not any(link not in self.menu and link[0] not in ("", page) for link in links)
        )
        return SiteShape(
            depths=dict(sorted(depths.items())),
            unlinked=tuple(unlinked[:SHOWN]),
            dead_ends=tuple(dead_ends[:SHOWN]),
            counts={"unlinked": len(unlinked), "dead_ends": len(dead_ends)},
        )


def _length(steps: tuple[Step, ...] | None) -> int | None:
    return None if steps is None else len(steps)
