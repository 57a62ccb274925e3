"""The hash of a page without what is another each time it is asked and says nothing of a change.

Left out: comments, the width of white space, nonces, tokens, what hidden fields hold, session numbers in addresses, numbers in
counters, and moments that are now. An inline script counts whole, for pages are made from data in scripts, but for the
words in it that `crawler.volatile` has seen to differ.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from rules.incremental import VolatilePart

# A page's checks also look at these headers.
HEADERS = ("content-security-policy", "x-robots-tag", "refresh", "content-language")
VOLATILE_NAME = "csrf|xsrf|nonce|token|session|request-?id|captcha|cfemail"
SECRET_META = re.compile(rf"{VOLATILE_NAME}|timestamp|generated|build-?time|served-?by", re.IGNORECASE)
COUNTER = re.compile(
    r"(?:^|[-_])(?:counter|teller|hits|hitcount|views|viewcount|visits|visitors|bezoekers|clock|klok)(?:$|[-_])", re.I
)
COUNTERS = ",".join(
    f"[{name}*={word} i]"
    for name in ("class", "id")
    for word in ("counter", "teller", "hit", "view", "visit", "bezoekers", "clock", "klok")
)
DIGITS = re.compile(r"\d+")
# In the source as a parser writes it anew: tags keep their quotes, so a comment or a word is known by its place.
SECRET_ATTRIBUTE = re.compile(rf'(\sdata-[\w-]*(?:{VOLATILE_NAME})[\w-]*=)"[^"]*"', re.IGNORECASE)
SECRET_IN_ADDRESS = re.compile(
    r"((?:[?&]|&amp;)(?:phpsessid|jsessionid|sid|session_?id|csrf[-_\w]*|xsrf[-_\w]*|_?token|nonce|_wpnonce)=)[^&\"'#\s]*", re.I
)
SESSION_IN_PATH = re.compile(r"(;jsessionid=)[^?\"'#\s]*", re.IGNORECASE)
MASKED_MAIL = re.compile(r"(/cdn-cgi/l/email-protection#)[0-9a-f]+")
COMMENT_OR_KEPT = re.compile(r"<!--.*?-->|<(script|style|textarea|title|xmp|noembed|noframes)\b.*?</\1\s*>", re.DOTALL | re.I)
BLOCKS = (
    "html|head|body|meta|link|title|script|style|base|noscript|template|main|header|footer|nav|section|article|aside|div|p|h[1-6]|hr|br|"
    "ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|td|th|form|fieldset|legend|figure|figcaption|blockquote|details|summary"
)
AROUND_BLOCKS = re.compile(rf" ?(</?(?:{BLOCKS})(?: [^>]*)?>) ?")  # where white space is not seen
EPOCH = re.compile(r"(?<!\d)(\d{10})(\d{3})?(?!\d)")
NEAR_S = 86_400
OLDEST_CLOCK = 10  # minutes: a page may come from a cache
NONCE_IN_POLICY = re.compile(r"'nonce-[^']*'")
ZONE = ZoneInfo("Europe/Amsterdam")
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
ENGLISH = "January February March April May June July August September October November December".split()  # noqa: SIM905


def dom_hash(text: str, headers: Mapping[str, str]) -> str:
    """The hash of a page as `normalised` gives it, with what its headers say. `headers`: by name in lower case."""
    told = [f"{name}: {NONCE_IN_POLICY.sub('', headers[name])}" for name in HEADERS if name in headers]
    return hash_of_source("\n".join([*told, text]))


def hash_of_source(source: str) -> str:
    """The hash of a text; of a page that is too tangled to be parsed it is all there is."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def normalised(tree: LexborHTMLParser, now: datetime, volatile: Iterable[VolatilePart] = ()) -> str:
    """A parsed page, which is changed by it, as text without what says nothing of a change. `now`: when it was asked."""
    for node in tree.css("[nonce]"):
        del node.attrs["nonce"]
    for node in tree.css("input[type=hidden i][value]"):
        node.attrs["value"] = ""
    for node in tree.css("meta[content]"):
        named = (node.attributes.get("name") or "") + (node.attributes.get("property") or "")
        if named and SECRET_META.search(named):
            node.attrs["content"] = ""
    for node in tree.css(COUNTERS):
        if is_counter(node):
            _set_content(node, DIGITS.sub("0", node.inner_html or ""))
    scripts: list[str] = []
    for part in volatile:
        if part.before:
            scripts.append(part.before)
        else:
            _blank(tree, part)
    text = tree.html or ""
    text = COMMENT_OR_KEPT.sub(lambda found: found[0] if found[1] else "", text)
    text = SECRET_ATTRIBUTE.sub(r'\1""', text)
    text = SECRET_IN_ADDRESS.sub(r"\1", text)
    text = MASKED_MAIL.sub(r"\1", SESSION_IN_PATH.sub(r"\1", text))
    for before in scripts:
        text = re.sub(rf"({re.escape(before)})\w[\w+/=.:%-]*", r"\1", text)
    return without_now(AROUND_BLOCKS.sub(r"\1", " ".join(text.split())), now)


