"""What the screens call each setting, what it does, when it holds, and what is wrong with a value."""

from __future__ import annotations

from dashboard.languages import N_, translations
from rules.norm import Language
from rules.setting import OnlyInFile, SettingFault, SettingGroup, Source

# Each setting with its label and its help.
WORDS: dict[str, tuple[str, str]] = {
    "name": (N_("Naam"), N_("Zo heet de site op elk scherm en in elk bericht.")),
    "owner": (N_("Van wie de site is"), N_("De persoon of afdeling die erover gaat. Mag leeg blijven.")),
    "time_zone": (N_("Tijdzone"), N_("De klok van de planning en van de schermen, bijvoorbeeld Europe/Amsterdam.")),
    "public": (
        N_("Openbare pagina"),
        N_("Mag iedereen zonder in te loggen zien wat er wordt gemeten, hoe het gaat en wat er nog niet klopt?"),
    ),
    "contact": (
        N_("Wie de webbeheerder kan bellen of mailen"),
        N_("Gaat mee met elk verzoek aan de site, zodat haar beheerder weet wie er langskomt: een mail- of webadres."),
    ),
    "review_months": (
        N_("Maanden tot een pagina wordt nagekeken"),
        N_("Zo lang na de laatste wijziging vragen we de eigenaar of de pagina nog klopt."),
    ),
    "start_url": (N_("Adres van de beginpagina"), N_("Hier begint elke controle.")),
    "origins": (
        N_("Adressen waar de site staat"),
        N_(
            "Eén per regel, zoals https://www.example.nl. Een ander adres, ook een subdomein, telt alleen mee als het hier staat."
        ),
    ),
    "path_prefix": (N_("Alleen onder dit pad"), N_("Een schuine streep is de hele site; /wonen/ is alleen dat deel.")),
    "include": (
        N_("Alleen adressen als deze"),
        N_("Eén reguliere expressie per regel, zoals /producten/. Leeg: alle adressen van de site. Hoofdletters tellen."),
    ),
    "exclude": (
        N_("Geen adressen als deze"),
        N_("Eén reguliere expressie per regel, zoals /archief/ of [.]pdf$. Deze gaan voor de adressen hierboven."),
    ),
    "page_types": (
        N_("Wat voor pagina’s het zijn"),
        N_(
            "Alleen als Vierluik het niet goed ziet. Eén per regel: de soort, een spatie en een expressie, zoals: "
            "product /regelen/. De eerste die past telt. Soorten: home, product, overview, news, form, contact, search, "
            "statement, council, other."
        ),
    ),
    "requests_at_once": (N_("Verzoeken tegelijk"), N_("Zoveel pagina’s worden hoogstens tegelijk gevraagd aan één adres.")),
    "delay_s": (N_("Pauze tussen verzoeken, in seconden"), N_("Meer is rustiger voor de site en duurt langer.")),
    "timeout_s": (N_("Wachten op antwoord, in seconden"), N_("Zegt de site zo lang niets, dan geven we het op.")),
    "load_timeout_s": (N_("Wachten op de browser, in seconden"), N_("Zo lang krijgt een pagina om te laden in de browser.")),
    "obey_robots": (N_("Luisteren naar robots.txt"), N_("Zet dit alleen uit voor een site die van uzelf is.")),
    "seconds_before_second_look": (
        N_("Seconden tot een kapotte link opnieuw wordt gevraagd"),
        N_("Minder dan 30 kan een link ten onrechte kapot noemen."),
    ),
    "link_cache_hours": (
        N_("Uren dat een goede link elders goed blijft"),
        N_("In die tijd vragen we een link naar een andere site niet opnieuw. Nul: altijd vragen."),
    ),
    "norm": (N_("Norm"), N_("Waaraan de pagina’s worden getoetst. Een andere norm geeft een knik in de trend.")),
    "engines": (
        N_("Motoren"),
        N_("Welke programma’s meekijken. Meer motoren vinden meer en duren langer; none vraagt alleen de links."),
    ),
    "confirm": (
        N_("Fouten een tweede keer bekijken"),
        N_("Kijk elke fout na voordat zij telt, en maak er een beeld van."),
    ),
    "max_pages": (N_("Hoogstens zoveel pagina’s"), N_("Van een grotere site worden steeds dezelfde pagina’s bekeken.")),
    "max_depth": (N_("Hoogstens zoveel klikken diep"), N_("Geteld vanaf de beginpagina.")),
    "max_minutes": (N_("Hoogstens zoveel minuten"), N_("Daarna stopt de controle; wat niet aan de beurt kwam, staat erbij.")),
    "max_pages_per_shape": (
        N_("Hoogstens zoveel pagina’s van één soort adres"),
        N_("Van adressen die alleen in cijfers verschillen, zoals een agenda."),
    ),
    "max_page_bytes": (N_("Grootste pagina, in bytes"), N_("Een grotere pagina wordt niet getoetst, en dat staat er dan bij.")),
    "max_sitemap_urls": (
        N_("Hoogstens zoveel adressen uit sitemaps"),
        N_("Wat erboven gaat, wordt niet uit de sitemap gehaald."),
    ),
    "max_documents": (N_("Hoogstens zoveel documenten"), N_("Pdf- en Office-bestanden die worden opgehaald en getoetst.")),
    "max_document_bytes": (N_("Grootste document, in bytes"), N_("Een groter document wordt niet opgehaald.")),
    "case_number_patterns": (
        N_("Hoe uw zaaknummers eruitzien"),
        N_("Eén reguliere expressie per regel, zoals DOS-[0-9]{6}. Ze worden onleesbaar gemaakt in zoeklogs."),
    ),
    "detail_months": (
        N_("Maanden dat details blijven"),
        N_("Van wat hersteld of weg is. Minder maanden verwijdert oudere details bij de volgende opruimbeurt, voorgoed."),
    ),
    "mail_sender": (N_("Afzender van berichten"), N_("Het mailadres waar berichten vandaan komen en antwoorden heen gaan.")),
    "max_upload_bytes": (N_("Grootste zoeklog, in bytes"), N_("Een groter bestand neemt het scherm niet aan.")),
    "min_free_disk_bytes": (
        N_("Ruimte die vrij moet blijven, in bytes"),
        N_("Is er minder vrij op de schijf, dan begint er geen controle."),
    ),
    "runs_at_once": (N_("Controles tegelijk"), N_("Zoveel sites worden hoogstens tegelijk gecontroleerd.")),
    "workers": (N_("Browsers tegelijk"), N_("Nul: één per processorkern.")),
}
GROUPS: dict[SettingGroup, tuple[str, str]] = {
    SettingGroup.SITE: (N_("Naam en beheer"), N_("Hoe de site heet, van wie zij is en wie haar pagina mag zien.")),
    SettingGroup.SCOPE: (N_("Wat erbij hoort"), N_("Welke adressen worden bekeken, en welke niet.")),
    SettingGroup.PACE: (N_("Tempo"), N_("Hoe rustig de site wordt gevraagd.")),
    SettingGroup.JUDGEMENT: (N_("Norm en motoren"), N_("Waaraan en waarmee wordt getoetst.")),
    SettingGroup.LIMITS: (N_("Grenzen"), N_("Hoe ver een controle gaat.")),
    SettingGroup.UPKEEP: (N_("Onderhoud"), N_("Bewaren, berichten en de machine waarop Vierluik draait.")),
}
SOURCES: dict[Source, str] = {
    Source.SITE: N_("voor deze site"),
    Source.FILE: N_("uit vierluik.toml"),
    Source.ALL: N_("voor alle sites"),
    Source.DEFAULT: N_("standaard"),
}
WHY_ONLY_IN_FILE: dict[OnlyInFile, str] = {
    OnlyInFile.SECRET: N_("Dit is een geheim. Geen scherm toont of bewaart er een."),
    OnlyInFile.NEEDED_FIRST: N_("Dit is nodig om te vinden wat de schermen bewaren."),
    OnlyInFile.FILE_OF_MACHINE: N_("Dit noemt bestanden van de machine; wie een browser heeft, hoort die niet te laten openen."),
    OnlyInFile.DOOR: N_("Dit bepaalt wie binnenkomt; een fout zou iedereen buitensluiten."),
    OnlyInFile.LOCK: N_("Dit is een slot dat alleen wie de machine beheert eraf haalt."),
    OnlyInFile.MACHINES: N_("Dit zegt hoe de machines samenwerken."),
    OnlyInFile.PASSWORD_GOES_THERE: N_("Hierheen gaat een wachtwoord van de machine."),
    OnlyInFile.NEW_SITES: N_("Hiermee begint een nieuwe site; daarna heeft elke site haar eigen scherm."),
    OnlyInFile.OWN_SCREEN: N_("In het bestand geldt dit voor alle sites; de regels van één site hebben een eigen scherm."),
}
AT_ONCE = frozenset({"name", "owner", "time_zone", "public", "mail_sender", "case_number_patterns"})
AFTER_RESTART = frozenset({"detail_months", "max_upload_bytes", "min_free_disk_bytes", "runs_at_once"})
FAULTS: dict[str, str] = {
    "address": N_("Dit is geen webadres. Schrijf bijvoorbeeld https://www.example.nl/"),
    "choice": N_("Kies een waarde uit de lijst; none gaat niet samen met een andere motor."),
    "decimal": N_("Schrijf een getal van %(least)s tot en met %(most)s."),
    "decimal-least": N_("Schrijf een getal van %(least)s of meer."),
    "decimal-more": N_("Schrijf een getal dat meer is dan %(least)s."),
    "login": N_("De site heeft een log-in. Neem die eerst weg: een nieuw adres zou het wachtwoord krijgen."),
    "name": N_("Geef de site een naam. Een getal kan niet, want sites hebben al een nummer."),
    "one-line": N_("Dit past op één regel; haal de regeleinden weg."),
    "origin": N_("Dit is geen adres van een site: “%(line)s”. Schrijf bijvoorbeeld https://www.example.nl"),
    "page-type": N_("Deze regel mist een deel: “%(line)s”. Schrijf de soort, een spatie en een expressie: product /regelen/"),
    "page-types": N_("Deze regel klopt niet: “%(line)s”. Kijk naar de soort, en naar haakjes en streepjes in de expressie."),
    "path": N_("Dit is geen pad. Schrijf bijvoorbeeld /wonen/"),
    "patterns": N_(
        "Dit is geen reguliere expressie die kan worden gebruikt: “%(line)s”. Kijk naar haakjes en streepjes; vooruit- of "
        "terugkijken en terugverwijzen kan niet."
    ),
    "private": N_("Dit adres hoort niet bij het internet: “%(line)s”. Alleen wie de machine beheert kan zo’n adres toevoegen."),
    "rights": N_("Alleen een beheerder van alle sites mag zeggen waar een site staat."),
    "start-outside": N_("De beginpagina valt buiten dit pad. Kies een pad waar zij onder valt."),
    "taken": N_("Er is al een site met deze naam. Kies een andere."),
    "text": N_("Schrijf één regel gewone tekst van hoogstens %(longest)s tekens."),
    "time-zone": N_("Deze tijdzone bestaat niet. Schrijf bijvoorbeeld Europe/Amsterdam"),
    "too-long": N_("Dit is te lang: hoogstens %(lines)s regels van %(longest)s tekens."),
    "unprintable": N_("Hier staat een teken in dat niet te zien is. Typ de tekst opnieuw."),
    "value": N_("Deze waarde kan niet. Kijk naar de uitleg bij het veld."),
    "whole": N_("Schrijf een heel getal van %(least)s tot en met %(most)s."),
    "whole-least": N_("Schrijf een heel getal van %(least)s of meer."),
    "without-start": N_("Zet het adres van de beginpagina er ook bij."),
}


def fault_sentence(fault: SettingFault, language: Language) -> str:
    """What is wrong with a value, and what to write."""
    say = translations(language).gettext
    sentence = say(FAULTS.get(fault.key, FAULTS["value"]))
    return sentence % fault.arguments if fault.arguments else sentence
