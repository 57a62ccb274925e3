"""A picture of a whole page, and where on it the elements stand that findings are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LARGEST_SIDE = 16_384  # pixels: what Chromium draws in one picture
MOST_BYTES = 3_000_000
MOST_BOXES = 500

Box = tuple[int, int, int, int]  # left, top, width, height in CSS pixels of the page


@dataclass(frozen=True)
class PagePicture:
    """What of a page is to be seen, from its top left corner."""

    jpeg: bytes
    width: int  # CSS pixels of the page that the picture shows; it may be drawn on a smaller scale
    height: int
    page_height: int  # CSS pixels of the whole page: more than `height` where the page was too long
    boxes: Mapping[str, Box] = field(default_factory=dict)  # by the fingerprint of the finding


def scale_of(width: int, height: int) -> float:
    """The scale by which a page fits in one picture, 1 at most."""
    return min(1.0, LARGEST_SIDE / max(width, height, 1))
