"""Judges the hosts of a site by what they answered: the duties of a website as a whole. Pure."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from checks.own import finding_of
from checks.verdict import Verdict
from checks.website.host import (
    certificate,
    cookies,
    headers,
    https,
    icon,
    not_found,
    register,
    robots_txt,
    security_txt,
    sitemap,
    woo_index,
)
from checks.website.host.said import untested
from rules.finding import Finding
from rules.observation import CookieObservation, HostObservation, SitemapObservation
from rules.outcome import Outcome, worst
from rules.register import RegisterSeen
from rules.task import Judgement

OF_A_HOST = (https, certificate, security_txt, headers, robots_txt, not_found, icon)
RULES = frozenset(rule for module in (*OF_A_HOST, sitemap, cookies, woo_index, register) for rule in module.RULES)

Todo = tuple[tuple[str, ...], Callable[[], Iterator[Verdict]]]

logger = logging.getLogger(__name__)


def judge_hosts(
    hosts: Sequence[HostObservation],
    sitemaps: SitemapObservation | None = None,
    kept: CookieObservation | None = None,
    registered: RegisterSeen | None = None,
) -> Judgement:
    """Of every duty its worst outcome over all hosts; one that a host gave no answer about closes nothing."""
    todo = list(_todo(hosts, sitemaps, kept, registered))
    not_asked = RULES - {rule for rules, _ in todo for rule in rules}
    outcomes = {rule: Outcome.UNTESTED if rule in not_asked else Outcome.INAPPLICABLE for rule in sorted(RULES)}
    partly = set(not_asked)
    findings: list[Finding] = []
    for rules, verdicts in map(_verdicts, todo):
        if verdicts is None:
            partly.update(rules)
            outcomes |= {rule: worst(outcomes[rule], Outcome.UNTESTED) for rule in rules}
        for verdict in verdicts or ():
            outcome, finding = finding_of(verdict, ())
            outcomes[verdict.rule] = worst(outcomes[verdict.rule], outcome)
            partly.update([verdict.rule] if outcome is Outcome.UNTESTED else [])
            findings += [finding] if finding else []
    return Judgement(tuple(findings), outcomes, frozenset(partly))


def _todo(
    hosts: Sequence[HostObservation],
    sitemaps: SitemapObservation | None,
    kept: CookieObservation | None,
    registered: RegisterSeen | None,
) -> Iterator[Todo]:
    """The rules of each module, and what asks it about each thing that was observed."""
    for host in hosts:
        for module in OF_A_HOST:
            yield module.RULES, partial(module.judge if host.was_asked else partial(_not_asked, module.RULES), host)
    if hosts:
        yield woo_index.RULES, partial(woo_index.judge, hosts)
    if sitemaps is not None:
        yield sitemap.RULES, partial(sitemap.judge, sitemaps)
    if kept is not None:
        yield cookies.RULES, partial(cookies.judge, kept)
    if registered is not None:
        yield register.RULES, partial(register.judge, registered)


def _not_asked(rules: tuple[str, ...], host: HostObservation) -> Iterator[Verdict]:
    """Asking this host went wrong: nothing is known of it."""
    yield from (untested(host, rule) for rule in rules)


def _verdicts(todo: Todo) -> tuple[tuple[str, ...], list[Verdict] | None]:
    """The rules of a module with what it says; None where it stopped."""
    rules, judge = todo
    try:
        return rules, list(judge())
    except Exception:  # what a host answers may surprise a check in any way; the other duties go on
        logger.exception("The checks of %s stopped", ", ".join(rules))
        return rules, None
