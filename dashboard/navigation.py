"""The menu of a site: six desks, each with its screens. A new screen is one line in the group where people look for it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.languages import N_


@dataclass(frozen=True)
class Place:
    """A screen in the menu."""

    name: str  # of the route, and what its template calls its tab
    symbol: str
    words: str


@dataclass(frozen=True)
class Desk:
    """Screens that belong together; its own address is that of the first."""

    words: str
    symbol: str
    key: str  # of the keyboard, after g
    places: tuple[Place, ...]

    def holds(self, tab: str) -> bool:
        return any(place.name == tab for place in self.places)


DESKS = (
    Desk(
        N_("Overzicht"),
        "home",
        "o",
        (
            Place("site", "home", N_("Overzicht")),
            Place("panels", "chart-line", N_("De vier panelen")),
            Place("manager", "report", N_("Voor de leiding")),
        ),
    ),
    Desk(
        N_("Mijn werk"),
        "list-check",
        "m",
        (
            Place("desk", "list-check", N_("Te doen")),
            Place("barriers", "users", N_("Gemeld door mensen")),
            Place("decisions", "message-circle", N_("Besluiten en vragen")),
            Place("owners", "users", N_("Wie is van wat")),
        ),
    ),
    Desk(
        N_("Welkom"),
        "accessible",
        "w",
        (
            Place("causes", "tool", N_("Herstellen")),
            Place("pages", "file-text", N_("Pagina’s")),
            Place("documents", "report", N_("Documenten")),
        ),
    ),
    Desk(
        N_("In contact"),
        "message-circle",
        "i",
        (
            Place("searches", "message-circle", N_("Zoekgedrag")),
            Place("tasks", "search", N_("Vindbaarheid")),
            Place("feedback", "users", N_("Waardering")),
        ),
    ),
    Desk(
        N_("Doen"),
        "route",
        "d",
        (
            Place("availability", "circle-check", N_("Beschikbaarheid")),
            Place("journeys", "route", N_("Klantreizen")),
            Place("links", "link", N_("Links")),
        ),
    ),
    Desk(
        N_("Op orde"),
        "shield-check",
        "p",
        (
            Place("products", "list-check", N_("Producten")),
            Place("evaluations", "report", N_("Onderzoek")),
            Place("policies", "settings", N_("Eigen regels")),
        ),
    ),
    Desk(
        N_("Beheer"),
        "settings",
        "b",
        (
            Place("runs", "clock", N_("Controles")),
            Place("planning", "calendar-event", N_("Planning")),
            Place("messages", "mail", N_("Berichten")),
            Place("audit_trail", "list-check", N_("Logboek")),
        ),
    ),
)


def desk_with(tab: str) -> Desk | None:
    """The desk that a screen belongs to; None: to none."""
    return next((desk for desk in DESKS if desk.holds(tab)), None)
