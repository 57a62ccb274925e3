"""Alarms in words: a title, and a sentence that says what is the matter and what to do."""

from __future__ import annotations

from datetime import datetime

from dashboard import formatting
from dashboard.crawled import clean, shortened
from dashboard.languages import N_, translations
from dashboard.reasons import reason_text
from rules.message import AlarmEvent, AlarmKind
from rules.norm import Language

LONGEST = 160  # characters of a text that came from a site

TITLES: dict[AlarmKind, tuple[str, str]] = {
    AlarmKind.TASK_LOST: (N_("‘%(what)s’ is niet meer te vinden"), N_("‘%(what)s’ is weer te vinden")),
    AlarmKind.JOURNEY_BROKEN: (N_("‘%(what)s’ lukt niet meer"), N_("‘%(what)s’ lukt weer")),
    AlarmKind.PAGE_DOWN: (N_("%(what)s doet het niet"), N_("%(what)s doet het weer")),
    AlarmKind.RUN_FAILED: (N_("de controle is mislukt"), N_("de controle lukt weer")),
    AlarmKind.RUN_INTERRUPTED: (N_("de controle is halverwege gestopt"), N_("de controle is weer afgemaakt")),
    AlarmKind.RUN_MISSED: (N_("de controle kwam niet"), N_("er is weer gecontroleerd")),
}
ADVICE: dict[AlarmKind, str] = {
    AlarmKind.TASK_LOST: N_("De goede pagina staat niet meer bij de eerste zoekresultaten; twee tests na elkaar zagen dat."),
    AlarmKind.JOURNEY_BROKEN: N_("Deze klantreis liep twee keer na elkaar op dezelfde stap vast."),
    AlarmKind.PAGE_DOWN: N_("Bij twee pogingen na elkaar kwam geen goed antwoord."),
    AlarmKind.RUN_FAILED: N_("Er kon niets worden beoordeeld."),
    AlarmKind.RUN_INTERRUPTED: N_("Niemand ging verder. Dat kan met: vierluik run SITE --continue."),
    AlarmKind.RUN_MISSED: N_("Kijk of vierluik serve aan staat."),
}


def alarm_title(event: AlarmEvent, language: Language) -> str:
    """What is the matter, or over, in a few words."""
    what = event.facts.get("label") or event.subject
    begun, over = TITLES[event.kind]
    return translations(language).gettext(over if event.is_over else begun) % {"what": shortened(what, LONGEST)}


def alarm_sentence(event: AlarmEvent, language: Language, zone: str) -> str:
    """Since when, why and what to do; of what is over, how long it lasted."""
    texts = translations(language)
    since = _moment(event.since, language, zone)
    if event.is_over and event.until is not None:
        lasted = formatting.duration(event.until - event.since, language)
        return texts.gettext("Het begon op %(since)s en duurde %(lasted)s.") % {"since": since, "lasted": lasted}
    parts = [
        texts.gettext("Sinds %(since)s.") % {"since": since},
        texts.gettext(ADVICE[event.kind]),
        reason_text(str(event.facts["reason"]), language) if event.facts.get("reason") else "",
        clean(event.subject) if event.kind is AlarmKind.PAGE_DOWN else "",
    ]
    return " ".join(part for part in parts if part)


def _moment(moment: datetime, language: Language, zone: str) -> str:
    day, time = formatting.day(moment, language, zone), formatting.clock(moment, language, zone)
    return translations(language).gettext("%(day)s, %(time)s uur") % {"day": day, "time": time}
