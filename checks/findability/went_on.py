"""Where residents went who found nothing at first: they asked otherwise, and then clicked."""

from __future__ import annotations

from collections.abc import Sequence


def pages_in_the_end(visit: Sequence[tuple[int, str | None]]) -> set[tuple[int, str]]:
    """For each query of a visit that got no click: the page that was clicked first in the results of another one after it.

    `visit`: query and page in the order of time; the page is None for a search.
    """
    clicked = {query for query, page in visit if page}
    found = set()
    for number, (query, page) in enumerate(visit):
        if page is None and query not in clicked:
            after = next((page for _, page in visit[number + 1 :] if page), None)
            if after:
                found.add((query, after))
    return found
