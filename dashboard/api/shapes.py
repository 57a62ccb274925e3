"""What the API takes and gives. It changes only by adding; what came from a site is one line of bounded length, of text only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dashboard.crawled import shortened, visible
from rules.account import Role
from rules.api_token import TokenScope
from rules.cause import CauseKind
from rules.decision import DecisionKind, Standing
from rules.evaluation import EvaluationKind
from rules.findability import TaskState
from rules.journey import Verdict
from rules.kpi import Panel, Unit
from rules.observation import LinkClass
from rules.outcome import Impact, Mender, Outcome
from rules.run import RunState
from rules.task import PageStatus

LONGEST_LINE = 1_000  # characters of a title or a text of a link
LONGEST_CODE = 5_000
T = TypeVar("T")


def _line(text: object) -> str:
    return shortened(text, LONGEST_LINE)


def _code(text: object) -> str:
    whole = visible(text)
    return whole if len(whole) <= LONGEST_CODE else f"{whole[: LONGEST_CODE - 1]}…"


Line = Annotated[str, BeforeValidator(_line)]  # without control characters, and without those that turn the direction of text
Code = Annotated[str, BeforeValidator(_code)]  # what cannot be seen is a mark that can
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Shape(BaseModel):
    """A value that is given."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Sent(BaseModel):
    """A value that is taken: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Part(Shape, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None
    """The cursor of the next part; null: this is the last one."""


# --- sites and runs --------------------------------------------------------------------------------------------------


class RoleOn(Shape):
    """What an account is to a site; null: to every site."""

    role: Role
    site: int | None


class Me(Shape):
    """Who calls."""

    name: Line
    roles: list[RoleOn]
    """Empty where nobody has an account: then everything is allowed that the scopes allow."""
    token: Line
    scopes: list[TokenScope]
    expires_at: datetime


class CoverageShape(Shape):
    """found = tested + carried over + untested + skipped. Documents are counted apart."""

    found: int
    tested: int
    carried_over: int
    untested: int
    skipped: int
    documents: int


class RunShape(Shape):
    """One run over a site, with what it was made with."""

    id: int
    kind: str
    state: RunState
    reason: str
    requested_by: Line
    started_at: datetime
    finished_at: datetime | None
    norm: str
    browser: Line
    engines: dict[str, str]
    """Name: version."""
    rule_set: str
    """A hash of every rule with its version: results are only comparable where it is equal."""
    coverage: CoverageShape
    figures: dict[str, float]
    """Such as pages_with_failure, failures and dead_links; of a run that ended."""


class SiteShape(Shape):
    """A site that is watched, with its newest finished run."""

    id: int
    name: Line
    start_url: Code
    time_zone: str
    latest_run: RunShape | None


class Asked(Shape):
    """Something that was asked for; the scheduler takes it up."""

    id: int
    kind: str
    state: Literal["waiting", "taken", "asks", "done", "failed", "cancelled"]
    requested_at: datetime
    finished_at: datetime | None
    run: int | None
    """The run that came of it."""
    address: str
    """Where to ask how far it is."""


class CheckAsked(Sent):
    """Which page is to be looked at again."""

    page: Number


# --- pages and findings ----------------------------------------------------------------------------------------------


class PageShape(Shape):
    """A page as it was at the end of the newest run."""

    id: int
    url: Code
    title: Line
    language: Line
    status: PageStatus
    reason: str
    """Why it is untested or skipped: a key."""
    type: str
    owner: Line
    failed: int
    cannot_tell: int


class RuleShape(Shape):
    """A rule of the catalogue, in the language of the call."""

    id: str
    version: int
    title: str
    area: str
    criteria: list[str]
    """Numbers of success criteria of WCAG."""
    panel: Panel
    impact: Impact
    mender: Mender
    minutes: int
    """Of work to mend one."""


class CauseShape(Shape):
    """What one repair mends."""

    id: int
    kind: CauseKind
    rule: str
    title: str
    criteria: list[str]
    panel: Panel
    impact: Impact | None
    mender: str
    region: str
    confirmation: str | None
    failed: int
    cannot_tell: int
    failed_pages: int
    pages: int
    order: int
    """1: what is worth mending first."""
    decided: bool
    """Whether a decision about the whole cause holds."""


class FindingShape(Shape):
    """A failed or cantTell verdict on one element of one page."""

    id: int
    page: int
    url: Code
    owner: Line
    rule: str
    rule_version: int
    criteria: list[str]
    panel: Panel
    outcome: Outcome
    impact: str
    engines: list[str]
    frames: list[Code]
    selector: Code
    html: Code
    message: Line
    """In the language of the call."""
    confirmation: str | None
    cause: int | None
    first_run: int
    decided: bool
    """Whether a decision that holds hides it."""


# --- decisions -------------------------------------------------------------------------------------------------------


class ThingShape(Sent):
    """What is decided about: all that one rule says of one page, or a whole cause."""

    page: Number | None = None
    rule: Annotated[str, Field(max_length=60)] | None = None
    cause: Number | None = None


class DecisionAsked(Sent):
    """A decision as somebody asks for it; the rules are those of the desk."""

    kind: Literal["not-correct", "accepted", "later", "given", "question"]
    things: Annotated[list[ThingShape], Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(max_length=50)] = ""
    note: Annotated[str, Field(max_length=1_000)] = ""
    until: date | None = None
    """The last day on which it holds; of what is given or put off, the day that it is promised for."""
    to: Annotated[str, Field(max_length=200)] = ""
    """Whom it is given to, or asked."""


class DecisionChange(Sent):
    """Agree as the second person, take it back, or answer a question."""

    act: Literal["second", "withdraw", "answer"]
    words: Annotated[str, Field(max_length=1_000)] = ""


class DecisionShape(Shape):
    """What was decided in one go."""

    id: str
    kind: DecisionKind
    reason: str
    note: Line
    rule: str
    page: int | None
    """The first page that it is about."""
    cause: int | None
    url: Code
    pages: int
    findings: int
    person: Line
    decided_at: datetime
    standing: Standing
    needs_second: bool
    seconded_by: Line
    not_seconded: bool
    """One person alone waved away something that the norm asks for."""
    to: Line
    due_on: date | None
    expires_at: datetime | None
    answer: Line
    answered_by: Line
    withdrawn_by: Line


# --- KPIs, searches, links, documents, journeys, evaluations -----------------------------------------------------------


class TargetShape(Shape):
    """What a KPI is to be, and by which day."""

    value: float
    day: date
    owner: Line
    gap: float | None
    """What is still to go, in the unit of the KPI; nought or below: it is reached."""
    pace: float | None
    """That is needed each month."""
    on_path: bool | None


class YearAgo(Shape):
    """The value of about a year ago beside today's; over the same pages and rules where `same_pages` is a number."""

    then: float
    now: float
    day: date
    same_pages: int | None
    source: Line


