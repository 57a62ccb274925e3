"""The file of a journey is read, or refused with a sentence that says what to write."""

from __future__ import annotations

import pytest

from rules.journey import (
    Journey,
    JourneyError,
    JourneyStep,
    Problem,
    StepKind,
    StepOutcome,
    StepSeen,
    Verdict,
    Way,
    WaySeen,
    read_journey,
    verdict_of,
)
from rules.journey_words import PROBLEMS, problem_text

HEAD = 'title = "Melding doen"\n'
OPEN, EXPECT = '[[step]]\nopen = "/"\n', '[[step]]\nexpect = "Bedankt"\n'


def filled(label: str, value: str) -> str:
    return f'{HEAD}{OPEN}[[step]]\nfill = "{label}"\nwith = "{value}"\n{EXPECT}'


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "It has no title"),
        ("title = ", "It is not valid TOML"),
        (HEAD, "It has no steps"),
        ('titel = "x"\n', "Did you mean title?"),
        (f'{HEAD}{OPEN}[[step]]\nclik = "x"\n', "Step 2: there is no 'clik'. Did you mean click?"),
        (f'{HEAD}{OPEN}[[step]]\nclick = "x"\nopen = "/"\n', "Step 2 has to be one of"),
        (f"{HEAD}{OPEN}[[step]]\nclick = 3\n", "Step 2: click is a text between quotes"),
        (f'{HEAD}{OPEN}[[step]]\nfill = "Naam"\n', "fill and with belong together"),
        (f'{HEAD}{OPEN}[[step]]\nclick = "x"\nwith = "y"\n', "fill and with belong together"),
        (f'{HEAD}[[step]]\nclick = "x"\n', "Step 1 has to open the page"),
        (f'{HEAD}{OPEN}[[step]]\nclick = "x"\n', "The last step has to say what a resident sees"),
        (f'{HEAD}{OPEN}[[step]]\nstop = "x"\n[[step]]\nclick = "y"\n', "After it there can only be what is expected"),
        (f'{HEAD}{OPEN}[[step]]\nstop = "x"\n[[step]]\nstop = "y"\n', "both stop"),
        (f'{HEAD}{OPEN}[[step]]\nclick = "x"\nrole = "knop"\n{EXPECT}', "there is no role 'knop'"),
        (f'{HEAD}[[step]]\nopen = "file:///etc/passwd"\n{EXPECT}', "Step 1: that is no address"),
        (f'{HEAD}[[step]]\nopen = "javascript:alert(1)"\n{EXPECT}', "Step 1: that is no address"),
        (f'season = ["zomer"]\n{HEAD}{OPEN}{EXPECT}', "'zomer' is none"),
        (HEAD + OPEN * 61, "60 are the most"),
        (filled("Wachtwoord", "geheim"), "fills in no password"),
        (filled("E-mail", "jan@gmail.com"), "that e-mail address may be somebody's"),
        (filled("BSN", "111222333"), "citizen service number"),
        (filled("Rekening", "NL91 ABNA 0417 1643 00"), "somebody's bank account"),
        ("#" * 70_000, "larger than 64 kB"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(text: str, part: str) -> None:
    with pytest.raises(JourneyError, match=part.replace("(", r"\(").replace("?", r"\?")) as refused:
        read_journey(text)
    assert "geheim" not in str(refused.value) and "111222333" not in str(refused.value)


@pytest.mark.parametrize("value", ["test@example.nl", "a@voorbeeldstad.example", "999990019", "123456789", "NL00TEST0123456789"])
def test_made_up_data_is_let_in(value: str) -> None:
    assert read_journey(filled("Gegeven", value)).steps[1].value == value


def test_file_that_is_written_is_read_back() -> None:
    journey = Journey(
        'De "beste" reis\\',
        (
            JourneyStep(StepKind.OPEN, "/"),
            JourneyStep(StepKind.FILL, "Naam", 'Test "de" Vries'),
            JourneyStep(StepKind.CHOOSE, "Ja", within="Komt u vaker?", role="radio"),
            JourneyStep(StepKind.STOP, "Versturen"),
        ),
        "Doel",
        "paspoort",
        "doen",
        (1, 12),
    )
    assert read_journey(journey.as_text()) == journey


def test_paths_become_addresses_of_the_site() -> None:
    journey = read_journey(f'{HEAD}{OPEN}[[step]]\nexpect = "/klaar"\n').to("https://www.example.nl/start")
    assert [step.what for step in journey.steps] == ["https://www.example.nl/", "https://www.example.nl/klaar"]


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ((StepOutcome.PASSED, StepOutcome.NOT_REACHED), Verdict.COMPLETED),
        ((StepOutcome.HINDERED, StepOutcome.BORDER), Verdict.HINDERED),
        ((StepOutcome.HINDERED, StepOutcome.BROKEN), Verdict.BROKEN),
        ((StepOutcome.HINDERED, StepOutcome.UNTESTED), Verdict.UNTESTED),
        ((StepOutcome.PASSED, StepOutcome.BORDER), Verdict.BORDER),
    ],
)
def test_verdict_is_the_worst_of_its_steps(outcomes: tuple[StepOutcome, ...], verdict: Verdict) -> None:
    assert WaySeen(Way.MOUSE, tuple(StepSeen(outcome) for outcome in outcomes)).verdict is verdict


def test_journey_that_nobody_walked_is_untested() -> None:
    assert verdict_of(()) is Verdict.UNTESTED


def test_what_is_stored_is_read_back() -> None:
    seen = StepSeen(
        StepOutcome.BROKEN, (Problem("covered", "Verder", ('"Chat"',)),), errors=("x",), focus=("a", "b"), picture=b"x"
    )
    assert StepSeen.of_stored(seen.as_stored()) == seen


def test_every_problem_is_said_in_both_languages() -> None:
    for kind in PROBLEMS:
        for language in ("nl", "en"):
            said = problem_text(Problem(kind, "{more}", ('"b"',)), language)  # type: ignore[arg-type]
            assert said.endswith((".", '…".')) and "{name}" not in said
