"""The KPIs of one journey: what is counted of every walk, and which way is better. See `rules.journey_figures`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.kpi import Kpi, KpiWords, Panel, Unit


@dataclass(frozen=True)
class JourneyKpi:
    """One of them, with how its value is found in the figures of a walk."""

    kpi: Kpi
    digits: int

    def value(self, figures: Mapping[str, float]) -> float | None:
        """None: this walk says nothing of it."""
        match self.kpi.id:
            case "completion":
                known = figures.get("ways_known", figures.get("ways"))
                return 100 * figures["ways_done"] / known if known else None
            case "barriers":
                return figures["problems"] + figures["barriers"] if "problems" in figures and "barriers" in figures else None
            case name:
                return figures.get(name)


def _kpi(name: str, unit: Unit, digits: int, nl: tuple[str, str, str], en: tuple[str, str, str], *, more: bool) -> JourneyKpi:
    return JourneyKpi(Kpi(name, 1, Panel.DOEN, unit, more, {"nl": KpiWords(*nl), "en": KpiWords(*en)}), digits)


KPIS: dict[str, JourneyKpi] = {
    one.kpi.id: one
    for one in (
        _kpi(
            "completion",
            Unit.PER_CENT,
            0,
            (
                "Lukt",
                "Manieren waarop een bewoner het einde haalt, van alle manieren waarvan dat bekend is.",
                "Niet nagelopen, of van geen manier bekend.",
            ),
            (
                "Completion",
                "Ways in which a resident gets to the end, of all ways of which that is known.",
                "Not walked, or known of no way.",
            ),
            more=True,
        ),
        _kpi(
            "steps",
            Unit.COUNT,
            0,
            ("Stappen", "Stappen van de klantreis, van vraag tot einde.", "Niet nagelopen."),
            ("Steps", "Steps of the journey, from question to end.", "Not walked."),
            more=False,
        ),
        _kpi(
            "extra_clicks",
            Unit.COUNT,
            0,
            (
                "Klikken meer dan nodig",
                "Klikken tot de diepste pagina op de weg die een controle kent, min de kortste weg daarheen langs links.",
                "Geen controle kent een pagina op de weg.",
            ),
            (
                "Clicks more than needed",
                "Clicks to the deepest page on the way that a run knows, less the shortest way there by links.",
                "No run knows a page on the way.",
            ),
            more=False,
        ),
        _kpi(
            "seconds",
            Unit.COUNT,
            1,
            ("Seconden", "Tijd met de muis, zonder lezen en zonder wat Vierluik zelf kijkt.", "Niet met de muis nagelopen."),
            (
                "Seconds",
                "Time with the mouse, without reading and without what Vierluik itself looks at.",
                "Not walked by mouse.",
            ),
            more=False,
        ),
        _kpi(
            "barriers",
            Unit.COUNT,
            0,
            (
                "Drempels",
                "Wat iemand tegenhoudt bij een stap, en regels die op de weg ernstig worden overtreden.",
                "Niet nagelopen.",
            ),
            ("Barriers", "What stops somebody at a step, and rules that fail seriously on the way.", "Not walked."),
            more=False,
        ),
        _kpi(
            "reading",
            Unit.COUNT,
            0,
            (
                "Leesgemak",
                "Flesch-Douma van de moeilijkste pagina op de weg: 0 is heel moeilijk, 100 heel makkelijk. Geen taalniveau.",
                "Te weinig lopende tekst op de weg, of niet gemeten.",
            ),
            (
                "Reading ease",
                "Flesch-Douma of the hardest page on the way: 0 is very hard, 100 very easy. It is no level of language.",
                "Too little running text on the way, or not measured.",
            ),
            more=True,
        ),
    )
}


def target_key(journey_id: int, kpi: str) -> str:
    """The name under which the target of a journey's KPI is kept, among those of the site."""
    return f"journey-{journey_id}-{kpi}"
