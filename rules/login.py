"""How a site lets us in: what is stored of it (never a secret), what a run holds in memory, and what would let us out again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from rules.address import origin_of, path_of

ENVIRONMENT, FILE = "env", "file"
LOGS_OUT = "logs-out"  # the reason why a link that ends the session is not asked
NAME_OF_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Words in an address that end a session, whatever stands around them: /saml/logout, ?action=logout, /Account/LogOff.
LEAVES = re.compile(
    r"(?<![a-z])(?:do|user|pkms|single|global|sso|saml)?"
    r"(?:(?:log|sign)[-_. ]?(?:out|off)|log[-_ ]?uit|uitloggen|end[-_]?session)(?![a-z])"
)
# Words that only do so where nothing stands beside them: who registers off a dog is not logged off.
LEAVES_ALONE = frozenset({"afmelden", "afmelding", "slo", "uitlog"})
LEAVING = re.compile(
    r"(?:uitloggen|log uit|uitlog|afmelden|meld (?:mij |u )?af|sessie (?:be.indigen|afsluiten)"
    r"|log ?(?:me )?(?:out|off)|sign ?(?:me )?(?:out|off)|end session)"
    r"(?: (?:nu|now|van .{1,40}|uit .{1,40}|of .{1,40}|\(.{1,60}\)))?"
)
HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
LONGEST_WORDS = 80  # characters; a longer text is no log-out link


class LoginError(ValueError):
    """What was set or written of a log-in cannot be; the sentence says what to write."""


@dataclass(frozen=True)
class Login:
    """What is stored of a site's log-in: names and places, never the secret itself."""

    user: str = ""  # basic authentication
    password: str = ""  # where its secret is: "env:NAME" or "file:/path"
    recipe: str = ""  # the file with the steps of a recorded log-in; empty: basic authentication
    pictures: bool = False  # whether pictures are taken of what only shows once logged in

    @classmethod
    def of_site(cls, settings: Mapping[str, Any]) -> Self | None:
        """What the settings of a site say; None: everyone may see it. Raises LoginError."""
        stored = settings.get("login")
        if not stored:
            return None
        login = cls(**{name: stored[name] for name in ("user", "password", "recipe", "pictures") if name in stored})
        if not login.recipe:
            source_of(login.password)
        return login

    def as_stored(self) -> dict[str, Any]:
        basic = {"user": self.user, "password": self.password}
        return {**({"recipe": self.recipe} if self.recipe else basic), "pictures": self.pictures}


def source_of(text: str) -> tuple[str, str]:
    """Where a secret is: ("env", NAME) or ("file", path). Raises LoginError, which does not repeat the text."""
    kind, _, place = text.partition(":")
    if kind == ENVIRONMENT and NAME_OF_VARIABLE.fullmatch(place):
        return kind, place
    if kind == FILE and place:
        return kind, place
    raise LoginError(
        "A secret is named by where it is, never written down: env:NAME for a variable of the environment, "
        "or file:/path for a file that holds nothing else."
    )


@dataclass(frozen=True)
class Access:
    """What lets a run in. It lives in memory and in the pipe to the crawler, and is never stored, logged or shown."""

    origins: tuple[str, ...]  # the site's own: nobody else gets any of it
    basic: tuple[str, str] | None = field(default=None, repr=False)  # name and password
    cookies: tuple[dict[str, Any], ...] = field(default=(), repr=False)  # of the site's hosts, as Playwright writes them
    storage: tuple[dict[str, Any], ...] = field(default=(), repr=False)  # what the site keeps in the browser, by origin
    log_in_pages: frozenset[str] = frozenset()  # origin and path of where the steps filled something in
    log_in_fields: frozenset[str] = frozenset()  # names of the fields of the form with the password
    proof: str = field(default="", repr=False)  # the address at which the recorded log-in ended; it may hold a token
    turn: int = 0  # the how-manieth log-in of this run it is

    @property
    def is_session(self) -> bool:
        """Whether there is a session that can end."""
        return self.basic is None

    def covers(self, url: str) -> bool:
        try:
            return origin_of(url) in self.origins
        except (ValueError, KeyError):
            return False

    def is_log_in_page(self, url: str) -> bool:
        return bool(self.log_in_pages) and place_of(url) in self.log_in_pages

    def shows_log_in(self, url: str, source: str) -> bool:
        """Whether a page asks to log in again: by its address, or by the form that the log-in was done with."""
        if self.is_log_in_page(url):
            return True
        return bool(self.log_in_fields) and "password" in source.lower() and self.log_in_fields in password_forms(source)


def place_of(url: str) -> str:
    """Origin and path of an address: what of it names a log-in page, whatever it was asked to go back to."""
    try:
        return origin_of(url) + (path_of(url).rstrip("/") or "/")
    except (ValueError, KeyError):
        return url


def password_forms(source: str) -> list[frozenset[str]]:
    """The names of the fields that a person fills in, of each form of a page that asks for a password."""
    forms = [form for form in LexborHTMLParser(source).css("form") if form.css_first("input[type=password i]")]
    return [frozenset(filter(None, map(_name_of_field, form.css("input")))) for form in forms]


def _name_of_field(field: Any) -> str:
    attributes = field.attributes
    kind = (attributes.get("type") or "text").lower()
    return (
        (attributes.get("name") or attributes.get("id") or "") if kind in ("text", "email", "password", "tel", "number") else ""
    )


def logs_out(url: str, text: str = "") -> bool:
    """Whether a link ends the session of who follows it, by its address or its words (Dutch and English)."""
    parts = urlsplit(url)
    words = [*parts.path.split("/"), *re.split(r"[&=;]", parts.query)]
    for word in words:
        plain = HUMPS.sub("-", unquote(word)).lower().partition(".")[0]
        if plain in LEAVES_ALONE or LEAVES.search(plain):
            return True
    return 0 < len(text) <= LONGEST_WORDS and LEAVING.fullmatch(" ".join(text.split()).strip(" .!›»→").lower()) is not None
