"""A picture is that of its name only where its marks are spaced as the words of the name."""

from __future__ import annotations

import pytest

from checks.accessibility.image_of_text.check import judge
from checks.verdict import DocumentFacts
from rules.observation import PageSnapshot, Response
from rules.outcome import Outcome

PAGE = PageSnapshot("https://een.example/", Response("https://een.example/", 200), "", "nl", (), {})
MARKS = [[0, 10], [20, 50], [60, 80], [90, 130], [140, 155], [165, 210]]
WIDTHS = [right - left for left, right in MARKS]


@pytest.mark.parametrize(
    ("name", "widths", "outcome"),
    [
        ("een tweede huis met drie ramen", WIDTHS, Outcome.FAILED),
        ("een tweede huis met drie ramen", [20, 20, 45, 15, 40, 11], Outcome.PASSED),
        ("een tweede huis met drie \u200b", [*WIDTHS[:-1], 0], Outcome.PASSED),
        ("een tweede huis met drie\x85drie ramen", WIDTHS, Outcome.FAILED),
    ],
    ids=["spaced-alike", "spaced-otherwise", "a-word-of-no-width", "a-space-that-is-none-in-a-browser"],
)
def test_a_picture_of_its_name_fails(name: str, widths: list[int], outcome: Outcome) -> None:
    image = {
        "kind": "image",
        "file": "foto.png",
        "alt": name,
        "about": "",
        "words": "",
        "onlyWords": False,
        "aside": False,
        "width": 300,
        "height": 40,
        "ink": [{"marks": MARKS}],
        "widths": [widths],
        "element": {"selector": "img", "path": "img", "html": "<img>"},
    }
    [verdict] = judge(DocumentFacts([image], (), PAGE))
    assert verdict.outcome is outcome
