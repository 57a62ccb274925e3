"""A journey: the steps by which a resident finishes a task, in the words on the screen, and what came of walking it.

A journey is a short file. It is walked in five ways, and never sends anything:

    title = "Melding doen"
    goal = "Een losse stoeptegel melden, zodat hij wordt vastgezet"
    product = "melding openbare ruimte"
    vision = "doen"

    [[step]]
    open = "/"
    [[step]]
    click = "Melding doen"
    [[step]]
    choose = "Stoep of wegdek"
    in = "Waar gaat uw melding over?"
    [[step]]
    fill = "Wat is er aan de hand?"
    with = "Een tegel ligt los voor de school."
    [[step]]
    expect = "Stap 2 van 3"
    [[step]]
    stop = "Melding versturen"

Source: WCAG-EM 1.0, "complete processes"; the method of customer journeys in municipal service visions.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from rules.address import origin_of
from rules.norm import Language

TRY = "try_journey"  # the kind of request that is answered by walking what stands in the editor, and keeping nothing
TEST = "test_journeys"  # the kind of request that the scheduler answers by walking the journeys of a site
MOST_STEPS = 60
LONGEST_TEXT = 300  # characters of a name, a value or a title
LONGEST_FILE = 64 * 1024
EXAMPLE = 'Write for example: [[step]], and on the next line: click = "Melding doen"'
VOORBEELD = 'Schrijf bijvoorbeeld: [[step]], en op de volgende regel: click = "Melding doen"'


class JourneyError(ValueError):
    """What stands in a journey cannot be; the sentence, in English and in Dutch, says what to write."""

    line: int | None = None  # from 1; None: it is of no one line

    def __init__(self, english: str, dutch: str, step: int | None = None) -> None:
        super().__init__(english)
        self.dutch = dutch
        self.step = step  # from 1

    def said(self, language: Language) -> str:
        """The sentence, with the line that it is about."""
        sentence = self.dutch if language == "nl" else str(self)
        return sentence if self.line is None else f"{'Regel' if language == 'nl' else 'Line'} {self.line}: {sentence}"


class StepKind(StrEnum):
    """What a resident does, or sees."""

    OPEN = "open"  # an address
    SEARCH = "search"  # words, in the site's own search
    CLICK = "click"  # a link, button, tab or anything else that bears a name
    FILL = "fill"  # the field with this label
    CHOOSE = "choose"  # an option of a list, a radio button or a checkbox
    EXPECT = "expect"  # a text that can be seen, or an address
    STOP = "stop"  # the button that would send: it has to be there, and is not pressed


ROLES = ("link", "button", "tab", "menuitem", "checkbox", "radio", "option", "heading", "alert", "status", "dialog", "textbox")
VISIONS = ("welkom", "in contact", "doen", "op orde")  # the panels of the dashboard; a site may name its own
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


class Way(StrEnum):
    """How a journey is walked."""

    MOUSE = "mouse"
    KEYBOARD = "keyboard"  # Tab, arrows, Enter, Space and Escape only
    NARROW = "narrow"  # 320 CSS pixels wide
    ZOOM = "zoom"  # 400 % of 1280 by 1024, with the text spacing of WCAG 1.4.12
    COLOURS = "colours"  # reduced motion and forced colours


class StepOutcome(StrEnum):
    """What became of a step, in one way."""

    PASSED = "passed"
    HINDERED = "hindered"  # it was done, and something on it keeps people out
    BROKEN = "broken"  # it cannot be done
    BORDER = "border"  # DigiD or eHerkenning: as far as anybody gets who is not a resident
    UNTESTED = "untested"  # nobody can say; the reason says why
    NOT_REACHED = "not-reached"  # the journey ended before


class Verdict(StrEnum):
    """What became of a journey: the first of these that is so."""

    BROKEN = "broken"
    UNTESTED = "untested"
    HINDERED = "hindered"
    BORDER = "border"
    COMPLETED = "completed"


FINISHED = frozenset({Verdict.HINDERED, Verdict.BORDER, Verdict.COMPLETED})  # a resident gets to the end


@dataclass(frozen=True)
class JourneyStep:
    """One thing that a resident does, or sees, by visible names."""

    kind: StepKind
    what: str  # an address, words, or the name of what is clicked, filled in, chosen or expected
    value: str = ""  # what is filled in
    within: str = ""  # the question, group or part of the page that it stands in
    role: str = ""  # of ROLES; empty: any

    @property
    def is_address(self) -> bool:
        return self.kind is StepKind.OPEN or (self.kind is StepKind.EXPECT and self.what.startswith(("/", "http://", "https://")))

    def said(self) -> str:
        """The step as it stands in the file, on one line; what is filled in is left out."""
        more = f' in "{self.within}"' if self.within else ""
        return f'{self.kind} "{self.what}"{more}'


@dataclass(frozen=True)
class Journey:
    """A task from question to confirmation."""

    title: str
    steps: tuple[JourneyStep, ...]
    goal: str = ""
    product: str = ""  # its name in the list of uniform product names (UPL)
    vision: str = ""  # the element of the service vision that it is about
    season: tuple[int, ...] = ()  # months, 1 to 12, in which most people come for it; none: all year

    def as_text(self) -> str:
        """The journey as a file that `read_journey` reads back."""
        lines = [f"title = {_quoted(self.title)}"]
        lines += [f"{name} = {_quoted(getattr(self, name))}" for name in ("goal", "product", "vision") if getattr(self, name)]
        if self.season:
            lines.append(f"season = [{', '.join(_quoted(MONTHS[month - 1]) for month in self.season)}]")
        for step in self.steps:
            lines += ["", "[[step]]", f"{step.kind} = {_quoted(step.what)}"]
            if step.kind is StepKind.FILL:
                lines.append(f"with = {_quoted(step.value)}")
            lines += [f"in = {_quoted(step.within)}"] if step.within else []
            lines += [f"role = {_quoted(step.role)}"] if step.role else []
        return "\n".join(lines) + "\n"

    def to(self, start_url: str) -> Self:
        """The same journey, its paths made addresses of a site."""
        steps = tuple(replace(one, what=urljoin(start_url, one.what)) if one.is_address else one for one in self.steps)
        return replace(self, steps=steps)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- reading -----------------------------------------------------------------------------------------------------------

KEYS = ("title", "goal", "product", "vision", "season", "step")
STEP_KEYS = (*StepKind, "with", "in", "role")
# Test data is made up: what could be somebody's is not let in.
EMAIL = re.compile(r"[^\s@]+@([^\s@]+)")
RESERVED = re.compile(r"(?:.*\.)?(?:example|test|invalid|localhost|example\.(?:com|net|org|nl))", re.IGNORECASE)  # RFC 2606
NINE_DIGITS = re.compile(r"(?<!\d)(\d{9})(?!\d)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b", re.IGNORECASE)
SECRET_FIELD = re.compile(r"wachtwoord|password|pincode|\bpin\b|sms-?code|\bcvc\b", re.IGNORECASE)


STEP_HEAD = re.compile(r"\s*\[\[\s*step\s*\]\]")
TOML_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
# What the parser says, in Dutch; anything else is said as it is.
TOML_DUTCH = (
    ("Expected '='", "na de naam hoort een =-teken"),
    ("Invalid value", "achter het =-teken hoort een tekst tussen aanhalingstekens"),
    ("Unterminated string", "er ontbreekt een aanhalingsteken aan het eind"),
    ("Illegal character", "hier staat een teken dat er niet mag staan, of er ontbreekt een aanhalingsteken aan het eind"),
    ("Expected newline", "achter de waarde staat nog iets; begin daarvoor een nieuwe regel"),
    ("Cannot overwrite", "deze naam staat er twee keer; begin voor een nieuwe stap met [[step]]"),
    ("Invalid statement", "hier hoort een naam, een =-teken en een tekst tussen aanhalingstekens"),
    ("Invalid initial character", "hier hoort een naam, een =-teken en een tekst tussen aanhalingstekens"),
    ("Expected ']]'", "schrijf [[step]] met twee haken aan elke kant"),
    ("Expected ']'", "er ontbreekt een haak aan het eind"),
)


def read_journey(text: str) -> Journey:
    """Read the file of a journey. Raises JourneyError, with a sentence that says what to write, and of which line."""
    try:
        return _read(text)
    except JourneyError as error:
        if error.line is None and error.step is not None:
            error.line = _line_of_step(text.split("\n"), error.step, str(error))
        raise


def _line_of_step(lines: Sequence[str], step: int, said: str) -> int | None:
    """The line, from 1, of what is wrong in a step: that of the word that the sentence names, or the first of the step."""
    heads = [place for place, line in enumerate(lines) if STEP_HEAD.match(line)]
    if step > len(heads):
        return None  # written in another way of TOML
    ends = heads[step] if step < len(heads) else len(lines)
    inside = [place for place in range(heads[step - 1] + 1, ends) if lines[place].strip()]
    named = re.search(r"'([^']+)'", said)
    wrong = [place for place in inside if named and lines[place].lstrip().startswith(named[1])]
    return [*wrong, *inside, heads[step - 1]][0] + 1


def _not_toml(error: tomllib.TOMLDecodeError, text: str) -> JourneyError:
    place = TOML_PLACE.fullmatch(str(error))
    what = place[1] if place else str(error)
    dutch = next((words for begin, words in TOML_DUTCH if what.startswith(begin)), f"dit is geen geldige TOML ({what})")
    found = JourneyError(f"It is not valid TOML: {what}. {EXAMPLE}", f"{dutch}. {VOORBEELD}")
    found.line = int(place[2]) if place and place[2] else len(text.rstrip().split("\n"))
    return found


def _read(text: str) -> Journey:
    if len(text) > LONGEST_FILE:
        size = LONGEST_FILE // 1024
        raise JourneyError(
            f"It is larger than {size} kB. A journey is a page of text at most.",
            f"Dit is meer dan {size} kB. Een klantreis is hooguit een bladzijde tekst.",
        )
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error, text) from error
    if unknown := sorted(set(table) - set(KEYS)):
        raise JourneyError(
            f"There is no '{unknown[0]}' in a journey.{_guess(unknown[0], KEYS)} It has {', '.join(KEYS)}.",
            f"Een klantreis heeft geen '{unknown[0]}'. Wel: {', '.join(KEYS)}.",
        )
    title = _text(table, "title")
    if not title:
        raise JourneyError(
            'It has no title. Write for example: title = "Melding doen"',
            'Er is geen titel. Schrijf bijvoorbeeld: title = "Melding doen"',
        )
    lines = table.get("step", [])
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise JourneyError(f"It has no steps. {EXAMPLE}", f"Er zijn geen stappen. {VOORBEELD}")
    if len(lines) > MOST_STEPS:
        raise JourneyError(
            f"It has {len(lines)} steps; {MOST_STEPS} are the most. Make two journeys of it.",
            f"Er zijn {len(lines)} stappen; meer dan {MOST_STEPS} kan niet. Maak er twee klantreizen van.",
        )
    steps = []
    for number, line in enumerate(lines, 1):
        try:
            steps.append(_step(number, line))
        except JourneyError as error:
            error.step = number
            raise
    _judge_order(steps)
    return Journey(title, tuple(steps), _text(table, "goal"), _text(table, "product"), _text(table, "vision"), _season(table))


def _judge_order(steps: Sequence[JourneyStep]) -> None:
    if steps[0].kind is not StepKind.OPEN:
        raise JourneyError(
            'Step 1 has to open the page where residents begin: open = "/"',
            'Stap 1 opent de pagina waar bewoners beginnen: open = "/"',
            1,
        )
    stops = [number for number, step in enumerate(steps, 1) if step.kind is StepKind.STOP]
    if len(stops) > 1:
        raise JourneyError(
            f"Steps {stops[0]} and {stops[1]} both stop. A journey stops once: before what would send.",
            f"Stap {stops[0]} en stap {stops[1]} stoppen allebei. Een klantreis stopt één keer: vóór het versturen.",
            stops[1],
        )
    if stops and any(step.kind is not StepKind.EXPECT for step in steps[stops[0] :]):
        raise JourneyError(
            f"Step {stops[0]} stops before sending. After it there can only be what is expected where sending is allowed.",
            f"Stap {stops[0]} stopt vóór het versturen. Daarna kan alleen nog komen wat u verwacht waar versturen wel mag.",
            stops[0],
        )
    if not stops and steps[-1].kind is not StepKind.EXPECT:
        raise JourneyError(
            "The last step has to say what a resident sees when it is done, or nobody knows whether it went well: "
            'expect = "Bedankt", or which button would send: stop = "Versturen"',
            "De laatste stap zegt wat een bewoner ziet als het gelukt is, anders weet niemand of het goed ging: "
            'expect = "Bedankt", of welke knop zou versturen: stop = "Versturen"',
            len(steps),
        )


def _step(number: int, line: Mapping[str, object]) -> JourneyStep:
    kinds_said = ", ".join(StepKind)
    if unknown := sorted(set(line) - set(STEP_KEYS)):
        raise JourneyError(
            f"Step {number}: there is no '{unknown[0]}'.{_guess(unknown[0], STEP_KEYS)} A step is one of {kinds_said}.",
            f"Stap {number}: '{unknown[0]}' bestaat niet. Een stap is een van {kinds_said}.",
        )
    kinds = [kind for kind in StepKind if kind in line]
    if len(kinds) != 1:
        raise JourneyError(
            f"Step {number} has to be one of {kinds_said}. {EXAMPLE}", f"Stap {number} is een van {kinds_said}. {VOORBEELD}"
        )
    kind = kinds[0]
    for key, value in line.items():
        if not isinstance(value, str) or (key != "with" and not value.strip()) or len(value) > LONGEST_TEXT:
            raise JourneyError(
                f"Step {number}: {key} is a text between quotes, of {LONGEST_TEXT} characters at most. {EXAMPLE}",
                f"Stap {number}: {key} is een tekst tussen aanhalingstekens, van hooguit {LONGEST_TEXT} tekens. {VOORBEELD}",
            )
    if (kind is StepKind.FILL) != ("with" in line):
        raise JourneyError(
            f'Step {number}: fill and with belong together: fill = "Uw naam", and: with = "Test de Vries"',
            f'Stap {number}: fill en with horen bij elkaar: fill = "Uw naam", en: with = "Test de Vries"',
        )
    said = {key: str(line.get(key, "")).strip() for key in (kind, "with", "in", "role")}
    step = JourneyStep(kind, said[kind], said["with"], said["in"], said["role"].lower())
    if step.role and step.role not in ROLES:
        raise JourneyError(
            f"Step {number}: there is no role '{step.role}'.{_guess(step.role, ROLES)} Choose from {', '.join(ROLES)}.",
            f"Stap {number}: de rol '{step.role}' bestaat niet. Kies uit {', '.join(ROLES)}.",
        )
    if step.is_address:
        _judge_address(number, step.what)
    if kind is StepKind.FILL:
        _judge_test_data(number, step)
    return step


def _judge_address(number: int, what: str) -> None:
    try:
        origin_of(urljoin("https://example.nl/", what))
    except (ValueError, KeyError):
        what = ""
    if not what or urlsplit(what).scheme not in ("", "http", "https"):
        raise JourneyError(
            f'Step {number}: that is no address of a page. Write its path: open = "/melding-doen"',
            f'Stap {number}: dat is geen adres van een pagina. Schrijf het pad: open = "/melding-doen"',
        ) from None


def _judge_test_data(number: int, step: JourneyStep) -> None:
    """What is filled in belongs to nobody. Raises JourneyError, which does not repeat it."""
    if SECRET_FIELD.search(step.what):
        raise JourneyError(
            f"Step {number}: a journey fills in no password or code. What lies behind a log-in is walked with the log-in of the "
            "site: see vierluik site login.",
            f"Stap {number}: een klantreis vult geen wachtwoord of code in. Wat achter een log-in ligt, gaat met de log-in van "
            "de site: zie vierluik site login.",
        )
    for found in EMAIL.finditer(step.value):
        if not RESERVED.fullmatch(found[1].rstrip(".")):
            raise JourneyError(
                f"Step {number}: that e-mail address may be somebody's. Write one that is nobody's: test@example.nl",
                f"Stap {number}: dat e-mailadres kan van iemand zijn. Neem er een van niemand: test@example.nl",
            )
    for found in NINE_DIGITS.finditer(step.value):
        if is_citizen_number(found[1]):
            raise JourneyError(
                f"Step {number}: that may be somebody's citizen service number. Write one that is given to nobody: 999990019",
                f"Stap {number}: dat kan iemands burgerservicenummer zijn. Neem er een dat niemand krijgt: 999990019",
            )
    for found in IBAN.finditer(step.value):
        if is_account_number(found[0]):
            raise JourneyError(
                f"Step {number}: that may be somebody's bank account. Write one that cannot be: NL00TEST0123456789",
                f"Stap {number}: dat kan iemands rekening zijn. Neem er een die niet kan bestaan: NL00TEST0123456789",
            )


def is_citizen_number(digits: str) -> bool:
    """Whether nine digits pass the test of eleven and are not of the range that is only used in tests (9999…)."""
    weighted = sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighted % 11 == 0 and digits != "000000000" and not digits.startswith("9999")


def is_account_number(text: str) -> bool:
    """Whether an IBAN has the right check digits. Source: ISO 13616, modulo 97."""
    compact = text.replace(" ", "").upper()
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise JourneyError(
            f"{key} is a text between quotes, of {LONGEST_TEXT} characters at most.",
            f"{key} is een tekst tussen aanhalingstekens, van hooguit {LONGEST_TEXT} tekens.",
        )
    return " ".join(value.split())


def _season(table: Mapping[str, object]) -> tuple[int, ...]:
    value = table.get("season", [])
    are_texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    wrong = [one for one in value if one.lower()[:3] not in MONTHS] if isinstance(value, list) and are_texts else []
    if not isinstance(value, list) or not are_texts or wrong:
        shown, getoond = (f" '{wrong[0]}' is none.", f" '{wrong[0]}' is er geen.") if wrong else ("", "")
        raise JourneyError(
            f'season is a list of months:{shown} Write for example: season = ["nov", "dec"]',
            f'season is een lijst van maanden:{getoond} Schrijf bijvoorbeeld: season = ["nov", "dec"]',
        )
    return tuple(sorted({MONTHS.index(one.lower()[:3]) + 1 for one in value}))


def _guess(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f" Did you mean {near[0]}?" if near else ""


# --- what came of it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What keeps people out at a step: a key of `rules.journey_words`, with what it is about."""

    kind: str
    name: str = ""  # of the control
    more: tuple[str, ...] = ()  # other controls that it is about: candidates, what holds the focus, what covers it


