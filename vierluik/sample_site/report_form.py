"""The form "Melding doen" in three steps. Nothing is stored: earlier answers travel along in the page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One question of the form."""

    name: str
    label: str
    kind: str  # "select", "textarea", "checkbox", "text", "email" or "tel"
    missing: str = ""  # what the visitor reads when a required answer is not given; empty: not required
    hint: str = ""
    options: tuple[str, ...] = ()
    pattern: str = ""
    wrong: str = ""  # what the visitor reads when the answer does not fit the pattern or the options
    autocomplete: str = ""

    def error(self, answer: str) -> str:
        """What is wrong with this answer, empty when nothing is."""
        if not answer:
            return self.missing
        if self.options and answer not in self.options:
            return self.wrong
        if self.pattern and not re.fullmatch(self.pattern, answer):
            return self.wrong
        return ""


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    path: str
    fields: tuple[Field, ...]

    def errors(self, answers: Mapping[str, str]) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        found = {field.name: field.error(answers.get(field.name, "")) for field in self.fields}
        return {name: error for name, error in found.items() if error}


@dataclass(frozen=True)
class Shown:
    """A step to show, counted from 0, with what is wrong by the name of the field."""

    step: Step
    number: int
    errors: Mapping[str, str]


@dataclass(frozen=True)
class Redirect:
    """Where the visitor goes next, with the answers to take along."""

    path: str
    answers: Mapping[str, str]


STEPS = (
    Step(
        "/melding-doen",
        (
            Field(
                "categorie",
                "Waar gaat uw melding over?",
                "select",
                missing="Kies waar uw melding over gaat.",
                wrong="Kies een onderwerp uit de lijst.",
                options=(
                    "Afval op straat",
                    "Straatverlichting",
                    "Stoep of wegdek",
                    "Bomen en groen",
                    "Geluid of geur",
                    "Iets anders",
                ),
            ),
            Field(
                "omschrijving",
                "Wat is er aan de hand?",
                "textarea",
                missing="Schrijf op wat er aan de hand is.",
                hint="Schrijf hier geen namen of telefoonnummers op.",
                pattern=r"(?s).{10,1000}",
                wrong="Beschrijf uw melding met minstens 10 en hoogstens 1.000 tekens.",
            ),
        ),
    ),
    Step(
        "/melding-doen/locatie",
        (
            Field("straat", "Straat of plein", "text", missing="Vul de naam van de straat of het plein in."),
            Field("huisnummer", "Bij huisnummer (niet verplicht)", "text", hint="Bijvoorbeeld: 12 of 12b."),
            Field(
                "postcode",
                "Postcode (niet verplicht)",
                "text",
                hint="Bijvoorbeeld: 1234 AB.",
                pattern=r"[1-9]\d{3} ?[A-Za-z]{2}",
                wrong="Vul een postcode in met vier cijfers en twee letters, zoals 1234 AB.",
            ),
            Field("gevaar", "Het is gevaarlijk voor fietsers of voetgangers", "checkbox"),
        ),
    ),
    Step(
        "/melding-doen/gegevens",
        (
            Field("naam", "Uw naam", "text", missing="Vul uw naam in.", autocomplete="name"),
            Field(
                "email",
                "Uw e-mailadres",
                "email",
                missing="Vul uw e-mailadres in.",
                hint="Wij sturen u een bevestiging en laten weten wat wij doen.",
                pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+",
                wrong="Vul een e-mailadres in zoals naam@voorbeeld.nl.",
                autocomplete="email",
            ),
            Field(
                "telefoon",
                "Uw telefoonnummer (niet verplicht)",
                "tel",
                pattern=r"[0-9 +()-]{10,18}",
                wrong="Vul een telefoonnummer in met minstens 10 cijfers.",
                autocomplete="tel",
            ),
        ),
    ),
)
CONFIRMATION = "/melding-doen/bevestiging"


def known_answers(given: Mapping[str, str]) -> dict[str, str]:
    """The answers to questions of this form, trimmed; anything else that was sent is left out."""
    names = [field.name for step in STEPS for field in step.fields]
    return {name: given[name].strip() for name in names if name in given}


def follow(path: str, answers: Mapping[str, str]) -> Shown | Redirect:
    """What happens at the address of a step: it is shown, perhaps with errors, or the visitor is sent on.

    A step is judged once one of its own questions is answered. Steps before it are judged too, so nobody gets past a
    wrong answer, and a wrong one sends the visitor back.
    """
    number = [step.path for step in STEPS].index(path)
    if not any(field.name in answers for field in STEPS[number].fields):
        return Shown(STEPS[number], number, {})
    for earlier, step in enumerate(STEPS[: number + 1]):
        errors = step.errors(answers)
        if errors and earlier < number:
            return Redirect(step.path, _answers_up_to(earlier, answers))
        if errors:
            return Shown(step, number, errors)
    if number + 1 == len(STEPS):
        return Redirect(CONFIRMATION, {})
    return Redirect(STEPS[number + 1].path, _answers_up_to(number, answers))


def _answers_up_to(number: int, answers: Mapping[str, str]) -> dict[str, str]:
    names = [field.name for step in STEPS[: number + 1] for field in step.fields]
    return {name: answers[name] for name in names if name in answers}
