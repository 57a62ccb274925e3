"""Rules as causes: what was broken, how many pages it touches, who mends it, and what to mend first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard.languages import N_, translations
from rules.barrier import number_of
from rules.criteria import PersonsPart, criteria_table
from rules.kpi import Panel
from rules.norm import Language, Norm, SuccessCriterion, norms, success_criteria
from rules.outcome import CriterionOutcome, Impact, Outcome
from rules.policy import is_policy, known_policies, rule_named
from rules.rule import Rule, catalogue
from storage.models import RunRule
from storage.questions.clusters import CauseOnSite
from storage.report import criteria_of as criteria_of_page


@dataclass(frozen=True)
class Cause:
    """What one repair mends, with its numbers after a run. A rule that left the catalogue keeps its id as its title."""

    id: str  # of the rule
    rule: Rule | None
    failed: int
    cannot_tell: int
    failed_pages: int
    mender: str
    place: CauseOnSite | None = None  # None: a run of before causes were found; all of the rule's findings together

    def title(self, language: Language) -> str:
        return rule_title(self.id, language)

    @property
    def criteria(self) -> list[SuccessCriterion]:
        return criteria_of(self.rule)

    @property
    def weight(self) -> float:
        """The order of work; what left the catalogue comes last."""
        return self.rule.worth(self.failed_pages) if self.rule else 0.0


def causes(tallies: Mapping[str, RunRule], places: Iterable[CauseOnSite]) -> list[Cause]:
    """Everything that one repair mends, what to mend first on top."""
    found = [
        Cause(one.rule, rule_named(one.rule), one.failed, one.cannot_tell, one.failed_pages, one.mender, one) for one in places
    ]
    told = {cause.id for cause in found}
    found += [
        Cause(row.rule, rule, row.failed, row.cannot_tell, row.failed_pages, rule.mender if rule else "")
        for row in tallies.values()
        for rule in [rule_named(row.rule)]
        if row.rule not in told and (row.failed or row.cannot_tell)
    ]
    return sorted(found, key=lambda cause: (-cause.weight, -cause.failed, -cause.cannot_tell, cause.id))


OF_PEOPLE = N_("Gemeld door mensen: melding %(number)s")


def rule_title(rule_id: str, language: Language) -> str:
    if number := number_of(rule_id):
        return translations(language).gettext(OF_PEOPLE) % {"number": number}
    rule = rule_named(rule_id)
    return rule.words[language].title if rule else rule_id


PANELS = {"content": Panel.OP_ORDE, "municipal": Panel.OP_ORDE, "links": Panel.DOEN, "website": Panel.OP_ORDE}


def panel_of(rule_id: str) -> Panel:
    """The panel of the service vision that a rule serves."""
    rule = rule_named(rule_id)
    return PANELS.get(rule.area, Panel.WELKOM) if rule and not rule.criteria else Panel.WELKOM


def criteria_of(rule: Rule | None) -> list[SuccessCriterion]:
    return [success_criteria()[number] for number in rule.criteria] if rule else []


def is_advice(rule_id: str) -> bool:
    rule = rule_named(rule_id)
    return rule.is_advice if rule else is_policy(rule_id)


def rules_without_criteria() -> list[str]:
    """Advice, duties that are no matter of accessibility, and what the organisation asks of itself."""
    return [rule.id for rule in (*catalogue().values(), *known_policies().values()) if not rule.criteria]


def impact_order(rule_id: str) -> int:
    """Hardest first."""
    rule = rule_named(rule_id)
    return -rule.impact.weight if rule else -Impact.MINOR.weight


def norm_of(norm_id: str) -> Norm:
    """The norm a run was made for; the default one where the id is not known."""
    return norms().get(norm_id) or next(iter(norms().values()))


@dataclass(frozen=True)
class CriterionState:
    """What is known of one success criterion, over all pages of a run or on one page, and which rules looked at it."""

    criterion: SuccessCriterion
    outcome: CriterionOutcome
    rules: tuple[Rule, ...]

    @property
    def person(self) -> dict[Language, PersonsPart]:
        return criteria_table()[self.criterion.number].person

    @property
    def waits_for_a_person(self) -> bool:
        return self.outcome in (CriterionOutcome.CANNOT_TELL, CriterionOutcome.NOT_TESTED)


def criteria_states(norm: Norm, tallies: Mapping[str, RunRule], outcomes: Mapping[str, Counter[Outcome]]) -> list[CriterionState]:
    """Every criterion of the norm, over all judged pages."""
    ran = {rule for rule, counts in outcomes.items() if any(outcome is not Outcome.UNTESTED for outcome in +counts)}
    return [
        CriterionState(success_criteria()[number], _outcome(number, tallies, outcomes), _looked(number, ran))
        for number in norm.criteria
    ]


def criteria_states_of_page(norm: Norm, outcomes: Mapping[str, Outcome]) -> list[CriterionState]:
    """Every criterion of the norm, on one page: the same as the page's report says."""
    ran = {rule for rule, outcome in outcomes.items() if outcome is not Outcome.UNTESTED}
    return [
        CriterionState(success_criteria()[number], CriterionOutcome(outcome), _looked(number, ran))
        for number, outcome in criteria_of_page(dict(outcomes), norm).items()
    ]


def _looked(number: str, ran: set[str]) -> tuple[Rule, ...]:
    """The rules of a criterion that ran."""
    return tuple(rule for rule in catalogue().values() if number in rule.criteria and rule.id in ran)


def _outcome(number: str, tallies: Mapping[str, RunRule], outcomes: Mapping[str, Counter[Outcome]]) -> CriterionOutcome:
    """Say "no failure found" only where every rule of the criterion ran to its end on every page and none asked anything."""
    rules = [rule.id for rule in catalogue().values() if number in rule.criteria and rule.id in outcomes]
    rows = [tallies[rule] for rule in rules if rule in tallies]
    if any(row.failed for row in rows):
        return CriterionOutcome.FAILED
    if any(row.cannot_tell for row in rows):
        return CriterionOutcome.CANNOT_TELL
    if not rules or any(outcomes[rule][Outcome.UNTESTED] for rule in rules):
        return CriterionOutcome.NOT_TESTED
    return CriterionOutcome.NO_FAILURE_FOUND


def count_outcomes(states: Iterable[CriterionState]) -> dict[CriterionOutcome, int]:
    counts = dict.fromkeys(CriterionOutcome, 0)
    for state in states:
        counts[state.outcome] += 1
    return counts
