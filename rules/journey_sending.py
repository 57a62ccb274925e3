"""Where the journeys of a site may send their forms: on test hosts that somebody named, and nowhere else.

It stands in the settings of a site, as `journeys_may_send`: a list of origins, such as "https://test.example.nl". None: nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from rules.address import origin_of

SETTING = "journeys_may_send"
MOST_HOSTS = 10


class SendingError(ValueError):
    """That is no host on which forms may be sent; the sentence says what to write."""


def named_host(text: str) -> str:
    """The origin of a test host. Raises SendingError for what is no whole address of one host."""
    try:
        origin, parts = origin_of(text.strip()), urlsplit(text.strip())
    except (ValueError, KeyError) as error:
        raise SendingError(f"'{text[:100]}' is no address of a host. Write for example: https://test.example.nl") from error
    if parts.scheme not in ("http", "https") or parts.path not in ("", "/") or parts.query or "*" in text or "@" in text:
        raise SendingError(f"'{text[:100]}' is more, or less, than one host. Write for example: https://test.example.nl")
    return origin


def may_send_to(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The origins on which the settings of a site allow forms to be sent; what is none of them allows nothing."""
    found = settings.get(SETTING, ())
    allowed = []
    for one in found if isinstance(found, (list, tuple)) else ():
        try:
            allowed.append(named_host(str(one)))
        except SendingError:
            continue  # a wrong value is not the name of a host: there nothing is sent
    return tuple(allowed[:MOST_HOSTS])
