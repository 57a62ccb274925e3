"""What the pages of a site say of a query that its search finds nothing for, and what would mend that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gap(StrEnum):
    """Why a query finds nothing."""

    SAID = "said"  # a page says these very words: the search misses what is there
    MENTIONED = "mentioned"  # pages use the words, but none has them in its title or a heading
    MISSPELT = "misspelt"  # spelt otherwise a page says them: the search forgives no typing error
    OTHER_WORDS = "other-words"  # a page is about it and calls it otherwise: the words of residents are missing there
    PERHAPS = "perhaps"  # a page may be about it: a person decides
    MISSING = "missing"  # no page says anything like it


ANSWERED = frozenset({Gap.SAID, Gap.MISSPELT, Gap.OTHER_WORDS})  # a page has it; what is only perhaps so is for a person


@dataclass(frozen=True)
class FoundPage:
    """A page that says what was asked for."""

    page_id: int
    identity: str
    title: str
    headings: tuple[str, ...]
    score: float  # higher is better; of one database only


@dataclass(frozen=True)
class GapVerdict:
    """What stands between a query and the page that answers it."""

    gap: Gap
    page: FoundPage | None = None
    meant: str = ""  # the words by which the page is found, as a person would type them
