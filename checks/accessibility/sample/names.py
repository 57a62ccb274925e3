"""What does the same on several pages is called the same.

Source: WCAG 2.2 SC 3.2.4 Consistent Identification (level AA); EN 301 549 clause 9.3.2.4; technique G197, failure F31.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from checks.accessibility.sample.facts import Block, Control, Item, SamplePage, bare_words
from checks.verdict import Element, Verdict, cannot_tell, failed, passed

RULE = "name-consistent"
RULES = (RULE,)

MOST_FUNCTIONS = 20_000  # that are remembered of a site; what stands in the frame of many pages is met early
MOST_NAMES = 30  # kept of one function: what has more is not a name that repeats
FEWEST_PAGES = 3  # with the usual name
USUAL, SURE = 0.6, 0.8  # of the pages that have the function
UNNAMED = ("submit", "reset", "verzenden")
STEM = 4  # letters that two forms of a word share: zoek and zoeken

Function = tuple[str, str, str, str]  # language, kind, where it stands, what it does


@dataclass(frozen=True)
class _Named:
    """A part of the page as it is called."""

    words: str
    part: Control | tuple[Block, Item]

    @property
    def element(self) -> Element:
        if isinstance(self.part, Control):
            return self.part.element
        block, item = self.part
        return block.element_of(item)


class NameConsistent:
    """Remembers what each function is called on how many pages."""

    def __init__(self) -> None:
        self._names: dict[Function, dict[str, int]] = defaultdict(dict)
        self._pages: Counter[Function] = Counter()
        self._example: dict[tuple[Function, str], tuple[str, str]] = {}  # a page, and the name as it is written there

    def add(self, page: SamplePage) -> None:
        for function, named in _functions(page).items():
            if function not in self._pages and len(self._pages) >= MOST_FUNCTIONS:
                continue
            self._pages[function] += 1
            for name in named:
                if name in self._names[function] or len(self._names[function]) < MOST_NAMES:
                    self._names[function][name] = self._names[function].get(name, 0) + 1
                    self._example.setdefault((function, name), (page.address, named[name].words))

    def judge(self, page: SamplePage) -> Iterator[Verdict]:
        """Only a button of the same search form that has another word fails; other names are asked about."""
        for function, named in _functions(page).items():
            usual = self._usual(function)
            if usual is None:
                continue
            if any(_alike(name, usual) for name in named):
                yield passed(RULE, page.root)
                continue
            this = next(iter(named.values()))
            share = self._names[function][usual] / self._pages[function]
            # A form outside the frame that every page has may be of this page alone.
            is_sure = function[1] == "search-button" and function[2] != "" and share >= SURE and len(named) == 1
            other, written = self._example[function, usual]
            pages = self._names[function][usual]
            yield (failed if is_sure else cannot_tell)(
                RULE, this.element, name=this.words, usual=written, page=other, pages=pages
            )

    def _usual(self, function: Function) -> str | None:
        """The name that most pages give it; None where there is none, or there are too few pages."""
        names = self._names.get(function, {})
        name = max(names, key=names.__getitem__, default="")
        is_usual = name and names[name] >= FEWEST_PAGES and names[name] >= USUAL * self._pages[function]
        return name if is_usual else None


def _functions(page: SamplePage) -> dict[Function, dict[str, _Named]]:
    """Of each function that stands in the page's frame its names, with their words and elements."""
    found: dict[Function, dict[str, _Named]] = defaultdict(dict)
    for block in page.blocks:
        if not block.is_compared:
            continue
        for item in block.items:
            if name := item.said:
                function = (page.language, "link", block.kind, item.target)
                found[function].setdefault(name, _Named(item.name, (block, item)))
    for control in page.controls:
        # What stands in the content belongs to that content; "submit" is what a browser says of a button without a name.
        name = bare_words(control.name)
        if name and name not in UNNAMED and control.region != "main":
            function = (page.language, control.kind, control.region, control.function)
            found[function].setdefault(name, _Named(control.name, control))
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two names say the same with more or fewer words: they share a word, or the stem of one."""
    return any(
        first == second
        or (len(first) >= STEM and first[:STEM] == second[:STEM])
        or (len(first) >= STEM and first[:STEM] in other)
        for first in one.split()
        for second in other.split()
        if len(first) > 1 or first == second
    )
