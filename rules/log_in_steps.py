"""A recorded log-in: a short file of steps, by the names that a person sees.

[[step]]
open = "https://acceptatie.voorbeeld.nl/inloggen"
[[step]]
fill = "Wachtwoord"
with = "{env:ACCEPTATIE_WACHTWOORD}"
[[step]]
click = "Inloggen"
[[step]]
expect = "Mijn overzicht"
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from urllib.parse import urljoin

from rules.address import origin_of
from rules.login import LoginError

KINDS = ("open", "fill", "click", "expect")
MOST_STEPS = 50
PLACED = re.compile(r"\{((?:env|file):[^{}]+)\}")
EXAMPLE = 'Write for example: [[step]], and on the next line: fill = "Wachtwoord", and: with = "{env:NAME}"'


@dataclass(frozen=True)
class Step:
    """One thing that a person does, or sees."""

    kind: str  # of KINDS
    what: str  # an address, the label of a field, the name of a button or link, a text or an address
    value: str = ""  # what is filled in; {env:NAME} and {file:/path} stand for secrets

    @property
    def is_address(self) -> bool:
        return self.kind == "open" or self.what.startswith(("/", "http://", "https://"))

    def said(self) -> str:
        """The step as it stands in the file; what is filled in is left out."""
        return f'{self.kind} "{self.what}"'


@dataclass(frozen=True)
class Steps:
    """The steps, in their order: they begin with an address and end with what is only there once logged in."""

    steps: tuple[Step, ...]
    also: tuple[str, ...] = ()  # origins besides the site's own where a secret may be typed in


def read_steps(text: str, start_url: str) -> Steps:
    """Read a file of steps; paths in it are those of the site. Raises LoginError, with a sentence."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LoginError(f"It is not valid TOML: {error}. {EXAMPLE}") from error
    if unknown := sorted(set(table) - {"step", "also"}):
        raise LoginError(f"There is no '{unknown[0]}' in a log-in. It has [[step]] and also = [\"https://…\"]. {EXAMPLE}")
    lines, also = table.get("step", []), table.get("also", [])
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise LoginError(f"It has no steps. {EXAMPLE}")
    if len(lines) > MOST_STEPS:
        raise LoginError(f"It has {len(lines)} steps; {MOST_STEPS} are the most.")
    steps = tuple(_step(number, line, start_url) for number, line in enumerate(lines, 1))
    if steps[0].kind != "open":
        raise LoginError('Step 1 has to open the page where one logs in: open = "/inloggen"')
    if steps[-1].kind != "expect":
        raise LoginError(
            "The last step has to say what is only there once logged in, or nobody knows whether it went well: "
            'expect = "Mijn overzicht", or its address: expect = "/mijn"'
        )
    if not isinstance(also, list) or not all(isinstance(one, str) for one in also):
        raise LoginError('also is a list of addresses: also = ["https://inloggen.voorbeeld.nl"]')
    return Steps(steps, tuple(_origin(one) for one in also))


def _step(number: int, line: dict[str, object], start_url: str) -> Step:
    kinds = [kind for kind in KINDS if kind in line]
    if unknown := sorted(set(line) - {*KINDS, "with"}):
        near = difflib.get_close_matches(unknown[0], [*KINDS, "with"], 1)
        guess = f" Did you mean {near[0]}?" if near else ""
        raise LoginError(f"Step {number}: there is no '{unknown[0]}'.{guess} A step is one of {', '.join(KINDS)}.")
    if len(kinds) != 1 or not all(isinstance(value, str) and value.strip() for value in line.values()):
        raise LoginError(f"Step {number} has to be one of {', '.join(KINDS)}, each with a text between quotes. {EXAMPLE}")
    kind = kinds[0]
    if (kind == "fill") != ("with" in line):
        raise LoginError(f"Step {number}: fill and with belong together. {EXAMPLE}")
    step = Step(kind, str(line[kind]).strip(), str(line.get("with", "")))
    if kind == "open" or step.is_address:
        address = urljoin(start_url, step.what)
        _origin(address)
        return Step(kind, address)
    return step


def _origin(address: str) -> str:
    try:
        if address.startswith(("http://", "https://")):
            return origin_of(address)
    except (ValueError, KeyError):
        pass
    raise LoginError(f"'{address}' is no web address. Write for example https://acceptatie.voorbeeld.nl/inloggen")
