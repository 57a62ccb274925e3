"""Messages as e-mail: the words are put in, in the language of who gets it, as plain text and as HTML."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dashboard.alarm_words import alarm_title
from dashboard.crawled import clean, shortened
from dashboard.languages import translations
from dashboard.templating import teach
from rules.message import KINDS, Alarms, Content, Digest, Reminder
from rules.norm import Language
from rules.policy import rule_named

WIDTH = 76  # characters of a line of plain text
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Letter:
    """One message to one person. `key` is the message's own for ever: sent twice, a mailbox sees that it is the same."""

    content: Content
    language: Language
    name: str  # of the person
    address: str
    key: str
    token: str  # the way out
    written_at: datetime
    sender: str
    public_url: str = ""  # where the dashboard is reached from outside; empty: no links to it

    @property
    def way_out(self) -> str:
        """Where the person can stop this; empty where the dashboard is not reached from outside."""
        return f"{self.public_url.rstrip('/')}/{self.language}/unsubscribe/{self.token}" if self.public_url else ""


def mail_of(letter: Letter) -> EmailMessage:
    """The message as it is handed to a mail server. What came from a site can neither add a header nor do anything."""
    subject, text, html = parts_of(letter)
    domain = letter.sender.rpartition("@")[2]
    number = sha256(f"{letter.token} {letter.key}".encode()).hexdigest()[:32]
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject
    mail["From"] = Address("Vierluik", addr_spec=letter.sender)
    mail["To"] = Address(clean(letter.name), addr_spec=letter.address)
    mail["Date"] = letter.written_at
    mail["Message-ID"] = f"<{number}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no robot answers it
    mail["Content-Language"] = letter.language
    out = f"<mailto:{letter.sender}?subject=unsubscribe>"
    mail["List-Unsubscribe"] = f"<{letter.way_out}>, {out}" if letter.way_out else out  # RFC 2369
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def parts_of(letter: Letter) -> tuple[str, str, str]:
    """Subject, plain text and HTML."""
    name = KINDS[type(letter.content)].value
    subject = _subject(letter)
    values: dict[str, Any] = {
        "letter": letter,
        "it": letter.content,
        "subject": subject,
        "rule_named": rule_named,
        "link": f"{letter.public_url.rstrip('/')}/{letter.language}" if letter.public_url else "",  # our screens begin so
    }
    environment = _environment(letter.language)
    text, html = (environment.get_template(f"mail/{name}.{form}.j2").render(values) for form in ("txt", "html"))
    return subject, text, html


def _subject(letter: Letter) -> str:
    if isinstance(letter.content, Reminder):
        return _reminder_subject(letter, letter.content)
    return _digest_subject(letter) if isinstance(letter.content, Digest) else _alarms_subject(letter)


def _reminder_subject(letter: Letter, reminder: Reminder) -> str:
    """How much is due, what is late first."""
    texts = translations(letter.language)
    late, due = len(reminder.too_late), len(reminder.this_week)
    parts = [
        (late, texts.ngettext("%(count)s belofte is te laat", "%(count)s beloften zijn te laat", late)),
        (due, texts.ngettext("%(count)s ding voor deze week", "%(count)s dingen voor deze week", due)),
    ]
    said = ", ".join(words % {"count": count} for count, words in parts if count)
    return shortened(f"{clean(reminder.site)}: {said}", LONGEST_SUBJECT)


def _digest_subject(letter: Letter) -> str:
    """What happened, the good first."""
    digest, texts = letter.content, translations(letter.language)
    assert isinstance(digest, Digest)
    gone = sum(one.findings for one in digest.fixed)
    parts = [
        (gone, texts.ngettext("%(count)s fout is weg", "%(count)s fouten zijn weg", gone)),
        (
            len(digest.tasks_found),
            texts.ngettext("%(count)s taak weer gevonden", "%(count)s taken weer gevonden", len(digest.tasks_found)),
        ),
        (digest.new_in_all, texts.ngettext("%(count)s nieuwe oorzaak", "%(count)s nieuwe oorzaken", digest.new_in_all)),
        (
            len(digest.tasks_lost),
            texts.ngettext("%(count)s taak niet meer gevonden", "%(count)s taken niet meer gevonden", len(digest.tasks_lost)),
        ),
    ]
    said = ", ".join(words % {"count": count} for count, words in parts if count)
    return shortened(f"{clean(digest.site)}: {said}", LONGEST_SUBJECT)


def _alarms_subject(letter: Letter) -> str:
    """What is the matter; where that is more than one thing, how much."""
    alarms, texts = letter.content, translations(letter.language)
    assert isinstance(alarms, Alarms)
    said = alarm_title(alarms.events[0], letter.language)
    if more := len(alarms.events) - 1:
        said = texts.ngettext("%(first)s, en nog %(count)s melding", "%(first)s, en nog %(count)s meldingen", more) % {
            "first": said,
            "count": more,
        }
    return shortened(f"{clean(alarms.site)}: {said}", LONGEST_SUBJECT)


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("dashboard"),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(environment, language)
    environment.filters.update(wrap=_wrapped)
    return environment


def _wrapped(text: object, indent: int = 0) -> str:
    """Plain text in lines of readable length; addresses stay whole."""
    lines = [
        textwrap.fill(clean(part), WIDTH, break_long_words=False, break_on_hyphens=False)
        for part in str(text).split("\n\n")
        if part.strip()
    ]
    return textwrap.indent("\n\n".join(lines), " " * indent)
