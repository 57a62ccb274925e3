"""Full-text search in the pages of a site, by stems: FTS5 on SQLite, a text search vector on PostgreSQL.

Words are cut to their stems here (rules.stemming), so that both databases find the same pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite
from sqlalchemy.orm import Session

from rules.content_gap import FoundPage
from rules.stemming import stems
from rules.task import PageStatus
from rules.task import PageText as Words
from storage.blobs import short_hash
from storage.models import Page, PageState, PageText, table_of

# A word of the title counts for ten, one of a heading for five. The vector is the one that migration 0012 has an index of.
FOUND = {
    "sqlite": """
        SELECT page.id, page.identity, state.title, words.headings, -bm25(page_search, 10.0, 5.0, 1.0) AS score
        FROM page_search JOIN page_text AS words ON words.page_id = page_search.rowid
        JOIN page ON page.id = words.page_id JOIN page_state AS state ON state.page_id = page.id
        WHERE page_search MATCH :query AND page.site_id = :site
        AND state.closed_run_id IS NULL AND state.status IN ('tested', 'carried over')
        ORDER BY score DESC, page.id LIMIT :limit""",
    "postgresql": """
        SELECT page.id, page.identity, state.title, words.headings,
            ts_rank_cd('{0.1, 0.1, 0.5, 1.0}', vector, to_tsquery('simple', :query), 1) AS score
        FROM (
            SELECT *, setweight(to_tsvector('simple', title_stems), 'A') || setweight(to_tsvector('simple', heading_stems), 'B')
                || setweight(to_tsvector('simple', text_stems), 'C') AS vector
            FROM page_text
        ) AS words
        JOIN page ON page.id = words.page_id JOIN page_state AS state ON state.page_id = page.id
        WHERE vector @@ to_tsquery('simple', :query) AND page.site_id = :site
        AND state.closed_run_id IS NULL AND state.status IN ('tested', 'carried over')
        ORDER BY score DESC, page.id LIMIT :limit""",
}


def store_page_text(session: Session, page_id: int, title: str, words: Words) -> None:
    """Keep the words of a page in place of those it had; the same words write nothing."""
    values = {
        "headings": "\n".join(" ".join(heading.split()) for heading in words.headings).replace("\x00", ""),
        "title_stems": " ".join(stems(title)),
        "heading_stems": " ".join(stems(" ".join(words.headings))),
        "text_stems": " ".join(stems(words.text)),
    }
    known = session.get(PageText, page_id)
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return
    insert = insert_into_postgresql if session.get_bind().dialect.name == "postgresql" else insert_into_sqlite
    row = insert(table_of(PageText)).values(page_id=page_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["page_id"], set_=values))
    if known:
        session.expire(known)


def find_pages(session: Session, site_id: int, wanted: Sequence[Collection[str]], limit: int = 10) -> list[FoundPage]:
    """The pages of a site that have, of each collection of stems, at least one; the best first. None wanted: none found."""
    groups = [sorted({stem for stem in group if stem}) for group in wanted]
    if not groups or not all(groups):
        return []
    name = session.get_bind().dialect.name
    quote, either, both = ('"', " OR ", " AND ") if name == "sqlite" else ("'", " | ", " & ")
    quoted = ([quote + stem.replace(quote, quote * 2) + quote for stem in group] for group in groups)
    query = both.join(f"({either.join(group)})" for group in quoted)
    rows = session.execute(text(FOUND[name]), {"query": query, "site": site_id, "limit": limit})
    return [
        FoundPage(page, identity, title, tuple(headings.splitlines()), score) for page, identity, title, headings, score in rows
    ]


def pages_by_identity(session: Session, site_id: int, identities: Collection[str]) -> dict[str, FoundPage]:
    """The pages of a site with these identities, as far as a run has seen them."""
    query = (
        select(Page.id, Page.identity, PageState.title, PageText.headings)
        .join(PageState, PageState.page_id == Page.id)
        .join(PageText, PageText.page_id == Page.id, isouter=True)
        .where(Page.site_id == site_id, Page.identity_hash.in_([short_hash(one.encode()) for one in identities]))
        .where(PageState.closed_run_id.is_(None), PageState.status.in_((PageStatus.TESTED, PageStatus.CARRIED_OVER)))
    )
    return {
        identity: FoundPage(page, identity, title, tuple((headings or "").splitlines()), 0.0)
        for page, identity, title, headings in session.execute(query)
    }


def vocabulary(session: Session, site_id: int) -> Mapping[str, int]:
    """Every stem that the pages of a site say, with the number of pages."""
    query = (
        select(PageText.title_stems, PageText.text_stems)
        .join(Page, Page.id == PageText.page_id)
        .join(PageState, PageState.page_id == Page.id)
        .where(Page.site_id == site_id, PageState.closed_run_id.is_(None))
        .where(PageState.status.in_((PageStatus.TESTED, PageStatus.CARRIED_OVER)))
    )
    pages: Counter[str] = Counter()
    for title, words in session.execute(query.execution_options(yield_per=200)):
        pages.update({*title.split(), *words.split()})
    return pages
