"""Judges the hosts of a site by what they answered: the duties of a website as a whole. Pure."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial

from checks.own import finding_of
from checks.verdict import Verdict
from checks.website.host import certificate, headers, https, icon, not_found, robots_txt, security_txt, sitemap
from rules.finding import Finding
from rules.observation import HostObservation, SitemapObservation
from rules.outcome import Outcome, worst
from rules.task import Judgement

OF_A_HOST = (https, certificate, security_txt, headers, robots_txt, not_found, icon)
RULES = frozenset(rule for module in (*OF_A_HOST, sitemap) for rule in module.RULES)

logger = logging.getLogger(__name__)


def judge_hosts(hosts: Sequence[HostObservation], sitemaps: SitemapObservation | None = None) -> Judgement:
    """Of every duty its worst outcome over all hosts; one that a host gave no answer about closes nothing."""
    not_asked = set(sitemap.RULES) if sitemaps is None else set()
    if not hosts:
        not_asked |= RULES - set(sitemap.RULES)
    outcomes = {rule: Outcome.UNTESTED if rule in not_asked else Outcome.INAPPLICABLE for rule in sorted(RULES)}
    partly = set(not_asked)
    findings: list[Finding] = []
    for rules, verdicts in _verdicts(hosts, sitemaps):
        if verdicts is None:
            partly.update(rules)
            outcomes |= {rule: worst(outcomes[rule], Outcome.UNTESTED) for rule in rules}
        for verdict in verdicts or ():
            outcome, finding = finding_of(verdict, ())
            outcomes[verdict.rule] = worst(outcomes[verdict.rule], outcome)
            partly.update([verdict.rule] if outcome is Outcome.UNTESTED else [])
            findings += [finding] if finding else []
    return Judgement(tuple(findings), outcomes, frozenset(partly))


def _verdicts(
    hosts: Sequence[HostObservation], sitemaps: SitemapObservation | None
) -> Iterator[tuple[tuple[str, ...], list[Verdict] | None]]:
    """The rules of each module with what it says of each host; None where it stopped."""
    todo = [(module.RULES, partial(module.judge, host)) for host in hosts for module in OF_A_HOST]
    if sitemaps is not None:
        todo.append((sitemap.RULES, partial(sitemap.judge, sitemaps)))
    for rules, judge in todo:
        try:
            yield rules, list(judge())
        except Exception:  # what a host answers may surprise a check in any way; the other duties go on
            logger.exception("The checks of %s stopped", ", ".join(rules))
            yield rules, None
