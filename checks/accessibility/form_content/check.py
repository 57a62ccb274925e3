"""What a form asks of its visitor: to log in by memory, to fill in the same thing twice, to send what cannot be undone.

Source: WCAG 2.2 SC 3.3.4 Error Prevention (Legal, Financial, Data) (AA), SC 3.3.7 Redundant Entry (A) and SC 3.3.8
Accessible Authentication (Minimum) (AA); EN 301 549 clauses 9.3.3.4, 9.3.3.7 and 9.3.3.8; techniques G98, G99, G155,
G164, G168, G218, G221, H100; failure F109.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.accessibility.wording import bare, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

LOG_IN = "authentication-help"
TWICE = "redundant-entry"
COMMIT = "error-prevention"
RULES = (LOG_IN, TWICE, COMMIT)

Form = dict[str, Any]
Field = dict[str, Any]

TO_TYPE_IN = frozenset(("text", "email", "tel", "url", "number", "date", "search", "password", "textarea"))
OFF = frozenset(("off", "false", "nope", "none", "disabled"))

# --- logging in
LOGS_IN = re.compile(
    r"\b(in ?te loggen|in ?loggen|log ?in|inlog\w*|aanmelden|meld (je |u )?aan|sign ?in|log ?on)\b", re.IGNORECASE
)
REGISTERS = re.compile(
    r"\b(regist\w+|account (aan)?maken|maak (een )?account|sign ?up|create|"
    r"nieuw wachtwoord|wachtwoord (wijzigen|instellen|kiezen)|"
    r"new password|change password|reset\w*|herhaal\w*|bevestig\w*|confirm\w*|repeat\w*)\b",
    re.IGNORECASE,
)
# Ways in that ask nothing of memory, or leave it to somebody whose page this is not.
OTHER_WAY = re.compile(
    r"\b(digid|eherkenning|eidas|itsme|idin|passkeys?|toegangssleutel|vingerafdruk|gezichtsherkenning|biometri\w+|face ?id|"
    r"security key|beveiligingssleutel|(in)?loglink|magic link|link (per|via|by) e-?mail|"
    r"(inloggen|log ?in|sign ?in|doorgaan|continue) (met|via|with) (google|microsoft|apple|facebook|surfconext|entra))\b",
    re.IGNORECASE,
)
CODE = re.compile(
    r"\b(sms-?code|verificatie-?code|beveiligings-?code|bevestigings-?code|eenmalige code|inlogcode|toegangscode|"
    r"verification code|security code|one-?time (pass)?code|authenticator)\b",
    re.IGNORECASE,
)
BLOCKS = re.compile(r"\breturn\s+false\b|\.\s*preventDefault\s*\(")
MAY_DO_MORE = re.compile(r"clipboard|\bif\b|\?|\.\s*value\b", re.IGNORECASE)
SUM = re.compile(
    r"\b(hoeveel is|wat is|reken uit|uitkomst van|what is|how much is|solve|calculate)\b.{0,20}"
    r"(\d+|\b(een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|one|two|three|four|five|six|seven|eight|nine|ten)\b)\s*"
    r"([-+x×*]|plus|min|minus|keer|maal|times)\s|^\s*\d+\s*[-+x×*]\s*\d+\s*=|\brekensom",
    re.IGNORECASE,
)
COPY = re.compile(
    r"captcha|\b(typ|neem|tik|voer|vul|type|enter|copy)\b.{0,30}\b(tekens|letters|cijfers|woord|code|characters|text|digits)\b"
    r".{0,25}\b(afbeelding|plaatje|beeld|image|picture|hierboven|hiernaast|above|shown|over)\b",
    re.IGNORECASE,
)
# A tick in a box or the pointing out of things in pictures is allowed at level AA; the others ask nothing.
ALLOWED_TEST = re.compile(r"recaptcha|hcaptcha|turnstile|friendly-?captcha|frc-captcha|altcha|honeypot", re.IGNORECASE)

# --- twice the same
AGAIN = re.compile(
    r"\b(herhaal|herhaling|nogmaals|nog een keer|opnieuw|bevestig|bevestiging|confirm|confirmation|repeat|re-?enter|re-?type|"
    r"again|verify)\b",
    re.IGNORECASE,
)
SECRET = re.compile(r"wachtwoord|password|\bcode\b|\bpin\b|captcha", re.IGNORECASE)
SAME_AS = re.compile(
    r"\b(zelfde|hetzelfde|gelijk aan|komt overeen|afwijkend\w*|ander (post|factuur|bezorg|aflever)?adres|overnemen|same|"
    r"identical|different|copy)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"\b(postcode|straat\w*|huisnummer|woonplaats|plaats|adres|address|street|city|zip|postal code|town)\b", re.IGNORECASE
)
SECOND_ADDRESS = re.compile(
    r"\b(factuur|facturatie|bezorg|aflever|verzend|post|correspondentie)-?(adres|gegevens)|"
    r"\b(billing|shipping|delivery|invoice|mailing) (address|details)",
    re.IGNORECASE,
)
OTHER_PERSON = re.compile(
    r"\b(partner|kind\w*|vader|moeder|ouder\w*|werkgever|gemachtigde|getuige\w*|contactpersoon|melder|eigenaar|huurder|bedrijf|"
    r"tweede|2e|andere?|nieuwe?|oude?|child|parent|spouse|employer|witness|second|other|new|old|owner|company|contact person)\b",
    re.IGNORECASE,
)

# --- sending what counts
MONEY = re.compile(
    r"\b(iban|(bank)?rekening ?nummer|bank account|account number|creditcard\w*|credit card|card number)\b", re.IGNORECASE
)
COMMITS = re.compile(
    r"\b(betaal|betalen|afrekenen|bestel|bestelling plaatsen|koop|kopen|doneer|doneren|onderteken\w*|definitief|"
    r"(bezwaar|bezwaarschrift|beroep|beroepschrift|aangifte|aanvraag|machtiging) "
    r"(indienen|insturen|versturen|verzenden|doen|maken)|"
    r"(toets|examen|test|antwoorden) (inleveren|insturen|versturen|verzenden|indienen)|"
    r"(account|gegevens|profiel|dossier) (verwijderen|wissen)|verwijder (mijn |uw |je )?(account|gegevens|profiel|dossier)|"
    r"pay( now)?|place order|order now|buy( now)?|donate|sign( the)? (form|contract|application)|"
    r"submit (application|objection|appeal|exam|test)|"
    r"delete (my |your )?(account|data|profile))\b",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(bezwaar (maken|indienen)|bezwaarschrift|beroepschrift|automatische incasso|doorlopende machtiging|objection|"
    r"direct debit)\b",
    re.IGNORECASE,
)
ANOTHER_STEP = re.compile(
    r"\b(volgende|verder|ga door|controleer\w*|controle|nakijken|bekijk|samenvatting|overzicht|voorbeeld|next|continue|proceed|"
    r"review|check|summary|preview)\b",
    re.IGNORECASE,
)
SAFE = re.compile(
    r"\b(controleer (uw|je|de|alle|of)|nakijken|kijk (uw|je|alles)|samenvatting|stap \d|bedenktijd|"
    r"herroep\w*|ongedaan|terugdraaien|"
    r"(kunt|kan|kun)\b.{0,80}\b(wijzigen|aanpassen|verbeteren|intrekken|annuleren|in te trekken)|"
    r"check your|review your|step \d|undo|(can|may)\b.{0,80}\b(change|edit|correct|withdraw|cancel))\b",
    re.IGNORECASE,
)
CONFIRMS = re.compile(
    r"waarheid|gecontroleerd|nagekeken|nagelezen|klopt|kloppen|juist|bevestig|truth|checked|reviewed|correct|confirm|accurate",
    re.IGNORECASE,
)
LISTS_OR_FINDS = re.compile(r"\b(zoek|zoeken|filter|vind|search|find)\w*", re.IGNORECASE)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    for form in document.facts:
        if form["isSearch"]:
            continue
        yield from _logging_in(form)
        yield from _twice(form)
        yield from _sending(form)


# --- SC 3.3.8 ----------------------------------------------------------------------------------------------------------


def _logging_in(form: Form) -> Iterator[Verdict]:
    secrets = [field for field in form["fields"] if field["type"] == "password"]
    about = " ".join((form["heading"], *form["buttons"]))
    is_new = len([field for field in secrets if not field["single"]]) > 1 or REGISTERS.search(about) is not None
    has_other_way = OTHER_WAY.search(form["text"]) is not None
    if [field for field in secrets if field["single"]][1:]:
        first = next(field for field in secrets if field["single"])
        yield passed(LOG_IN, first["element"]) if has_other_way else cannot_tell(LOG_IN, first["element"], "parts")
    for field in form["fields"]:
        is_code = field["type"] != "password" and ("one-time-code" in field["token"] or CODE.search(field["label"]) is not None)
        if (field["type"] == "password" and not field["single"]) or (is_code and field["type"] in TO_TYPE_IN):
            logs_in = is_code or not is_new
            is_safe = has_other_way or field["fixed"]
            if form["stopsPaste"] and logs_in and not is_safe and not BLOCKS.search(field["paste"]):
                yield cannot_tell(LOG_IN, field["element"], "script", label=field["label"] or field["name"] or "?")
            else:
                yield _secret(field, logs_in=logs_in, is_safe=is_safe, is_log_in=LOGS_IN.search(about) is not None)
    yield from _human_test(form)


def _secret(field: Field, *, logs_in: bool, is_safe: bool, is_log_in: bool) -> Verdict:
    """A field for a password or code can be pasted into, and a password manager may fill it in (G218, H100, F109)."""
    element, purpose = field["element"], field["token"]
    is_blocked = BLOCKS.search(field["paste"]) is not None
    if is_safe:
        return passed(LOG_IN, element)
    if is_blocked and logs_in and not MAY_DO_MORE.search(field["paste"]):
        return failed(LOG_IN, element, label=field["label"] or field["name"] or "?")
    if is_blocked:
        return cannot_tell(LOG_IN, element, label=field["label"] or field["name"] or "?")
    if field["type"] == "password" and logs_in and is_log_in and (purpose in OFF or purpose == "new-password"):
        return cannot_tell(LOG_IN, element, "kept", token=purpose)
    return passed(LOG_IN, element)


def _human_test(form: Form) -> Iterator[Verdict]:
    """One question for each form: a field that asks for a sum or for what a picture shows."""
    if any(ALLOWED_TEST.search(f"{test['address']} {test['called']}") for test in form["captcha"]):
        yield passed(LOG_IN, form["captcha"][0]["element"])
        return
    for field in form["fields"]:
        asked = f"{field['label']} {field['group']}"
        if field["type"] in TO_TYPE_IN and (SUM.search(asked) or COPY.search(f"{asked} {field['name']}")):
            yield cannot_tell(LOG_IN, field["element"], "captcha")
            return
    for test in form["captcha"]:
        if test["isImage"]:
            yield cannot_tell(LOG_IN, test["element"], "captcha")
            return


# --- SC 3.3.7 ----------------------------------------------------------------------------------------------------------


def _twice(form: Form) -> Iterator[Verdict]:
    """What was typed in before in this form is there already, or can be chosen. A password is repeated with reason."""
    if not form["isForm"]:
        return
    typed = [field for field in form["fields"] if field["type"] in TO_TYPE_IN - {"password"}]
    typed = [field for field in typed if not field["fixed"] and not SECRET.search(f"{field['label']} {field['name']}")]
    offers = any(SAME_AS.search(field["label"]) for field in form["fields"] if field["type"] in ("checkbox", "radio"))
    offers = offers or any(SAME_AS.search(name) for name in form["buttons"])
    found = False
    for number, field in enumerate(typed):
        first = next((one for one in typed[:number] if _asks_the_same(one, field)), None)
        if first is None:
            continue
        if field["filled"] or offers:
            yield passed(TWICE, field["element"])
        elif not found:
            found = True
            yield cannot_tell(TWICE, field["element"], label=field["label"][:80], first=first["label"][:80] or first["name"])


def _asks_the_same(first: Field, second: Field) -> bool:
    label, other = bare(first["label"]), bare(second["label"])
    if not label or not other:
        return False
    if AGAIN.search(second["label"]):
        kept = [word for word in words(second["label"]) if not AGAIN.search(word)]
        is_same_kind = first["type"] == second["type"] and second["type"] in ("email", "tel")
        return is_same_kind or bool(
            {word for word in kept if len(word) > 3} & {word for word in words(first["label"]) if len(word) > 3}
        )
    if label != other or OTHER_PERSON.search(f"{first['group']} {second['group']} {other}"):
        return False
    kind, second_kind = _kind(first["token"]), _kind(second["token"])
    if kind and kind == second_kind and first["group"] != second["group"]:
        return True
    return (
        ADDRESS.search(second["label"]) is not None
        and first["group"] != second["group"]
        and bool(SECOND_ADDRESS.search(second["group"]) or SECOND_ADDRESS.search(first["group"]))
    )


def _kind(token: str) -> str:
    """What a field is for by its autocomplete, without the part of the form that it stands in."""
    parts = [part for part in token.split() if not part.startswith("section-") and part not in ("billing", "shipping")]
    return "" if not parts or parts[-1] in OFF | {"on"} else parts[-1]


# --- SC 3.3.4 ----------------------------------------------------------------------------------------------------------


def _sending(form: Form) -> Iterator[Verdict]:
    """A form that binds, costs money or erases can be looked over, checked or undone (G98, G99, G155, G164, G168)."""
    fields = [field for field in form["fields"] if field["type"] in TO_TYPE_IN and not field["fixed"]]
    send = form["send"]
    if not fields or not send or not form["isForm"] or LISTS_OR_FINDS.match(send):
        return
    money = next((field for field in fields if MONEY.search(field["label"])), None)
    if not (money or COMMITS.search(send) or ABOUT.search(form["heading"])):
        return
    boxes = [field["label"] for field in form["fields"] if field["type"] == "checkbox"]
    is_safe = (
        ANOTHER_STEP.search(send)
        or SAFE.search(form["text"])
        or any(CONFIRMS.search(label) for label in boxes)
        or any(ANOTHER_STEP.search(name) for name in form["buttons"])
    )
    yield passed(COMMIT, form["element"]) if is_safe else cannot_tell(COMMIT, form["element"], button=send[:60])
