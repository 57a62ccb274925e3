"""An evaluation of a website by people: what was examined, on which sample, and what they concluded of each criterion.

Source: WCAG-EM 2.0 (W3C Group Note, 2026) with its steps 1 to 5; the outcomes are those of EARL 1.0. A machine's findings
stand beside an assessment and never take its place: only a person, or the norm itself, says that a criterion is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from rules.barrier import Barrier
from rules.norm import Norm, norms, success_criteria
from rules.outcome import Outcome

WHOLE_SAMPLE = 0  # in place of a page: the assessment is of all pages together
ALWAYS_MET = ("4.1.1",)  # W3C's note in WCAG 2.0 and 2.1: content in HTML or XML satisfies Parsing
METHODS = ("WCAG-EM 2.0", "WCAG-EM 1.0")


class EvaluationKind(StrEnum):
    """What was examined."""

    FULL = "full"
    RETEST = "retest"  # only what failed before


class SamplePart(StrEnum):
    """The two parts of a sample. Source: WCAG-EM, steps 3.1 and 3.2."""

    STRUCTURED = "structured"
    RANDOM = "random"


class SampleRole(StrEnum):
    """Why a page is in the sample."""

    HOME = "home"
    CONTACT = "contact"
    LOGIN = "login"
    SEARCH = "search"
    STATEMENT = "statement"
    HELP = "help"
    SITEMAP = "sitemap"
    LEGAL = "legal"
    FORM = "form"
    TEMPLATE = "template"  # one page of each
    DOCUMENT = "document"  # one of each type
    TASK = "task"  # what most residents come for
    PROCESS = "process"  # a step of a process
    CHOSEN = "chosen"  # by the evaluator
    RANDOM = "random"  # drawn


class Exemption(StrEnum):
    """Why a deviation need not, or not yet, be mended. Source: Implementing Decision (EU) 2018/1523, annex, section 1."""

    NONE = ""  # it is not in conformity with the law
    BURDEN = "burden"  # a disproportionate burden
    OUT_OF_SCOPE = "out-of-scope"  # the law does not apply to it


class EvaluationError(ValueError):
    """Something of an evaluation cannot be; `key` is what, the sentence says what to do."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


@dataclass(frozen=True)
class SamplePage:
    """One page, or one document, of the sample."""

    number: int  # its own within the evaluation; never 0
    url: str
    title: str
    part: SamplePart
    role: SampleRole
    page_id: int | None = None  # of the crawled page; None: it was not crawled
    template: int | None = None  # the cluster of pages that share its structure
    is_document: bool = False

    def is_asked(self, criterion: str) -> bool:
        """Whether a criterion is asked of it: four are void for documents. Source: EN 301 549 v3.2.1, clause 10."""
        row = success_criteria()[criterion]
        return not self.is_document or bool(row.document_clause) or row.since == "2.2"


@dataclass(frozen=True)
class Replacement:
    """A page that was in the sample, and went out of it."""

    url: str
    part: SamplePart
    reason: str
    on: date
    by_url: str = ""  # what came in its place


@dataclass(frozen=True)
class Draw:
    """How the random part was drawn, so that anybody can repeat it."""

    seed: str = ""
    frame: int = 0  # pages that it was drawn from


@dataclass(frozen=True)
class Assessment:
    """What one person says of one criterion on one page, or on the whole sample."""

    criterion: str
    page: int  # a SamplePage.number, or WHOLE_SAMPLE
    assessor: str
    outcome: Outcome
    description: str = ""
    cause: str = ""
    effect: str = ""
    alternative: str = ""
    measure: str = ""
    planned_on: date | None = None
    exemption: Exemption = Exemption.NONE
    saved_at: datetime | None = None
    version: int = 0  # 0: not saved yet


TEXTS = ("description", "cause", "effect", "alternative", "measure")


