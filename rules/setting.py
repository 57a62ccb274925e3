"""A setting as people meet it: what it is called, what it may be, who may set it where, and where its value comes from.

The table of all settings is made from their declaration (`vierluik.settings_table`); a screen makes its form of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST_LINE = 2_000
MOST_LINES = 200


class Place(StrEnum):
    """Where a setting can be set. What stands in the file goes before what the screen says for all sites."""

    ALL = "all"  # on the screen, for the whole installation
    SITE = "site"  # on the screen, for one site


class Source(StrEnum):
    """Where a value comes from, the strongest first."""

    SITE = "site"  # set for this site
    FILE = "file"  # vierluik.toml
    ALL = "all"  # set on the screen for all sites
    DEFAULT = "default"


class SettingKind(StrEnum):
    """What is written in its field."""

    YES_NO = "yes-no"
    WHOLE = "whole"
    DECIMAL = "decimal"
    LINE = "line"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"  # addresses, one a line
    PATTERNS = "patterns"  # regular expressions, one a line
    PAGE_TYPES = "page-types"  # a type, a space and a regular expression, one a line


class SettingGroup(StrEnum):
    """The screens on which settings stand together."""

    SITE = "site"
    SCOPE = "scope"
    PACE = "pace"
    JUDGEMENT = "judgement"
    LIMITS = "limits"
    UPKEEP = "upkeep"


class OnlyInFile(StrEnum):
    """Why a setting has no field on a screen."""

    SECRET = "secret"  # noqa: S105 - a reason
    NEEDED_FIRST = "needed-first"
    FILE_OF_MACHINE = "file-of-machine"
    DOOR = "door"
    LOCK = "lock"
    MACHINES = "machines"
    PASSWORD_GOES_THERE = "password-goes-there"  # noqa: S105 - a reason
    NEW_SITES = "new-sites"
    OWN_SCREEN = "own-screen"


WHY_ONLY_IN_FILE: dict[OnlyInFile, str] = {
    OnlyInFile.SECRET: "it is a secret, and no screen shows or stores one",
    OnlyInFile.NEEDED_FIRST: "it is needed to find what the screens store",
    OnlyInFile.FILE_OF_MACHINE: "it names files of the machine: whoever has a browser should not make the program open them",
    OnlyInFile.DOOR: "it decides who comes in: a wrong value would lock everybody out",
    OnlyInFile.LOCK: "it is a lock that whoever runs the machine takes off",
    OnlyInFile.MACHINES: "it says how the machines work together",
    OnlyInFile.PASSWORD_GOES_THERE: "a password of the machine is sent to where it points",
    OnlyInFile.NEW_SITES: "it is what new sites of `vierluik run URL` begin with; each site has its own on its screen",
    OnlyInFile.OWN_SCREEN: "in the file it holds for all sites; a site's own have a screen of their own",
}


class SettingFault(ValueError):
    """A value cannot be; `key` is a word of the screens with its arguments, the sentence is for who reads English."""

    def __init__(self, name: str, key: str, sentence: str = "", **arguments: Any) -> None:
        super().__init__(sentence or f"{name}: {key}")
        self.name = name
        self.key = key
        self.arguments = arguments


@dataclass(frozen=True)
class Setting:
    """One setting."""

    name: str
    kind: SettingKind
    group: SettingGroup
    places: frozenset[Place]  # none: only in the file
    default: Any
    meaning: str = ""  # in English, as in docs/settings.md
    choices: tuple[str, ...] = ()
    least: float | None = None
    above: float | None = None  # it is more than this
    most: float | None = None
    only_in_file: OnlyInFile | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is written in lines."""
        return self.kind in (SettingKind.LINES, SettingKind.PATTERNS, SettingKind.PAGE_TYPES)

    def written(self, value: Any) -> str:
        """A value as its field shows it; empty: it is not set."""
        if value is None:
            return ""
        match self.kind:
            case SettingKind.YES_NO:
                return "yes" if value else "no"
            case SettingKind.DECIMAL:
                return repr(float(value)).removesuffix(".0")
            case SettingKind.LINES | SettingKind.PATTERNS | SettingKind.CHOICES:
                return "\n".join(value)
            case SettingKind.PAGE_TYPES:
                return "\n".join(f"{line['type']} {line['pattern']}" for line in value)
        return str(value)

    def read(self, text: str) -> Any:
        """The value of what somebody wrote; None: nothing. Raises SettingFault for what is of another kind."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines:
            return None
        if any(len(line) > LONGEST_LINE for line in lines) or len(lines) > MOST_LINES:
            raise SettingFault(self.name, "too-long", longest=LONGEST_LINE, lines=MOST_LINES)
        if any(not line.isprintable() for line in lines):
            raise SettingFault(self.name, "unprintable")
        if self.is_text or self.kind is SettingKind.CHOICES:
            return self._page_types(lines) if self.kind is SettingKind.PAGE_TYPES else list(dict.fromkeys(lines))
        if len(lines) > 1:
            raise SettingFault(self.name, "one-line")
        return self._plain(lines[0])

    def _plain(self, text: str) -> Any:
        match self.kind:
            case SettingKind.YES_NO:
                if text not in ("yes", "no"):
                    raise SettingFault(self.name, "choice")
                return text == "yes"
            case SettingKind.WHOLE:
                if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 15):
                    raise self.out_of_bounds()
                return self._within(int(text))
            case SettingKind.DECIMAL:
                try:
                    return self._within(float(text.replace(",", ".")))
                except ValueError as error:
                    raise error if isinstance(error, SettingFault) else self.out_of_bounds() from error
            case SettingKind.CHOICE if text not in self.choices:
                raise SettingFault(self.name, "choice")
        return text

    def _within(self, number: float) -> float:
        too_little = (self.least is not None and number < self.least) or (self.above is not None and number <= self.above)
        if not math.isfinite(number) or too_little or (self.most is not None and number > self.most):
            raise self.out_of_bounds()
        return number

    def out_of_bounds(self) -> SettingFault:
        """What is said of a number that cannot be."""
        least = self.least if self.least is not None else self.above if self.above is not None else 0
        key = "whole" if self.kind is SettingKind.WHOLE else "decimal"
        most = None if self.most is None else f"{self.most:.15g}"
        if most is not None:
            return SettingFault(self.name, key, least=f"{least:.15g}", most=most)
        return SettingFault(self.name, f"{key}-more" if self.above is not None else f"{key}-least", least=f"{least:.15g}")

    def _page_types(self, lines: Sequence[str]) -> list[dict[str, str]]:
        parts = [line.split(maxsplit=1) for line in lines]
        if wrong := next((line for line, part in zip(lines, parts, strict=True) if len(part) != 2), ""):
            raise SettingFault(self.name, "page-type", line=wrong)
        return [{"type": kind, "pattern": pattern} for kind, pattern in parts]


@dataclass(frozen=True)
class InForce:
    """What a setting is, and by whom."""

    value: Any
    source: Source


@dataclass(frozen=True)
class SettingsTable:
    """Every setting there is, what a value has to be, and what the file says now."""

    settings: tuple[Setting, ...]
    check: Callable[[str, Any], Any]  # the value as it is kept; raises SettingFault
    of_file: Callable[[], Mapping[str, Any]]  # read anew each time; raises ValueError where the file is broken

    def at(self, place: Place) -> tuple[Setting, ...]:
        return tuple(one for one in self.settings if place in one.places)

    def named(self, name: str) -> Setting | None:
        return next((one for one in self.settings if one.name == name), None)


OWN_OF_SITE = frozenset({"include", "exclude"})  # what the file says of them is only what new sites begin with
ADDED_TO = frozenset({"page_types"})  # those of a site come before those for all, and take no place of theirs


def in_force(setting: Setting, site: Mapping[str, Any], of_file: Mapping[str, Any], for_all: Mapping[str, Any]) -> InForce:
    """The value that counts: of the site, else of the file, else of the screen for all sites, else the default."""
    if setting.name in site:
        return InForce(site[setting.name], Source.SITE)
    if setting.name in OWN_OF_SITE:
        return InForce(setting.default, Source.DEFAULT)
    if setting.name in of_file:
        return InForce(of_file[setting.name], Source.FILE)
    if setting.name in for_all:
        return InForce(for_all[setting.name], Source.ALL)
    return InForce(setting.default, Source.DEFAULT)
