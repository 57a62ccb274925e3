"""One element, one rule, one finding: what several engines say of the same thing becomes one that names them all.

Source: measured in the ACT test cases: two engines that see the same barrier name the same element in nine cases of ten, and
in most others its parent or child.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rules.finding import Finding
from rules.outcome import Outcome

WHOLE_DOCUMENT = ("html", "html > body", "html > head", "html > head > title")
FOREMOST = ("axe", "vierluik")  # whose words stand where several say the same

Place = tuple[str, tuple[str, ...], str]  # rule, frames, path


def merged(findings: Iterable[Finding], seconds: Iterable[Finding] = ()) -> list[Finding]:
    """Each barrier once, failed where one that may say so says it; the same whatever the order of the engines.

    `seconds` only add their engine to what is there: alone they are nothing.
    """
    kept: dict[Place, Finding] = {}
    for finding in findings:
        place = _place(finding)
        kept[place] = _together(kept[place], finding) if place in kept else finding
    children = _children(kept)
    for parent in sorted(children, key=lambda place: len(place[2])):
        # Two neighbours are only one barrier when two engines name them: one engine means both.
        near = [one for one in children[parent] if one in kept and parent in kept and not _shared(kept[one], kept[parent])]
        if len(near) == 1:
            kept[parent] = _together(kept[parent], kept.pop(near[0]))
    for finding in seconds:
        place = _place(finding)
        near = [one for one in (place, _parent(place), *children.get(place, ())) if one in kept]
        if near:
            kept[near[0]] = replace(kept[near[0]], engines=_engines(kept[near[0]], finding))
    return list(kept.values())


def _place(finding: Finding) -> Place:
    path = finding.target.path or finding.target.selector
    return finding.rule, finding.target.frames, "html" if path in WHOLE_DOCUMENT else path


def _children(places: Iterable[Place]) -> dict[Place, list[Place]]:
    children: dict[Place, list[Place]] = {}
    for place in sorted(places):
        children.setdefault(_parent(place), []).append(place)
    return children


def _parent(place: Place) -> Place:
    """The same rule on the parent element; that of the topmost elements of a shadow tree is its host."""
    rule, frames, path = place
    return rule, frames, path[: max(path.rfind(" > "), path.rfind(" >>> "), 0)]


def _shared(first: Finding, second: Finding) -> bool:
    return not set(first.engines).isdisjoint(second.engines)


def _together(first: Finding, second: Finding) -> Finding:
    """The one that failed, else the one of the foremost engine, with the names of both."""
    foremost = min(first, second, key=lambda one: (one.outcome is not Outcome.FAILED, _rank(one.engines[0])))
    return replace(foremost, engines=_engines(first, second))


def _engines(first: Finding, second: Finding) -> tuple[str, ...]:
    return tuple(sorted({*first.engines, *second.engines}, key=_rank))


def _rank(engine: str) -> tuple[int, str]:
    return FOREMOST.index(engine) if engine in FOREMOST else len(FOREMOST), engine
