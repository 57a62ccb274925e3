"""Tokens by which programs use the API: what they may be used for, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

MARK = "vl_"  # how every token begins, so that a scanner of secrets knows one
SHOWN = 10  # first characters of a token that lists show
LONGEST_NAME = 60
USUAL_DAYS, LONGEST_DAYS = 90, 366
MOST_TOKENS = 20  # that one account holds at once


class TokenScope(StrEnum):
    """What a token may be used for; never more than its account may do."""

    READ = "read"
    DECIDE = "decide"  # about findings, as at the desk
    RUN = "run"  # have a page or the site looked at again


class TokenError(ValueError):
    """A token cannot be made; `field` says which part of the form is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def token_name(text: str) -> str:
    """A name as it is kept. Raises TokenError where it is empty, too long, or holds what cannot be seen."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise TokenError("name", f"write a name, in at most {LONGEST_NAME} characters, such as the program that uses it")
    return name


def token_scopes(scopes: Iterable[TokenScope]) -> tuple[TokenScope, ...]:
    """The scopes, each once and in one order. Raises TokenError where there is none."""
    wanted = set(scopes)
    if not wanted:
        raise TokenError("scopes", f"choose what it is for: {', '.join(TokenScope)}")
    return tuple(scope for scope in TokenScope if scope in wanted)


def token_days(days: int) -> int:
    """For how many days a token holds. Raises TokenError: none holds for ever."""
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenError("days", f"choose from 1 to {LONGEST_DAYS} days; a token that holds for ever is one that nobody watches")
    return days
