"""The list of faults that are planted in the sample site on purpose: the known truth about it.

The list stands in `faults.toml`. The templates and the content ask for a fault by its id; without it a page is its
own fault-free twin.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

FAULTS_FILE = Path(__file__).parent / "faults.toml"
DEAD_LINK = "link-dead"


class FaultListError(ValueError):
    """The list of planted faults is not well-formed; the message says where and what to write instead."""


@dataclass(frozen=True)
class PlantedFault:
    """One fault, planted on purpose, with the place where a check should find it."""

    id: str
    page: str  # a path, "*" for every page, or a pattern such as "/nieuws/*"
    rule: str  # the id of our rule
    element: str  # CSS selector of exactly the faulty elements on that page
    editions: tuple[int, ...]  # in which editions it is present: 1, 2 or both
    issue: str
    outcome: str = "failed"  # "cantTell" where its rule can only ask a person to look
    target: str | None = None  # a dead link: the address that does not exist
    replacement: str | None = None  # a dead link: the page that it should lead to, where that is certain
    by_script: bool = False  # the element exists only after scripts have run
    not_on: tuple[str, ...] = ()  # pages that the pattern covers but that do not have the element
    framed_by: tuple[str, ...] = ()  # pages that show this page in a frame, so that they show the fault as well
    also: tuple[str, ...] = ()  # other rules that rightly fail on the same element or page because of this fault

    def applies_to(self, path: str) -> bool:
        """Whether this fault is on the page with this path; a query is not looked at."""
        bare = path.partition("?")[0]
        if any(fnmatchcase(bare, pattern) for pattern in self.not_on):
            return False
        return fnmatchcase(bare, self.page)


_KNOWN = tuple(field.name for field in fields(PlantedFault))


@cache
def load_faults(file: Path = FAULTS_FILE) -> tuple[PlantedFault, ...]:
    """Every planted fault, in the order of the file.

    Raises FaultListError when the file is not valid TOML or an entry is incomplete, unknown or given twice.
    """
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise FaultListError(f"{file.name} is not valid TOML: {error}.") from error
    entries = document.get("fault", [])
    if not isinstance(entries, list) or not entries:
        raise FaultListError(f"{file.name} lists no fault. Write each one under a line [[fault]].")
    faults = tuple(_fault(number, entry) for number, entry in enumerate(entries, start=1))
    ids = [fault.id for fault in faults]
    for fault_id in ids:
        if ids.count(fault_id) > 1:
            raise FaultListError(f"The fault '{fault_id}' is listed twice. Give each fault its own id.")
    return faults


def _fault(number: int, entry: Mapping[str, object]) -> PlantedFault:
    """One entry of the file as a fault; `number` names the entry in a message when it has no id."""
    name = entry.get("id") or f"number {number}"
    for key in sorted(set(entry) - set(_KNOWN)):
        raise FaultListError(f"Fault {name} has the unknown key '{key}'. Known keys: {', '.join(_KNOWN)}.")
    rule = _text(name, "rule", entry.get("rule"))
    target = None if entry.get("target") is None else _text(name, "target", entry["target"])
    replacement = None if entry.get("replacement") is None else _text(name, "replacement", entry["replacement"])
    if (rule == DEAD_LINK) != (target is not None):
        raise FaultListError(f"Fault {name}: a fault has a target when, and only when, its rule is '{DEAD_LINK}'.")
    outcome = entry.get("outcome", "failed")
    if outcome not in ("failed", "cantTell"):
        raise FaultListError(f"Fault {name}: outcome is {outcome!r}. Write 'cantTell', or leave it out: then it is 'failed'.")
    by_script = entry.get("by_script", False)
    if not isinstance(by_script, bool):
        raise FaultListError(f"Fault {name}: by_script is {by_script!r}. Write true or false.")
    return PlantedFault(
        id=_text(name, "id", entry.get("id")),
        page=_text(name, "page", entry.get("page")),
        rule=rule,
        element=_text(name, "element", entry.get("element")),
        editions=_editions(name, entry.get("editions")),
        issue=_text(name, "issue", entry.get("issue")),
        outcome=outcome,
        target=target,
        replacement=replacement,
        by_script=by_script,
        not_on=_texts(name, "not_on", entry.get("not_on", [])),
        framed_by=_texts(name, "framed_by", entry.get("framed_by", [])),
        also=_texts(name, "also", entry.get("also", [])),
    )


def _text(name: object, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise FaultListError(f'Fault {name}: {key} is {value!r}. Give a text, for example: {key} = "…"')
    return value


def _texts(name: object, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise FaultListError(f'Fault {name}: {key} is {value!r}. Give a list, for example: {key} = ["…"]')
    return tuple(_text(name, key, item) for item in value)


def _editions(name: object, value: object) -> tuple[int, ...]:
    if value not in ([1], [2], [1, 2]):
        raise FaultListError(f"Fault {name}: editions is {value!r}. Write [1], [2] or [1, 2].")
    return (1, 2) if value == [1, 2] else (1,) if value == [1] else (2,)
