"""A page that asks browsers to load everything over https, in a header or in itself, loads nothing without security."""

from __future__ import annotations

import pytest

from checks.verdict import DocumentFacts
from checks.website.mixed_content.check import judge
from rules.observation import PageSnapshot, Response
from rules.outcome import Outcome

URL = "https://www.example.nl/"
TARGET = {"selector": "script", "path": "script", "html": "<script>"}
MIXED = {"kind": "script", "url": "http://kaart.example.nl/kaart.js", "element": TARGET}


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        ("upgrade-insecure-requests", Outcome.PASSED),
        ("default-src https:;Upgrade-Insecure-Requests;", Outcome.PASSED),
        ("default-src 'self', upgrade-insecure-requests", Outcome.PASSED),
        ("default-src 'self'\nupgrade-insecure-requests", Outcome.PASSED),  # two headers, as a browser tells them
        ("default-src 'self'; report-uri /upgrade-insecure-requests", Outcome.FAILED),
        ("", Outcome.FAILED),
    ],
)
def test_header_that_has_everything_upgraded(header: str, outcome: Outcome) -> None:
    page = PageSnapshot(URL, Response(URL, 200, {"content-security-policy": header}), "", "nl", (), {})
    facts = {"mixed": [MIXED], "policies": [], "root": TARGET}
    assert [verdict.outcome for verdict in judge(DocumentFacts(facts, (), page))] == [outcome]
