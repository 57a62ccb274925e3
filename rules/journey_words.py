"""What keeps people out at a step of a journey, in words: a key is stored, the words are put in when shown."""

from __future__ import annotations

from rules.journey import Problem
from rules.norm import Language

# Each with the success criterion that it fails, where there is one.
PROBLEMS: dict[str, tuple[str, str, str]] = {
    "not-found": (
        'Er is niets met de naam "{name}". Wat er wel is: {more}.',
        'There is nothing called "{name}". What there is: {more}.',
        "",
    ),
    "ambiguous": (
        'Er is meer dan één "{name}": {more}. Zeg in de stap welke, met in = "…" of role = "…".',
        'There is more than one "{name}": {more}. Say in the step which one, with in = "…" or role = "…".',
        "",
    ),
    "page-missing": ("De pagina bestaat niet meer.", "The page is not there any more.", ""),
    "not-expected": (
        '"{name}" is niet te zien. Wat er wel staat: {more}.',
        '"{name}" cannot be seen. What there is: {more}.',
        "",
    ),
    "address-only": (
        'Na "{name}" verandert alleen het adres; op de pagina gebeurt niets.',
        'After "{name}" only the address changes; nothing happens on the page.',
        "",
    ),
    "nothing-happens": ('Na "{name}" gebeurt er niets.', 'After "{name}" nothing happens.', ""),
    "covered": (
        '"{name}" is niet aan te klikken: {more} ligt eroverheen.',
        '"{name}" cannot be clicked: {more} lies over it.',
        "",
    ),
    "switched-off": ('"{name}" staat uit en blijft uit.', '"{name}" is switched off and stays so.', ""),
    "unreachable": (
        '"{name}" is met het toetsenbord niet te bereiken.',
        '"{name}" cannot be reached with the keyboard.',
        "2.1.1",
    ),
    "keys-do-nothing": (
        '"{name}" doet niets met Enter of de spatiebalk.',
        '"{name}" does nothing with Enter or the space bar.',
        "2.1.1",
    ),
    "keyboard-trap": (
        "Het toetsenbord komt niet meer weg bij: {more}.",
        "The keyboard cannot get away from: {more}.",
        "2.1.2",
    ),
    "focus-hidden": (
        'Aan "{name}" is niet te zien dat het toetsenbord daar staat.',
        'Nothing shows that the keyboard is at "{name}".',
        "2.4.7",
    ),
    "focus-lost": (
        'Na "{name}" is het toetsenbord zijn plaats kwijt en begint het weer bovenaan.',
        'After "{name}" the keyboard has lost its place and begins at the top again.',
        "2.4.3",
    ),
    "focus-order": (
        "De Tab-toets springt terug: na {more}.",
        "The Tab key jumps back: after {more}.",
        "2.4.3",
    ),
    "not-announced": (
        '"{name}" verschijnt, maar een schermlezer zegt het niet.',
        '"{name}" appears, but a screen reader does not say it.',
        "4.1.3",
    ),
    "dialog-without-name": (
        "Er gaat een venster open zonder naam.",
        "A dialog opens that has no name.",
        "4.1.2",
    ),
    "asked-twice": (
        'Naar "{name}" wordt opnieuw gevraagd, en het antwoord van daarnet staat er niet.',
        '"{name}" is asked for again, and the answer given before does not stand there.',
        "3.3.7",
    ),
    "time-out": (
        "Na {name} minuten is weg wat was ingevuld, zonder waarschuwing vooraf.",
        "After {name} minutes what was filled in is gone, without a warning before.",
        "2.2.1",
    ),
    "sideways": (
        '"{name}" staat buiten beeld: wie inzoomt moet opzij schuiven.',
        '"{name}" lies outside the view: who zooms in has to scroll sideways.',
        "1.4.10",
    ),
    "vanishes": (
        '"{name}" is niet te zien met de eigen kleuren van de bezoeker.',
        '"{name}" cannot be seen with the colours that a visitor has chosen.',
        "",
    ),
}
# What does not stop anybody by itself: it is noted, and the step has passed.
NOTES = frozenset({"focus-lost", "focus-order"})
NOBODY_KNOWS = frozenset({"ambiguous"})  # it is the file that has to be mended: untested


def problem_text(problem: Problem, language: Language) -> str:
    """The sentence for a problem."""
    dutch, english, _ = PROBLEMS[problem.kind]
    nothing = "niets" if language == "nl" else "nothing"
    sentence = dutch if language == "nl" else english
    return sentence.replace("{more}", ", ".join(problem.more) or nothing).replace("{name}", problem.name)


def criterion_of(problem: Problem) -> str:
    """The success criterion that it fails; empty: none says so."""
    return PROBLEMS[problem.kind][2]
