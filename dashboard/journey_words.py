"""What the screens call what became of a journey."""

from __future__ import annotations

from dashboard.languages import N_
from rules.journey import StepKind, StepOutcome, Verdict, Way

WAY: dict[str, str] = {
    Way.MOUSE: N_("muis"),
    Way.KEYBOARD: N_("alleen toetsenbord"),
    Way.NARROW: N_("smal scherm (320 px)"),
    Way.ZOOM: N_("ingezoomd (400 %)"),
    Way.COLOURS: N_("eigen kleuren, zonder beweging"),
}
JOURNEY: dict[str, str] = {
    Verdict.COMPLETED: N_("lukt"),
    Verdict.BORDER: N_("lukt tot DigiD of eHerkenning"),
    Verdict.HINDERED: N_("lukt, met een drempel"),
    Verdict.BROKEN: N_("lukt niet"),
    Verdict.UNTESTED: N_("niet te zeggen"),
}
STEP: dict[str, str] = {
    StepOutcome.PASSED: N_("gelukt"),
    StepOutcome.HINDERED: N_("gelukt, met een drempel"),
    StepOutcome.BROKEN: N_("mislukt"),
    StepOutcome.BORDER: N_("hier begint DigiD of eHerkenning"),
    StepOutcome.UNTESTED: N_("niet te zeggen"),
    StepOutcome.NOT_REACHED: N_("niet bereikt"),
}
STEP_KIND: dict[str, str] = {
    StepKind.OPEN: N_("open"),
    StepKind.SEARCH: N_("zoek"),
    StepKind.CLICK: N_("klik op"),
    StepKind.FILL: N_("vul in"),
    StepKind.CHOOSE: N_("kies"),
    StepKind.EXPECT: N_("verwacht"),
    StepKind.STOP: N_("stop voor"),
}
KINDS: dict[str, dict[str, str]] = {"way": WAY, "journey": JOURNEY, "step": STEP, "step kind": STEP_KIND}
# Who cannot go on where a journey breaks in one way only; what breaks with the mouse stops everybody.
STOPPED_BY_WAY: dict[str, str] = {
    Way.MOUSE: N_("iedereen"),
    Way.KEYBOARD: N_("wie geen muis kan gebruiken, of met een schermlezer werkt"),
    Way.NARROW: N_("wie een telefoon gebruikt"),
    Way.ZOOM: N_("slechtzienden die de pagina vergroten"),
    Way.COLOURS: N_("wie eigen kleuren nodig heeft om te kunnen lezen"),
}
STOPPED_BY_PROBLEM: dict[str, str] = {
    "not-announced": N_("wie een schermlezer gebruikt"),
    "dialog-without-name": N_("wie een schermlezer gebruikt"),
    "focus-hidden": N_("wie ziet en zonder muis werkt"),
    "time-out": N_("wie langzaam leest of typt"),
    "asked-twice": N_("wie slecht onthoudt of moeilijk typt"),
}
