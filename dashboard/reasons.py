"""Why something was not looked at, in words."""

from __future__ import annotations

from rules import reason
from rules.norm import Language


def reason_text(key: str, language: Language) -> str:
    """The words for a stored reason; the key itself, made readable, where an older version stored one that is gone."""
    return reason.reason_text(key, language) if key in reason.REASONS else key.replace("-", " ")


def short_reason(key: str, language: Language) -> str:
    """What was the matter, without what to do about it: for lists."""
    sentence, stop, _ = reason_text(key, language).partition(". ")
    return (sentence + stop).strip()
