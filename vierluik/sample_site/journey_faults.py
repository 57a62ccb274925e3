"""The six journeys over the sample site, and what breaks each of them in its broken twin."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

JOURNEYS = Path(__file__).parent / "journeys"
FAULTS = Path(__file__).parent / "journey_faults.toml"


@dataclass(frozen=True)
class JourneyFault:
    """One fault, put into one page, that a journey meets."""

    id: str
    journey: str  # the name of its file
    page: str
    find: str
    put: str
    problem: str  # a key of rules.journey_words
    ways: tuple[str, ...]  # rules.journey.Way in which it is met
    step: int  # from 1: where it is to be found


@cache
def journey_faults() -> dict[str, JourneyFault]:
    """Every broken twin by its id."""
    lines = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    faults = [JourneyFault(**{**line, "ways": tuple(line["ways"])}) for line in lines]
    return {fault.id: fault for fault in faults}


def sample_journeys() -> dict[str, str]:
    """The text of each journey by the name of its file."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(JOURNEYS.glob("*.toml"))}


def broken(html: str, path: str, faults: tuple[str, ...]) -> str:
    """A page with these faults in it, as far as they are its own. Raises ValueError where there is no place for one."""
    for fault in (journey_faults()[name] for name in faults):
        if fault.page == path:
            if fault.find not in html:
                raise ValueError(f"The fault '{fault.id}' has no place in {path}: it does not hold {fault.find}")
            html = html.replace(fault.find, fault.put, 1)
    return html
