"""The words of evaluations on screen and in reports: outcomes, reasons for being in the sample, and what went wrong."""

from __future__ import annotations

from dashboard.languages import N_
from rules.evaluation import Comparison, EvaluationKind, Exemption, SamplePart, SampleRole
from rules.outcome import Outcome
from rules.statement_check import DifferenceKind
from rules.statement_status import ChangeKind

NO_PDF = N_("Een PDF maken kan hier niet: de bibliotheek Pango ontbreekt. Installeer die, of neem het rapport als HTML.")
OUTCOME: dict[str, str] = {
    Outcome.PASSED: N_("Voldoende"),
    Outcome.FAILED: N_("Onvoldoende"),
    Outcome.CANNOT_TELL: N_("Onbekend"),
    Outcome.INAPPLICABLE: N_("Niet van toepassing"),
    Outcome.UNTESTED: N_("Niet getoetst"),
}
ROLE: dict[str, str] = {
    SampleRole.HOME: N_("startpagina"),
    SampleRole.CONTACT: N_("contact"),
    SampleRole.LOGIN: N_("inloggen"),
    SampleRole.SEARCH: N_("zoeken"),
    SampleRole.STATEMENT: N_("toegankelijkheidsverklaring"),
    SampleRole.HELP: N_("hulp"),
    SampleRole.SITEMAP: N_("overzicht van de website"),
    SampleRole.LEGAL: N_("juridische informatie"),
    SampleRole.FORM: N_("formulier"),
    SampleRole.TEMPLATE: N_("pagina van een eigen sjabloon"),
    SampleRole.DOCUMENT: N_("soort document"),
    SampleRole.TASK: N_("toptaak"),
    SampleRole.PROCESS: N_("stap van een proces"),
    SampleRole.CHOSEN: N_("gekozen door de onderzoeker"),
    SampleRole.RANDOM: N_("geloot"),
}
PART: dict[str, str] = {
    SamplePart.STRUCTURED: N_("gestructureerd deel"),
    SamplePart.RANDOM: N_("aselect deel"),
}
COMPARISON: dict[str, str] = {
    Comparison.NO_RANDOM: N_("Er is nog geen aselect deel om mee te vergelijken. Loot dat eerst."),
    Comparison.UNFINISHED: N_("Nog niet te vergelijken: niet elke pagina is op elk criterium beoordeeld."),
    Comparison.SAME: N_("Het aselecte deel laat niets nieuws zien. De steekproef is groot genoeg."),
    Comparison.NEW: N_(
        "Het aselecte deel laat iets nieuws zien. Ga terug naar stap 3: breid het gestructureerde deel uit en beoordeel ook dat."
    ),
}
EXEMPTION: dict[str, str] = {
    Exemption.NONE: N_("geen: dit moet worden hersteld"),
    Exemption.BURDEN: N_("onevenredige last"),
    Exemption.OUT_OF_SCOPE: N_("valt buiten de wet"),
}
KIND: dict[str, str] = {
    EvaluationKind.FULL: N_("volledig onderzoek"),
    EvaluationKind.RETEST: N_("hertest"),
}
REFUSED: dict[str, str] = {
    "no-run": N_("Deze site is nog niet gecontroleerd. Doe eerst een controle: daaruit komt het voorstel voor de steekproef."),
    "no-norm": N_("Deze norm bestaat niet. Kies er een uit de lijst."),
    "no-evaluator": N_("Vul de naam van ten minste één onderzoeker in."),
    "no-account": N_("Kies iemand uit de lijst: alleen wie een account heeft en deze site mag beoordelen, kan onderzoeker zijn."),
    "many-evaluators": N_("Vul hoogstens twee onderzoekers in; een derde persoon kan beoordelaar zijn."),
    "no-method": N_("Kies een methode uit de lijst."),
    "no-detail": N_("Dit veld hoort niet bij een onderzoek."),
    "no-assessor": N_("Deze naam staat niet bij het onderzoek. Zet hem er eerst bij."),
    "no-criterion": N_("De norm kent dit criterium niet."),
    "no-reason": N_("Schrijf waarom de pagina wordt vervangen: dat staat in het rapport."),
    "no-file": N_("Kies een bestand, of schrijf een notitie."),
    "no-address": N_("Vul een heel webadres in, dat begint met https://"),
    "other-site": N_("Dit adres hoort niet bij deze site."),
    "no-outcome": N_("Kies een uitkomst."),
    "no-day": N_("Vul een datum in als 2027-03-01."),
    "no-pdf": NO_PDF,
    "nothing-failed": N_("Er is niets onvoldoende, dus er is niets om opnieuw te toetsen."),
    "page-gone": N_("Deze pagina zit niet meer in de steekproef. Kijk in de steekproef wat ervoor in de plaats kwam."),
    "page-in": N_("Deze pagina zit al in de steekproef."),
    "page-many": N_("De steekproef is vol. Vervang een pagina."),
    "too-long": N_("Een van de teksten is te lang. Kort hem in, of voeg hem toe als bestand."),
    "file-large": N_("Het bestand is groter dan 5 MB. Maak het kleiner."),
    "changed": N_("Iemand anders heeft intussen iets veranderd. Hieronder staat wat u schreef; vergelijk het en bewaar opnieuw."),
}
CHANGE: dict[str, str] = {
    ChangeKind.RESEARCH: N_("Het onderzoek is dan ouder dan 36 maanden."),
    ChangeKind.PLANNED: N_("Het geplande onderzoek is er dan niet, of het halve jaar na publicatie is voorbij."),
    ChangeKind.REVIEW: N_("De verklaring is dan langer dan een jaar niet nagekeken."),
}
CHANGE_ADVICE: dict[str, str] = {
    ChangeKind.RESEARCH: N_("Plan op tijd nieuw onderzoek: alleen automatisch toetsen telt niet."),
    ChangeKind.PLANNED: N_("Zorg dat het onderzoek er voor die dag is, en publiceer de uitkomst."),
    ChangeKind.REVIEW: N_("Kijk de verklaring na en publiceer haar opnieuw, ook als er niets veranderde."),
}
DIFFERENCE: dict[str, str] = {
    DifferenceKind.SOLVED_BUT_PRESENT: N_("Volgens de verklaring opgelost, maar er zijn nog fouten:"),
    DifferenceKind.NOT_LISTED: N_("Er zijn fouten, maar de verklaring noemt dit niet:"),
    DifferenceKind.LISTED_BUT_MET: N_("De verklaring noemt dit, maar mensen beoordeelden het als voldoende:"),
    DifferenceKind.LISTS_NOTHING: N_("Er zijn fouten, maar de verklaring noemt geen enkel criterium."),
    DifferenceKind.OLD: N_("De datum van de verklaring is langer dan een jaar geleden."),
    DifferenceKind.OLD_RESEARCH: N_("De datum van het onderzoek is langer dan 36 maanden geleden."),
    DifferenceKind.DEAD_LINK: N_("Een link op de pagina werkt niet:"),
    DifferenceKind.DEAD_MAIL: N_("Op dit e-mailadres kan geen mail aankomen:"),
    DifferenceKind.NO_CONTACT: N_("De verklaring noemt geen e-mailadres, telefoonnummer of pagina om een probleem te melden."),
}
EVALUATION_KINDS: dict[str, dict[str, str]] = {
    "outcome": OUTCOME,
    "sample role": ROLE,
    "part": PART,
    "comparison": COMPARISON,
    "exemption": EXEMPTION,
    "evaluation": KIND,
    "statement change": CHANGE,
    "statement advice": CHANGE_ADVICE,
    "difference": DIFFERENCE,
    "evaluation refused": REFUSED,
}
