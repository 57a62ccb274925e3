"""The words of the editor's desk: decisions and their reasons, promises, owners, and where people are counted by."""

from __future__ import annotations

from dashboard.languages import N_
from rules.account import Role
from rules.decision import DecisionKind, Kept, Standing
from rules.kpi import Panel
from rules.owners import OwnedBy
from rules.worklist import PeopleSource

DECISION: dict[str, str] = {
    DecisionKind.NOT_CORRECT: N_("klopt niet"),
    DecisionKind.ACCEPTED: N_("blijft zo"),
    DecisionKind.LATER: N_("later"),
    DecisionKind.WITH_SUPPLIER: N_("bij de leverancier"),
    DecisionKind.GIVEN: N_("doorgegeven"),
    DecisionKind.QUESTION: N_("vraag"),
}
DECISION_REASON: dict[str, str] = {
    "false-alarm": N_("vals alarm: het is goed"),
    "not-there": N_("dit staat niet op de pagina"),
    "good-enough-for-visitors": N_("bezoekers merken hier niets van"),
    "third-party": N_("het is van een ander en niet te veranderen"),
    "exempt": N_("uitgezonderd in de wet, zoals een archief"),
    "disproportionate": N_("onevenredige last, vermeld in de verklaring"),
    "will-be-replaced": N_("de pagina wordt vervangen of verwijderd"),
    "planned": N_("staat op de planning"),
    "waits-for-others": N_("wacht op iemand anders"),
    "no-time": N_("nu geen tijd"),
    "ticket": N_("gemeld bij de leverancier"),
    "given": N_("doorgegeven"),
    "asked": N_("vraag gesteld"),
}
STANDING: dict[str, str] = {
    Standing.HOLDS: N_("geldt"),
    Standing.WAITS: N_("wacht op een tweede persoon"),
    Standing.OVER: N_("voorbij: de datum is verstreken"),
    Standing.WITHDRAWN: N_("ingetrokken"),
}
KEPT: dict[str, str] = {
    Kept.IN_TIME: N_("op tijd gedaan"),
    Kept.TOO_LATE: N_("gedaan, na de datum"),
    Kept.OPEN: N_("loopt"),
    Kept.OVERDUE: N_("over de datum"),
}
OWNED: dict[str, str] = {
    OwnedBy.PAGE: N_("pagina"),
    OwnedBy.AUTHOR: N_("auteur"),
    OwnedBy.SECTION: N_("deel van de site"),
    OwnedBy.TEMPLATE: N_("sjabloon"),
}
PEOPLE: dict[str, str] = {
    PeopleSource.VISITS: N_("Mensen: bezoeken per maand, uit de ingelezen metingen."),
    PeopleSource.SEARCHES: N_("Mensen: kliks per maand vanuit de zoekfunctie, uit het zoeklog."),
    PeopleSource.LINKS: N_("Bezoeken zijn niet bekend. De volgorde telt hoeveel pagina’s naar de pagina verwijzen."),
    PeopleSource.NOTHING: N_("Van geen pagina is bekend hoeveel mensen er komen. De volgorde telt ernst en werk."),
}
ROLE: dict[str, str] = {
    Role.EDITOR: N_("redacteur"),
    Role.ADVISER: N_("adviseur"),
    Role.AUDITOR: N_("auditor"),
    Role.MANAGER: N_("manager"),
    Role.ADMINISTRATOR: N_("beheerder"),
}
AUDIT: dict[str, str] = {"added": N_("toegevoegd"), "changed": N_("veranderd"), "removed": N_("verwijderd")}
AUDITED: dict[str, str] = {
    "decision": N_("besluit"),
    "owner_rule": N_("eigenaar"),
    "membership": N_("rol"),
    "account": N_("account"),
    "kpi_target": N_("doel"),
    "annotation": N_("aantekening"),
    "installation_settings": N_("instellingen voor alle sites"),
    "schedule": N_("planning"),
    "site": N_("instellingen"),
}
SETTINGS_PART: dict[str, str] = {
    "site": N_("site"),
    "settings": N_("instelling"),
    "planned": N_("gepland herstel"),
    "policy": N_("eigen regel"),
    "schedule": N_("planning"),
    "owner": N_("eigenaar"),
    "task": N_("zoektaak"),
    "target": N_("doel"),
}
PANEL: dict[str, str] = {
    Panel.WELKOM: N_("Welkom"),
    Panel.IN_CONTACT: N_("In contact"),
    Panel.DOEN: N_("Doen"),
    Panel.OP_ORDE: N_("Op orde"),
}
PANEL_QUESTION: dict[str, str] = {
    Panel.WELKOM: N_("Komt iedereen binnen?"),
    Panel.IN_CONTACT: N_("Horen we wat inwoners zoeken?"),
    Panel.DOEN: N_("Werkt het?"),
    Panel.OP_ORDE: N_("Klopt het, is het veilig en te vinden?"),
}
ANNOTATION: dict[str, str] = {
    "campaign": N_("campagne"),
    "release": N_("nieuwe versie"),
    "news": N_("nieuws"),
    "other": N_("anders"),
}
DESK_KINDS = {
    "panel": PANEL,
    "panel-question": PANEL_QUESTION,
    "annotation": ANNOTATION,
    "role": ROLE,
    "audit": AUDIT,
    "audited": AUDITED,
    "settings-part": SETTINGS_PART,
    "decision": DECISION,
    "decision-reason": DECISION_REASON,
    "standing": STANDING,
    "kept": KEPT,
    "owned": OWNED,
    "people": PEOPLE,
}
