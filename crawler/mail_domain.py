"""Whether the domain of an e-mail address exists: the name servers are asked, no mail server is, and no mail is sent."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

NO_NAME = socket.EAI_NONAME
NO_ADDRESS = getattr(socket, "EAI_NODATA", -5)  # the name is there, and may take mail, but has no address of its own
Ask = Callable[[str, None], Any]


def domain_exists(domain: str, ask: Ask = socket.getaddrinfo) -> bool | None:
    """False: the name servers know no such name. None: they could not be asked, so it is not known."""
    try:
        ask(domain, None)
    except UnicodeError:
        return False
    except socket.gaierror as error:
        return {NO_NAME: False, NO_ADDRESS: True}.get(error.errno or 0)
    except OSError:
        return None
    return True
