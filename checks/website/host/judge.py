"""Judges the hosts of a site by what they answered: the duties of a website as a whole. Pure."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from checks.own import finding_of
from checks.website.host import certificate, https, security_txt
from checks.website.host.said import untested
from rules.finding import Finding
from rules.observation import HostObservation
from rules.outcome import Outcome, worst
from rules.task import Judgement

DUTIES = (https, certificate, security_txt)
RULES = frozenset(rule for module in DUTIES for rule in module.RULES)

logger = logging.getLogger(__name__)


def judge_hosts(hosts: Sequence[HostObservation]) -> Judgement:
    """Of every duty its worst outcome over all hosts; one that a host gave no answer about closes nothing."""
    outcomes = dict.fromkeys(sorted(RULES), Outcome.INAPPLICABLE if hosts else Outcome.UNTESTED)
    findings: list[Finding] = []
    partly = set() if hosts else set(RULES)
    for host in hosts:
        for module in DUTIES:
            try:
                verdicts = list(module.judge(host))
            except Exception:  # what a host answers may surprise a check in any way; the other duties go on
                logger.exception("The checks of %s stopped on %s", module.__name__, host.origin)
                verdicts = [untested(host, rule) for rule in module.RULES]
            for verdict in verdicts:
                outcome, finding = finding_of(verdict, ())
                outcomes[verdict.rule] = worst(outcomes[verdict.rule], outcome)
                partly.update([verdict.rule] if outcome is Outcome.UNTESTED else [])
                findings += [finding] if finding else []
    return Judgement(tuple(findings), outcomes, frozenset(partly))
