"""Asks every known document of a site again: `python -m scheduler.ask_documents DATABASE REQUEST`.

One that has not changed keeps its result; what cannot be fetched is untested, with the reason, and closes nothing.
"""

from __future__ import annotations

from rules.crawl import LinkSeen
from rules.observation import LinkAnswer, LinkClass, LinkObservation, may_be_document
from scheduler.documents_of_run import DocumentsOfRun
from scheduler.stored_run import StoredRun, answer_request
from storage.runs import DOCUMENTS
from storage.sites import scope_of
from storage.stored_addresses import open_links


async def ask_documents(run: StoredRun) -> int:
    """Fetch the documents that pages refer to, and keep what is said of each; gives how many there are."""
    covers = scope_of(run.site).covers
    with run.database.session() as session:
        seen = [
            LinkSeen(
                LinkObservation(
                    link.url, LinkAnswer(link.url, link.status, "", link.final_url, link.permanent, link.content_type)
                ),
                own_site=covers(link.url),
            )
            for link in open_links(session, run.site.id)
            if link.link_class in (LinkClass.OK, LinkClass.MOVED) and may_be_document(link.content_type)
        ]
    documents = DocumentsOfRun(run.database, run.site, run.settings, run.run_id)
    await documents.judge(seen, lambda done, total: None)
    return len(documents.urls)


if __name__ == "__main__":
    answer_request(DOCUMENTS, ask_documents)
