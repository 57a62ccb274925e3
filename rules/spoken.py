"""What a screen reader says of an element: as it stands, and as it is once a fault is mended.

Roles and states are those of the browser's accessibility tree (Core Accessibility API Mappings). The order is that of reading
through a page: role, state, name; each screen reader, and each setting of it, has words of its own.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from rules.norm import Language

LONGEST_NAME = 200  # characters
# Roles that are heard with what is in them, and need no name for that.
HOLDS = {
    *(
        "article",
        "banner",
        "blockquote",
        "cell",
        "complementary",
        "contentinfo",
        "definition",
        "figure",
        "form",
        "grid",
        "gridcell",
    ),
    *("group", "list", "listitem", "main", "navigation", "region", "row", "search", "status", "table", "tabpanel", "term"),
}


class Mended(StrEnum):
    """What mending a rule's fault changes in what is heard."""

    NAME = "name"  # a control, frame or window gets a name that says what it is for
    DESCRIPTION = "description"  # a picture gets words that say what is to be seen
    SILENCE = "silence"  # it is passed over
    HEADING = "heading"
    LIST = "list"
    CAPTION = "caption"
    HEADER = "header"  # a cell is heard with the heads of its row and column
    GROUP = "group"  # a field is heard with the question that it belongs to
    BUTTON = "button"
    STATE = "state"
    HINT = "hint"  # the explanation or error is heard with the field
    NEWS = "news"  # what appears is heard at once
    LANGUAGE = "language"  # the same words, pronounced right


@dataclass(frozen=True)
class Spoken:
    """An element in the accessibility tree. `role` is empty where that holds no more of it than its text, or nothing."""

    role: str
    name: str
    text: str  # what is in it
    states: dict[str, str]  # level, checked, expanded, pressed, selected, required, invalid, disabled: as the tree has them

    @classmethod
    def stored(cls, data: dict[str, Any]) -> Spoken:
        return cls(data["role"], data["name"], data["text"], data["states"])


@cache
def words_of(language: Language) -> dict[str, Any]:
    """The words for roles, states and what mending changes."""
    both = tomllib.loads(resources.files("rules").joinpath("spoken.toml").read_text(encoding="utf-8"))
    words: dict[str, Any] = both[language]
    return words


def heard_now(spoken: Spoken, language: Language) -> str:
    """What a screen reader says of the element."""
    words = words_of(language)
    role = words["role"].get(spoken.role, "")
    told = [words["state"].get(f"{state} {value}", "") for state, value in sorted(spoken.states.items())]
    if level := spoken.states.get("level"):
        role = words["level"].format(role=role, level=level).strip()
    words_in_it = spoken.name or ("" if role and spoken.role not in HOLDS else spoken.text)
    name = f"“{words_in_it}”" if words_in_it else words["no_name"] if role and spoken.role not in HOLDS else ""
    return ", ".join(part for part in (role, *told, name) if part) or str(words["nothing"])


def heard_after(spoken: Spoken, mended: Mended, language: Language) -> str:
    """What it says once the fault is mended."""
    words = words_of(language)
    role = words["role"].get(spoken.role, "") or words["something"]
    name = f"“{spoken.name or spoken.text}”" if spoken.name or spoken.text else words["its_text"]
    return str(words["mended"][mended]).format(role=role, name=name)
