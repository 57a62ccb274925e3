"""Why a search log was refused, in Dutch: the sentences of the importer as a screen says them; {} stands for what differs."""

from __future__ import annotations

import re

from rules.norm import Language

PACKED = "Pak het uit en kijk zelf wat erin zit."
AGAIN = "Exporteer het opnieuw."
DUTCH = {
    "the file is empty": "Het bestand is leeg.",
    "it is no text; unpack it, or export it as CSV or JSON": "Het is geen tekst. Pak het uit, of exporteer het als CSV of JSON.",
    "its JSON is of no program that is known; say which with --source, or export it as CSV": (
        "De JSON is van een onbekend programma. Kies bij ‘Gemaakt door’ welk, of exporteer als CSV."
    ),
    "'{}' is no period; write 2026-01, 2026-01-05 or 2026-01-01..2026-01-31": (
        "‘{}’ is geen periode. Schrijf 2026-01, 2026-01-05 of 2026-01-01..2026-01-31."
    ),
    "it unpacks to far more than a log does; unpack it yourself and look at what is in it": (
        f"Uitgepakt is het veel groter dan een logboek. {PACKED}"
    ),
    "the gzip file is damaged; make it again and bring it in again": "Het gzip-bestand is beschadigd. Maak het opnieuw.",
    "the gzip file stops in the middle; fetch it whole and bring it in again": (
        "Het gzip-bestand houdt halverwege op. Haal het in zijn geheel op en stuur het opnieuw."
    ),
    "the zstd file is damaged; make it again and bring it in again": "Het zstd-bestand is beschadigd. Maak het opnieuw.",
    "the zstd file stops in the middle; fetch it whole and bring it in again": (
        "Het zstd-bestand houdt halverwege op. Haal het in zijn geheel op en stuur het opnieuw."
    ),
    "the zip holds no list of queries (Queries.csv); export the results of Search Console as CSV": (
        "In de zip zit geen lijst met zoekvragen (Queries.csv). Exporteer de resultaten van Search Console als CSV."
    ),
    "it is a workbook of a spreadsheet program; save the sheet with the queries as CSV": (
        "Het is een werkmap van een rekenblad, zoals Excel. Sla het blad met de zoekvragen op als CSV."
    ),
    "the zip holds more files than an export of Search Console; bring in one export at a time": (
        "In de zip zitten meer bestanden dan in een export van Search Console. Stuur één export tegelijk."
    ),
    "the zip is damaged or locked; export it again": f"De zip is beschadigd of op slot. {AGAIN}",
    "the zip does not say of which days it is; say it with --period 2026-01-01..2026-03-31": (
        "De zip zegt niet van welke dagen hij is. Vul de periode in, zoals 2026-01-01..2026-03-31."
    ),
    "its list of queries has other columns than Search Console's; say them with --mapping": (
        f"De lijst met zoekvragen heeft andere kolommen dan die van Search Console. {AGAIN}"
    ),
    "the zip unpacks to far more than an export of Search Console": (
        f"Uitgepakt is de zip veel groter dan een export van Search Console. {PACKED}"
    ),
    "its JSON holds no records of queries": "In de JSON staan geen zoekvragen.",
    "the program answered with an error instead of a list; look at its rights and address": (
        "Het programma gaf een foutmelding in plaats van een lijst. Kijk naar de rechten en het adres."
    ),
    "its JSON is nested too deeply for a log": "De JSON is te ingewikkeld voor een logboek.",
    "it is no whole JSON; export it again": f"De JSON is niet compleet. {AGAIN}",
    "one record of it is far larger than those of a log; is this the right file?": (
        "Eén regel is veel groter dan in een logboek kan. Is dit het goede bestand?"
    ),
    "it has no line with headings; export it again, with the names of the columns": (
        "Er is geen regel met namen van kolommen. Exporteer het opnieuw, met die namen."
    ),
    "its lines do not fall into columns; export it as CSV, with commas, semicolons or tabs": (
        "De regels vallen niet in kolommen uiteen. Exporteer het als CSV, met komma’s, puntkomma’s of tabs."
    ),
    "'{}' is no part of a mapping; write field=heading, with a field of: {}": "‘{}’ zegt niet wat een kolom is.",
    "a mapping must say which column holds the query: query=…": "Zeg welke kolom de zoekvraag heeft.",
    "there is no column '{}'; its columns are {}": "Er is geen kolom ‘{}’; de kolommen zijn {}.",
    "none of its columns is known to hold the query ({}); say it with --mapping query=…": (
        "Van geen enkele kolom is bekend dat de zoekvraag erin staat ({})."
    ),
    "it does not say of which period it is; say it with --period 2026-01 (a month) or --period 2026-01-01..2026-01-31": (
        "Het zegt niet van welke periode het is. Vul die in, zoals 2026-01 of 2026-01-01..2026-01-31, en stuur het opnieuw."
    ),
    "'{}' is no search address; write for example /zoeken?q=": "‘{}’ is geen zoekadres. Schrijf bijvoorbeeld /zoeken?q=",
    "no request in it looks like a search; say where the site's search answers: --search-address /zoeken?q=": (
        "Geen enkel verzoek lijkt op een zoekopdracht. Zeg bij ‘Zoekadres’ waar de zoekfunctie antwoordt: /zoeken?q="
    ),
    "its searches are of {}, not of the site '{}'; choose another --site": (
        "De zoekopdrachten zijn van {}, niet van de site ‘{}’. Kies die andere site."
    ),
    "all its searches are in the future; look at the clock of the server, or at the order of day and month": (
        "Alle zoekopdrachten liggen in de toekomst. Kijk naar de klok van de server, of naar de volgorde van dag en maand."
    ),
    "there is no search of a visitor in it": "Er staat geen zoekopdracht van een bezoeker in.",
    "the source '{}' of this site is a log of the kind {}; give this one another --name": (
        "De bron ‘{}’ van deze site is een logboek van de soort {}. Geef deze een andere naam."
    ),
    "its period {} to {} overlaps {} to {}, which is kept already: searches would count twice; "
    "bring in whole periods that do not overlap, or give this file another --name": (
        "De periode van {} tot en met {} overlapt die van {} tot en met {}, die al is ingelezen: dan zouden zoekopdrachten "
        "dubbel tellen. Lees hele perioden in die niet overlappen, of geef dit bestand een andere naam."
    ),
    "the file cannot be read: {}": "Het bestand is niet te lezen: {}",
    "nobody said within an hour what its columns hold; send it again": (
        "Niemand zei binnen een uur wat er in de kolommen staat. Stuur het opnieuw."
    ),
    "somebody decided not to bring it in": "Iemand koos ervoor het niet in te lezen.",
}
PATTERNS = [(re.compile(re.escape(english).replace(r"\{\}", "(.*?)"), re.DOTALL), dutch) for english, dutch in DUTCH.items()]


def refused(sentence: str, language: Language) -> str:
    """The sentence of a refusal in the language of the screen; one that is not known stays as it is."""
    if language == "nl":
        for pattern, dutch in PATTERNS:
            if found := pattern.fullmatch(sentence):
                return dutch.format(*found.groups())
    return sentence
