"""A list of search tasks as a communication adviser keeps it: one line a task, saved from a spreadsheet as CSV.

    taak;zoekwoorden;pagina's;product
    Paspoort aanvragen;paspoort | id kaart;/producten/paspoort | /producten/identiteitskaart 2;paspoort

Words and pages are parted by "|". A page is an address, or a path of the site; a number behind it is its grade, 1 (helps a
little) to 3 (this is the page; the default).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping

from rules.address import resolve
from rules.findability import HIGHEST_GRADE, RightPage, SearchTask

LONGEST_QUERY = 120  # characters; nobody types more, and a search box may not take more
LONGEST_TITLE = 200
MOST_QUERIES, MOST_RIGHT_PAGES = 20, 10  # of one task
MOST_TASKS = 500
LARGEST = 2_000_000  # bytes
COLUMNS = {
    "title": ("taak", "titel", "vraag", "task", "title"),
    "queries": ("zoekwoorden", "zoekwoord", "zoekvragen", "queries", "query"),
    "pages": ("pagina's", "pagina’s", "paginas", "pagina", "pages", "page"),
    "product": ("product", "upl"),
}
PAGE = re.compile(rf"(?P<url>\S+)(?:\s+(?P<grade>[1-{HIGHEST_GRADE}]))?")
EXAMPLE = (
    "Write a line of headings and one line for each task, such as:\ntaak;zoekwoorden;pagina's\n"
    "Paspoort aanvragen;paspoort | pas verlengen;/producten/paspoort"
)


class TaskFileError(ValueError):
    """A task cannot be read; the sentence says where and what to write. `field`: of a task, where that is what is wrong."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def read_tasks(content: bytes, start_url: str) -> tuple[SearchTask, ...]:
    """The tasks of a CSV file; paths are those of the site of `start_url`. Raises TaskFileError about the first fault."""
    if len(content) > LARGEST:
        raise TaskFileError(f"It is larger than {LARGEST // 1_000_000} MB, which no list of tasks is")
    text = _decoded(content)
    heading = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=heading.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error as error:
        raise TaskFileError(f"It is no CSV: {error}. {EXAMPLE}") from error
    columns = _columns(rows[0] if rows else [])
    if not rows[1:] or len(rows) - 1 > MOST_TASKS:
        raise TaskFileError(f"There are {len(rows[1:])} tasks in it, where 1 to {MOST_TASKS} fit. {EXAMPLE}")
    tasks = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        try:
            tasks.append(task_of(cells, start_url))
        except TaskFileError as error:
            raise TaskFileError(f"Line {number}: {error}", error.field) from error
    titles = [task.title for task in tasks]
    if twice := next((title for title in titles if titles.count(title) > 1), ""):
        raise TaskFileError(f"The task '{twice}' is there twice. Give each its own name")
    return tuple(tasks)


def task_of(cells: Mapping[str, str], start_url: str) -> SearchTask:
    """A task of what somebody wrote: "title", "queries", "pages" and perhaps "product". Raises TaskFileError."""
    right = [_page(part, start_url) for part in _parts(cells["pages"])]
    return checked_task(cells["title"], _parts(cells["queries"]), right, cells.get("product", ""), start_url)


def checked_task(title: str, queries: Iterable[str], pages: Iterable[RightPage], product: str, start_url: str) -> SearchTask:
    """A task of its parts, written alike; of two pages of one address the last counts. Raises TaskFileError."""
    title = _line("title", "the task", title, LONGEST_TITLE)
    words = dict.fromkeys(_line("queries", "a search word", query, LONGEST_QUERY) for query in queries)
    right = {page.url: page for page in (_page(f"{page.url} {page.grade}", start_url) for page in pages)}
    if not 1 <= len(words) <= MOST_QUERIES:
        raise TaskFileError(
            f"'{title}' has {len(words)} search words, where 1 to {MOST_QUERIES} fit; put | between them", "queries"
        )
    if not 1 <= len(right) <= MOST_RIGHT_PAGES:
        raise TaskFileError(f"'{title}' has {len(right)} pages, where 1 to {MOST_RIGHT_PAGES} fit; put | between them", "pages")
    return SearchTask(
        title,
        tuple(words),
        tuple(right.values()),
        _line("product", "the product", product, LONGEST_TITLE) if product.strip() else "",
    )


def _decoded(content: bytes) -> str:
    """The text, as spreadsheets write it: UTF-8, UTF-16, or the code page of Windows."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TaskFileError("It is no text. Save the spreadsheet as CSV UTF-8, and try again")


def _columns(heading: list[str]) -> dict[str, int]:
    names = [name.strip().casefold() for name in heading]
    found = {key: place for key, known in COLUMNS.items() for place, name in enumerate(names) if name in known}
    if missing := [known[0] for key, known in COLUMNS.items() if key not in found and key != "product"]:
        raise TaskFileError(f"There is no column {', '.join(missing)}. {EXAMPLE}")
    return found


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|\n]", cell) if part.strip()]


def _page(part: str, start_url: str) -> RightPage:
    match = PAGE.fullmatch(part)
    url = resolve(start_url, match["url"]) if match and re.match(r"https?://|/", match["url"]) else None
    if match is None or url is None:
        raise TaskFileError(f"'{part[:100]}' is no page. Copy its address from the browser, such as {start_url}", "pages")
    return RightPage(url, int(match["grade"] or HIGHEST_GRADE))


def _line(field: str, what: str, text: str, longest: int) -> str:
    line = " ".join(text.split())
    if not line or len(line) > longest or not line.isprintable():
        raise TaskFileError(f"{what} must be 1 to {longest} characters of plain text. {EXAMPLE}", field)
    return line
