"""What messages are sent with. Secrets come from the environment or a file, and are only read when they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.mailer import MailServer


@dataclass(frozen=True)
class MessageSettings:
    """The settings of messages."""

    mail: MailServer | None = None  # None: no mail server is set
    sender: str = ""  # the address that mail comes from
    public_url: str = ""  # where the dashboard is reached from outside; empty: messages hold no links to it
    webhook_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # by the subscriber's name
    webhook_private: bool = False  # whether a webhook may go to an address of our own network
    user_agent: str = "Vierluik"
