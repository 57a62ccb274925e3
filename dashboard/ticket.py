"""A cause as a ready ticket for whoever makes the site: as text, and in the form that their system takes."""

from __future__ import annotations

import json
from email.message import EmailMessage
from typing import Any

from dashboard.causes import criteria_of, rule_title
from dashboard.crawled import clean, visible
from dashboard.languages import N_, translations
from rules.norm import Language, Norm
from rules.policy import rule_named
from storage.management import TicketFacts

WHICH = N_("Welke eis")
FORMS = ("github", "gitlab", "jira", "topdesk")
PRIORITY = {"critical": "Highest", "serious": "High", "moderate": "Medium", "minor": "Low"}
LONGEST_CODE = 2_000


def ticket_title(facts: TicketFacts, language: Language) -> str:
    say = translations(language)
    pages = say.ngettext("%(count)s pagina", "%(count)s pagina’s", facts.count) % {"count": facts.count}
    return f"{rule_title(facts.cluster.rule, language)} ({pages})"


def markdown(facts: TicketFacts, snippet: str, norm: Norm, language: Language) -> str:
    """The ticket as Markdown. What came from the site stands in blocks of code: nothing in it is obeyed."""
    say = translations(language).gettext
    rule = rule_named(facts.cluster.rule)
    lines = [f"# {ticket_title(facts, language)}", ""]
    if rule:
        message = rule.message(language, facts.finding.message, facts.finding.arguments)
        lines += [_fenced(message), "", f"## {say('Wie wordt gehinderd')}", "", rule.words[language].barrier, ""]
        asked = [
            f"- {one.number} {one.name[language]} ({say('niveau %(level)s') % {'level': one.level}}), EN 301 549 "
            f"{norm.clause(one.number) or '–'}"
            for one in criteria_of(rule)
        ]
        lines += [f"## {say(WHICH)}", "", *(asked or [f"- {rule.duty or say('Advies: geen eis van de norm')}"]), ""]
        lines += [f"## {say('Herstellen')}", "", rule.words[language].mend_in_code or rule.words[language].mend_in_cms, ""]
    lines += [f"## {say('Waar op de pagina')}", "", _fenced(facts.finding.selector), "", _fenced(snippet[:LONGEST_CODE]), ""]
    lines += [f"## {say('Pagina’s')} ({facts.count})", "", *(f"- <{_plain(address)}>" for address, _ in facts.pages)]
    if facts.count > len(facts.pages):
        lines.append(f"- … {facts.count - len(facts.pages)}")
    lines += ["", f"Vierluik · {facts.cluster.rule} · {facts.cluster.kind} {facts.cluster.id}"]
    return "\n".join(lines) + "\n"


def _fenced(text: str) -> str:
    """A block of code that its content cannot close."""
    shown = visible(text)
    fence = "```"
    while fence in shown:
        fence += "`"
    return f"{fence}\n{shown}\n{fence}"


def _plain(address: str) -> str:
    return clean(address).replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")


def mail(facts: TicketFacts, text: str, language: Language) -> bytes:
    """The ticket as a message that a mail program opens and sends."""
    message = EmailMessage()
    message["Subject"] = clean(ticket_title(facts, language))
    message["X-Unsent"] = "1"
    message.set_content(text)
    return message.as_bytes()


def shaped(form: str, facts: TicketFacts, text: str, language: Language) -> str:
    """The ticket as JSON, as the address for new tickets of a system takes it."""
    title, label = clean(ticket_title(facts, language)), f"vierluik-{facts.cluster.id}"
    rule = rule_named(facts.cluster.rule)
    shapes: dict[str, dict[str, Any]] = {
        "github": {"title": title, "body": text, "labels": ["accessibility", label]},
        "gitlab": {"title": title, "description": text, "labels": f"accessibility,{label}"},
        "jira": {
            "fields": {
                "summary": title[:255],
                "description": text,
                "labels": ["accessibility", label],
                "issuetype": {"name": "Bug"},
                "priority": {"name": PRIORITY.get(rule.impact if rule else "moderate", "Medium")},
            }
        },
        "topdesk": {"briefDescription": title[:80], "request": text, "externalNumber": label[:60]},
    }
    return json.dumps(shapes[form], ensure_ascii=False, indent=1)
