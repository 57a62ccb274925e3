"""`python -m rules.index` writes `docs/rules.md`, the list of all rules and criteria; `--check` says whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

from rules.generated_page import table, write_or_check
from rules.norm import SuccessCriterion, norms, success_criteria
from rules.rule import Rule, catalogue

MODULE = "rules.index"


def index() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    rules = sorted(catalogue().values(), key=lambda rule: (rule.area, rule.id))
    advice = sum(rule.is_advice for rule in rules)
    yield "# Rules"
    yield ""
    yield f"<!-- Made by `python -m {MODULE}`; do not edit. -->"
    yield ""
    yield (
        f"{len(rules)} rules, of which {advice} are advice: good practice that no success criterion asks for. Advice may ask a "
        "person to look, it never fails a page. A duty that a law or standard other than WCAG asks for may fail; it is never "
        "counted as a page that shuts people out. A rule's own page has the words and the examples that a test runs."
    )
    for area, members in groupby(rules, key=lambda rule: rule.area):
        yield from ("", f"## {area.replace('-', ' ').capitalize()}", "")
        header = ("rule", "titel", "title", "criteria", "impact", "mender", "version")
        yield from table(header, [_row(rule) for rule in members])
    yield from ("", "## Criteria", "")
    yield from _criteria(rules)


def _row(rule: Rule) -> list[str]:
    criteria = success_criteria()
    names = ", ".join(f"{number} {criteria[number].name['en']}" for number in rule.criteria) or rule.duty or "advice"
    page = f"[{rule.id}](../rules/catalogue/{rule.area}/{rule.id}.md)"
    return [page, rule.words["nl"].title, rule.words["en"].title, names, rule.impact, rule.mender, str(rule.version)]


def _criteria(rules: list[Rule]) -> Iterator[str]:
    """Which criteria have rules, and which have none: those only people can judge with what is built today."""
    asked = [
        criterion for criterion in success_criteria().values() if any(norm.asks(criterion.number) for norm in norms().values())
    ]
    by_criterion = {one.number: [rule.id for rule in rules if one.number in rule.criteria] for one in asked}
    for norm in norms().values():
        touched = sum(bool(by_criterion[number]) for number in norm.criteria)
        yield f"- {norm.title}: {touched} of its {len(norm.criteria)} criteria have a rule."
    yield from (
        "",
        "A criterion with rules is not judged whole: rules find a part of its failures. One without is left to people. "
        "What is asked of a person at each of them stands in [criteria](criteria.md).",
        "",
    )
    yield from table(
        ("criterion", "succescriterium", "success criterion", "level", "asked by", "rules"),
        [_criterion_row(criterion, by_criterion[criterion.number]) for criterion in asked],
    )


def _criterion_row(criterion: SuccessCriterion, rules: list[str]) -> list[str]:
    asking = ", ".join(norm.id.removeprefix("en301549-") for norm in norms().values() if norm.asks(criterion.number))
    found = ", ".join(rules) or "none"
    return [criterion.number, criterion.name["nl"], criterion.name["en"], criterion.level, asking, found]


if __name__ == "__main__":
    sys.exit(write_or_check({"rules.md": index()}, MODULE, sys.argv[1:]))
