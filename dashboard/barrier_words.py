"""The words of barriers that people met or saw: their sources, whom they stop, and why they were closed."""

from __future__ import annotations

from dashboard.languages import N_
from rules.barrier import BarrierSource, Closing
from rules.need import Need

SOURCE: dict[str, str] = {
    BarrierSource.USER_TEST: N_("gebruikerstest met bewoners"),
    BarrierSource.EXPERT: N_("onderzoek door een deskundige"),
    BarrierSource.COMPLAINT: N_("klacht of melding van een bewoner"),
}
NEED: dict[str, str] = {
    Need.WITHOUT_VISION: N_("mensen die niet zien"),
    Need.LIMITED_VISION: N_("mensen die slecht zien"),
    Need.WITHOUT_COLOUR: N_("mensen die kleuren niet zien"),
    Need.WITHOUT_HEARING: N_("mensen die niet horen"),
    Need.LIMITED_HEARING: N_("mensen die slecht horen"),
    Need.WITHOUT_VOICE: N_("mensen die niet spreken"),
    Need.LIMITED_STRENGTH: N_("mensen met weinig kracht of moeite met bewegen"),
    Need.PHOTOSENSITIVE: N_("mensen die niet tegen flitsen kunnen"),
    Need.LIMITED_COGNITION: N_("mensen die moeilijk lezen, onthouden of zich concentreren"),
}
CLOSING: dict[str, str] = {
    Closing.REPAIRED: N_("hersteld: iemand keek het na"),
    Closing.RETEST: N_("hertest: wie vastliep, kon nu verder"),
    Closing.NO_BARRIER: N_("bij nader inzien geen belemmering"),
    Closing.MISTAKE: N_("per vergissing opgeschreven: tekst en bestand gaan weg"),
}
REFUSED: dict[str, str] = {
    "known": N_("Dit staat er al, met dezelfde woorden, pagina en dag, open of gesloten. Vul aan wat er anders is."),
    "what": N_("Schrijf op wat er gebeurde, in hoogstens 5.000 tekens."),
    "who": N_("Schrijf in hoogstens 300 tekens wie er vastloopt."),
    "address": N_("Vul het hele adres in van een pagina van deze site."),
    "criterion": N_("Kies een succescriterium uit de lijst."),
    "on": N_("Vul een dag in als 2027-03-01; vandaag of eerder."),
    "source": N_("Kies hoe dit bekend werd."),
    "needs": N_("Kies een waarde uit de lijst."),
    "impact": N_("Kies een waarde uit de lijst."),
    "mender": N_("Kies een waarde uit de lijst."),
    "file": N_("Het bestand is groter dan 5 MB. Maak het kleiner."),
}
BARRIER_KINDS: dict[str, dict[str, str]] = {
    "barrier-source": SOURCE,
    "need": NEED,
    "closing": CLOSING,
    "barrier refused": REFUSED,
}
