"""A cause in the words of a ticket: Markdown that a supplier can work from. What came from the site is quoted, never run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from dashboard import formatting
from dashboard.causes import criteria_of
from dashboard.crawled import clean, visible
from dashboard.languages import translations
from dashboard.words import word
from rules.confirm import Confirmation
from rules.norm import Language
from rules.policy import rule_named
from rules.ticket import MOST_TITLE
from storage.models import Run, Site
from storage.tickets import Evidence, Example

LONGEST_SNIPPET = 1_500  # signs
LONGEST_SELECTOR = 500
LONGEST_ADDRESS = 2_200
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|@~&-])")


def title_of(evidence: Evidence, site: Site, language: Language) -> str:
    """What is wrong and where, in one line."""
    rule = rule_named(evidence.cluster.rule)
    what = rule.words[language].title if rule else evidence.cluster.rule
    return f"{clean(site.name)[:80]}: {what}"[:MOST_TITLE]


def body_of(evidence: Evidence, site: Site, run: Run, language: Language) -> str:
    """The ticket as Markdown."""
    return "\n".join(_lines(evidence, site, run, language)).rstrip() + "\n"


def _lines(evidence: Evidence, site: Site, run: Run, language: Language) -> Iterator[str]:
    words = translations(language)
    _, ngettext = words.gettext, words.ngettext
    rule = rule_named(evidence.cluster.rule)
    said = rule.words[language] if rule else None
    count = formatting.number(evidence.pages, language)
    pages = ngettext("%(count)s pagina", "%(count)s pagina’s", evidence.pages) % {"count": count}
    yield from (f"## {said.title if said else evidence.cluster.rule}", "")
    for criterion in criteria_of(rule):
        yield f"- WCAG {criterion.number} {criterion.name[language]} ({criterion.level}), EN 301 549 {criterion.web_clause}"
    if rule:
        yield _fact(_("Ernst"), _(word("impact", rule.impact)))
    yield _fact(_("Waar"), f"{_where(evidence, language)}, {pages}")
    yield _fact(_("Regel"), f"`{evidence.cluster.rule}`")
    if evidence.cluster.confirmation == Confirmation.CONFIRMED:
        yield _fact(_("Zekerheid"), _("Twee keer bekeken en twee keer gezien."))
    if said:
        yield from _part(_("Wie wordt gehinderd"), said.barrier.strip())
        yield from _part(_("Zo herstelt u het"), said.mend_in_code.strip() or said.mend_in_cms.strip())
    yield from _part(_("Bewijs"))
    for example in evidence.examples:
        yield from _example(example, evidence, language)
    yield from _part(_("Pagina’s"))
    yield from (f"- {_inline(address, LONGEST_ADDRESS)}" for address in evidence.addresses)
    if (more := evidence.pages - len(evidence.addresses)) > 0:
        yield "- " + _("en %(count)s meer") % {"count": formatting.number(more, language)}
    engines = ", ".join(f"{name} {version}" for name, version in sorted(run.engines.items()))
    yield ""
    yield _("Gezien door Vierluik bij de controle van %(day)s, met %(engines)s in %(browser)s.") % {
        "day": formatting.day(run.started_at, language, site.time_zone),
        "engines": engines or _("eigen regels"),
        "browser": run.browser or _("geen browser"),
    }
    command = f"vierluik check {shlex.quote(clean(evidence.addresses[0]))} --rules {evidence.cluster.rule}"
    yield _("Zelf nakijken:") + " " + _inline(command, LONGEST_ADDRESS)


def _fact(name: str, value: str) -> str:
    return f"- {name}: {value}"


def _part(head: str, *text: str) -> Iterator[str]:
    yield from ("", f"### {head}", "", *text)


def _example(example: Example, evidence: Evidence, language: Language) -> Iterator[str]:
    rule = rule_named(evidence.cluster.rule)
    if rule:
        yield _escaped(rule.message(language, example.message, example.arguments))
    yield _inline(" > ".join([*example.frames, example.selector]), LONGEST_SELECTOR)
    yield _inline(example.address, LONGEST_ADDRESS)
    yield ""
    if example.snippet:
        yield from _fenced(visible(example.snippet)[:LONGEST_SNIPPET])
        yield ""


def _where(evidence: Evidence, language: Language) -> str:
    _ = translations(language).gettext
    kinds = {"template": _("in het sjabloon"), "component": _("in een vast onderdeel")}
    where = kinds.get(evidence.cluster.kind, _("in de inhoud van pagina’s"))
    return f"{where}, {_(word('region', evidence.cluster.region))}" if evidence.cluster.region else where


def _escaped(text: str) -> str:
    """Text of which nothing is Markdown, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))


def _inline(text: str, longest: int) -> str:
    """Text as inline code, whatever quotes stand in it."""
    plain = " ".join(clean(text).split())[:longest]
    fence = "`" * (max((len(run) for run in re.findall(r"`+", plain)), default=0) + 1)
    return f"{fence} {plain} {fence}" if "`" in plain else f"`{plain}`"


def _fenced(text: str) -> Iterator[str]:
    """Text as a block of code, whatever quotes stand in it."""
    fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    yield from (f"{fence}html", text, fence)
