"""What is heard of an element, in words."""

from __future__ import annotations

import pytest

from rules.norm import Language
from rules.rule import catalogue
from rules.spoken import Mended, Spoken, heard_after, heard_now, words_of

LANGUAGES: tuple[Language, ...] = ("nl", "en")


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        (Spoken("heading", "Afval", "Afval", {"level": "2"}), "kop niveau 2, “Afval”"),
        (
            Spoken("checkbox", "", "", {"checked": "false", "required": "true"}),
            "selectievakje, niet aangevinkt, verplicht, en verder niets",
        ),
        (Spoken("button", "Menu", "", {"expanded": "false"}), "knop, ingeklapt, “Menu”"),
        (Spoken("link", "", "hidden", {}), "link, en verder niets"),
        (Spoken("paragraph", "", "Welcome", {}), "“Welcome”"),
        (Spoken("list", "", "", {}), "lijst"),
        (Spoken("generic", "", "", {}), "Niets: de schermlezer slaat dit over"),
        (Spoken("", "", "", {}), "Niets: de schermlezer slaat dit over"),
        (Spoken("SomethingNew", "Afval", "", {}), "“Afval”"),
    ],
)
def test_an_element_is_heard_in_order(spoken: Spoken, words: str) -> None:
    assert heard_now(spoken, "nl") == words


@pytest.mark.parametrize("mended", Mended)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mend_has_words(mended: Mended, language: Language) -> None:
    named, nameless = Spoken("link", "{name}", "", {}), Spoken("", "", "", {})
    assert heard_after(named, mended, language)
    assert "{" not in heard_after(nameless, mended, language)


def test_both_languages_know_the_same_words() -> None:
    nl, en = (words_of(language) for language in LANGUAGES)
    assert {kind: set(nl[kind]) for kind in ("role", "state", "mended")} == {
        kind: set(en[kind]) for kind in ("role", "state", "mended")
    }


def test_every_kind_of_mend_is_used_by_a_rule() -> None:
    assert {rule.spoken for rule in catalogue().values()} >= set(Mended)
