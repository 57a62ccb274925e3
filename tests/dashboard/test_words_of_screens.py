"""Every kind of stored value has words of its own: no list of words takes the place of another."""

from __future__ import annotations

from dashboard.barrier_words import BARRIER_KINDS
from dashboard.desk_words import DESK_KINDS
from dashboard.evaluation_words import EVALUATION_KINDS
from dashboard.journey_words import KINDS as OF_JOURNEYS
from dashboard.words import KINDS, word
from rules.evaluation import SampleRole


def test_no_list_of_words_hides_another() -> None:
    parts = (BARRIER_KINDS, DESK_KINDS, EVALUATION_KINDS, OF_JOURNEYS)
    assert [name for part in parts for name, words in part.items() if KINDS[name] is not words] == []


def test_why_a_page_is_in_a_sample_is_said_in_words() -> None:
    assert [role for role in SampleRole if word("sample role", role) == role.value and role is not SampleRole.CONTACT] == []
