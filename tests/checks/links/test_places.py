"""Places are found among many, and not where one straddles two others."""

from __future__ import annotations

from checks.links.sample.places import _has


def test_a_place_is_found_only_where_one_begins() -> None:
    places = b"".join(number.to_bytes(4, "big") for number in (0x01020304, 0x05060708, 0x02030405))
    assert _has(places, 0x05060708)
    assert _has(places, 0x02030405), "also where it first straddles two others"
    assert not _has(places, 0x03040506)
    assert not _has(b"", 1)
