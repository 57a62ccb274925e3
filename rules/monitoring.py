"""What a member state reports on the monitoring of websites: sample sizes, user needs, and figures over many evaluations.

Source: Implementing Decision (EU) 2018/1524, Annex I (how many sites; 1.3.2, user accessibility needs; 3.2, which pages) and
Annex II (what is reported); EN 301 549 v3.2.1, clause 4.2 (the needs). Which criteria serve which need stands in
`user_needs.csv`: for criteria of WCAG 2.0 by the functional performance criteria, for later ones by our own reading.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.evaluation import Results, SampleRole
from rules.need import Need, needs
from rules.norm import success_criteria
from rules.outcome import Outcome

PER = 100_000  # inhabitants
FIXED = 75
IN_DEPTH_SHARE, IN_DEPTH_FIXED = 0.05, 10
FIRST_PERIODS = 2  # monitoring periods in which fewer sites are asked for


class Method(StrEnum):
    """The two methods."""

    SIMPLIFIED = "simplified"  # detects non-compliance, by machines as far as that goes
    IN_DEPTH = "in-depth"  # verifies all requirements, by people


@dataclass(frozen=True)
class SampleSize:
    """How many websites a member state looks at in one period."""

    simplified: int
    in_depth: int


def sample_size(inhabitants: int, period: int) -> SampleSize:
    """The least number of websites. Raises ValueError where there are no inhabitants or no such period."""
    if inhabitants <= 0 or period < 1:
        raise ValueError("Give the number of inhabitants, and the number of the monitoring period: 1 for 2020-2021.")
    each = 2 if period <= FIRST_PERIODS else 3
    simplified = math.ceil(each * inhabitants / PER) + FIXED
    return SampleSize(simplified, math.ceil(IN_DEPTH_SHARE * simplified) + IN_DEPTH_FIXED)


# The pages that the in-depth method asks for, as reasons to be in the sample. Source: Annex I, 3.2.
ASKED_PAGES = (
    *(SampleRole.HOME, SampleRole.LOGIN, SampleRole.SITEMAP, SampleRole.CONTACT, SampleRole.HELP, SampleRole.LEGAL),
    *(SampleRole.SEARCH, SampleRole.STATEMENT, SampleRole.DOCUMENT, SampleRole.RANDOM),
)


def missing_pages(results: Results) -> list[SampleRole]:
    """The kinds of pages that the in-depth method asks for and that a sample lacks. A site need not have them all."""
    have = {page.role for page in results.evaluation.sample}
    return [role for role in ASKED_PAGES if role not in have]


@dataclass(frozen=True)
class PrincipleFigure:
    """How many sites fail on a principle."""

    principle: str
    sites: int
    failing: int


@dataclass(frozen=True)
class MonitoringFigures:
    """The quantitative outcome of one method over many sites."""

    method: Method
    sites: int
    without_failure_found: int
    principles: list[PrincipleFigure]
    needs: dict[Need, int]  # sites that fail on a criterion that serves the need
    commonest: list[tuple[str, int]]  # criterion and sites that fail on it, the commonest first


def simplified_figures(sites: Mapping[str, set[str]]) -> MonitoringFigures:
    """What machines found: of each site the criteria that fail. That nothing was found is not counted as conformance."""
    return _figures(Method.SIMPLIFIED, list(sites.values()))


def in_depth_figures(evaluations: Sequence[Results]) -> MonitoringFigures:
    """What people concluded."""
    return _figures(
        Method.IN_DEPTH,
        [{number for number, one in results.conclusions.items() if one.outcome is Outcome.FAILED} for results in evaluations],
    )


def _figures(method: Method, failing: Sequence[set[str]]) -> MonitoringFigures:
    counted = Counter(number for site in failing for number in site)
    rows = success_criteria()
    principles = dict.fromkeys(row.principle for row in rows.values())
    return MonitoringFigures(
        method=method,
        sites=len(failing),
        without_failure_found=sum(not site for site in failing),
        principles=[
            PrincipleFigure(name, len(failing), sum(any(rows[number].principle == name for number in site) for site in failing))
            for name in principles
        ],
        needs={need: sum(any(need in needs().get(number, ()) for number in site) for site in failing) for need in Need},
        commonest=sorted(counted.items(), key=lambda item: (-item[1], list(rows).index(item[0]))),
    )
