"""A link says where it leads, by its own words or with the text it stands in.

Source: WCAG 2.2 SC 2.4.4 Link Purpose (In Context) (level A), definition of programmatically determined link context; SC 4.1.2;
EN 301 549 clauses 9.2.4.4 and 9.4.1.2; ACT rules 5effbb, fd3a94; techniques G91, H33, H77 to H79, H2, G201; failures F63 and F84.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from checks.accessibility.wording import bare, phrases, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

PURPOSE = "link-purpose"
SAME_NAME = "link-same-name"
NEW_WINDOW = "link-new-window"
FILE = "link-to-file"
ADDRESS = "link-text-address"
SCRIPTED = "link-as-button"
TWINS = "link-adjacent-duplicate"
RULES = (PURPOSE, SAME_NAME, NEW_WINDOW, FILE, ADDRESS, SCRIPTED, TWINS)

SAYS_NOTHING = phrases("links/says_nothing.txt")
MAY_BE_A_PAGE = phrases("links/may_be_a_page.txt")
MORE_OF_THE_SAME = phrases("links/more_of_the_same.txt")
ADDS_NOTHING = phrases("links/adds_nothing.txt")
MARKS_OF_PAGING = re.compile(r"[‹›«»<>←→▲▼↑↓×✕✖+−–\-…. 0-9↩*#|/]+")

# Part of an address that names another thing of the same kind; other parameters may be mere tracking or state.
NAMES_A_THING = re.compile(
    r"id|[nparct]id|page|pagina|p|article|artikel|item|node|doc|document|docid|file|bestand|product|object|objectid|zaak",
    re.IGNORECASE,
)
TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|mc_.*|ref|referrer|source|src|pk_.*|mtm_.*|_ga|phpsessid|jsessionid|sid|session.*|token|nonce",
    re.IGNORECASE,
)
START_PAGE = re.compile(r"(index|default|home)\.(html?|php|aspx?|jsp)$", re.IGNORECASE)

NEW_WINDOW_WORDS = re.compile(
    r"venster|tab(blad)?\b|extern|window|external|nieuwe pagina|new page|opent? in|opens? in|popup|pop-up", re.IGNORECASE
)
TYPE_WORDS = {
    "pdf": r"pdf",
    "doc": r"word|docx?|odt|rtf|document",
    "sheet": r"excel|xlsx?|ods|csv|spreadsheet|werkblad",
    "slides": r"power ?point|pptx?|odp|presentati|slides",
    "zip": r"zip",
    "sound": r"mp3|audio|geluid|podcast|luister|listen",
    "film": r"mp4|video|film|bekijk|watch",
}
KINDS = {"xls": "sheet", "xlsx": "sheet", "ods": "sheet", "csv": "sheet", "ppt": "slides", "pptx": "slides", "odp": "slides"}
KINDS |= {"zip": "zip", "mp3": "sound", "mp4": "film", "pdf": "pdf"}
BACK_TO_TOP = re.compile(r"boven|\btop\b|begin|omhoog|\bup\b", re.IGNORECASE)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    if not facts:
        return
    yield passed(PURPOSE, facts["element"])
    for link in facts["links"]:
        yield from _purpose(link)
    yield from _same_names(facts["links"])
    yield from _new_windows(facts["newWindow"])
    yield from _files(facts["files"])
    for link in facts["addresses"]:
        yield cannot_tell(ADDRESS, link["element"], name=link["name"])
    for link in facts["scripted"]:
        fine = BACK_TO_TOP.search(link["name"]) is not None
        yield passed(SCRIPTED, link["element"]) if fine else cannot_tell(SCRIPTED, link["element"], name=link["name"])
    for link in facts["twins"]:
        yield cannot_tell(TWINS, link["element"], name=link["name"])


def _purpose(link: dict[str, Any]) -> Iterator[Verdict]:
    name = bare(link["name"])
    if link["popup"] or name not in SAYS_NOTHING:
        if not words(link["name"]) and not MARKS_OF_PAGING.fullmatch(link["name"]) and not _told(link):
            yield cannot_tell(PURPOSE, link["element"], name=link["name"])
        return
    if _told(link) or (link["inNavigation"] and name in MAY_BE_A_PAGE):
        return
    if _adds(link["row"], link["name"]):
        yield cannot_tell(PURPOSE, link["element"], "inRow", name=link["name"])
    elif link["heading"]:
        yield cannot_tell(PURPOSE, link["element"], "underHeading", name=link["name"], heading=link["heading"])
    elif link["inNavigation"] or (link["afterList"] and name in MORE_OF_THE_SAME):
        yield cannot_tell(PURPOSE, link["element"], name=link["name"])
    else:
        yield failed(PURPOSE, link["element"], name=link["name"])


def _told(link: dict[str, Any]) -> bool:
    """The words around the link add something: a word of three letters that no empty phrase holds and that means something."""
    return any(_adds(text, link["name"]) for text in (link["context"], link["description"]))


def _adds(text: str, name: str) -> bool:
    rest = f" {bare(text)} "
    for phrase in sorted({bare(name), *SAYS_NOTHING}, key=len, reverse=True):
        rest = rest.replace(f" {phrase} ", "  ").replace(f" {phrase} ", "  ") if phrase else rest
    return any(len(word) >= 3 and word not in ADDS_NOTHING for word in words(rest))


def _same_names(links: list[dict[str, Any]]) -> Iterator[Verdict]:
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for link in links:
        name = bare(link["name"])
        if name and link["target"] is not None and not link["popup"]:
            groups[name, bare(link["context"]), bare(link["description"])].append(link)
    for (name, _, _), group in groups.items():
        if len(group) < 2:
            continue
        first = urlsplit(group[0]["target"])
        for link in group[1:]:
            yield _compared(link, first, urlsplit(link["target"]), is_empty=name in SAYS_NOTHING and not _told(link))


def _compared(link: dict[str, Any], first: SplitResult, second: SplitResult, *, is_empty: bool) -> Verdict:
    """Whether two links of one name in one context may lead to different things, as far as their addresses tell."""
    arguments = {"name": link["name"], "first": first.geturl()[:200], "second": second.geturl()[:200]}
    if is_empty or _resource(first) == _resource(second):
        return passed(SAME_NAME, link["element"])
    one, other = dict(parse_qsl(first.query)), dict(parse_qsl(second.query))
    same_script = _place(first) == _place(second)
    changed = [key for key in one if one[key] != other.get(key)]
    if same_script and one.keys() == other.keys() and any(NAMES_A_THING.fullmatch(key) for key in changed):
        return failed(SAME_NAME, link["element"], **arguments)
    if not same_script and _is_same_subject(first, second):
        return passed(SAME_NAME, link["element"])
    return cannot_tell(SAME_NAME, link["element"], **arguments)


def _host(address: SplitResult) -> str:
    return address.netloc.casefold().removeprefix("www.")


def _place(address: SplitResult) -> tuple[str, str]:
    path = START_PAGE.sub("", unquote(address.path)).rstrip("/")
    return _host(address), path


def _is_same_subject(first: SplitResult, second: SplitResult) -> bool:
    """On one site: /contact and /over-ons/contact, or /contact and /contact/formulier."""
    one, other = sorted((first.path.rstrip("/"), second.path.rstrip("/")), key=len)
    is_inside = bool(one) and other.startswith(f"{one}/")
    return _host(first) == _host(second) and (_last(first) == _last(second) or is_inside)


def _last(address: SplitResult) -> str:
    return _place(address)[1].rpartition("/")[2]


def _resource(address: SplitResult) -> tuple[object, ...]:
    query = tuple(
        sorted((key, value) for key, value in parse_qsl(address.query, keep_blank_values=True) if not TRACKING.fullmatch(key))
    )
    scheme = "" if address.scheme in ("http", "https") else address.scheme
    return scheme, _place(address), query, address.fragment


def _new_windows(links: list[dict[str, Any]]) -> Iterator[Verdict]:
    for link in links:
        told = NEW_WINDOW_WORDS.search(f"{link['name']} {link['description']}")
        yield passed(NEW_WINDOW, link["element"]) if told else cannot_tell(NEW_WINDOW, link["element"], name=link["name"])


def _files(links: list[dict[str, Any]]) -> Iterator[Verdict]:
    for link in links:
        extension = urlsplit(link["target"]).path.rpartition(".")[2].casefold()
        kind = KINDS.get(extension, "doc")
        said = f"{link['name']} {link['description']} {link['context']}"
        told = re.search(TYPE_WORDS[kind], said, re.IGNORECASE)
        yield passed(FILE, link["element"]) if told else cannot_tell(FILE, link["element"], name=link["name"], type=extension)
