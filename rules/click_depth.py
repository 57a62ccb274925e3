"""Click depth: the fewest links from the start page, which itself is 0."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence


def click_depths(start: str, leads_to: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The depth of every page that can be reached; a page that is missing can only be found in another way."""
    depths = {start: 0}
    queue = deque([start])
    while queue:
        page = queue.popleft()
        for target in leads_to.get(page, ()):
            if target not in depths:
                depths[target] = depths[page] + 1
                queue.append(target)
    return depths
