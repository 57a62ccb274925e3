"""Text that came from a watched site: shown as it is, and never able to do anything on our screens."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

# Control characters, halves of characters, and the invisible ones that turn the direction of the text after them.
CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: object) -> str:
    """One line of text without control characters."""
    return " ".join(CONTROLS.sub("", str(text)).split())


def visible(text: object) -> str:
    """Source code with its line ends; what cannot be seen becomes a mark that can."""
    return CONTROLS.sub("�", str(text).replace("\r\n", "\n"))


def editable(text: object) -> str:
    """What somebody wrote, to go on writing: with its line ends, without what cannot be seen."""
    return CONTROLS.sub("", str(text).replace("\r\n", "\n"))


def shortened(text: object, length: int) -> str:
    """At most `length` characters of a cleaned text, with an ellipsis where something was cut."""
    line = clean(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def crawled(text: object, length: int = 0, language: str = "") -> Markup:
    """The text as an island of its own direction and, where it is known, its own language."""
    line = shortened(text, length) if length else clean(text)
    tag = language_tag(language)
    return Markup('<bdi lang="{}">{}</bdi>').format(tag, line) if tag else Markup("<bdi>{}</bdi>").format(line)


def address(url: object, length: int = 0) -> Markup:
    """An address as crawled text that may be broken between its parts, and not in the middle of a word."""
    line = shortened(url, length) if length else clean(url)
    parts = re.split(r"(?<=[/?&=._-])(?![/])", line)
    return Markup("<bdi>{}</bdi>").format(Markup("<wbr>").join(parts))


def language_tag(language: str) -> str:
    """The primary language of a tag, if it is one that exists; else nothing: a wrong tag is worse than none."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
        return ""
    try:
        return Locale.parse(language.split("-")[0].lower()).language
    except (UnknownLocaleError, ValueError):
        return ""


def safe_href(url: str) -> str:
    """The address if a browser may follow it: http or https with a host; else nothing."""
    if CONTROLS.search(url) or re.search(r"\s", url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host else ""


def path_of(url: str) -> str:
    """The address without scheme and host, for lists of pages of one site."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme not in ("http", "https"):
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
