"""An evaluation as an OpenACR: the accessibility conformance report of VPAT, as YAML.

Source: GSA/openacr, schema openacr-0.1.0. "Not evaluated" is a level for AAA only, so a criterion that nobody judged, or of
which nobody knows, has no level; the notes of its chapter name it.
"""

from __future__ import annotations

from typing import Any

import yaml

from dashboard.evaluation_words import OUTCOME
from dashboard.exports.honest import barrier_lines, honest_lines
from dashboard.languages import translations
from rules.evaluation import Conclusion, Results
from rules.norm import Language, success_criteria
from rules.outcome import Outcome
from rules.wcag_em import text_of

CHAPTERS = {"A": "success_criteria_level_a", "AA": "success_criteria_level_aa"}
CATALOGUES = {"2.1": "2.5-edition-wcag-2.1-508-en", "2.2": "2.5-edition-wcag-2.2-508-eu-en"}


def as_openacr(results: Results, language: Language) -> str:
    return yaml.safe_dump(openacr(results, language), allow_unicode=True, sort_keys=False, width=120)


def openacr(results: Results, language: Language) -> dict[str, Any]:
    told = results.evaluation
    day = told.on.isoformat() if told.on else ""
    return {
        "title": told.title or told.site,
        "product": {"name": told.site, "description": told.scope},
        "author": {"name": ", ".join(told.evaluators), "email": told.contact},
        "vendor": {"company_name": told.commissioner, "email": ""},
        "report_date": day,
        "last_modified_date": day,
        "version": told.revision,
        "notes": "\n".join([told.summary, *honest_lines(results, language), *barrier_lines(told.barriers, language)]).strip(),
        "evaluation_methods_used": "\n".join(filter(None, (told.method, told.norm.title, told.tools))),
        "catalog": CATALOGUES[told.norm.wcag],
        "chapters": {key: _chapter(results, level, language) for level, key in CHAPTERS.items()},
    }


def _chapter(results: Results, level: str, language: Language) -> dict[str, Any]:
    gettext = translations(language).gettext
    found = {number: one for number, one in results.conclusions.items() if success_criteria()[number].level == level}
    open_ones = {
        outcome: [number for number, one in found.items() if one.outcome is outcome]
        for outcome in (Outcome.CANNOT_TELL, Outcome.UNTESTED)
    }
    notes = [f"{gettext(OUTCOME[outcome])}: {', '.join(numbers)}" for outcome, numbers in open_ones.items() if numbers]
    return {
        "notes": "\n".join(notes),
        "criteria": [
            {"num": number, "components": [{"name": "web", **_adherence(results, one, language)}]}
            for number, one in found.items()
        ],
    }


def _adherence(results: Results, one: Conclusion, language: Language) -> dict[str, Any]:
    level = _level(one)
    if not level:
        return {}
    notes = [
        f"{deviation.page.title if deviation.page else results.evaluation.site}: {text_of(deviation.assessment, language)}"
        for deviation in results.deviations
        if deviation.criterion == one.criterion
    ]
    return {"adherence": {"level": level, "notes": "\n\n".join(notes)}}


def _level(one: Conclusion) -> str:
    """Partially: it fails on some pages of the sample and is met on others."""
    if one.outcome is Outcome.FAILED:
        is_met_somewhere = one.count(Outcome.PASSED) + one.count(Outcome.INAPPLICABLE) > 0
        return "partially-supports" if is_met_somewhere else "does-not-support"
    return {Outcome.PASSED: "supports", Outcome.INAPPLICABLE: "not-applicable"}.get(one.outcome, "")