def is_counter(node: LexborNode) -> bool:
    """Whether an element says of itself that it counts, or shows the time."""
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".split()
    return any(COUNTER.search(name) for name in names)


def _set_content(node: LexborNode, html: str) -> None:
    if html != node.inner_html:
        node.inner_html = html


def _blank(tree: LexborHTMLParser, part: VolatilePart) -> None:
    try:
        found = tree.css(part.selector)
    except (SelectolaxError, ValueError):
        return
    for node in found:
        if part.attribute:
            if part.attribute in node.attributes:
                node.attrs[part.attribute] = ""
        else:
            _set_content(node, "")


def without_now(text: str, now: datetime) -> str:
    """A text without moments that are now: a clock, the date of today, seconds since 1970."""
    # Most pages hold no such thing: whether its first letters are there at all is soon seen.
    seconds = now.timestamp()
    if any(str(int(seconds + away))[:5] in text for away in (-NEAR_S, 0, NEAR_S)):
        text = EPOCH.sub(lambda found: "" if abs(int(found[1]) - seconds) < NEAR_S else found[0], text)
    clues, moments = _moments(now.replace(second=0, microsecond=0))
    return moments.sub("", text) if any(clue in text for clue in clues) else text


@lru_cache(maxsize=4)
def _moments(now: datetime) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """Every way in which a page writes the minutes just before now, and today; and what is in each of them."""
    there, here = now.astimezone(UTC), now.astimezone(ZONE)
    clocks = [moment - timedelta(minutes=back) for moment in (there, here) for back in range(-1, OLDEST_CLOCK)]
    days = {way for moment in (there, here) for way in _ways(moment)}
    times = "|".join(sorted({f"{clock:%H[:.]%M}" for clock in clocks}))
    moments = rf"(?<!\d)(?:{'|'.join(sorted(days))}|(?:{times})(?:[:.]\d\d(?:[.,]\d+)?)?)(?!\d)"
    clues = {f"{clock:%H:%M}" for clock in clocks} | {f"{clock:%H.%M}" for clock in clocks} | {str(now.year)}
    return tuple(sorted(clues)), re.compile(moments, re.IGNORECASE)


def _ways(day: datetime) -> Iterator[str]:
    """How a day is written."""
    name, english = MONTHS[day.month - 1], ENGLISH[day.month - 1]
    for month in (name, name[:3], english, english[:3]):
        yield rf"0?{day.day} {month}\.? {day.year}"
        yield rf"{month} {day.day}, {day.year}"
    for between in "-/.":
        yield rf"0?{day.day}{re.escape(between)}0?{day.month}{re.escape(between)}{day.year}"
    yield f"{day:%Y-%m-%dT?}"
    yield f"{day:%Y%m%d}"
