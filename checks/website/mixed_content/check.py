"""A page that came over a secure connection asks for nothing, and sends nothing, over one that is not.

Source: W3C Mixed Content, level 2: browsers refuse scripts, frames and style sheets, and try https for pictures and sound.
W3C Upgrade Insecure Requests: a page that asks for it gets everything, and sends forms, over https.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed
from checks.website.host.said import shown

FACTS = "website"
RULE = "mixed-content"
RULES = (RULE,)

UPGRADES = re.compile(r"(?:^|[;,\n])\s*upgrade-insecure-requests\b", re.IGNORECASE)

REFUSED = frozenset({"script", "iframe", "frame", "embed", "object", "link"})


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    if not facts or not document.page.response.url.startswith(("https:", "http:")):
        return
    header = document.page.response.headers.get("content-security-policy", "")
    if not facts["mixed"] or any(map(UPGRADES.search, (header, *facts["policies"]))):
        yield passed(RULE, facts["root"])
        return
    for one in facts["mixed"]:
        url = shown(one["url"])
        if one["kind"] == "form":
            yield failed(RULE, one["element"], "failed_form", url=url)
        elif one["kind"] in REFUSED:
            yield failed(RULE, one["element"], url=url)
        else:
            yield cannot_tell(RULE, one["element"], url=url)