class KpiShape(Shape):
    """A KPI of a panel. Without a value it is unknown, which is not nought."""

    id: str
    panel: Panel
    title: str
    definition: str
    version: int
    unit: Unit
    more_is_better: bool
    value: float | None
    count: float | None
    of: float | None
    target: TargetShape | None
    year_ago: YearAgo | None


class KpiPointShape(Shape):
    """A KPI on one day. Where the version of its definition or the rule set changes, the series breaks."""

    day: date
    value: float
    count: float | None
    of: float | None
    version: int
    rule_set: str


class ShareShape(Shape):
    """A share, with the interval that it lies in."""

    count: int
    of: int
    low: float
    high: float


class QueryShape(Shape):
    """One query, or several together."""

    text: Line
    searches: int
    queries: int
    """Different ones."""
    zero_results: ShareShape | None
    clicked: ShareShape | None
    abandoned: ShareShape | None


class SearchesShape(Shape):
    """What was searched in a month: only what enough people asked stands by its words, the rest is one line."""

    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    first_day: date
    last_day: date
    is_whole: bool
    """Whether all days of the month are known."""
    total: QueryShape
    rare: QueryShape | None
    items: list[QueryShape]
    next: str | None


class PlaceShape(Shape):
    """Where a link stands."""

    page: int | None
    url: Code
    text: Line


class LinkShape(Shape):
    """An address that pages refer to, and what it led to."""

    id: int
    url: Code
    link_class: LinkClass
    status: int | None
    reason: str
    final_url: Code
    suggestion: Code
    """Where a broken one should lead; empty: not known."""
    asked_at: datetime | None
    places: int
    first_places: list[PlaceShape]


class DocumentFindingShape(Shape):
    """What one rule says of one document."""

    rule: str
    outcome: Outcome
    impact: str
    message: Line


class DocumentShape(Shape):
    """A PDF or office file."""

    id: int
    url: Code
    type: Line
    status: PageStatus
    reason: str
    title: Line
    pages: int | None
    tagged: bool | None
    maybe_exempt: bool
    failed: int
    findings: list[DocumentFindingShape]


class WalkShape(Shape):
    """One time that a journey was walked."""

    id: int
    verdict: Verdict
    started_at: datetime
    finished_at: datetime
    figures: dict[str, Any]


class JourneyShape(Shape):
    """A task of residents from question to confirmation."""

    id: int
    title: Line
    state: TaskState
    last_walk: WalkShape | None


class EvaluationShape(Shape):
    """An evaluation by people, with its tally."""

    id: int
    kind: EvaluationKind
    norm: str
    title: Line
    made_on: date
    evaluators: list[Line]
    reviewer: Line
    criteria: int
    """That the norm asks."""
    outcomes: dict[Outcome, int]
    """Criteria with each outcome."""
    met: int
    judged: int
    by_people: int
    disputed: int
    structured_pages: int
    random_pages: int
    changed_at: datetime
