"""A document as it was read: everything that a check may look at. The readers fill it, the checks judge it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.document import DocumentKind, TextKind

LONGEST_TEXT = 400_000  # characters of text that are kept of a document


@dataclass(slots=True)
class Element:
    """One element of the structure: of a PDF's tags, with the standard name of each."""

    role: str
    parent: int  # place in the list of elements; -1: the document itself
    page: int  # 0: not known
    children: list[int] = field(default_factory=list)
    content: int = 0  # pieces of marked content and annotations in it
    text: str = ""  # of its own content
    alternative: str | None = None
    actual: str | None = None
    language: str | None = None
    scope: str = ""
    headers: bool = False
    columns: int = 1  # that a cell spans


@dataclass(frozen=True)
class Picture:
    """A picture that means something: a figure, a formula, a drawing."""

    alternative: str | None  # None: nothing was filled in
    page: int
    name: str = ""  # what the file calls it
    kind: str = "Figure"
    decorative: bool = False


@dataclass(frozen=True)
class Heading:
    level: int  # 0: a heading without a level (H)
    text: str
    page: int


@dataclass(frozen=True)
class Table:
    rows: int
    columns: int  # of the widest row
    headers: int  # header cells
    filled: int  # cells with text
    page: int
    first: str = ""  # words of its first cell


@dataclass(frozen=True)
class Link:
    """One link: where it leads, the words it is made of, its description, and whether the structure knows it."""

    target: str  # empty: inside the document
    text: str
    description: str
    page: int
    tagged: bool = True


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str  # for programs
    tooltip: str  # for people; what a screen reader says
    kind: str
    page: int
    tagged: bool = True


@dataclass(frozen=True)
class Line:
    """A line of text as it looks, for telling headings and lists that are only drawn."""

    text: str
    size: float  # of its letters, in points
    page: int


@dataclass(frozen=True)
class PageContent:
    """What one page of a PDF is made of."""

    number: int
    characters: int = 0
    untagged_characters: int = 0  # neither in the structure nor marked as decoration
    untagged_pictures: int = 0
    unreadable_characters: int = 0  # no letter is known for them
    invisible_characters: int = 0  # recognised text behind a scan
    picture_share: float = 0.0  # of the page that its largest picture covers
    annotations: int = 0  # links and fields
    in_structure_order: bool = True  # the tab key follows the structure


@dataclass(frozen=True)
class EngineFailure:
    """One condition of PDF/UA that the engine saw broken."""

    rule: str
    page: int  # 0: not known


@dataclass(slots=True)
class DocumentSnapshot:
    """One document."""

    kind: DocumentKind
    pages: int | None = None
    text: str = ""
    words: int = 0
    text_kind: TextKind = TextKind.TEXT
    title: str = ""
    title_shown: bool | None = None  # None: the format has no such choice
    language: str = ""
    languages: list[tuple[str, int, str]] = field(default_factory=list)  # of parts: tag, page, a piece of their text
    tagged: bool | None = None
    suspect: bool = False  # its own program says that the tags may be wrong
    elements: list[Element] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)  # of a bounded number of pages
    lists: int = 0
    contents: list[PageContent] = field(default_factory=list)
    untitled_slides: list[int] = field(default_factory=list)
    bookmarks: bool | None = None  # None: the format has none
    form: bool = False
    xfa: str = ""  # "static" or "dynamic"
    encrypted: bool = False
    shuts_out: bool = False  # its permissions refuse assistive technology
    claims_ua: bool = False  # it says that it meets PDF/UA
    engine: list[EngineFailure] | None = None  # None: the engine did not run to its end
    created: str = ""
    changed: str = ""
    producer: str = ""
    unread: set[str] = field(default_factory=set)  # "content", "structure": what was not read to its end

    def below(self, place: int) -> Iterator[Element]:
        """The elements below one, in reading order."""
        waiting = list(reversed(self.elements[place].children))
        while waiting:
            one = waiting.pop()
            yield self.elements[one]
            waiting.extend(reversed(self.elements[one].children))

    def text_of(self, place: int, longest: int = 500) -> str:
        """The words of an element and all below it; a replacement text counts as its words."""
        found: list[str] = []
        waiting = [place]
        while waiting and sum(map(len, found)) < longest:
            element = self.elements[waiting.pop()]
            if element.actual is not None:
                found.append(element.actual)
                continue
            found.append(element.text)
            waiting.extend(reversed(element.children))
        return " ".join(" ".join(found).split())[:longest]
