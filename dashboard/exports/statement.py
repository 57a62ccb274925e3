"""A draft of the accessibility statement: the Dutch toegankelijkheidsverklaring, and the EU model statement in English.

Source: digitoegankelijk.nl (fields of the invulassistent, six fields per deviation); Implementing Decision (EU) 2018/1523.
It is a draft: who signs it has to read it, and the public register is where it is made.
"""

from __future__ import annotations

from dashboard.exports.honest import honest_lines
from dashboard.exports.pdf_file import environment_for
from rules.criteria import criteria_table
from rules.evaluation import Deviation, Exemption, Results
from rules.norm import Language
from rules.statement_status import StatementFacts, Status, status_on


def as_html(results: Results, language: Language) -> str:
    """The draft as one file: status by the facts of the evaluation, and every deviation with its six fields."""
    told = results.evaluation
    groups: dict[str, list[Deviation]] = {one.value: [] for one in Exemption}
    for deviation in results.deviations:
        groups[deviation.assessment.exemption.value].append(deviation)
    on = told.on
    facts = StatementFacts(published_on=on, reviewed_on=on, research_on=on, met=results.figures.met, asked=results.figures.asked)
    return (
        environment_for(language)
        .get_template("report/statement.html.j2")
        .render(
            language=language,
            results=results,
            evaluation=told,
            figures=results.figures,
            criteria=criteria_table(),
            groups=groups,
            status=status_on(facts, on) if on and results.figures.not_at_all == 0 else Status.D,
            undecided=results.figures.asked - results.figures.judged,
            honest=honest_lines(results, language),
        )
    )
