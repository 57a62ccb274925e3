"""What a site has of each municipal product of the national list (UPL): a page, a way to ask for it online, searches for it.

Source: Samenwerkende Catalogi, in which a municipality publishes its products by their names of the list. Everything is matched
by words, so nothing here says that a page is absent: only that none was recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatchedBy(StrEnum):
    """How a page was recognised as being about a product, the surest first."""

    DECLARED = "declared"  # it says so itself, by the address or the name of the list
    HEADING = "heading"
    TITLE = "title"
    ADDRESS = "address"  # the last step of it


class OnlineForm(StrEnum):
    """By what a page lets somebody ask for a product online. Not seen is not absent: a link to it may say something else."""

    FORM = "form"  # fields on the page itself
    BUTTON = "button"  # a button that says so
    LINK = "link"  # a link to a form, to logging in, or to another host with the words for it
    NOT_SEEN = ""


class CoverageState(StrEnum):
    """The lists that products stand in."""

    COVERED = "covered"  # a page was recognised
    NO_FORM = "no-form"  # a page was, the product is one to request, and no online form was seen: a part of those covered
    SEARCHED = "searched"  # no page was, and people search for it
    ABSENT = "absent"  # no page was, and nobody is known to search for it
    NOT_OFFERED = "not-offered"  # a person said that this municipality does not offer it: it stands in no other list


@dataclass(frozen=True)
class ProductCoverage:
    """What one pass over the stored pages says of one product."""

    uri: str
    page_id: int | None = None  # the page that is most surely about it
    matched_by: MatchedBy | None = None
    pages: int = 0  # how many are
    form: OnlineForm = OnlineForm.NOT_SEEN
    form_url: str = ""  # of the link


@dataclass(frozen=True)
class ProductSearches:
    """The searches that say a product's name, or everyday words for it, and no other product's."""

    searches: int
    queries: tuple[str, ...]  # the most asked first; only those that may be shown
