"""Whose page it is: said of one page, of all pages of an author, of a section, or of a template; the nearest one wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from rules.address import origin_of, page_identity
from rules.plain_table import PlainTable, TableError, spelled_out

MOST_RULES = 50_000
LONGEST_OWNER = 200
LONGEST_VALUE = 2_000
EXAMPLE = "pad;eigenaar"


class OwnersError(ValueError):
    """The file cannot be brought in as a whole; the sentence says why and what to do."""


class OwnedBy(StrEnum):
    """By what a page is somebody's, the nearest first."""

    PAGE = "page"
    AUTHOR = "author"
    SECTION = "section"
    TEMPLATE = "template"


@dataclass(frozen=True)
class OwnerRule:
    """Some pages of a site are somebody's.

    `value`: the identity of a page, the name of an author, how a path begins, or the number of a template.
    `owner`: an e-mail address or the name of a team, as people write it.
    """

    kind: OwnedBy
    value: str
    owner: str


HEADINGS = spelled_out(
    {
        "section": "pad|path|sectie|section|map|folder|onderdeel",
        "page": "pagina|page|url|adres|address",
        "author": "auteur|author|schrijver",
        "template": "sjabloon|template",
        "owner": "eigenaar|owner|redacteur|editor|team|e-mail|email|mail",
    }
)


def read_owners(content: bytes, start_url: str) -> list[OwnerRule]:
    """The rules of a CSV file: one column says what (path, page, author or template), one says whose.

    Raises OwnersError with the line and what to write there.
    """
    found: dict[tuple[OwnedBy, str], OwnerRule] = {}
    try:
        table = PlainTable(content, HEADINGS)
        if "owner" not in table.columns or not any(name not in ("", "owner") for name in table.columns):
            raise OwnersError(f"its first line has to name what is whose, such as: {EXAMPLE}")
        for line, cells in table.rows():
            rule = _rule(cells, start_url, line)
            if found.setdefault((rule.kind, rule.value), rule) != rule:
                raise OwnersError(f"line {line} gives '{rule.value}' a second owner; keep one of the two")
            if len(found) > MOST_RULES:
                raise OwnersError(f"it has more than {MOST_RULES} lines; name sections instead of pages")
    except TableError as error:
        raise OwnersError(str(error)) from error
    if not found:
        raise OwnersError("there is no line in it that names an owner")
    return list(found.values())


def _rule(cells: Mapping[str, str], start_url: str, line: int) -> OwnerRule:
    said = [(name, value) for name, value in cells.items() if name != "owner" and value]
    if len(said) != 1:
        raise OwnersError(f"line {line} has to name one path, page, author or template")
    try:
        return owner_rule(OwnedBy(said[0][0]), said[0][1], cells.get("owner", ""), start_url)
    except OwnersError as error:
        raise OwnersError(f"line {line}: {error}") from error


def owner_rule(kind: OwnedBy, value: str, owner: str, start_url: str) -> OwnerRule:
    """A rule from what somebody typed. Raises OwnersError with what to write."""
    owner, value = " ".join(owner.split()), " ".join(value.split())
    if not owner or len(owner) > LONGEST_OWNER or not owner.isprintable():
        raise OwnersError(f"name an owner in at most {LONGEST_OWNER} characters")
    if not value or len(value) > LONGEST_VALUE or not value.isprintable():
        raise OwnersError(f"name a path, page, author or template in at most {LONGEST_VALUE} characters")
    match kind:
        case OwnedBy.SECTION:
            path = urlsplit(value).path if "://" in value else value
            return OwnerRule(kind, "/" + path.strip("/") + "/" if path.strip("/") else "/", owner)
        case OwnedBy.PAGE:
            try:
                identity = page_identity(urljoin(start_url, value))
                is_ours = origin_of(identity) == origin_of(start_url)
            except ValueError:
                is_ours = False
            if not is_ours:
                raise OwnersError(f"'{value}' is no page of this site")
            return OwnerRule(kind, identity, owner)
        case OwnedBy.TEMPLATE if not re.fullmatch(r"\d{1,9}", value):
            raise OwnersError(f"'{value}' is no number of a template; the list of owners shows them")
    return OwnerRule(kind, value, owner)


@dataclass(frozen=True)
class OwnedPage:
    """What is known of a page to say whose it is."""

    identity: str
    author: str = ""
    template: int | None = None


class Owners:
    """The rules of a site, ready to be asked of many pages."""

    def __init__(self, rules: Iterable[OwnerRule]) -> None:
        self._by: dict[OwnedBy, dict[str, str]] = {kind: {} for kind in OwnedBy}
        for rule in rules:
            self._by[rule.kind][rule.value.casefold() if rule.kind is OwnedBy.AUTHOR else rule.value] = rule.owner

    def of(self, page: OwnedPage) -> str:
        """The owner of a page; empty: nobody's."""
        owner = self._by[OwnedBy.PAGE].get(page.identity)
        owner = owner or self._by[OwnedBy.AUTHOR].get(page.author.casefold())
        owner = owner or self._of_section(page.identity)
        return owner or self._by[OwnedBy.TEMPLATE].get(str(page.template), "")

    def _of_section(self, identity: str) -> str:
        """That of the longest path that the page's begins with; a section is also the page of its own name."""
        sections = self._by[OwnedBy.SECTION]
        path = urlsplit(identity).path.rstrip("/") + "/"
        while path:
            if path in sections:
                return sections[path]
            path = path.rstrip("/").rpartition("/")[0]
            path = f"{path}/" if path else ""
        return sections.get("/", "")
