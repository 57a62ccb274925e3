"""Feedback of any program as a table: its columns by their headings in Dutch or English, or by a mapping; masked when read.

Uses the tables, the days and the masker of `checks.search_log`. A score without a scale of its own ("4/5") is of the scale that
all scores of the file fit in, unless a person names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO
from urllib.parse import quote, unquote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from checks.search_log.mask import Masker
from checks.search_log.stream import LogStream
from checks.search_log.table import Table, open_table, read_days, read_moment
from rules.address import origin_of, page_identity
from rules.feedback import Feedback, FeedbackError
from rules.search_log import SearchLogError, Tally

_HEADINGS = {
    "page": (
        "page|url|page url|page_url|pageurl|address|page address|link|location|web page|source url|landing page"
        "|pagina|adres|webadres|pagina-url|paginaurl|pagina url|webpagina|adres van de pagina"
    ),
    "day": (
        "date|day|time|timestamp|datetime|date time|created|created at|created_at|submitted|submitted at|response date"
        "|date submitted|datum|dag|tijd|tijdstip|datum en tijd|ingevuld op|verzonden op|aangemaakt|aangemaakt op|moment"
    ),
    "score": (
        "score|rating|rate|stars|grade|mark|nps|value|satisfaction|emotion"
        "|cijfer|waardering|sterren|beoordeling|rapportcijfer|tevredenheid|waarde"
    ),
    "answer": (
        "answer|helpful|was this page helpful|useful|thumb|thumbs|vote|was this page useful|found"
        "|antwoord|nuttig|duim|duimpje|behulpzaam|stem|gevonden|heeft u gevonden wat u zocht|was deze informatie nuttig"
        "|hielp deze pagina|geholpen|heeft deze pagina u geholpen"
    ),
    "comment": (
        "comment|comments|remark|feedback|message|text|explanation|suggestion|open answer"
        "|opmerking|opmerkingen|toelichting|reactie|bericht|tekst|suggestie|commentaar|open antwoord"
    ),
}
FIELDS = tuple(_HEADINGS)
HEADINGS = {heading: name for name, headings in _HEADINGS.items() for heading in headings.split("|")}
YES = frozenset(
    [
        "ja",
        "yes",
        "y",
        "j",
        "up",
        "omhoog",
        "positief",
        "positive",
        "goed",
        "good",
        "true",
        "waar",
        "nuttig",
        "useful",
        "👍",
        ":)",
        "+",
        "😀",
        "🙂",
        "blij",
        "happy",
    ]
)
NO = frozenset(
    [
        "nee",
        "no",
        "n",
        "down",
        "omlaag",
        "negatief",
        "negative",
        "slecht",
        "bad",
        "false",
        "onwaar",
        "👎",
        ":(",
        "-",
        "🙁",
        "😞",
        "sad",
        "boos",
    ]
)
OUT_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|van(?: de)?|out of|of)\s*(\d+)\b.*")
SCALES = ((0.0, 1.0), (1.0, 5.0), (1.0, 10.0), (0.0, 100.0))
MOST_ROWS = 200_000
SAMPLE = 3


@dataclass(frozen=True)
class FeedbackOptions:
    """What a person said about a file."""

    mapping: Mapping[str, str] = field(default_factory=dict)  # a field: the heading of its column
    scale: tuple[float, float] | None = None  # None: seen by the scores
    confirmed: bool = False  # columns that are only guessed were looked at
    case_numbers: tuple[str, ...] = ()
    zone: str = "Europe/Amsterdam"


@dataclass
class FeedbackRead:
    """What a file holds."""

    answers: list[Feedback]
    mapping: dict[str, str]
    scale: tuple[float, float] | None  # None: no score without a scale of its own
    digest: str


def read_mapping(text: str) -> dict[str, str]:
    """A mapping as a person writes it: "page=Adres,score=Cijfer". Raises FeedbackError where it is none."""
    mapping: dict[str, str] = {}
    for part in text.split(","):
        name, equals, heading = part.partition("=")
        if not equals or name.strip() not in FIELDS or not heading.strip():
            raise FeedbackError(f"'{part}' is no part of a mapping; write field=heading, with a field of: {', '.join(FIELDS)}")
        mapping[name.strip()] = heading.strip()
    return mapping


def read_scale(text: str) -> tuple[float, float]:
    """A scale as a person writes it: "1-5". Raises FeedbackError where it is none."""
    found = re.fullmatch(r"\s*(\d{1,3})\s*-\s*(\d{1,3})\s*", text)
    if not found or int(found[1]) >= int(found[2]):
        raise FeedbackError(f"'{text}' is no scale; write the worst and the best score: 1-5")
    return float(found[1]), float(found[2])


def read_feedback(stream: BinaryIO, site_url: str, options: FeedbackOptions, tally: Tally) -> FeedbackRead:
    """The answers of a file, masked. Raises FeedbackError for a file that is bad as a whole."""
    masker = Masker(options.case_numbers)
    tally.masked = masker.counts
    try:
        log = LogStream(stream, tally)
        if b"\x00\x00\x00\x00" in log.head()[:4_000] or log.head().startswith(b"PK\x03\x04"):
            raise FeedbackError("it is no text; export it as CSV")
        table = open_table(log.text_lines(), tally)
        places, mapping = _places(table, options, masker)
        raw = list(_rows(table, places, options, tally))
    except SearchLogError as error:
        raise FeedbackError(str(error)) from error
    scale = options.scale or _scale([number for _, _, _, number, own, _ in raw if number is not None and not own])
    origin = origin_of(site_url)
    answers = []
    masker.counts.clear()  # what a sample showed is not counted twice
    for line, address, day, number, own, comment in raw:
        used = own or scale
        rating = None
        if number is not None and used:
            if not used[0] <= number <= used[1]:
                tally.bad(line, "no-number")
                continue
            rating = (number - used[0]) / (used[1] - used[0])
        said = masker.query(comment) if comment else ""
        if (rating is None and not said) or (where := _where(address, origin, masker, tally)) is None:
            continue
        answers.append(Feedback(where, day, rating, said))
    tally.digest.update(repr((sorted(mapping.items()), scale)).encode())
    return FeedbackRead(answers, mapping, scale, tally.digest.hexdigest())


def _places(table: Table, options: FeedbackOptions, masker: Masker) -> tuple[dict[str, int], dict[str, str]]:
    """In which column each field stands, and by which heading; a guess is shown to a person first."""
    plain = [" ".join(re.sub(r"[?:]|\s*\(.*?\)", "", heading).lower().split()) for heading in table.headings]
    if options.mapping:
        wanted = [heading.lower() for heading in table.headings]
        if missing := [heading for heading in options.mapping.values() if heading.lower() not in wanted]:
            raise FeedbackError(f"there is no column '{missing[0]}'; its columns are {', '.join(table.headings)[:300]}")
        places = {name: wanted.index(heading.lower()) for name, heading in options.mapping.items()}
    else:
        places = {}
        for place, heading in enumerate(plain):
            places.setdefault(HEADINGS.get(heading, ""), place)
        places.pop("", None)
    mapping = {name: table.headings[place] for name, place in places.items()}
    needed = {"page", "day"} <= places.keys() and bool(places.keys() & {"score", "answer", "comment"})
    if not needed:
        raise FeedbackError(
            f"its columns are {', '.join(table.headings)[:300]}, and no page, no day or nothing that is said was "
            "recognised; say what they hold: --mapping page=…,day=…,score=…,answer=…,comment=…"
        )
    if not options.mapping and not options.confirmed:
        words = ",".join(f"{name}={heading}" for name, heading in mapping.items())
        rows = "\n".join(f"    {' | '.join(masker.query(cell) for cell in cells)}" for _, cells in islice(table.rows, SAMPLE))
        raise FeedbackError(
            f"its columns would be read as {words}. Its first lines:\n{rows}\n"
            f"Where that is right, bring it in with --yes; where not, say what they hold: --mapping {words}"
        )
    return places, mapping


Raw = tuple[int, str, date, float | None, tuple[float, float] | None, str]


def _rows(table: Table, places: Mapping[str, int], options: FeedbackOptions, tally: Tally) -> Iterator[Raw]:
    """Line, address, day, number, the scale that it names itself, and comment of each row that can be read."""
    zone = ZoneInfo(options.zone)
    for count, (line, cells) in enumerate(table.rows):
        if count >= MOST_ROWS:
            raise FeedbackError(f"it has more than {MOST_ROWS} answers; export a shorter period at a time")
        record = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        if not record["page"]:
            tally.left_out["no-page"] += 1
            continue
        day = _day(record["day"], zone)
        if day is None:
            tally.bad(line, "no-day")
            continue
        try:
            number, own = _number(record.get("score", "")) if record.get("score") else _answer(record.get("answer", ""))
        except ValueError:
            tally.bad(line, "no-number")
            continue
        yield line, record["page"], day, number, own, record.get("comment", "")


def _day(text: str, zone: ZoneInfo) -> date | None:
    moment = read_moment(text, zone) if re.search(r"\d[T ,]+\d{1,2}:|^\d{9,14}$", text) else None
    if moment is not None:
        return datetime.fromtimestamp(moment / 1000, zone).date()
    days = read_days(text)
    return days[0] if days and days[0] == days[1] else None


def _number(text: str) -> tuple[float | None, tuple[float, float] | None]:
    """A score, and its scale where it names one: "4", "7,5", "4/5", "80%", "★★★★☆". Raises ValueError for what is none."""
    if found := OUT_OF.fullmatch(text.lower()):
        return float(found[1].replace(",", ".")), (0.0 if found[2] in ("1", "100") else 1.0, float(found[2]))
    if stars := text.count("★"):
        return float(stars), (1.0, 5.0)
    if text.endswith("%"):
        return float(text[:-1].replace(",", ".")), (0.0, 100.0)
    try:
        return float(text.replace(",", ".")), None
    except ValueError:
        return _answer(text)


def _answer(text: str) -> tuple[float | None, tuple[float, float] | None]:
    """A thumb or a yes as 1 of 0 to 1; empty: nothing. Raises ValueError for what is neither yes nor no."""
    words = re.sub(r"[,.;!]", " ", text.lower()).split()
    if not words:
        return None, None
    if words[0] in ("1", "0"):
        return float(words[0]), (0.0, 1.0)
    said = {word for word in words if word in YES or word in NO}
    if "niet" in words or "not" in words or not said or (said & YES and said & NO):
        raise ValueError(text)
    return (1.0 if said & YES else 0.0), (0.0, 1.0)


def _scale(numbers: Sequence[float]) -> tuple[float, float] | None:
    """The smallest scale that all scores fit in. Raises FeedbackError where there is none."""
    if not numbers:
        return None
    for scale in SCALES:
        if scale[0] <= min(numbers) and max(numbers) <= scale[1]:
            return scale
    raise FeedbackError(f"its scores run from {min(numbers):g} to {max(numbers):g}; say the scale: --scale 1-5")


def _where(address: str, origin: str, masker: Masker, tally: Tally) -> str | None:
    """The page without its query, its path masked; None where it is of another site."""
    try:
        url = page_identity(urljoin(f"{origin}/", address if "://" in address or address.startswith("/") else f"//{address}"))
        host = urlsplit(url).netloc.removeprefix("www.")
    except ValueError:
        host, url = "", ""
    if host != urlsplit(origin).netloc.removeprefix("www."):
        tally.left_out["other-site"] += 1
        return None
    masked = masker.page(url)
    path = urlsplit(url).path
    return origin + (path if masked == unquote(path) else quote(masked, safe="/[]"))
