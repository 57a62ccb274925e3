"""A slip is found with the word that was meant; names, new compounds and words of other languages are not accused."""

from __future__ import annotations

import pytest

from checks.content.spelling.dictionary import meant_by

SLIPS = {
    "afsrpaak": "afspraak",
    "commerciele": "commerciële",
    "direkt": "direct",
    "geintroduceerd": "geïntroduceerd",
    "huurcommisie": "huurcommissie",
    "onmiddelijk": "onmiddellijk",
    "openingstjiden": "openingstijden",
    "parkeervergunnig": "parkeervergunning",
    "pasport": "paspoort",
    "vergunnnig": "vergunning",
}
# Real words that the dictionary lacks: new compounds, terms of a trade, words of the house.
RIGHT = [
    "voorvalmelding",
    "kandidaatversie",
    "watermelding",
    "logberichten",
    "bewaarmap",
    "partitietabel",
    "jongerencentrum",
    "begeleiderskaart",
    "stiltegebiedontheffing",
    "geneesmiddelenbereidingsvergunning",
    "middelburgse",
    "groningers",
    "chatbot",
    "workshops",
    "reload",
    "omgevingsloket",
]


@pytest.mark.parametrize("word", SLIPS)
def test_a_slip_is_mended(word: str) -> None:
    assert meant_by(word) == SLIPS[word]


@pytest.mark.parametrize("word", RIGHT)
def test_a_word_that_may_be_right_is_left_alone(word: str) -> None:
    assert meant_by(word) == ""
