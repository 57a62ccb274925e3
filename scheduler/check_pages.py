"""The unit of work: some addresses in, a stream of page results out. Joins the crawler's browser and the checks' judges."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from playwright.async_api import Playwright

from checks import own
from checks.accessibility.engines.axe.probe import IsolatedAxe
from checks.accessibility.engines.opinions import OPINIONS
from checks.judge import judge
from checks.municipal.author import author_of
from checks.municipal.page_type import page_type_of
from checks.policies.probe import PolicyProbe
from checks.probe import PageProbe
from checks.topics import touching_probes
from checks.website.weight import weight_of
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.second_look import SecondVisitor
from crawler.visit import Visitor
from crawler.world import VisitFailed
from rules.norm import Norm, norms
from rules.observation import PageSnapshot
from rules.outcome import Outcome
from rules.page_type import said_by_site
from rules.policy import Policy
from rules.probe import Probe
from rules.task import CheckRequest, PageResult, PageStatus, PageText
from scheduler.run_settings import ENGINES, NO_ENGINE, RunSettings


class UnknownEngine(ValueError):
    """An engine that is not built; the sentence names those that are."""


def probes_for(engines: Sequence[str], norm: Norm, policies: Sequence[Policy] = ()) -> list[Probe]:
    """The probes that gather what the chosen engines, checks and policies need. Raises UnknownEngine."""
    for engine in engines:
        if engine not in (*ENGINES, NO_ENGINE):
            raise UnknownEngine(f"There is no engine '{engine}'. Choose from: {', '.join(ENGINES)}")
    probes = [_probe(engine, norm) for engine in ENGINES if engine in engines]
    if wanted := tuple(policy for policy in policies if policy.on):
        probes.append(PolicyProbe(wanted))
    return [*probes, *touching_probes()] if own.ENGINE in engines else probes


def _probe(engine: str, norm: Norm) -> Probe:
    match engine:
        case own.ENGINE:
            return PageProbe()
        case "axe":
            return IsolatedAxe(norm)
        case _:
            return OPINIONS[engine].probe(norm)


def _engine_of(probe: str) -> str:
    """The engine that findings name: the probes that touch a page are our own."""
    return probe if probe in ENGINES else own.ENGINE


def visitor_for(playwright: Playwright, browser: BrowserFile, guard: AddressGuard, settings: RunSettings) -> Visitor:
    """A browser that gathers what the engines of a run need."""
    probes = probes_for(settings.engines, settings.norm, settings.policies)
    return Visitor(
        playwright, browser, guard, probes, settings.user_agent, load_timeout_s=settings.load_timeout_s, door=settings.door
    )


def second_visitor_for(playwright: Playwright, browser: BrowserFile, guard: AddressGuard, settings: RunSettings) -> SecondVisitor:
    """A browser that looks again at what the engines of a run found."""
    probes = probes_for(settings.engines, settings.norm, settings.policies)
    return SecondVisitor(
        playwright, browser, guard, probes, settings.user_agent, load_timeout_s=settings.load_timeout_s, door=settings.door
    )


async def check_pages(request: CheckRequest, visitor: Visitor) -> AsyncIterator[PageResult]:
    """Open and judge every address of the request, one after the other; a page that fails is untested, with its reason."""
    norm = norms()[request.norm]
    for url in request.urls:
        try:
            snapshot = await visitor.visit(url, touch=request.touch)
        except VisitFailed as failure:
            yield PageResult(url, PageStatus.UNTESTED, failure.reason)
        else:
            said = said_by_site(snapshot.response.url, request.page_types)
            of_site = replace(snapshot, page_type=said or "", review_months=request.review_months)
            yield result_of(of_site, norm, request.policies)


def result_of(page: PageSnapshot, norm: Norm, policies: tuple[Policy, ...] = ()) -> PageResult:
    """Judge a snapshot. A page on which no probe ran to its end is untested, never silently passed."""
    failed = [evidence for evidence in page.evidence.values() if not evidence.complete]
    if failed and len(failed) == len(page.evidence):
        return PageResult(page.url, PageStatus.UNTESTED, failed[0].reason, final_url=page.response.url, links=page.links)
    judgement = judge(page, norm, tuple(policy for policy in policies if policy.on))
    facts, waiting = _to_compare(page, norm)
    notes = [note for evidence in page.evidence.values() if evidence.complete for note in evidence.data.get("notes", ())]
    return PageResult(
        url=page.url,
        status=PageStatus.TESTED,
        final_url=page.response.url,
        http_status=page.response.status,
        title=page.title,
        language=page.language,
        findings=judgement.findings,
        outcomes={**waiting, **judgement.outcomes},
        partly=judgement.partly,
        engines=frozenset(_engine_of(name) for name, evidence in page.evidence.items() if evidence.complete),
        links=page.links,
        notes=(
            *page.notes,
            *notes,
            *judgement.notes,
            *(evidence.reason for evidence in failed),
            *(["not-compared"] if waiting and not facts else []),
        ),
        structure=page.structure,
        sample=facts,
        page_type=page_type_of(page) if own.ENGINE in page.evidence else page.page_type,
        author=author_of(page) if own.ENGINE in page.evidence else "",
        touched=page.touched,
        weight=weight_of(page),
        cookies=page.cookies,
        text=_text_of(page),
        assets=page.assets,
        whole=not failed and "load-timeout" not in page.notes,
    )


def _text_of(page: PageSnapshot) -> PageText | None:
    if not own.looked(page):
        return None
    from checks.content.page_text import page_text_of  # loaded where it is used: see _to_compare

    return page_text_of(page)


def _to_compare(page: PageSnapshot, norm: Norm) -> tuple[dict[str, Any] | None, dict[str, Outcome]]:
    """The facts to compare a page by, and the rules that wait for that: what pages say of one another is not known before.

    Loaded where it is used: its lists of words and numbers would make every start a third of a second slower.
    """
    if not own.looked(page):
        return None, {}
    from checks.accessibility.sample.facts import facts_of
    from checks.sample import rules_of_sample

    return facts_of(page), dict.fromkeys(rules_of_sample(norm), Outcome.UNTESTED)
