"""Why something was not looked at, in words."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from rules.norm import Language


def reason_text(key: str, language: Language) -> str:
    """The words for a stored reason; the key itself, made readable, where nobody wrote words for it."""
    if find_spec("rules.reason"):
        return str(import_module("rules.reason").reason_text(key, language))
    return key.replace("-", " ")
