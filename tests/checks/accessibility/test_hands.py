"""What the probes that touch a page leave alone, and how they read what it says."""

from __future__ import annotations

import pytest

from checks.accessibility.hands import is_harmful
from checks.accessibility.keyboard.probe import keys_named
from checks.topics import topics
from rules.rule import catalogue, touching_rules


@pytest.mark.parametrize(
    "name", ["Verwijderen", "Uitloggen", "Nu betalen", "Log out", "Delete account", "Bestellen", "Versturen"]
)
def test_controls_that_may_do_harm_are_not_pressed(name: str) -> None:
    assert is_harmful(name)


@pytest.mark.parametrize("name", ["Menu", "Lees meer", "Filter", "Zoeken", "Show more", "Verder"])
def test_other_controls_are_pressed(name: str) -> None:
    assert not is_harmful(name)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Press Ctrl+M to leave", ["Control+m"]),
        ("Druk op Ctrl + Alt + F6 of Escape.", ["Control+Alt+F6", "Escape"]),
        ("Ga met shift-tab terug", []),
        ("Openingstijden", []),
    ],
)
def test_keys_that_a_text_names(text: str, keys: list[str]) -> None:
    assert keys_named(text) == keys


def test_the_pages_of_rules_say_which_need_a_page_to_be_operated() -> None:
    """What is judged by walking a journey needs no hands on a page of a run."""
    touching = {rule for topic in topics().values() if topic.probe == topic.name for rule in topic.rules}
    assert touching_rules() == {rule for rule in touching if catalogue()[rule].area != "journeys"}
