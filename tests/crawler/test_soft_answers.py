"""What an address shows is read from its source in time that grows no faster than the source."""

from __future__ import annotations

import pytest
from growth import LINEAR, growth

from crawler.soft_answers import READ, Answered, notice_of


@pytest.mark.parametrize("piece", ["<script ", "<!-- ", "<title>", "<h1 ", "<", "<style></style ", "<b><i>", "<p>"])
def test_a_source_that_repeats_itself_costs_no_more_than_its_length(piece: str) -> None:
    def read(length: int) -> None:
        source = piece * (length // len(piece))
        Answered.of("https://www.example.nl/", source)
        notice_of(source)

    assert growth(read, READ // 4) < LINEAR


def test_the_words_are_those_that_a_visitor_reads() -> None:
    source = (
        "<title>Niet &amp; gevonden</title><script>var geheim</script><!-- verborgen -->"
        "<h1>Pagina <b>weg</b></h1><p>Zoek\nverder<style>.stijl {}</style>"
    )
    shown = Answered.of("https://www.example.nl/", source)
    assert shown.title == "Niet & gevonden"
    assert shown.heading == "Pagina weg"
    assert shown.words == {"pagina", "weg", "zoek", "verder"}
