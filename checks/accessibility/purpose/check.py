"""A field about the visitor tells the browser what it is for.

Source: WCAG 2.2 SC 1.3.5 Identify Input Purpose (level AA); EN 301 549 clause 9.1.3.5; technique H98; HTML autofill field names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

RULE = "autocomplete-missing"
RULES = (RULE,)

YOUR = r"(uw |je |jouw |mijn |your |my )?"
MARK = r"\W*(\(?(verplicht|required|optioneel|optional|niet verplicht|facultatief)( veld)?\)?)?\W*"
# The whole label, so that "naam van uw kind" and "telefoonnummer van het bedrijf" are left alone.
PURPOSES = {
    "name": r"naam|volledige naam|voor- en achternaam|naam en voornaam|name|full name",
    "given-name": r"voornaam|roepnaam|first name|given name",
    "family-name": r"achternaam|familienaam|last name|surname|family name",
    "additional-name": r"tussenvoegsels?",
    "email": r"e-?mail( ?-?adres)?|e-?mail address|herhaal (uw |je )?e-?mail( ?-?adres)?",
    "tel": r"telefoon( ?nummer)?|mobiel( nummer|e telefoon| telefoonnummer)?|(tele)?phone( number)?|mobile( number)?",
    "street-address": r"adres|straat en huisnummer|address|street address",
    "address-line1": r"straat(naam)?|street",
    "postal-code": r"postcode|postal code|zip( code)?",
    "address-level2": r"woonplaats|city|town",
    "bday": r"geboortedatum|date of birth|birth ?date",
    "username": r"gebruikersnaam|username|user name",
    "organization": r"(naam )?(bedrijf|organisatie)|bedrijfsnaam|company( name)?|organisation|organization",
}
LABELS = {token: re.compile(rf"{YOUR}({words}){MARK}", re.IGNORECASE) for token, words in PURPOSES.items()}


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """Whether the field is about the visitor, and not about somebody else or a place, only a person can see."""
    for field in document.facts:
        token = next((token for token, pattern in LABELS.items() if pattern.fullmatch(field["name"])), None)
        if token is None or field["isSearch"]:
            continue
        if field["autocomplete"] not in ("", "on", "off"):
            yield passed(RULE, field["element"])
        else:
            yield cannot_tell(RULE, field["element"], name=field["name"], token=token)
