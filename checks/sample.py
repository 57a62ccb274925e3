"""The whole sample: what its pages say of one another. Pages are added one by one, then judged one by one.

Only what pages have in common is kept, so that the pages of a large site can stream past twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol, Self

from checks.accessibility.sample import help_order, names, navigation, titles, ways
from checks.accessibility.sample.facts import SamplePage
from checks.content.sample import contradictions, copies
from checks.links.sample import broken, places
from checks.municipal import product_pages, reachable, statement_links
from checks.municipal.products import ProductNames
from checks.own import finding_of, unsure_finding
from checks.verdict import Verdict
from checks.website.sample import findable, other_hosts
from rules.finding import Finding
from rules.norm import Norm
from rules.observation import FragmentState
from rules.outcome import Outcome, worst
from rules.rule import catalogue
from rules.task import Judgement, PageResult

FEWEST_PAGES = 2
COMPARED = (
    help_order,
    names,
    navigation,
    titles,
    ways,
    copies,
    contradictions,
    broken,
    places,
    reachable,
    product_pages,
    statement_links,
    other_hosts,
    findable,
)
RULES = frozenset(rule for module in COMPARED for rule in module.RULES)


def rules_of_sample(norm: Norm) -> frozenset[str]:
    """The rules of a norm that compare pages."""
    return frozenset(rule for rule in RULES if catalogue()[rule].belongs_to(norm))


class Comparison(Protocol):
    """One thing that pages are compared by."""

    def add(self, page: SamplePage) -> None: ...

    def judge(self, page: SamplePage) -> Iterator[Verdict]: ...


class Sample:
    """The pages of one run, and what is judged of each by the others.

    `start`: the identity of the site's start page, "" where nobody said it. `whole`: every page of the site is among them.
    `leads_to`: the identity of the page that an address leads to. `answers`: what addresses came to; None: none was asked.
    `products`: the national list of product names; None: nobody has brought it in. `registered`: the numbers that the statements
    of the site have in the register; none: nothing is known of that.
    """

    def __init__(
        self,
        norm: Norm,
        start: str = "",
        *,
        whole: bool = False,
        leads_to: Callable[[str], str] = ways.identity_or_address,
        answers: broken.Answers | None = None,
        products: ProductNames | None = None,
        registered: frozenset[str] = frozenset(),
    ) -> None:
        self._rules = rules_of_sample(norm)
        without_answers = () if answers else (*broken.RULES, *statement_links.RULES)
        self._untested = frozenset([*without_answers, *(() if products else product_pages.RULES)])
        self._pages = 0
        self._places = places.Places(leads_to)
        by_answers: list[Comparison] = (
            [broken.BrokenLinks(answers), statement_links.StatementLinks(answers, registered)] if answers else []
        )
        by_list: list[Comparison] = [product_pages.ProductPages(products)] if products else []
        self._comparisons: tuple[Comparison, ...] = (
            navigation.NavigationOrder(),
            names.NameConsistent(),
            help_order.HelpOrder(),
            titles.TitleUnique(),
            ways.MultipleWays(start, whole=whole, leads_to=leads_to),
            copies.Copies(),
            contradictions.Contradictions(),
            *by_answers,
            *by_list,
            self._places,
            reachable.Reachable(start),
            other_hosts.OtherHosts(start),
            findable.Findable(leads_to),
        )

    @classmethod
    def of(
        cls,
        pages: Iterable[SamplePage],
        norm: Norm,
        start: str = "",
        *,
        whole: bool = False,
        answers: broken.Answers | None = None,
        products: ProductNames | None = None,
        registered: frozenset[str] = frozenset(),
    ) -> Self:
        """The sample of pages that are all at hand."""
        sample = cls(norm, start, whole=whole, answers=answers, products=products, registered=registered)
        for page in pages:
            sample.add(page)
        return sample

    @classmethod
    def of_answers(cls, norm: Norm, pages: int, answers: broken.Answers, registered: frozenset[str] = frozenset()) -> Self:
        """What the links of each page come to, and nothing else: of so many pages, that need not be added."""
        sample = cls(norm, answers=answers, registered=registered)
        sample._pages = pages
        sample._rules &= {*broken.RULES, *statement_links.RULES}
        sample._untested = frozenset()
        by_answers = (broken.BrokenLinks, statement_links.StatementLinks)
        sample._comparisons = tuple(one for one in sample._comparisons if isinstance(one, by_answers))
        return sample

    def add(self, page: SamplePage) -> None:
        self._pages += 1
        for comparison in self._comparisons:
            comparison.add(page)

    def judge(self, page: SamplePage) -> Judgement:
        """What the other pages say of one of them; rules that met nothing to compare are inapplicable. Pure.

        One page alone has no others: what compares pages is untested.
        """
        if self._pages < FEWEST_PAGES:
            return Judgement((), dict.fromkeys(sorted(self._rules), Outcome.UNTESTED), self._rules, ("not-compared",))
        outcomes = dict.fromkeys(sorted(self._rules), Outcome.INAPPLICABLE)
        outcomes |= dict.fromkeys(self._untested, Outcome.UNTESTED)
        findings: list[Finding] = []
        unsure: list[Finding] = []
        for comparison in self._comparisons:
            for verdict in comparison.judge(page):
                if verdict.rule not in self._rules:
                    continue
                if verdict.outcome is Outcome.UNTESTED:
                    unsure.append(unsure_finding(verdict))
                    continue
                outcome, finding = finding_of(verdict, ())
                outcomes[verdict.rule] = worst(outcomes[verdict.rule], outcome)
                findings += [finding] if finding else []
        return Judgement(tuple(findings), outcomes, self._untested, unsure=tuple(unsure))

    @property
    def fragments(self) -> Mapping[str, FragmentState]:
        """Whether the places are there to which the links of the pages lead that were judged so far, by address."""
        return self._places.fragments

    def judged(self, result: PageResult, page: SamplePage) -> PageResult:
        """The result of a page with what the sample says of it."""
        judgement = self.judge(page)
        findings = (*result.findings, *judgement.findings)
        outcomes = {**result.outcomes, **judgement.outcomes}
        return replace(result, findings=findings, outcomes=outcomes, notes=(*result.notes, *judgement.notes))
