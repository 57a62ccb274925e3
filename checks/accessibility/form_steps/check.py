"""How a form goes on: which fields are required, how much is asked at once, which step this is, and how long one may take.

Source: WCAG 2.2 SC 3.3.2 Labels or Instructions (A), SC 1.3.1 Info and Relationships (A), SC 2.2.1 Timing Adjustable (A);
EN 301 549 clauses 9.3.3.2, 9.1.3.1, 9.2.2.1; techniques G131, H90, G198; the form guidelines of NL Design System ("stap voor
stap", "verplichte velden") and of GOV.UK ("question pages").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

REQUIRED = "required-not-said"
MANY = "form-many-questions"
TOLD = "form-step-told"
CURRENT = "form-step-current"
RESET = "form-reset-button"
LIMIT = "form-time-limit"
RULES = (REQUIRED, MANY, TOLD, CURRENT, RESET, LIMIT)

Form = dict[str, Any]
MOST_QUESTIONS = 12
MARKED = re.compile(r"\*|verplicht|vereist|required|mandatory|moet ingevuld|\bnodig\b|must be filled", re.IGNORECASE)
OPTIONAL = re.compile(r"optioneel|niet verplicht|niet vereist|niet nodig|facultatief|optional|not required", re.IGNORECASE)
ALL_REQUIRED = re.compile(
    r"\b(all|alle)\b.{0,30}\b(velden|vragen|fields|questions|gegevens)\b.{0,40}(verplicht|vereist|nodig|invullen|ingevuld|required|mandatory)|"
    r"\b(vul|beantwoord|complete|fill in|answer)\b.{0,20}\b(alle|all)\b.{0,20}\b(velden|vragen|fields|questions|gegevens)\b|"
    r"\b(verplicht|required)\b.{0,30}\b(tenzij|unless)\b",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"^(ga )?(naar )?(de )?(volgende|verder|doorgaan|ga door|next|continue|proceed)\b"
    r"(?! (maand|week|dag|jaar|dia|slide|foto|afbeelding|bericht|artikel|lezen|month|week|day|year|slide|image))|^naar stap \d|"
    r"^(opslaan|bewaar) en (verder|door)",
    re.IGNORECASE,
)
BACK = re.compile(r"^(ga )?(naar )?(de )?(vorige|terug|previous|back)\b", re.IGNORECASE)
POSITION = re.compile(
    r"\b(stap|step|deel|part|vraag|question|pagina|page|onderdeel)\s*:?\s*\d+\s*(van|of|uit|/|-)\s*(de |the )?\d+|"
    r"\b\d+\s*(van|of|/)\s*(de |the )?\d+\s*(stappen|vragen|steps|questions|pagina.?s|pages)?\b(?![-/]\d)|"
    r"\b(laatste|eerste|last|first) (stap|vraag|step|question)\b|\bnog \d+ (stap|vra)|\d+ ?%",
    re.IGNORECASE,
)
TELLS_CURRENT = re.compile(r"huidige?|actieve? stap|u bent hier|nu bezig|bezig|current|you are here|active step", re.IGNORECASE)
FINDS = re.compile(r"^(zoek|filter|toon|vind|search|find|apply|pas toe|toepassen|wis filters)", re.IGNORECASE)
ENDS = re.compile(
    r"\b(sessie|session)\b[^.!?]{0,60}"
    r"\b(verloopt|verlopen|afgebroken|beëindigd|gesloten|expires?|times? out|closed)\b[^.!?]{0,60}"
    r"|\b(u wordt|you will be)\b[^.!?]{0,60}\b(uitgelogd|logged out)\b[^.!?]{0,60}"
    r"|\b(formulier|form|aanvraag|tijd|time)\b[^.!?]{0,30}\b(na|over|after|in)\s+\d+\s*(minuten|minutes|min\.?)[^.!?]{0,60}"
    r"\b(verlopen|afgebroken|gesloten|expires?|closed)\b"
    r"|\b(formulier|form|aanvraag|tijd|time)\s+(verloopt|expires?|times? out)\b[^.!?]{0,60}"
    r"|\b(moet|moeten|dient|heeft|must|have to)\b[^.!?]{0,60}\b(binnen|within)\s+"
    r"(\d+|een|tien|vijftien|twintig|dertig)\s*(minuten|minutes|min\.?)\b[^.!?]{0,60}"
    r"\b(invullen|afronden|versturen|verzenden|complete|finish|submit)\b",
    re.IGNORECASE,
)
MORE_TIME = re.compile(
    r"verleng|blijf (ingelogd|doorgaan)|meer tijd|langer de tijd|ga door met|tijd erbij|bewaar|opslaan|tussentijds|"
    r"extend|stay (signed|logged)|more time|save (and|your|for)|keep working",
    re.IGNORECASE,
)
A_DAY = re.compile(r"\b(24 uur|24 hours|\d+ (dagen|weken|days|weeks))\b", re.IGNORECASE)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for form in document.facts:
        names = [button["name"] for button in form["buttons"]]
        if form["isSearch"] or any(FINDS.match(name) for name in names):
            continue
        yield from _required(form)
        yield from _amount(form)
        yield from _steps(form, names)
        yield from _reset(form)
        yield from _limit(form, names)


def _required(form: Form) -> Iterator[Verdict]:
    """Who fills in a form knows beforehand what may stay empty: by a mark, a sentence, or what is said of the others."""
    must = [field for field in form["fields"] if field["required"]]
    typed = [field for field in form["fields"] if field["type"] not in ("radio", "checkbox")]
    if not must or len(form["fields"]) < 2 or (form["hasSecret"] and len(typed) <= 3):
        return  # one question, or a log-in: nobody expects to leave that empty
    says_all = ALL_REQUIRED.search(form["text"]) or any(
        OPTIONAL.search(f"{field['said']} {field['group']}") for field in form["fields"] if not field["required"]
    )
    seen = set()
    for field in must:
        is_said = MARKED.search(f"{field['said']} {field['group']}") or MARKED.search(field["drawn"])
        if says_all or is_said:
            yield passed(REQUIRED, field["element"])
        elif field["type"] != "radio" or field["group"] not in seen:
            seen.add(field["group"])
            label = field["group"] if field["type"] == "radio" and field["group"] else field["label"]
            yield cannot_tell(REQUIRED, field["element"], label=label[:80] or "?")


def _amount(form: Form) -> Iterator[Verdict]:
    if form["method"] == "get" and all(field["type"] in ("checkbox", "select") for field in form["fields"]):
        return  # a filter, or a choice of cookies: nobody has to answer each of them
    if form["questions"] > MOST_QUESTIONS:
        yield failed(MANY, form["element"], count=form["questions"])
    elif form["questions"] > 1:
        yield passed(MANY, form["element"])


def _steps(form: Form, names: list[str]) -> Iterator[Verdict]:
    """A form of several steps: one that goes on, and not a list through which one leafs."""
    forward = next((button for button in form["buttons"] if NEXT.match(button["name"])), None)
    has_back = any(BACK.match(name) for name in names)
    for steps in form["lists"]:
        if steps["hasCurrent"] or TELLS_CURRENT.search(steps["text"]):
            yield passed(CURRENT, steps["element"])
        elif steps["hasMark"]:
            yield cannot_tell(CURRENT, steps["element"])
    if forward is None or not (has_back or form["lists"] or POSITION.search(form["text"]) or "stap" in forward["name"].lower()):
        return
    is_told = POSITION.search(f"{form['text']} {form['title']}") or form["bar"] or form["lists"]
    yield passed(TOLD, forward["element"]) if is_told else failed(TOLD, forward["element"])


def _reset(form: Form) -> Iterator[Verdict]:
    typed = [field for field in form["fields"] if field["type"] not in ("radio", "checkbox", "select")]
    for button in form["buttons"]:
        if button["type"] == "reset" and len(typed) > 1:
            yield failed(RESET, button["element"], button=button["name"][:60] or "reset")


def _limit(form: Form, names: list[str]) -> Iterator[Verdict]:
    found = ENDS.search(form["text"])
    if found is None:
        return
    may_last = A_DAY.search(found[0]) or MORE_TIME.search(form["text"]) or any(MORE_TIME.search(name) for name in names)
    said = " ".join(found[0].split())[:120]
    yield passed(LIMIT, form["element"]) if may_last else cannot_tell(LIMIT, form["element"], text=said)