@dataclass(frozen=True)
class Evidence:
    """What shows that an assessment is right: a screenshot, a piece of code, a note or a file."""

    number: int
    criterion: str
    page: int
    name: str
    media_type: str
    note: str
    size: int  # bytes
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class MachineLook:
    """What the machine saw of the whole website, as far as it came: the honest line of every screen and export."""

    run: int | None = None
    on: date | None = None
    known: int = 0
    tested: int = 0
    skipped: int = 0
    untested: int = 0
    tool: str = ""  # name and version
    engines: tuple[str, ...] = ()  # with their versions
    browser: str = ""
    tests: tuple[str, ...] = ()  # criteria of which rules find a part of the failures
    asks: tuple[str, ...] = ()  # criteria of which rules only ask


@dataclass(frozen=True)
class Evaluation:
    """One evaluation, whole: every screen and every export is made of this."""

    site: str
    norm_id: str
    title: str = ""
    kind: EvaluationKind = EvaluationKind.FULL
    method: str = METHODS[0]
    commissioner: str = ""
    contact: str = ""  # e-mail address for questions on the report
    evaluators: tuple[str, ...] = ()
    reviewer: str = ""
    on: date | None = None
    revision: int = 1  # version of the document
    scope: str = ""
    support_baseline: str = ""
    extra_requirements: str = ""
    technologies: tuple[str, ...] = ()
    essential_functions: str = ""
    page_types: str = ""
    tools: str = ""  # browsers, assistive technology and other programs, with their versions
    summary: str = ""
    specifics: str = ""
    sample: tuple[SamplePage, ...] = ()
    draw: Draw = Draw()
    replaced: tuple[Replacement, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    machine: MachineLook = MachineLook()
    language: str = "nl"
    barriers: tuple[Barrier, ...] = ()  # that people met or saw and that are open: they stand beside the verdicts
    retested: tuple[str, ...] = ()  # of a retest: the criteria that are looked at again; the others are of the first research

    @cached_property
    def norm(self) -> Norm:
        return norms()[self.norm_id]

    @cached_property
    def _by_cell(self) -> dict[tuple[str, int], list[Assessment]]:
        cells: dict[tuple[str, int], list[Assessment]] = {}
        for one in self.assessments:
            cells.setdefault((one.criterion, one.page), []).append(one)
        return cells

    def cell(self, criterion: str, page: int) -> list[Assessment]:
        """What everybody says of one criterion on one page, in the order in which it was stored."""
        return self._by_cell.get((criterion, page), [])

    def page(self, number: int) -> SamplePage | None:
        return next((page for page in self.sample if page.number == number), None)


def is_disputed(said: Iterable[Assessment], reviewer: str) -> bool:
    """Whether evaluators differ and no reviewer has decided."""
    judged = [one for one in said if one.outcome is not Outcome.UNTESTED]
    if any(one.assessor == reviewer for one in judged if reviewer):
        return False
    return len({one.outcome for one in judged}) > 1


def outcome_of_cell(said: Iterable[Assessment], reviewer: str) -> Outcome:
    """What counts for one criterion on one page: the reviewer's word, else what all say, else that it is not known."""
    judged = [one for one in said if one.outcome is not Outcome.UNTESTED]
    if not judged:
        return Outcome.UNTESTED
    if reviewer and (decided := [one.outcome for one in judged if one.assessor == reviewer]):
        return decided[-1]
    outcomes = {one.outcome for one in judged}
    return outcomes.pop() if len(outcomes) == 1 else Outcome.CANNOT_TELL


def deciding(said: Iterable[Assessment], reviewer: str) -> Assessment | None:
    """Whose words are reported: those of the reviewer, else of the first who says what counts."""
    told = list(said)
    outcome = outcome_of_cell(told, reviewer)
    by_reviewer = [one for one in told if reviewer and one.assessor == reviewer and one.outcome is outcome]
    return next(iter([*by_reviewer, *(one for one in told if one.outcome is outcome)]), None)


@dataclass(frozen=True)
class Conclusion:
    """What an evaluation says of one criterion over its whole sample."""

    criterion: str
    outcome: Outcome
    pages: dict[int, Outcome]  # of each page of the sample that the criterion is asked of
    whole: Outcome  # what was said of the whole sample as such
    by_norm: bool = False  # nobody looked: the norm itself says so
    disputed: tuple[int, ...] = ()  # pages of which evaluators say different things

    def count(self, outcome: Outcome | str) -> int:
        """Pages of the sample with this outcome."""
        return sum(one == outcome for one in self.pages.values())


def conclude(evaluation: Evaluation, criterion: str) -> Conclusion:
    """The conclusion on one criterion.

    One failure anywhere fails it. It is only met where every page was judged, or a person judged the whole sample as such.
    """
    reviewer = evaluation.reviewer
    whole_said = evaluation.cell(criterion, WHOLE_SAMPLE)
    whole = outcome_of_cell(whole_said, reviewer)
    asked = [page.number for page in evaluation.sample if page.is_asked(criterion)]
    pages = {number: outcome_of_cell(evaluation.cell(criterion, number), reviewer) for number in asked}
    disputed = tuple(number for number in (WHOLE_SAMPLE, *pages) if is_disputed(evaluation.cell(criterion, number), reviewer))
    found = set(pages.values())
    if Outcome.FAILED in found or whole is Outcome.FAILED:
        outcome = Outcome.FAILED
    elif Outcome.CANNOT_TELL in found or whole is Outcome.CANNOT_TELL:
        outcome = Outcome.CANNOT_TELL
    elif whole is not Outcome.UNTESTED:
        outcome = Outcome.PASSED if Outcome.PASSED in found else whole
    elif not found or Outcome.UNTESTED in found:
        by_norm = criterion in ALWAYS_MET and found <= {Outcome.UNTESTED}
        if by_norm:
            return Conclusion(criterion, Outcome.PASSED, pages, whole, True, disputed)
        outcome = Outcome.UNTESTED
    else:
        outcome = Outcome.PASSED if Outcome.PASSED in found else Outcome.INAPPLICABLE
    return Conclusion(criterion, outcome, pages, whole, False, disputed)


@dataclass(frozen=True)
class Figures:
    """The numbers of an evaluation: the only ones that a screen or an export may show."""

    asked: int  # criteria of the norm
    outcomes: dict[Outcome, int]  # criteria with each outcome, all five
    structured: int  # pages of the sample
    random: int
    by_people: int  # criteria that a person judged
    by_norm: int  # criteria that the norm itself says are met
    disputed: int  # criteria of which evaluators say different things

    @property
    def met(self) -> int:
        """Criteria that are met: passed, or nothing in the sample to apply them to."""
        return self.outcomes[Outcome.PASSED] + self.outcomes[Outcome.INAPPLICABLE]

    @property
    def judged(self) -> int:
        """Criteria with a verdict; what nobody knows is not one."""
        return self.met + self.outcomes[Outcome.FAILED]

    @property
    def score(self) -> str:
        """ "37/50": criteria met of those that the norm asks for."""
        return f"{self.met}/{self.asked}"

    @property
    def not_at_all(self) -> int:
        """Criteria that nobody judged."""
        return self.outcomes[Outcome.UNTESTED]


def conclusions(evaluation: Evaluation) -> dict[str, Conclusion]:
    """The conclusion on every criterion of the norm, in its order."""
    return {number: conclude(evaluation, number) for number in evaluation.norm.criteria}


def figures(evaluation: Evaluation, found: dict[str, Conclusion] | None = None) -> Figures:
    """Count the conclusions; `found` where they are known already."""
    concluded = found if found is not None else conclusions(evaluation)
    outcomes = {outcome: sum(one.outcome is outcome for one in concluded.values()) for outcome in Outcome}
    by_norm = sum(one.by_norm for one in concluded.values())
    return Figures(
        asked=len(concluded),
        outcomes=outcomes,
        structured=sum(page.part is SamplePart.STRUCTURED for page in evaluation.sample),
        random=sum(page.part is SamplePart.RANDOM for page in evaluation.sample),
        by_people=sum(one.outcome is not Outcome.UNTESTED and not one.by_norm for one in concluded.values()),
        by_norm=by_norm,
        disputed=sum(bool(one.disputed) for one in concluded.values()),
    )


class Comparison(StrEnum):
    """What comparing the random part with the structured part demands. Source: WCAG-EM, step 4.3."""

    NO_RANDOM = "no-random"  # there is nothing to compare: draw the random part
    UNFINISHED = "unfinished"  # a page of one of the parts is not judged whole
    SAME = "same"  # the random part shows nothing new: the sample is large enough
    NEW = "new"  # it shows findings or content of a kind that the structured part lacks: back to step 3


@dataclass(frozen=True)
class Compared:
    """The comparison with what it rests on."""

    verdict: Comparison
    criteria: tuple[str, ...] = ()  # that fail in the random part only
    templates: tuple[int, ...] = ()  # numbers of random pages of a kind that the structured part has no page of
    unjudged: int = 0  # cells without an outcome


def compare_parts(evaluation: Evaluation, found: dict[str, Conclusion]) -> Compared:
    """Compare the random part of the sample with the structured part."""
    parts = {part: [page for page in evaluation.sample if page.part is part] for part in SamplePart}
    if not parts[SamplePart.RANDOM]:
        return Compared(Comparison.NO_RANDOM)
    failing = {
        part: {number for number, one in found.items() if any(one.pages.get(page.number) is Outcome.FAILED for page in pages)}
        for part, pages in parts.items()
    }
    known = {page.template for page in parts[SamplePart.STRUCTURED]}
    unknown = tuple(page.number for page in parts[SamplePart.RANDOM] if page.template is not None and page.template not in known)
    only_random = failing[SamplePart.RANDOM] - failing[SamplePart.STRUCTURED]
    new = tuple(number for number in found if number in only_random)
    unjudged = sum(one.count(Outcome.UNTESTED) for one in found.values() if one.whole is Outcome.UNTESTED and not one.by_norm)
    if new or unknown:
        return Compared(Comparison.NEW, new, unknown, unjudged)
    return Compared(Comparison.UNFINISHED if unjudged else Comparison.SAME, (), (), unjudged)


@dataclass(frozen=True)
class Deviation:
    """A criterion that fails on a page, with the words that were chosen to report it."""

    criterion: str
    page: SamplePage | None  # None: the whole sample
    assessment: Assessment


@dataclass(frozen=True)
class Results:
    """An evaluation with all that follows from it, reckoned once."""

    evaluation: Evaluation
    conclusions: dict[str, Conclusion] = field(default_factory=dict)

    @classmethod
    def of(cls, evaluation: Evaluation) -> Results:
        return cls(evaluation, conclusions(evaluation))

    @cached_property
    def figures(self) -> Figures:
        return figures(self.evaluation, self.conclusions)

    @cached_property
    def compared(self) -> Compared:
        return compare_parts(self.evaluation, self.conclusions)

    @cached_property
    def deviations(self) -> list[Deviation]:
        """Every failed cell, by criterion and page; that the whole sample fails too is only told where it adds something."""
        found = []
        for criterion, one in self.conclusions.items():
            for number in (WHOLE_SAMPLE, *one.pages):
                said = self.evaluation.cell(criterion, number)
                if outcome_of_cell(said, self.evaluation.reviewer) is not Outcome.FAILED:
                    continue
                words = deciding(said, self.evaluation.reviewer)
                assert words is not None
                if number != WHOLE_SAMPLE or words.description or not one.count(Outcome.FAILED):
                    found.append(Deviation(criterion, self.evaluation.page(number), words))
        return found
