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

Place = tuple[str, tuple[str, ...], str]  # rule, frames, path


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Each barrier once, in the order in which it was first named; failed where one that may say so says it."""
    kept: dict[Place, Finding] = {}
    children: dict[Place, Place] = {}
    for finding in findings:
        place = _place(finding)
        around = (finding.rule, place[1], _parent(place[2]))
        same = next((one for one in (place, around, children.get(place)) if one in kept and _may_fold(kept[one], finding, one == place)), None)
        if same is None:
            kept[place] = finding
            children[around] = place
        else:
            kept[same] = _together(kept[same], finding)
    return list(kept.values())


def _place(finding: Finding) -> Place:
    path = finding.target.path or finding.target.selector
    return finding.rule, finding.target.frames, "html" if path in WHOLE_DOCUMENT else path


def _parent(path: str) -> str:
    return path.rpartition(" > ")[0]


def _may_fold(first: Finding, second: Finding, is_same_element: bool) -> bool:
    """Two neighbours are only one barrier when two engines name them: one engine means both."""
    return is_same_element or not set(first.engines) & set(second.engines)


def _together(first: Finding, second: Finding) -> Finding:
    engines = tuple(dict.fromkeys((*first.engines, *second.engines)))
    stronger = second if (first.outcome, second.outcome) == (Outcome.CANNOT_TELL, Outcome.FAILED) else first
    return replace(stronger, engines=engines)
