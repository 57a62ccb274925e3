"""Why a page was not tested, a link not asked, or a run could not judge anything: a key, and the words for it.

Keys are stored; words are put in when shown. The second sentence says what to do, where there is something to do.
"""

from __future__ import annotations

from rules.norm import Language

REASONS: dict[str, tuple[str, str]] = {
    # What a host answered, or did not.
    "unknown-host": (
        "De naam van de server bestaat niet of kon niet worden opgezocht. Controleer het adres en de internetverbinding.",
        "The host name does not exist or could not be looked up. Check the address and the internet connection.",
    ),
    "connection-refused": (
        "De server weigert de verbinding. Controleer of de website aan staat en of het poortnummer klopt.",
        "The server refuses the connection. Check that the website is up and that the port number is right.",
    ),
    "connection-failed": (
        "Er kwam geen verbinding tot stand. Probeer het later opnieuw.",
        "No connection could be made. Try again later.",
    ),
    "connection-broken": (
        "De server verbrak de verbinding voordat het antwoord compleet was. Probeer het later opnieuw.",
        "The server broke the connection before the answer was complete. Try again later.",
    ),
    "tls-error": (
        "De beveiligde verbinding klopt niet (certificaat of TLS). Laat de beheerder het certificaat van de website nakijken.",
        "The secure connection is not right (certificate or TLS). Have the website's certificate looked at.",
    ),
    "timeout": (
        "De server antwoordde niet binnen de tijd. Probeer het later opnieuw, of geef meer tijd met timeout_s.",
        "The server did not answer in time. Try again later, or allow more time with timeout_s.",
    ),
    "redirect-loop": (
        "De pagina verwijst steeds door en komt nergens uit. Laat de beheerder de doorverwijzing nakijken.",
        "The page keeps redirecting and ends nowhere. Have the redirect looked at.",
    ),
    "bad-redirect": (
        "De pagina verwijst door naar iets dat geen webadres is.",
        "The page redirects to something that is no web address.",
    ),
    "bad-address": ("Dit is geen geldig webadres.", "This is not a valid web address."),
    "private-address": (
        "Dit adres hoort bij een privénetwerk en niet bij de website; Vierluik vraagt het niet op.",
        "This address belongs to a private network and not to the website; Vierluik does not ask it.",
    ),
    "server-error": (
        "De server meldde een storing (5xx). Probeer het later opnieuw.",
        "The server reported an error (5xx). Try again later.",
    ),
    "refused": (
        "De server weigerde deze pagina aan Vierluik (403 of 429). Vraag de beheerder om Vierluik toe te laten.",
        "The server refused this page to Vierluik (403 or 429). Ask the administrator to let Vierluik in.",
    ),
    "missing": (
        "De server meldde dat deze pagina niet bestaat (4xx). Controleer het adres, of haal de links ernaartoe weg.",
        "The server said that this page does not exist (4xx). Check the address, or remove the links to it.",
    ),
    "login-secret-missing": (
        "Vierluik kan niet inloggen: het wachtwoord staat niet waar de instelling het zoekt. Zet de omgevingsvariabele of het "
        "bestand klaar waar Vierluik draait, en kijk het na met: vierluik site login.",
        "Vierluik cannot log in: the secret is not where the setting looks for it. Put the variable or file in place where "
        "Vierluik runs, and see whether it is right with: vierluik site login.",
    ),
    "login-refused": (
        "De website weigert de gebruikersnaam met dit wachtwoord (401). Kijk na of ze nog kloppen.",
        "The website refuses the user name with this password (401). See whether they are still right.",
    ),
    "login-failed": (
        "Het inloggen lukte niet. Kijk waar het misgaat met: vierluik site login SITE --form BESTAND.",
        "Logging in did not work. See where it breaks with: vierluik site login SITE --form FILE.",
    ),
    "login-lost": (
        "Niet getoetst: de website vroeg opnieuw om in te loggen, en dat lukte niet meer.",
        "Not tested: the website asked to log in again, and that did not work any more.",
    ),
    "login-page": (
        "Overgeslagen: dit is de inlogpagina, en Vierluik is ingelogd.",
        "Skipped: this is the log-in page, and Vierluik is logged in.",
    ),
    "logs-out": (
        "Overgeslagen: dit adres logt uit. Vierluik volgt zulke links niet.",
        "Skipped: this address logs out. Vierluik does not follow such links.",
    ),
    "needs-login": ("Voor deze pagina moet u inloggen.", "This page asks for a log-in."),
    "too-large": (
        "De pagina is groter dan max_page_bytes toestaat.",
        "The page is larger than max_page_bytes allows.",
    ),
    "not-html": (
        "Dit is geen webpagina, maar een bestand of een download.",
        "This is not a web page but a file or a download.",
    ),
    "offline": (
        "Niet gevraagd: met --offline blijft alles binnen de website zelf.",
        "Not asked: with --offline everything stays inside the website itself.",
    ),
    "one-look": ("Nog maar één keer bekeken.", "Looked at only once so far."),
    "looks-differ": (
        "De twee controles gaven een verschillend antwoord.",
        "The two looks got different answers.",
    ),
    # Why nobody can say whether a journey works.
    "cookie-wall": (
        "De cookiemelding ligt over de pagina, en niemand zei wat daar gekozen mag worden. Maak die keuze een stap van de reis.",
        "The cookie notice lies over the page, and nobody said what may be chosen there. Make that choice a step of the journey.",
    ),
    "journey-unclear": (
        "Is de website kapot, of klopt de beschrijving van de reis niet? Vergelijk de naam in de stap met wat er staat.",
        "Is the website broken, or is the journey written wrongly? Compare the name in the step with what is there.",
    ),
    "journey-would-send": (
        'Deze knop verstuurt iets. Vierluik drukt er niet op: schrijf in de reis stop = "…" in plaats van click.',
        'This button sends something. Vierluik does not press it: write stop = "…" in the journey instead of click.',
    ),
    "journey-sends": (
        "Deze stap verstuurt wat is ingevuld, en dat houdt Vierluik tegen. Neem een testserver waar versturen mag.",
        "This step sends what was filled in, and Vierluik holds that back. Take a test host where sending is allowed.",
    ),
    "journey-elsewhere": (
        "Deze stap leidt naar een andere website. Voeg die toe aan de site, of laat de reis hier ophouden.",
        "This step leads to another website. Add it to the site, or have the journey end here.",
    ),
    "journey-foreign-frame": (
        "Wat deze stap zoekt, staat in een deel van de pagina dat van een andere website komt. Daar drukt Vierluik nergens op.",
        "What this step looks for stands in a part of the page that comes from another website. Vierluik presses nothing there.",
    ),
    "too-many-stops": (
        "Er staat zoveel op de pagina dat het toetsenbord er niet doorheen kwam.",
        "There is so much on the page that the keyboard did not get through it.",
    ),
    # Why the site's own search gave no answer that could be read.
    "search-form-unknown": (
        "Er is geen zoekveld gevonden op de startpagina of op een zoekpagina. Stel in hoe de site wordt doorzocht.",
        "No search field was found on the start page or on a search page. Set how the site is searched.",
    ),
    "search-form-gone": (
        "Het zoekveld staat niet meer waar het stond, of is niet te openen. Laat opnieuw kijken hoe de site wordt doorzocht.",
        "The search field is not where it was any more, or cannot be opened. Have it looked up again how the site is searched.",
    ),
    "search-list-unknown": (
        "De zoekfunctie antwoordt, maar de lijst met resultaten is niet herkend. Stel in waar de resultaten staan.",
        "The search answers, but its list of results was not recognised. Set where the results stand.",
    ),
    "search-list-gone": (
        "De zoekpagina toont geen resultaten en zegt ook niet dat er niets is gevonden. Laat opnieuw kijken waar de lijst staat.",
        "The search page shows no results and does not say that there are none. Have it looked up again where the list stands.",
    ),
    "search-does-nothing": (
        "Na het zoeken veranderde er niets op de pagina. Probeer de zoekfunctie zelf, of stel het adres van de resultaten in.",
        "Nothing changed on the page after searching. Try the search yourself, or set the address of its results.",
    ),
    "search-elsewhere": (
        "De zoekfunctie leidt naar een andere website. Voeg die server toe aan de site als hij erbij hoort.",
        "The search leads to another website. Add that host to the site if it belongs to it.",
    ),
    "search-sends": (
        "De zoekfunctie verstuurt de vraag met POST; dat doet Vierluik niet zonder toestemming. Sta het toe bij de zoekfunctie.",
        "The search sends its query by POST, which Vierluik does not do without permission. Permit it with the search.",
    ),
    # Why another address is suggested for a link that leads to nothing.
    "replaced-redirect": (
        "Het oude adres leidde bij een eerdere controle naar deze pagina.",
        "The old address led to this page in an earlier run.",
    ),
    "replaced-title": (
        "Deze pagina heeft dezelfde titel als de verdwenen pagina.",
        "This page has the same title as the page that is gone.",
    ),
    "replaced-slug": (
        "Het laatste deel van het adres is hetzelfde.",
        "The last part of the address is the same.",
    ),
    "replaced-text": (
        "De titel van deze pagina is gelijk aan de tekst van de link.",
        "The title of this page is equal to the words of the link.",
    ),
    "replaced-near": (
        "De titel en het adres van deze pagina lijken het meest. Kijk of de inhoud klopt.",
        "The title and address of this page are most alike. See whether its content is right.",
    ),
    # What was left out on purpose.
    "robots": (
        "robots.txt vraagt om deze pagina niet te bezoeken.",
        "robots.txt asks not to visit this page.",
    ),
    "excluded": ("Uitgesloten in de instellingen (exclude).", "Left out by the settings (exclude)."),
    "not-included": ("Valt buiten de instelling include.", "Outside the setting include."),
    "page-limit": (
        "Het maximum aantal pagina's (max_pages) was bereikt.",
        "The largest number of pages (max_pages) was reached.",
    ),
    "depth-limit": (
        "Te veel klikken van de startpagina (max_depth).",
        "Too many clicks from the start page (max_depth).",
    ),
    "time-limit": ("De tijd van deze controle was om (max_minutes).", "The time of this run was up (max_minutes)."),
    "shape-limit": (
        "Te veel adressen die alleen in cijfers verschillen, zoals een eindeloze agenda (max_pages_per_shape).",
        "Too many addresses that differ only in digits, such as an endless calendar (max_pages_per_shape).",
    ),
    "redirects-by-script": (
        "De pagina stuurt de bezoeker door naar een andere pagina.",
        "The page sends the visitor on to another page.",
    ),
    # What a browser met.
    "load-timeout": (
        "De pagina laadde niet binnen de tijd.",
        "The page did not load in time.",
    ),
    "page-hangs": (
        "De pagina liet de browser vastlopen.",
        "The page made the browser hang.",
    ),
    "browser-crashed": (
        "De browser liep twee keer vast op deze pagina.",
        "The browser crashed twice on this page.",
    ),
    "browser-failed": (
        "De browser kon deze pagina niet openen.",
        "The browser could not open this page.",
    ),
    "navigated-away": (
        "De pagina ging tijdens de controle vanzelf naar een andere pagina.",
        "The page went to another page by itself while it was checked.",
    ),
    "script-failed": (
        "Een controle kon op deze pagina niet worden uitgevoerd.",
        "A check could not run on this page.",
    ),
    "probe-timeout": (
        "Een controle was niet op tijd klaar op deze pagina.",
        "A check did not end in time on this page.",
    ),
    "not-finished": (
        "De controle stopte voordat deze pagina aan de beurt was.",
        "The run stopped before this page had its turn.",
    ),
    "too-many-elements": (
        "De pagina is te groot om alles te meten: het contrast van teksten of alinea's die als kop dienen zijn niet bekeken.",
        "The page is too large to measure all: the contrast of texts or paragraphs used as headings were not looked at.",
    ),
    "no-engine": (
        "Niet geopend: deze controle keek alleen naar links (engines = none).",
        "Not opened: this run looked at links only (engines = none).",
    ),
    # Sitemaps that were of no use.
    "sitemap-missing": (
        "Deze sitemap wordt genoemd, maar kon niet worden opgehaald. Herstel hem, of haal de verwijzing weg.",
        "This sitemap is referred to but could not be fetched. Mend it, or take the reference away.",
    ),
    "sitemap-broken": (
        "Deze sitemap kon niet worden gelezen (geen geldige XML of gzip). Laat hem opnieuw maken.",
        "This sitemap could not be read (no valid XML or gzip). Have it made anew.",
    ),
    "sitemap-too-large": (
        "Deze sitemap is groter dan de norm toestaat (50 MB) en is niet gelezen. Verdeel hem over meer bestanden.",
        "This sitemap is larger than its standard allows (50 MB) and was not read. Divide it over more files.",
    ),
    "woo-elsewhere": (
        "De Woo-documenten staan op een host die niet bij deze site hoort; daar is niet gekeken. Voeg die host zo nodig toe.",
        "The Woo documents stand on a host that is no part of this site; nobody looked there. Add that host if somebody should.",
    ),
    "woo-no-answer": (
        "De host gaf geen antwoord op de vraag naar deze lijst van Woo-documenten.",
        "The host gave no answer when it was asked for this list of Woo documents.",
    ),
    "woo-document-gone": (
        "Een lijst van Woo-documenten noemt een document dat niet bestaat.",
        "A list of Woo documents names a document that does not exist.",
    ),
    # Frames that could not be looked into.
    "foreign-frame": (
        "Een kader met inhoud van een andere website is niet bekeken.",
        "A frame with content of another website was not looked into.",
    ),
    "sandboxed-frame": (
        "Een afgeschermd kader (sandbox) is niet bekeken.",
        "A sandboxed frame was not looked into.",
    ),
    "too-many-frames": ("Niet alle kaders zijn bekeken.", "Not all frames were looked into."),
    "frame-failed": ("Een kader kon niet worden bekeken.", "A frame could not be looked into."),
    "check-failed": (
        "Een deel van de regels kon op deze pagina niet worden getoetst.",
        "Some of the rules could not be tested on this page.",
    ),
    "not-compared": (
        "De regels die pagina's met elkaar vergelijken, zijn niet getoetst: er was geen andere pagina om mee te vergelijken, "
        "of van deze pagina waren te weinig gegevens.",
        "The rules that compare pages with one another were not tested: there was no other page to compare with, "
        "or too little was known of this page.",
    ),
    # Why a whole run could judge nothing.
    "start-4xx": (
        "De startpagina bestaat niet of is niet toegankelijk (4xx). Controleer het adres.",
        "The start page does not exist or is not accessible (4xx). Check the address.",
    ),
    "start-5xx": (
        "De startpagina gaf een storing (5xx). Probeer het later opnieuw.",
        "The start page gave an error (5xx). Try again later.",
    ),
    "start-not-html": (
        "De startpagina is geen webpagina (HTML). Geef het adres van een webpagina.",
        "The start page is not a web page (HTML). Give the address of a web page.",
    ),
    "start-needs-login": (
        "De startpagina vraagt om in te loggen. Geef een pagina die iedereen kan openen.",
        "The start page asks for a log-in. Give a page that everyone can open.",
    ),
    "start-leads-elsewhere": (
        "De startpagina verwijst in meer stappen door naar een andere website. Geef het adres van die website.",
        "The start page redirects to another website in more than one step. Give the address of that website.",
    ),
    "robots-forbids-all": (
        "robots.txt verbiedt de startpagina. Vraag de beheerder om Vierluik toe te laten, of zet obey_robots = false.",
        "robots.txt forbids the start page. Ask the administrator to let Vierluik in, or set obey_robots = false.",
    ),
    "robots-fails": (
        "robots.txt gaf een storing (5xx); zolang dat zo is, mag niets worden bezocht. Laat de beheerder ernaar kijken, "
        "of zet obey_robots = false.",
        "robots.txt gave an error (5xx); while it does, nothing may be visited. Have the administrator look at it, "
        "or set obey_robots = false.",
    ),
    "nothing-tested": (
        "Geen enkele pagina kon worden getest. Neem eerst weg wat daarvan de reden is; die staat bij de pagina's.",
        "Not one page could be tested. First take away the reasons, which stand beside the pages.",
    ),
    "stopped": ("De controle is gestopt.", "The run was stopped."),
    "process-gone": (
        "Het programma dat deze controle deed, is gestopt voordat die klaar was.",
        "The program that made this run ended before it was done.",
    ),
    "crawler-failed": (
        "De crawler is onverwacht gestopt. Zet de controle voort; wat al getest is, blijft bewaard.",
        "The crawler ended unexpectedly. Continue the run; what was tested is kept.",
    ),
    "browser-missing": (
        "Er was geen browser die startte. Kijk wat er mist met: vierluik doctor.",
        "There was no browser that started. See what is missing with: vierluik doctor.",
    ),
    "paused": (
        "De controle staat stil omdat iemand dat wilde. Laat haar verdergaan op het scherm Planning.",
        "The run stands still because somebody wanted it to. Have it go on from the screen Schedule.",
    ),
    "cancelled": ("De controle is door iemand afgebroken.", "The run was cancelled by somebody."),
    "taken-over": (
        "Een ander programma heeft deze controle overgenomen en maakt haar af.",
        "Another program has taken this run over, and completes it.",
    ),
    "site-removed": (
        "De site is tijdens de controle verwijderd; er is niets van bewaard.",
        "The site was removed during the run; nothing of it was kept.",
    ),
    "run-failed": (
        "De controle is onverwacht gestopt. Kijk in de foutmelding en ga verder met --continue.",
        "The run ended unexpectedly. Read the error, and go on with --continue.",
    ),
    # Documents: why one was not judged, or not to its end.
    "not-a-document": (
        "Dit is geen PDF- of Office-bestand, of het is beschadigd.",
        "This is no PDF or office file, or it is damaged.",
    ),
    "document-damaged": (
        "Het bestand is beschadigd en gaat niet open. Zet het opnieuw op de website.",
        "The file is damaged and does not open. Put it on the website anew.",
    ),
    "document-cut-off": (
        "Het bestand is niet heel: het einde ontbreekt. Zet het opnieuw op de website.",
        "The file is not whole: its end is missing. Put it on the website anew.",
    ),
    "document-needs-password": (
        "Het bestand gaat alleen met een wachtwoord open. Haal het wachtwoord weg, of haal het bestand van de website.",
        "The file only opens with a password. Take the password away, or take the file off the website.",
    ),
    "document-kind-not-judged": (
        "Vierluik kan dit soort bestand niet nakijken (een oud of beveiligd Office-bestand, RTF of EPUB). "
        "Bewaar het als docx of PDF, of maak er een webpagina van.",
        "Vierluik cannot judge this kind of file (an old or protected office file, RTF or EPUB). "
        "Save it as docx or PDF, or make it a web page.",
    ),
    "document-too-slow": (
        "Het bestand nakijken duurde te lang. Het is erg groot of zit vreemd in elkaar.",
        "Judging the file took too long. It is very large or put together strangely.",
    ),
    "document-too-heavy": (
        "Het bestand wordt uitgepakt te groot om na te kijken.",
        "The file becomes too large to judge when it is unpacked.",
    ),
    "document-broke-reader": (
        "Het bestand zit zo vreemd in elkaar dat Vierluik het niet kon lezen.",
        "The file is put together so strangely that Vierluik could not read it.",
    ),
    "document-too-large": (
        "Het bestand is groter dan max_document_bytes toestaat.",
        "The file is larger than max_document_bytes allows.",
    ),
    "document-limit": (
        "Niet nagekeken: er zijn meer documenten dan max_documents toestaat.",
        "Not judged: there are more documents than max_documents allows.",
    ),
    "document-elsewhere": (
        "Niet nagekeken: dit document staat op een andere website.",
        "Not judged: this document stands on another website.",
    ),
    "document-content-partly": (
        "Van dit document zijn niet alle bladzijden gelezen.",
        "Not all pages of this document were read.",
    ),
    "document-structure-partly": (
        "De codes van dit document zijn niet helemaal gelezen.",
        "The tags of this document were not read to their end.",
    ),
    "document-engine-failed": (
        "De PDF/UA-toets kwam bij dit document niet tot het einde.",
        "The PDF/UA test did not come to its end on this document.",
    ),
    "breaks-workers": (
        "Niet getoetst: het proces dat deze pagina toetste, viel drie keer weg. Laat de beheerder van Vierluik kijken of de "
        "pagina te veel geheugen vraagt.",
        "Not tested: the process that tested this page was lost three times. Let whoever keeps Vierluik see whether the page "
        "asks for too much memory.",
    ),
    "no-worker": (
        "Niet getoetst: er was geen toetsproces (vierluik worker) dat pagina's aannam.",
        "Not tested: there was no worker (vierluik worker) that took pages.",
    ),
    "document-not-judged": (
        "Dit document is in deze controle niet nagekeken.",
        "This document was not judged in this run.",
    ),
    # Why a page was tested, and did not keep its last result.
    "asked-for-all": ("Er is gevraagd om alle pagina’s te toetsen.", "It was asked for that every page be tested."),
    "new-page": ("De pagina is nieuw.", "The page is new."),
    "last-check-not-whole": (
        "De vorige toets van deze pagina kwam niet helemaal tot het einde.",
        "The last test of this page did not come to its end.",
    ),
    "judged-with-other": (
        "De vorige toets is gedaan met andere regels, instellingen of een andere browser.",
        "The last test was made with other rules, settings or another browser.",
    ),
    "waits-for-second-look": (
        "Op deze pagina wacht een fout op een tweede blik.",
        "A failure on this page waits for a second look.",
    ),
    "check-due": (
        "Elke pagina wordt om de vier weken opnieuw getoetst, ook als er niets is veranderd.",
        "Every page is tested anew every four weeks, also where nothing has changed.",
    ),
    "page-changed": ("De pagina is veranderd.", "The page has changed."),
    "assets-changed": (
        "Een stijlblad of script van de pagina is veranderd, of was niet op te vragen.",
        "A style sheet or script of the page has changed, or could not be asked.",
    ),
    # Availability: what a watched address gave instead of a good answer.
    "answer-empty": (
        "Het antwoord was leeg. Laat de beheerder naar de pagina kijken.",
        "The answer was empty. Have the administrator look at the page.",
    ),
    "answer-elsewhere": (
        "Het adres leidt nu naar een andere website. Kijk of dat zo hoort.",
        "The address now leads to another website. See whether that is meant.",
    ),
    "answer-says-missing": (
        "De pagina zegt zelf dat zij niet gevonden is.",
        "The page itself says that it was not found.",
    ),
    "answer-says-closed": (
        "De pagina meldt een storing of onderhoud.",
        "The page reports a fault or maintenance.",
    ),
    "form-gone": (
        "Het formulier staat niet meer op de pagina.",
        "The form is not on the page any more.",
    ),
    "own-network": (
        "Vierluik had zelf geen verbinding; van de website is hierover niets te zeggen.",
        "Vierluik itself had no connection; nothing can be said of the website.",
    ),
    "not-watched": (
        "Vierluik keek in deze tijd niet.",
        "Vierluik did not look in this time.",
    ),
    # Messages: why one could not be sent.
    "mail-not-set": (
        "Er is geen mailserver ingesteld. Vul mail_server en mail_sender in.",
        "No mail server is set. Fill in mail_server and mail_sender.",
    ),
    "mail-server-gone": (
        "De mailserver antwoordt niet, of hield halverwege op. Vierluik probeert het opnieuw.",
        "The mail server does not answer, or stopped halfway. Vierluik tries again.",
    ),
    "mail-not-secure": (
        "De verbinding met de mailserver kon niet worden beveiligd. Kijk naar mail_security en het certificaat van de server.",
        "The connection to the mail server could not be made secure. Look at mail_security and at the server's certificate.",
    ),
    "mail-log-in-refused": (
        "De mailserver weigert de gebruikersnaam of het wachtwoord. Kijk naar mail_user en het wachtwoord.",
        "The mail server refuses the user name or the password. Look at mail_user and the password.",
    ),
    "mail-sender-refused": (
        "De mailserver weigert de afzender. Kijk naar mail_sender.",
        "The mail server refuses the sender. Look at mail_sender.",
    ),
    "mail-receiver-refused": (
        "De mailserver weigert dit e-mailadres. Controleer het adres.",
        "The mail server refuses this e-mail address. Check the address.",
    ),
    "mail-message-refused": (
        "De mailserver weigert dit bericht.",
        "The mail server refuses this message.",
    ),
    "webhook-refused": (
        "Het programma dat het bericht moet krijgen, neemt het niet aan.",
        "The program that is to get the message does not take it.",
    ),
    "webhook-no-secret": (
        "Voor dit programma is geen geheim ingesteld. Vul webhook_secrets in.",
        "There is no secret for this program. Fill in webhook_secrets.",
    ),
    "tracker-not-set": (
        "Dit meldsysteem staat niet in de instellingen, of zijn geheim ontbreekt. Vul trackers in.",
        "This tracker is not in the settings, or its secret is missing. Fill in trackers.",
    ),
    "message-not-written": (
        "Het bericht kon niet worden opgesteld. Kijk in het logboek van het programma.",
        "The message could not be put into words. Look in the log of the program.",
    ),
}


def reason_text(key: str, language: Language) -> str:
    """The sentence for a reason. Raises KeyError for a key that has none: every reason has its words."""
    dutch, english = REASONS[key]
    return dutch if language == "nl" else english
