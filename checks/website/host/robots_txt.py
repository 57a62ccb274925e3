"""robots.txt keeps no search engine from the website, or from the style sheets and scripts that it sees a page by.

Source: RFC 9309 (Robots Exclusion Protocol), read by Protego. Advice: a site may want to stay unfound.
"""

from __future__ import annotations

from collections.abc import Iterator

from protego import Protego

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, is_clear, passed, shown, untested
from rules.address import path_of
from rules.observation import HostObservation

RULE = "robots-txt"
RULES = (RULE,)

# A pattern of many wildcards can cost a reader minutes on a long address.
MOST_STARS, LONGEST_ADDRESS = 3, 200
ENGINES = ("Googlebot", "bingbot", "DuckDuckBot")


def judge(host: HostObservation) -> Iterator[Verdict]:
    answer = host.robots_txt
    if answer is None:
        return
    if not is_clear(answer):
        yield untested(host, RULE)
        return
    if answer.status != 200 or answer.headers.get("content-type", "").lower().startswith("text/html"):
        return  # no rules: everything may be found
    rules = Protego.parse("\n".join(line for line in answer.body.splitlines() if line.count("*") <= MOST_STARS))
    shut_out = [engine for engine in ENGINES if not rules.can_fetch(f"{host.origin}/", engine)]
    page = host.home[-1].page if host.home else None
    sheets = [sheet for sheet in page.style_sheets if len(sheet) <= LONGEST_ADDRESS] if page else []
    hidden = [sheet for sheet in sheets if not rules.can_fetch(sheet, ENGINES[0])]
    if shut_out:
        yield cannot_tell(host, RULE, engine=shut_out[0])
    elif hidden:
        yield cannot_tell(host, RULE, "cantTell_styles", path=shown(path_of(hidden[0])))
    else:
        yield passed(host, RULE)
