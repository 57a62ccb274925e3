"""The words of the field on screen: what stored values are called."""

from __future__ import annotations

from dashboard.barrier_words import BARRIER_KINDS
from dashboard.desk_words import DESK_KINDS
from dashboard.evaluation_words import EVALUATION_KINDS
from dashboard.journey_words import KINDS as OF_JOURNEYS
from dashboard.languages import N_
from rules.availability import Availability, WatchKind
from rules.content_gap import Gap
from rules.criteria import Reach
from rules.document import TextKind
from rules.findability import AnswerOutcome, ProposalReason, QueryKind, TaskVerdict
from rules.message import MessageKind, MessageState
from rules.observation import LinkClass
from rules.outcome import CriterionOutcome, Impact, Mender
from rules.page_type import PageType
from rules.policy import PolicyKind
from rules.product_coverage import CoverageState, MatchedBy, OnlineForm
from rules.run import RunState
from rules.schedule import WorkKind
from rules.search_log import Fact, Source
from rules.task import PageStatus

IMPACT: dict[str, str] = {
    Impact.MINOR: N_("licht"),
    Impact.MODERATE: N_("matig"),
    Impact.SERIOUS: N_("ernstig"),
    Impact.CRITICAL: N_("kritiek"),
}
MENDER: dict[str, str] = {
    Mender.EDITOR: N_("redacteur"),
    Mender.WEB_MANAGER: N_("webbeheerder"),
    Mender.SUPPLIER: N_("leverancier"),
}
STATUS: dict[str, str] = {
    PageStatus.TESTED: N_("getoetst"),
    PageStatus.CARRIED_OVER: N_("overgenomen"),
    PageStatus.UNTESTED: N_("niet getoetst"),
    PageStatus.SKIPPED: N_("overgeslagen"),
}
RUN_STATE: dict[str, str] = {
    RunState.RUNNING: N_("bezig"),
    RunState.FINISHED: N_("klaar"),
    RunState.INTERRUPTED: N_("onderbroken"),
    RunState.FAILED: N_("mislukt"),
    RunState.CANCELLED: N_("afgebroken"),
}
REQUEST_STATE: dict[str, str] = {
    "waiting": N_("wacht op de planner"),
    "taken": N_("bezig"),
    "done": N_("klaar"),
    "failed": N_("mislukt"),
    "cancelled": N_("teruggenomen"),
}
WORK: dict[str, str] = {
    WorkKind.FULL: N_("hele controle"),
    WorkKind.INCREMENTAL: N_("korte controle"),
    WorkKind.LINKS: N_("links"),
    WorkKind.DOCUMENTS: N_("documenten"),
    WorkKind.FINDABILITY: N_("vindbaarheid"),
    WorkKind.DIGEST: N_("samenvatting"),
    WorkKind.JOURNEYS: N_("klantreizen"),
    WorkKind.IMPORTS: N_("gevolgde mappen"),
    WorkKind.RETENTION: N_("bewaartermijnen"),
}
WORK_EXPLAINED: dict[str, str] = {
    WorkKind.FULL: N_("vraagt alles opnieuw, ook elke link"),
    WorkKind.INCREMENTAL: N_("vraagt niet opnieuw wat kort geleden nog goed was"),
    WorkKind.LINKS: N_("vraagt elke bekende link opnieuw, zonder pagina’s te openen"),
    WorkKind.DOCUMENTS: N_("vraagt elk bekend document opnieuw, en toetst wat is veranderd"),
    WorkKind.FINDABILITY: N_("test de bevestigde zoektaken"),
    WorkKind.DIGEST: N_("vertelt wie dat wil wat er is veranderd; zonder planning elke maandag om 7 uur"),
    WorkKind.JOURNEYS: N_("loopt de klantreizen na, op vijf manieren"),
    WorkKind.IMPORTS: N_("kijkt of er nieuwe zoeklogs klaarstaan"),
    WorkKind.RETENTION: N_("verwijdert wat ouder is dan bewaard mag worden"),
}
LINK: dict[str, str] = {
    LinkClass.DEAD: N_("kapot"),
    LinkClass.SOFT_404: N_("meldt ‘niet gevonden’"),
    LinkClass.MOVED: N_("verhuisd"),
    LinkClass.BLOCKED: N_("weigert robots"),
    LinkClass.UNSURE: N_("onzeker"),
    LinkClass.NOT_ASKED: N_("niet gevraagd"),
    LinkClass.OK: N_("werkt"),
}
CRITERION: dict[str, str] = {
    CriterionOutcome.FAILED: N_("met fouten"),
    CriterionOutcome.CANNOT_TELL: N_("te beoordelen"),
    CriterionOutcome.NO_FAILURE_FOUND: N_("geen fout gevonden"),
    CriterionOutcome.NOT_TESTED: N_("niet, of niet overal, automatisch getoetst"),
}
REACH: dict[str, str] = {
    Reach.TESTED: N_("regels vinden een deel van de fouten"),
    Reach.ASKED: N_("regels wijzen aan waar een mens moet kijken"),
    Reach.UNTOUCHED: N_("geen regel kijkt ernaar"),
}
REGION: dict[str, str] = {
    "header": N_("kop van de pagina"),
    "nav": N_("navigatie"),
    "main": N_("hoofddeel"),
    "aside": N_("zijkolom"),
    "footer": N_("voet van de pagina"),
    "search": N_("zoekbalk"),
    "form": N_("formulier"),
}
PRINCIPLE: dict[str, str] = {
    "perceivable": N_("Waarneembaar"),
    "operable": N_("Bedienbaar"),
    "understandable": N_("Begrijpelijk"),
    "robust": N_("Robuust"),
}
TEXT: dict[str, str] = {
    TextKind.TEXT: N_("tekst"),
    TextKind.SCAN: N_("scan zonder tekst"),
    TextKind.SCAN_WITH_TEXT: N_("scan met herkende tekst"),
    TextKind.EMPTY: N_("leeg"),
}
PAGE_TYPE: dict[str, str] = {
    PageType.HOME: N_("startpagina"),
    PageType.PRODUCT: N_("product"),
    PageType.OVERVIEW: N_("overzicht"),
    PageType.NEWS: N_("nieuws"),
    PageType.FORM: N_("formulier"),
    PageType.CONTACT: N_("contact"),
    PageType.SEARCH: N_("zoeken"),
    PageType.STATEMENT: N_("toegankelijkheidsverklaring"),
    PageType.COUNCIL: N_("bestuur"),
    PageType.OTHER: N_("overig"),
}
STATEMENT: dict[str, str] = {
    "A": N_("voldoet volledig"),
    "B": N_("voldoet gedeeltelijk"),
    "C": N_("eerste maatregelen genomen"),
    "D": N_("voldoet niet"),
    "E": N_("geen verklaring"),
}
TICKET: dict[str, str] = {
    "open": N_("bij ons"),
    "held": N_("bij de leverancier"),
    "returned": N_("terug bij ons"),
    "closed": N_("afgerond"),
}
DELIVERY: dict[str, str] = {
    "waiting": N_("wacht op verzending"),
    "sent": N_("verstuurd"),
    "refused": N_("geweigerd"),
}
POLICY: dict[str, str] = {
    PolicyKind.TEXT: N_("woorden"),
    PolicyKind.PATTERN: N_("reguliere expressie"),
    PolicyKind.SELECTOR: N_("CSS-selector"),
}
VERDICT: dict[str, str] = {
    TaskVerdict.FOUND: N_("gevonden"),
    TaskVerdict.BARRIER: N_("gevonden, met een drempel"),
    TaskVerdict.HIDDEN: N_("verstopt in het menu"),
    TaskVerdict.WRONG_WORDS: N_("verkeerde woorden"),
    TaskVerdict.SEARCH_BROKEN: N_("zoekfunctie werkt niet"),
    TaskVerdict.CONTENT_MISSING: N_("inhoud ontbreekt"),
    TaskVerdict.UNTESTED: N_("niet getest"),
}
ADVICE: dict[str, str] = {
    TaskVerdict.FOUND: N_("De zoekfunctie toont de goede pagina bij de eerste drie."),
    TaskVerdict.BARRIER: N_(
        "Bewoners vinden de pagina, maar op de weg ernaartoe houdt een fout mensen tegen. Herstel die eerst."
    ),
    TaskVerdict.HIDDEN: N_(
        "Zoeken lukt, maar wie links volgt komt er niet. Zet een link op een onderwerppagina, in woorden van bewoners."
    ),
    TaskVerdict.WRONG_WORDS: N_(
        "De zoekfunctie kent de pagina wel bij haar eigen titel, maar niet bij de woorden van bewoners. "
        "Zet die woorden in de titel, een kop of de zoekwoorden van de pagina."
    ),
    TaskVerdict.SEARCH_BROKEN: N_(
        "Zelfs met de titel van de pagina komt zij niet bovenaan. Laat de leverancier kijken of de zoekfunctie haar kent."
    ),
    TaskVerdict.CONTENT_MISSING: N_(
        "De goede pagina is er niet meer, en geen andere pagina van de site zegt het. "
        "Zet de informatie terug, of wijs een pagina aan."
    ),
    TaskVerdict.UNTESTED: N_("De zoekfunctie gaf geen antwoord dat te lezen is."),
}
PROPOSAL: dict[str, str] = {
    ProposalReason.CLICKED: N_("De meeste bezoeken die hierom vroegen, klikten op deze pagina."),
    ProposalReason.SAID: N_("Geen pagina kreeg de meeste kliks; deze zegt het van alle pagina’s het best."),
    ProposalReason.PRODUCT: N_("Veel pagina’s van de site verwijzen naar dit product."),
    "": "",
}
ANSWER: dict[str, str] = {
    AnswerOutcome.FOUND: N_("gevonden"),
    AnswerOutcome.NOT_FOUND: N_("niet bij de eerste tien"),
    AnswerOutcome.NO_RESULTS: N_("geen enkel resultaat"),
    AnswerOutcome.UNTESTED: N_("niet getest"),
}
QUERY: dict[str, str] = {
    QueryKind.AS_WRITTEN: N_("woorden van bewoners"),
    QueryKind.OWN_TITLE: N_("titel van de pagina"),
    QueryKind.TYPING_ERROR: N_("typefout"),
    QueryKind.INFLECTION: N_("andere vorm"),
    QueryKind.EVERYDAY_WORD: N_("ander woord"),
}
MEASURE: dict[str, str] = {
    "query": N_("zoekvraag"),
    "searches": N_("keer gezocht"),
    "zero_results": N_("zonder resultaat"),
    "clicked": N_("met een klik op een resultaat"),
    "abandoned": N_("opgegeven: geen klik en geen andere vraag"),
    "different": N_("verschillende zoekvragen"),
    "reformulated": N_("in andere woorden opnieuw gevraagd"),
    "reformulated_spelling": N_("– anders gespeld"),
    "reformulated_added": N_("– met een woord erbij"),
    "reformulated_removed": N_("– met een woord minder"),
    "reformulated_replaced": N_("– met een ander woord"),
    "exits": N_("het bezoek eindigde met zoeken"),
    "click_rank": N_("hoe hoog de eerste klik staat (1 is altijd bovenaan)"),
    "seconds_to_click": N_("seconden tot de eerste klik, in het midden (losse zoekopdrachten blijven 90 dagen)"),
    "top10": N_("deel van de tien meest gestelde vragen"),
    "top50": N_("deel van de vijftig meest gestelde vragen"),
    "of": N_("van"),
    "group": N_("hoort bij"),
    "rare": N_("zoekvragen van minder dan vijf bezoeken"),
    "total": N_("alle zoekvragen"),
}
SOURCE: dict[str, str] = {  # of a search log; most are names, the same in every language
    Source.COMBINED: N_("webserver: toegangslogboek van nginx of Apache"),
    Source.MATOMO: N_("Matomo: zoekwoorden"),
    Source.MATOMO_NO_RESULTS: N_("Matomo: zoekwoorden zonder resultaat"),
    Source.MATOMO_VISITS: N_("Matomo: bezoeken"),
    Source.PIWIK_PRO: N_("Piwik PRO"),
    Source.GA4: N_("Google Analytics 4"),
    Source.SITEIMPROVE: N_("Siteimprove"),
    Source.UBI: N_("zoekmachine met User Behavior Insights (UBI)"),
    Source.SLOW_LOG: N_("zoekmachine: slow log van Elasticsearch of OpenSearch"),
    Source.SOLR: N_("zoekmachine: logboek van Solr"),
    Source.SEARCH_CONSOLE: N_("Google Search Console"),
    Source.TABLE: N_("een andere tabel (CSV)"),
}
FACT: dict[str, str] = {
    Fact.EVENTS: N_("losse zoekopdrachten met hun tijdstip"),
    Fact.RESULTS: N_("of er iets werd gevonden"),
    Fact.CLICKS: N_("of op een resultaat werd geklikt"),
    Fact.POSITIONS: N_("op welke plaats werd geklikt"),
    Fact.SESSIONS: N_("welke zoekopdrachten bij één bezoek horen"),
    Fact.EXITS: N_("of het bezoek eindigde met zoeken"),
}
COLUMN: dict[str, str] = {
    "query": N_("zoekvraag"),
    "searches": N_("keer gezocht"),
    "sessions": N_("bezoeken"),
    "zero_results": N_("keer zonder resultaat"),
    "clicked": N_("keer geklikt"),
    "exits": N_("keer verlaten"),
    "day": N_("dag of periode"),
    "time": N_("tijdstip"),
    "hits": N_("aantal resultaten"),
    "visit": N_("kenmerk van het bezoek"),
    "page": N_("aangeklikte pagina"),
    "position": N_("plaats van de klik"),
}
GAP: dict[str, str] = {
    Gap.SAID: N_("De pagina zegt dit al. De zoekfunctie mist haar: laat de leverancier kijken of zij de pagina kent."),
    Gap.MENTIONED: N_(
        "Pagina’s noemen het, maar geen enkele gaat erover. Kijk of deze past; zo ja, zet het woord in een kop. Zo niet, "
        "schrijf erover."
    ),
    Gap.MISSPELT: N_(
        "Anders gespeld staat het er wel. Zet deze spelling bij de zoekwoorden, of laat de zoekfunctie typefouten vergeven."
    ),
    Gap.OTHER_WORDS: N_("Zet het woord van bewoners in de tekst, of als zoekwoord."),
    Gap.PERHAPS: N_(
        "Misschien is dit de goede pagina. Kijk zelf; is zij het, zet het woord van bewoners dan in de tekst of als zoekwoord."
    ),
    Gap.MISSING: N_("Geen pagina zegt iets wat hierop lijkt. Schrijf erover, of verwijs naar wie hier wel over gaat."),
    "": N_("Nog niet te zeggen: Vierluik kent de tekst van de pagina’s nog niet. Na de volgende controle weten we het."),
}
COVERAGE: dict[str, str] = {
    CoverageState.COVERED: N_("met een pagina"),
    CoverageState.NO_FORM: N_("pagina zonder online formulier"),
    CoverageState.SEARCHED: N_("gezocht, geen pagina herkend"),
    CoverageState.ABSENT: N_("geen pagina herkend"),
    CoverageState.NOT_OFFERED: N_("bieden wij niet aan"),
}
MATCHED: dict[str, str] = {
    MatchedBy.DECLARED: N_("de pagina zegt het zelf"),
    MatchedBy.HEADING: N_("aan de kop"),
    MatchedBy.TITLE: N_("aan de titel"),
    MatchedBy.ADDRESS: N_("aan het adres"),
}
FORM: dict[str, str] = {
    OnlineForm.FORM: N_("formulier op de pagina"),
    OnlineForm.BUTTON: N_("knop om te beginnen"),
    OnlineForm.LINK: N_("link naar een formulier"),
    OnlineForm.NOT_SEEN: N_("niet gezien"),
}
AVAILABILITY: dict[str, str] = {
    Availability.UP: N_("bereikbaar"),
    Availability.DOWN: N_("niet bereikbaar"),
    Availability.UNKNOWN: N_("onbekend"),
}
WATCH: dict[str, str] = {
    WatchKind.START: N_("startpagina"),
    WatchKind.FORM: N_("formulier"),
    WatchKind.TASK: N_("taak van bewoners"),
    WatchKind.SEARCH: N_("zoekfunctie"),
    WatchKind.OTHER: N_("gekozen adres"),
}
MESSAGE: dict[str, str] = {
    MessageKind.DIGEST: N_("overzicht"),
    MessageKind.ALARMS: N_("meldingen"),
}
MESSAGE_STATE: dict[str, str] = {
    MessageState.WAITING: N_("wacht"),
    MessageState.SENT: N_("verstuurd"),
    MessageState.REFUSED: N_("geweigerd"),
}
KINDS: dict[str, dict[str, str]] = {
    **OF_JOURNEYS,
    "availability": AVAILABILITY,
    **BARRIER_KINDS,
    "watch": WATCH,
    "message": MESSAGE,
    "message state": MESSAGE_STATE,
    "gap": GAP,
    "measure": MEASURE,
    "fact": FACT,
    "source": SOURCE,
    "column": COLUMN,
    "coverage": COVERAGE,
    "matched": MATCHED,
    "form": FORM,
    "verdict": VERDICT,
    "advice": ADVICE,
    "answer": ANSWER,
    "proposal": PROPOSAL,
    "query": QUERY,
    "impact": IMPACT,
    "mender": MENDER,
    "status": STATUS,
    "run": RUN_STATE,
    "request": REQUEST_STATE,
    "work": WORK,
    "work-explained": WORK_EXPLAINED,
    "link": LINK,
    "criterion": CRITERION,
    "reach": REACH,
    "region": REGION,
    "principle": PRINCIPLE,
    "text": TEXT,
    "page": PAGE_TYPE,
    "policy": POLICY,
    "statement": STATEMENT,
    "ticket": TICKET,
    "delivery": DELIVERY,
    **EVALUATION_KINDS,
    **DESK_KINDS,
}


def word(kind: str, value: str) -> str:
    """The Dutch word for a stored value; the value itself where it is not known."""
    return KINDS[kind].get(value, value)