@dataclass(frozen=True)
class StepSeen:
    """What became of one step in one way."""

    outcome: StepOutcome
    problems: tuple[Problem, ...] = ()
    reason: str = ""  # why it is untested: a key of `rules.reason`
    seconds: float = 0.0
    requests: int = 0
    kilobytes: int = 0
    errors: tuple[str, ...] = ()  # in the browser's console
    url: str = ""  # without its query, which may hold what was filled in
    title: str = ""
    focus: tuple[str, ...] = ()  # what the Tab key came past, by name
    keys: int = 0  # presses
    fields: int = 0  # that can be filled in on the page
    state: str = ""  # hash of the page as it stands
    picture: bytes | None = field(default=None, repr=False, compare=False)

    def as_stored(self) -> dict[str, Any]:
        """Plain data; the picture is kept elsewhere."""
        stored = asdict(replace(self, picture=None))
        del stored["picture"]
        return stored

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> Self:
        problems = tuple(Problem(one["kind"], one["name"], tuple(one["more"])) for one in stored["problems"])
        tuples = {name: tuple(stored[name]) for name in ("errors", "focus")}
        return cls(**{**stored, **tuples, "outcome": StepOutcome(stored["outcome"]), "problems": problems})


@dataclass(frozen=True)
class WaySeen:
    """What became of a journey in one way: as many steps as the journey has."""

    way: Way
    steps: tuple[StepSeen, ...]

    @property
    def verdict(self) -> Verdict:
        outcomes = {step.outcome for step in self.steps}
        for outcome in (StepOutcome.BROKEN, StepOutcome.UNTESTED, StepOutcome.HINDERED, StepOutcome.BORDER):
            if outcome in outcomes:
                return Verdict(outcome.value)
        return Verdict.COMPLETED

    @property
    def ends_at(self) -> int | None:
        """The index of the step where it breaks, or is hindered first; None: nowhere."""
        for wanted in (StepOutcome.BROKEN, StepOutcome.UNTESTED, StepOutcome.HINDERED):
            for number, step in enumerate(self.steps):
                if step.outcome is wanted:
                    return number
        return None


def verdict_of(ways: Sequence[WaySeen]) -> Verdict:
    """What is said of a journey: the worst of its ways. A journey of which no way was walked is untested."""
    verdicts = {way.verdict for way in ways}
    return next((verdict for verdict in Verdict if verdict in verdicts), Verdict.UNTESTED)
