"""Templates: pages that share their structure, whatever their words.

A page's structure is the set of its shapes: which kind of element (name and classes) stands in which. Two pages are of one
template where at least three quarters of all their shapes are common (Jaccard index).
"""

from __future__ import annotations

from collections.abc import Mapping

ALIKE = 0.75

Structure = frozenset[int]  # hashes of shapes


def likeness(one: Structure, other: Structure) -> float:
    """The Jaccard index, from 0 (nothing in common) to 1. Source: Jaccard, 1901."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


class Templates:
    """The templates of a site, each known by the structure of the first page that had it: so that its number sticks."""

    def __init__(self, known: Mapping[int, Structure]) -> None:
        self._known = dict(known)

    def match(self, structure: Structure) -> int | None:
        """The template that a page is of; None: it is the first of its kind."""
        best = max(self._known, key=lambda number: likeness(self._known[number], structure), default=None)
        return best if best is not None and likeness(self._known[best], structure) >= ALIKE else None

    def add(self, number: int, structure: Structure) -> None:
        self._known[number] = structure
