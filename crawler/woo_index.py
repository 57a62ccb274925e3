"""Asks for the sitemaps by which a public body offers its Woo documents to the national index, a few files and documents of each.

Source: the DiWoo standard of standaarden.overheid.nl: robots.txt names a `sitemapindex-diwoo-infocatNNN.xml` for each of the 17
categories of information; their sitemaps have at most 50,000 addresses and 50 MB, and metadata with each.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from crawler.link_asker import LinkAsker
from crawler.sitemap import LARGEST_FILE, SitemapError, SitemapFile, read_sitemap
from rules.address import resolve
from rules.observation import WooIndex

NAMED = re.compile(r"sitemapindex-diwoo-infocat(\d{3})\b", re.IGNORECASE)
MOST_INDEXES = 34  # two catalogues of 17 categories
MOST_SECONDS = 120.0  # for all of them
FILES_EACH = 2
DOCUMENTS_EACH = 2
ABSENT = frozenset({404, 410})


def is_woo_index(url: str) -> bool:
    return NAMED.search(url) is not None


async def ask_woo_indexes(
    origin: str, sitemaps: Iterable[str], asker: LinkAsker, covers: Callable[[str], bool]
) -> tuple[WooIndex, ...]:
    """What the Woo indexes among the sitemaps of a host's robots.txt hold.

    `covers`: whether an address is the site's own; nothing else is asked. A host that is slow is not asked for all of them.
    """
    until = time.monotonic() + MOST_SECONDS
    named = {address for url in sitemaps if is_woo_index(url) and (address := resolve(f"{origin}/robots.txt", url))}
    return tuple(
        [
            await _ask(url, asker, covers) if time.monotonic() < until else WooIndex(url, "woo-no-answer")
            for url in sorted(named)[:MOST_INDEXES]
        ]
    )


async def _ask(url: str, asker: LinkAsker, covers: Callable[[str], bool]) -> WooIndex:
    index = WooIndex(url)
    if not covers(url):
        return replace(index, problem="woo-elsewhere")
    file, problem = await _read(url, asker, covers)
    if file is None:
        return replace(index, problem=problem)
    index = _with(index, url, file, covers)
    further = [address for sitemap in file.sitemaps if (address := resolve(url, sitemap))]
    index = replace(index, sitemaps=len(further))
    own = [address for address in further if covers(address)]
    if further and not own:
        return replace(index, problem="woo-elsewhere", wrong=further[0])
    for address in own[:FILES_EACH]:
        file, problem = await _read(address, asker, covers)
        if file is None:
            return replace(index, problem=problem, wrong=address)
        index = _with(index, address, file, covers)
    for document in index.documents:
        answer = await asker.ask(document)
        if answer.status in ABSENT:
            return replace(index, problem="woo-document-gone", wrong=document)
    return index


async def _read(url: str, asker: LinkAsker, covers: Callable[[str], bool]) -> tuple[SitemapFile | None, str]:
    """What one file holds; None with the reason why it could not be read, as a key of `rules.reason`."""
    answer, body = await asker.read(url, LARGEST_FILE + 1, stays=covers)
    if answer.final_url and not covers(answer.final_url):
        return None, "woo-elsewhere"
    if answer.status in ABSENT:
        return None, "sitemap-missing"
    if answer.status != 200:
        return None, "woo-no-answer"
    if len(body) > LARGEST_FILE:
        return None, "sitemap-too-large"
    try:
        return read_sitemap(body, lines=False), ""
    except SitemapError as error:
        return None, str(error)


def _with(index: WooIndex, url: str, file: SitemapFile, covers: Callable[[str], bool]) -> WooIndex:
    """The index with what one of its files holds."""
    listed = [address for page in file.pages[:DOCUMENTS_EACH] if (address := resolve(url, page))]
    own = tuple(address for address in listed if covers(address))
    return replace(
        index,
        listed=index.listed + len(file.pages),
        dated=index.dated + len(file.modified),
        described=index.described + file.described,
        most_in_a_file=max(index.most_in_a_file, len(file.pages)),
        documents=(*index.documents, *own)[:DOCUMENTS_EACH],
    )
