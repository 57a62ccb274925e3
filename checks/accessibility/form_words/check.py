"""What is said beside a field: which field it is, what to fill in, and what went wrong.

Source: WCAG 2.2 SC 2.4.6 Headings and Labels (AA), SC 3.3.1 Error Identification (A), SC 3.3.2 Labels or Instructions (A),
SC 3.3.3 Error Suggestion (AA) and SC 1.3.1 Info and Relationships (A); EN 301 549 clauses 9.2.4.6, 9.3.3.1, 9.3.3.2, 9.3.3.3
and 9.1.3.1; ACT rules cc0f0a and 36b590; techniques G131, G83, G84, G85, G167, G177, H90 and ARIA1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from checks.accessibility.wording import bare, phrases, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

LABEL = "label-descriptive"
ERROR = "error-message-descriptive"
NO_ERROR_TEXT = "error-text-missing"
PLACEHOLDER = "placeholder-only-label"
MARK = "required-mark-explained"
HINT = "field-hint-tied"
SUGGESTION = "error-suggestion"
TIED = "error-text-tied"
RULES = (LABEL, ERROR, NO_ERROR_TEXT, PLACEHOLDER, MARK, HINT, SUGGESTION, TIED)

TO_TYPE_IN = frozenset(
    ("text", "email", "tel", "url", "number", "date", "datetime-local", "month", "week", "time", "password", "textarea")
)
OF_ONE_KIND = frozenset({"date", "datetime-local", "month", "week", "time", "email", "tel", "url", "number", "password", "file"})
TOO_WIDE = phrases("form_words/label_too_wide.txt")
LABEL_SAYS_NOTHING = phrases("form_words/label_says_nothing.txt")
ERROR_SAYS_NOTHING = phrases("form_words/error_says_nothing.txt")
MUST = re.compile(r"verplicht|vereist|required|mandatory|must be filled|moet(en)? (\w+ )?(ingevuld|worden)", re.IGNORECASE)
FAULT = re.compile(
    r"\bfout|ongeldig|onjuist|incorrect|verkeerd|mislukt|klopt niet|niet (geldig|juist|goed|correct)|"
    r"invalid|wrong|\berrors?\b|not (valid|correct)",
    re.IGNORECASE,
)
# What is asked for again, and so was not right; and what tells how it is right: a number, an example, a form, a range.
NOT_RIGHT = re.compile(r"\b(geldige?|juiste?|correcte?|valid|right)\b", re.IGNORECASE)
TELLS_HOW = re.compile(
    r"\d|[@\"“”„‘]|\b(bijv\w*|bv|voorbeeld|zoals|formaat|notatie|tussen|minimaal|maximaal|minstens|hoogstens|ten minste|"
    r"ten hoogste|alleen|zonder|bestaat uit|cijfers?|letters?|tekens|dd|mm|jjjj|yyyy|verleden|toekomst|vandaag|"
    r"te (kort|lang|hoog|laag|groot|klein|vroeg|laat|oud|jong|veel|weinig)|hoger|lager|groter|kleiner|langer|korter|meer|minder|"
    r"eerder|later|bedoel\w*|kies|selecteer|gebruik|verlopen|bezet|komen niet overeen|example|e\.?g|such as|like|format|"
    r"between|at (least|most)|only|without|digits?|characters|letters|numbers|too \w+|past|future|today|higher|lower|"
    r"greater|larger|smaller|longer|shorter|more|less|before|after|mean|choose|select|use|match|expired|"
    r"must (be|contain|have|start|end))\b",
    re.IGNORECASE,
)
SECRET = re.compile(r"wachtwoord|inlog|gebruikersnaam|account|password|log-?in|user ?name|\bcode\b|\bpin\b", re.IGNORECASE)
SEARCH = re.compile(r"zoek|search|trefwoord|keyword", re.IGNORECASE)
MARK_EXPLAINED = re.compile(
    r"\*[^*]{0,60}(verplicht|vereist|required|mandatory|nodig)|(verplicht|vereist|required|mandatory|sterretje|asterisk)[^*]{0,60}\*|sterretje|asterisk",
    re.IGNORECASE,
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    if not facts:
        return
    for field in facts["fields"]:
        yield from _label(field)
        yield from _placeholder(field)
    yield from _same_labels(facts["fields"])
    messages = facts["messages"]
    explains = any(_is_error(message) and not _says_nothing(message) for message in messages)
    for message in messages:
        yield from _message(message, len(facts["fields"]), explains=explains)
        yield from _suggestion(message)
        yield from _tied(message)
    yield from _without_error_text(facts)
    for mark in facts["marks"]:
        explained = MARK_EXPLAINED.search(mark["text"]) or MUST.search(mark["text"])
        yield passed(MARK, mark["element"]) if explained else cannot_tell(MARK, mark["element"])
    for hint in facts["hints"]:
        yield cannot_tell(HINT, hint["element"], text=hint["text"][:100])


def _label(field: dict[str, Any]) -> Iterator[Verdict]:
    label = bare(field["label"])
    if not label:
        return
    is_typed_in = field["type"] in TO_TYPE_IN
    if (label in LABEL_SAYS_NOTHING and is_typed_in) or (label in TOO_WIDE and field["type"] in OF_ONE_KIND):
        yield failed(LABEL, field["element"], label=field["label"])
    elif (label in TOO_WIDE and is_typed_in) or not words(label):
        yield cannot_tell(LABEL, field["element"], label=field["label"])
    else:
        yield passed(LABEL, field["element"])


def _same_labels(fields: list[dict[str, Any]]) -> Iterator[Verdict]:
    """Two fields to type in with one label, and nothing seen between them but labels."""
    groups: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    for field in fields:
        if field["type"] in TO_TYPE_IN and words(field["label"]) and not field["inTable"]:
            seen = bare(field["label"]), bare(field["name"]), field["placeholder"], field["described"], field["title"]
            groups[seen, field["form"], field["context"]].append(field)
    for group in groups.values():
        for field in group[1:]:
            yield failed(LABEL, field["element"], "twice", label=field["label"])


def _placeholder(field: dict[str, Any]) -> Iterator[Verdict]:
    if field["type"] not in TO_TYPE_IN or not (field["placeholder"] or field["label"]):
        return
    is_search = SEARCH.search(f"{field['name']} {field['placeholder']}")  # the button beside it says what it is for (G167)
    if field["label"] or is_search or field["type"] == "search":
        yield passed(PLACEHOLDER, field["element"])
    else:
        yield cannot_tell(PLACEHOLDER, field["element"], placeholder=field["placeholder"])


def _is_error(message: dict[str, Any]) -> bool:
    return bool(words(message["text"])) and (message["isCalled"] or FAULT.search(message["text"]) is not None)


def _says_nothing(message: dict[str, Any]) -> bool:
    """Every word would fit every fault of every field."""
    named = set(words(message["field"])) - ERROR_SAYS_NOTHING
    return all(word in ERROR_SAYS_NOTHING and word not in named for word in words(message["text"]))


def _message(message: dict[str, Any], fields: int, *, explains: bool) -> Iterator[Verdict]:
    """`explains`: some message on the page says more, so that a general one may stand above it."""
    text, element = message["text"], message["element"]
    if not _is_error(message):
        return
    if _says_nothing(message):
        if not message["isTied"] and (explains or message["isHeading"]):
            yield passed(ERROR, element) if explains else cannot_tell(ERROR, element, text=text[:100])
        elif FAULT.search(text) and message["hasField"]:
            yield failed(ERROR, element, text=text[:100])
        else:
            yield cannot_tell(ERROR, element, text=text[:100])
    elif MUST.search(text) and not message["hasField"] and fields > 1 and len(words(text)) <= 6:
        yield cannot_tell(ERROR, element, text=text[:100])
    elif message["unseen"]:
        if FAULT.search(text):
            yield cannot_tell(ERROR, element, "unseen", text=text[:100])
    elif not message["exposed"]:
        yield cannot_tell(ERROR, element, "hidden", text=text[:100])
    else:
        yield passed(ERROR, element)


def _suggestion(message: dict[str, Any]) -> Iterator[Verdict]:
    if not message["hasField"] or message["isHeading"] or not _is_error(message) or _says_nothing(message):
        return
    if SECRET.search(message["text"]) or message["type"] == "password":
        return
    if tells_how(message):
        yield passed(SUGGESTION, message["element"])
    else:
        yield cannot_tell(SUGGESTION, message["element"], text=message["text"][:100], label=message["field"][:60])


def _tied(message: dict[str, Any]) -> Iterator[Verdict]:
    """What is wrong is read out with the field that it stands beside (ARIA1, ARIA21)."""
    if not (_is_error(message) and message["isCalled"] and message["hasField"]) or message["isHeading"] or message["unseen"]:
        return
    if message["isNotice"]:  # of the page, and not of a field
        return
    if message["isHeld"]:
        yield passed(TIED, message["element"])
    else:
        yield cannot_tell(TIED, message["element"], text=message["text"][:100], label=message["field"][:60] or "?")


def tells_how(message: dict[str, Any]) -> bool:
    """What is wrong is said at the field; how to do it right as well, in the message or beside it. Secrets are not given away."""
    text = message["text"]
    is_wrong = FAULT.search(text) or (message["isCalled"] and NOT_RIGHT.search(text))
    return not is_wrong or bool(MUST.search(text) or TELLS_HOW.search(text)) or _shows_how(message)


def _shows_how(message: dict[str, Any]) -> bool:
    """The label or a hint at the field tells it, with more than the field's own name."""
    told = message["told"].replace(message["field"], " ", 1) if len(words(message["field"])) <= 1 else message["told"]
    return TELLS_HOW.search(told) is not None


def _without_error_text(facts: dict[str, Any]) -> Iterator[Verdict]:
    told = {message["field"] for message in facts["messages"] if message["hasField"]}
    for field in facts["fields"]:
        if not field["invalid"]:
            continue
        if field["described"] or (field["label"] or field["name"]) in told:
            yield passed(NO_ERROR_TEXT, field["element"])
        else:
            yield cannot_tell(NO_ERROR_TEXT, field["element"], label=field["label"] or field["name"])
