"""What lies on the table at a workshop about a journey: the residents' words, the path with its barriers, what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_month_names
from sqlalchemy.orm import Session

from dashboard.formatting import calendar_day, number
from dashboard.journey_shown import ShownStep, ShownWay, shown_ways
from dashboard.journey_words import STOPPED_BY_PROBLEM, STOPPED_BY_WAY
from dashboard.languages import LOCALES, translations
from rules.journey import Journey, JourneyStep, StepOutcome, Verdict, Way, read_journey
from rules.journey_words import NOTES
from rules.norm import Language
from rules.policy import rule_named
from storage.journey_models import JourneyRow, JourneyRun
from storage.journeys import walks_of
from storage.models import Site
from storage.questions.workshop import WorkshopFacts, workshop_facts

OLD = timedelta(days=365)  # since a page was changed: worth asking about
MANY_FIELDS = 8  # on one page
MANY_WITHOUT_RESULTS = 0.1  # of the searches


@dataclass(frozen=True)
class PathBarrier:
    """What keeps people out at a step, in however many ways."""

    sentence: str
    criterion: str
    ways: tuple[Way, ...]
    stopped: str  # who
    is_note: bool  # it stops nobody by itself


@dataclass(frozen=True)
class PathPicture:
    """The page after a step."""

    digest: str
    way: Way


@dataclass(frozen=True)
class PathStep:
    """One step of the path, with what became of it in every way."""

    number: int  # from 1
    step: JourneyStep
    title: str  # of the page after it
    address: str
    outcomes: dict[Way, StepOutcome]
    reasons: tuple[str, ...]  # why nobody can say
    barriers: tuple[PathBarrier, ...]
    rules: tuple[tuple[str, str, int], ...]  # title of the rule, who is stopped, places: at states first seen here
    pictures: tuple[PathPicture, ...]  # with the mouse, and of the first way in which it breaks

    @property
    def is_reached(self) -> bool:
        return any(outcome is not StepOutcome.NOT_REACHED for outcome in self.outcomes.values())


@dataclass(frozen=True)
class Workshop:
    """All of it, in one language."""

    site: Site
    title: str
    journey: Journey
    season: tuple[str, ...]
    walk: JourneyRun | None
    ways: tuple[ShownWay, ...]
    steps: tuple[PathStep, ...]
    facts: WorkshopFacts
    questions: tuple[str, ...]
    made_on: date


def workshop_of(session: Session, site: Site, row: JourneyRow, language: Language, today: date) -> Workshop:
    """What is stored about a journey, and the questions that it leaves open."""
    journey = read_journey(row.text)
    walks = walks_of(session, row.id, 1)
    walk = walks[-1] if walks else None
    ways = tuple(shown_ways(session, walk, language)) if walk else ()
    seen = [one.seen for one in ways[0].steps] if ways else []
    facts = workshop_facts(session, site, journey, seen)
    months = get_month_names("wide", locale=LOCALES[language])
    season = tuple(months[month] for month in journey.season)
    steps = tuple(_steps(ways, language))
    questions = tuple(_questions(journey, season, walk, steps, facts, language, today))
    return Workshop(site, row.title, journey, season, walk, ways, steps, facts, questions, today)


def _steps(ways: tuple[ShownWay, ...], language: Language) -> Iterator[PathStep]:
    for place in range(max((len(way.steps) for way in ways), default=0)):
        at = {way.way: way.steps[place] for way in ways if len(way.steps) > place}
        first = next(iter(at.values()))
        shown = next((one for one in at.values() if one.seen.url), first)
        yield PathStep(
            place + 1,
            first.step,
            shown.seen.title,
            shown.seen.url,
            {way: one.seen.outcome for way, one in at.items()},
            tuple(dict.fromkeys(one.seen.reason for one in at.values() if one.seen.reason)),
            tuple(_barriers(at, language)),
            tuple(_rules(at, language)),
            tuple(_pictures(at)),
        )


def _barriers(at: dict[Way, ShownStep], language: Language) -> Iterator[PathBarrier]:
    found: dict[tuple[str, str, str], list[Way]] = {}
    for way, one in at.items():
        if one.seen.outcome is StepOutcome.UNTESTED:
            continue  # nobody can say; its reason stands there
        for problem, (sentence, criterion) in zip(one.seen.problems, one.problems, strict=True):
            found.setdefault((problem.kind, sentence, criterion), []).append(way)
    say = translations(language).gettext
    for (kind, sentence, criterion), ways in found.items():
        everybody = ways[:1] if Way.MOUSE in ways else ways
        stopped = [STOPPED_BY_PROBLEM[kind]] if kind in STOPPED_BY_PROBLEM else [STOPPED_BY_WAY[way] for way in everybody]
        yield PathBarrier(sentence, criterion, tuple(ways), ", ".join(map(say, stopped)), kind in NOTES)


def _rules(at: dict[Way, ShownStep], language: Language) -> Iterator[tuple[str, str, int]]:
    counted: dict[str, int] = {}
    for one in at.values():
        for name, places in one.rules.items():
            counted[name] = max(counted.get(name, 0), places)
    for name, places in counted.items():
        rule = rule_named(name)
        yield (rule.words[language].title, rule.words[language].barrier, places) if rule else (name, "", places)


def _pictures(at: dict[Way, ShownStep]) -> Iterator[PathPicture]:
    with_picture = {way: one for way, one in at.items() if one.picture}
    first = next(iter(with_picture), None)
    wrong = (StepOutcome.BROKEN, StepOutcome.HINDERED)
    breaks = next((way for way, one in with_picture.items() if one.seen.outcome in wrong), None)
    for way in dict.fromkeys(way for way in (first, breaks) if way):
        yield PathPicture(with_picture[way].picture or "", way)


def _questions(
    journey: Journey,
    season: tuple[str, ...],
    walk: JourneyRun | None,
    steps: tuple[PathStep, ...],
    facts: WorkshopFacts,
    language: Language,
    today: date,
) -> Iterator[str]:
    """What the stored facts leave open first, then what every workshop asks."""
    _ = translations(language).gettext
    if walk is None:
        yield _("Deze klantreis is nog niet nagelopen: lukt hij wel?")
    elif walk.figures.get("problems") or walk.figures.get("barriers"):
        yield _("Wie haalt welke drempel weg, en wanneer?")
    for step in steps:
        if StepOutcome.UNTESTED in step.outcomes.values():
            yield _("Stap %(number)s is niet te zeggen. Lukt hij u hier aan tafel?") % {"number": step.number}
    if walk is not None and walk.verdict == Verdict.BORDER:
        yield _("Wat ziet een bewoner na DigiD of eHerkenning? Daar komt Vierluik niet.")
    most = int(walk.figures.get("most_fields", 0)) if walk else 0
    if most >= MANY_FIELDS:
        yield _("Op één pagina staan %(count)s velden. Welke zijn echt nodig?") % {"count": most}
    words = facts.words
    if words is None:
        yield _("Welke woorden gebruiken bewoners? Er is geen zoeklog van deze site ingelezen.")
    elif not words.queries:
        yield _("Welke woorden gebruiken bewoners? In het zoeklog is hier niet vaak genoeg naar gezocht.")
    elif (none := words.report.total.zero_results) and none.value >= MANY_WITHOUT_RESULTS:
        yield _("Van deze zoekopdrachten vindt %(share)s%% niets. Welke woorden ontbreken op de pagina’s?") % {
            "share": number(100 * none.value, language)
        }
    if not any(page.measured for page in facts.pages):
        yield _("Waar haken bewoners af? Dat is onbekend: er zijn geen bezoekcijfers van deze pagina’s ingelezen.")
    if not any(page.feedback for page in facts.pages):
        yield _("Wat vinden bewoners ervan? Er is geen feedback over deze pagina’s.")
    for page in facts.pages:
        if page.modified and today - page.modified > OLD:
            yield _("Klopt “%(title)s” nog? De pagina is voor het laatst gewijzigd op %(day)s.") % {
                "title": page.title or page.address,
                "day": calendar_day(page.modified, language),
            }
    if season:
        yield _("De meeste mensen komen hiervoor in %(months)s. Wat moet dan klaar zijn?") % {"months": ", ".join(season)}
    yield _("Wie komt hiervoor, en wat is er net gebeurd in hun leven?")
    yield _("Welke stap zou u als bewoner niet verwachten?")
    yield _("Wat vragen wij dat wij al weten, of niet nodig hebben?")
    yield _("Wat doet iemand zonder DigiD, zonder computer, of die slecht leest?")
