"""The style sheets and scripts that pages of a site load: each asked once a walk, and fetched only where it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from crawler.link_asker import LinkAsker
from crawler.references import references_of_style
from rules.document import Version
from rules.incremental import AssetVersion
from rules.observation import LinkAnswer
from rules.site import Scope

LARGEST = 5_000_000  # bytes; of a larger one its start is compared
NOT_LOADED = "not loaded"  # by the browser either: a run without a network beyond the site


class Assets:
    """Those of one walk."""

    def __init__(self, asker: LinkAsker, known: Iterable[AssetVersion]) -> None:
        self.asker = asker
        self.known = {asset.url: asset for asset in known}
        self.met: dict[str, tuple[AssetVersion, LinkAnswer]] = {}

    async def ask(self, url: str, scope: Scope, *, offline: bool) -> AssetVersion:
        """What an asset is now; its digest is empty where nobody can say."""
        if offline and not scope.covers(url):
            return AssetVersion(url, NOT_LOADED)
        known = self.known.get(url)
        unless = Version(known.etag, known.last_modified) if known and known.digest else None
        answer, body = await self.asker.read_version(url, LARGEST, unless)
        if answer.status == 304 and known:
            asset, answer = known, replace(answer, status=200)
        elif answer.status is None or answer.status >= 500 or answer.status == 429 or answer.error:
            asset = AssetVersion(url, "")
        else:
            digest = hashlib.sha256(b"%d %s" % (answer.status, body)).hexdigest()[:32]
            asset = AssetVersion(url, digest, answer.etag, answer.last_modified, _references(url, answer, body))
        self.met[url] = asset, answer
        return asset


def _references(url: str, answer: LinkAnswer, body: bytes) -> tuple[str, ...]:
    """The addresses that a style sheet asks for."""
    if answer.status != 200 or answer.content_type != "text/css":
        return ()
    return tuple(dict.fromkeys(references_of_style(body.decode("utf-8", "replace"), answer.final_url or url)))
