"""The name of a test host is one whole host, and nothing that only looks like one."""

from __future__ import annotations

import pytest

from rules.journey_sending import SETTING, SendingError, may_send_to, named_host


def test_a_host_is_its_origin() -> None:
    assert named_host(" https://test.example.nl/ ") == "https://test.example.nl"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "test.example.nl",
        "ftp://test.example.nl",
        "https://*.example.nl",
        "https://test.example.nl/a",
        "https://an:geheim@example.nl",
    ],
)
def test_what_is_no_host_is_refused_and_allows_nothing(text: str) -> None:
    with pytest.raises(SendingError, match="Write for example"):
        named_host(text)
    assert may_send_to({SETTING: [text]}) == ()
