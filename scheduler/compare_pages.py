"""The end of a walk: every page that the run tested is judged by all the others.

The pages stream past twice, from storage: so a run that was continued, or is larger than the memory, is judged the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache

from checks.accessibility.sample.facts import sample_page
from checks.accessibility.sample.ways import identity_or_address
from checks.links.sample.broken import Answers
from checks.municipal.products import ProductNames
from checks.sample import Sample
from rules.address import without_fragment
from rules.norm import Norm
from storage.database import Database
from storage.models import Site
from storage.products import products_kept, products_since
from storage.register import numbers_of_site
from storage.sample import has_every_page, is_whole, pages_of_sample, sample_of, store_comparisons

PAGES_AT_ONCE = 200


async def compare_pages(
    database: Database, site: Site, run_id: int, norm: Norm, *, complete: bool, moved: Mapping[str, str], answers: Answers
) -> Sample:
    """Store what the sample of a run says of each of its pages; gives the sample, to judge a second look by.

    `complete`: the walk was not cut short. `moved`: address, and where it leads today. `answers`: what addresses came to.
    """

    @cache
    def leads_to(url: str) -> str:
        address = without_fragment(url)
        return identity_or_address(moved.get(address, address))

    with database.session() as session:
        numbers = sample_of(session, run_id)
        keeps_all = is_whole(session, site.id, run_id, complete=complete)
        every_page = complete and has_every_page(session, run_id, len(numbers))
        listed, since = products_kept(session), products_since(session)
        registered = frozenset(numbers_of_site(session, site))
    sample = Sample(
        norm,
        leads_to(site.start_url),
        whole=every_page,
        leads_to=leads_to,
        answers=answers,
        products=ProductNames(listed, since.date().isoformat()) if since else None,
        registered=registered,
    )
    chunks = [numbers[start : start + PAGES_AT_ONCE] for start in range(0, len(numbers), PAGES_AT_ONCE)]
    for chunk in chunks:
        with database.session() as session:
            for page in pages_of_sample(session, chunk):
                sample.add(sample_page(page.identity, page.facts, page.links))
        await asyncio.sleep(0)  # the run's heart beats on
    await judge_pages(database, site.id, run_id, sample, numbers, whole=keeps_all)
    return sample


async def judge_pages(
    database: Database, site_id: int, run_id: int, sample: Sample, numbers: Sequence[int], *, whole: bool
) -> None:
    """Store what a sample says of some pages. `whole`: what was found earlier and is not met again is over."""
    for start in range(0, len(numbers), PAGES_AT_ONCE):
        with database.session() as session:
            pages = pages_of_sample(session, numbers[start : start + PAGES_AT_ONCE])
            judged = ((page, sample.judge(sample_page(page.identity, page.facts, page.links))) for page in pages)
            store_comparisons(session, site_id, run_id, list(judged), whole=whole)
        await asyncio.sleep(0)
