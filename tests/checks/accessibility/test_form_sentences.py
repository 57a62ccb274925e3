"""What a text on a page with a form says of time, and what it does not."""

from __future__ import annotations

import pytest

from checks.accessibility.form_steps.check import ENDS, MARKED, NEXT


@pytest.mark.parametrize(
    "text",
    [
        "Uw sessie verloopt na 20 minuten.",
        "U wordt na een kwartier automatisch uitgelogd.",
        "Dit formulier is over 15 minuten verlopen.",
        "U moet de aanvraag binnen 30 minuten afronden.",
    ],
)
def test_a_text_that_sets_a_limit(text: str) -> None:
    assert ENDS.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "Met dit formulier vraagt u een nieuw paspoort aan als uw paspoort is verlopen.",
        "Aanvraag doen voor een verlopen rijbewijs",
        "Dag Tijd Maandag 9 tot 17 uur Zaterdag gesloten",
        "De aanvraag voor deze subsidie is gesloten.",
        "U kunt dit formulier binnen 5 minuten invullen.",
    ],
)
def test_a_text_that_sets_none(text: str) -> None:
    assert not ENDS.search(text)


def test_words_for_required_and_for_going_on() -> None:
    assert MARKED.search("Naam (Vereist)")
    assert NEXT.match("Volgende stap") and not NEXT.match("Volgende maand") and not NEXT.match("Verder lezen")
