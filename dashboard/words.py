"""The words of the field on screen: what stored values are called."""

from __future__ import annotations

from dashboard.languages import N_
from rules.criteria import Reach
from rules.document import TextKind
from rules.observation import LinkClass
from rules.outcome import CriterionOutcome, Impact, Mender
from rules.page_type import PageType
from rules.policy import PolicyKind
from rules.run import RunState
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
POLICY: dict[str, str] = {
    PolicyKind.TEXT: N_("woorden"),
    PolicyKind.PATTERN: N_("reguliere expressie"),
    PolicyKind.SELECTOR: N_("CSS-selector"),
}
KINDS = {
    "impact": IMPACT,
    "mender": MENDER,
    "status": STATUS,
    "run": RUN_STATE,
    "link": LINK,
    "criterion": CRITERION,
    "reach": REACH,
    "region": REGION,
    "principle": PRINCIPLE,
    "text": TEXT,
    "page": PAGE_TYPE,
    "policy": POLICY,
    "statement": STATEMENT,
}


def word(kind: str, value: str) -> str:
    """The Dutch word for a stored value; the value itself where it is not known."""
    return KINDS[kind].get(value, value)
