"""Words that residents take for the same have one stem."""

from __future__ import annotations

import pytest

from rules.stemming import stems


@pytest.mark.parametrize(
    "forms",
    [
        "paspoort Paspoorten PASPOORT",
        "aanvragen aanvraag aangevraagd",
        "huis huizen",
        "boom bomen Bomen",
        "kerstboom kerstbomen",
        "cafe café CAFÉ",
        "２０１５ 2015",
        "verhuizing verhuizingen",
    ],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len(set(stems(forms))) == 1


@pytest.mark.parametrize("others", ["paspoort rijbewijs", "2015 2016", "wmo wmo2015"])
def test_other_words_have_other_stems(others: str) -> None:
    assert len(set(stems(others))) == 2


def test_what_is_no_word_is_left_out() -> None:
    assert stems(f"{'a' * 100} -- ?! _") == []
