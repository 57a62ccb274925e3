"""Dutch and English: which of them a visitor gets, and the words of the screens in it.

Templates and code are written in Dutch; `locale/en/LC_MESSAGES/messages.po` holds the English of every text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from rules.norm import Language

LANGUAGES: tuple[Language, ...] = ("nl", "en")
LOCALES: dict[Language, str] = {"nl": "nl_NL", "en": "en_GB"}
NAMES: dict[Language, str] = {"nl": "Nederlands", "en": "English"}


def N_(text: str) -> str:
    """Mark a text for translation where it is written down before the language is known."""
    return text


@cache
def translations(language: Language) -> NullTranslations:
    """The translations of one language, read from its .po file: no compiled file has to be kept in step."""
    if language == "nl":
        return NullTranslations()
    with resources.files("dashboard").joinpath(f"locale/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def is_language(text: str) -> bool:
    return text in LANGUAGES


def preferred_language(accept_language: str) -> Language:
    """The language a browser asks for most, of those we have; Dutch where it asks for neither.

    Source: RFC 9110, section 12.5.4.
    """
    best: Language = "nl"
    best_weight = 0.0
    for tag, weight in _asked(accept_language):
        for language in LANGUAGES:
            if tag.split("-")[0] == language and weight > best_weight:
                best, best_weight = language, weight
    return best


def _asked(accept_language: str) -> Iterator[tuple[str, float]]:
    for part in accept_language.lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        try:
            yield tag.strip(), float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
