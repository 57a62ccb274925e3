"""What a site is and where it ends, as people set it: name, start page, hosts, path. One judge for screen, command and file."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from typing import Any

from rules.address import host_of, origin_of, path_of, resolve, without_credentials, without_fragment
from rules.schedule import DEFAULT_ZONE, ScheduleError, zone_of
from rules.setting import LONGEST_LINE, MOST_LINES, Place, Setting, SettingFault, SettingGroup, SettingKind
from rules.site_list import LONGEST_NAME

LINE, OF_SITE = SettingKind.LINE, frozenset({Place.SITE})
SITE, SCOPE = SettingGroup.SITE, SettingGroup.SCOPE
FIELDS: tuple[Setting, ...] = (
    Setting("name", LINE, SITE, OF_SITE, "", "What the site is called."),
    Setting("owner", LINE, SITE, OF_SITE, "", "The person or department that the site belongs to."),
    Setting("time_zone", LINE, SITE, OF_SITE, DEFAULT_ZONE, "The clock of its schedules and screens."),
    Setting("public", SettingKind.YES_NO, SITE, OF_SITE, False, "Whether everybody may see its public page."),
    Setting("start_url", LINE, SCOPE, OF_SITE, "", "The start page."),
    Setting("origins", SettingKind.LINES, SCOPE, OF_SITE, [], "Its hosts: scheme, host and port."),
    Setting("path_prefix", LINE, SCOPE, OF_SITE, "/", "Only pages below this path are its own."),
)
BY_NAME = {one.name: one for one in FIELDS}
WHERE_IT_IS = ("start_url", "origins", "path_prefix")  # what decides to which hosts requests go
NEVER_PUBLIC = (".local", ".internal", ".localhost", ".lan", ".home.arpa", ".test", ".invalid")


def read_site(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `FIELDS` that are named, as they are kept. Raises SettingFault about the first that cannot be."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        match name:
            case "name" | "owner" | "time_zone" | "path_prefix" | "start_url":
                longest = LONGEST_LINE if name in WHERE_IT_IS else LONGEST_NAME
                if not isinstance(value, str) or len(value) > longest or not (value.isprintable() or not value):
                    raise SettingFault(name, "text", f"{name} is one line of at most {longest} signs", longest=longest)
                found[name] = _READ[name](value.strip()) if name in _READ else value.strip()
            case "public":
                if not isinstance(value, bool):
                    raise SettingFault(name, "choice", "public is true or false")
                found[name] = value
            case "origins":
                found[name] = _origins(value)
            case _:
                raise SettingFault(name, "unknown", f"a site has no '{name}'; it has {', '.join(BY_NAME)}")
    return found


def check_scope(start_url: str, origins: Collection[str], path_prefix: str, known: Collection[str] = ()) -> None:
    """Whether start page, hosts and path belong together. `known`: origins that the site has already, whatever they are.

    Raises SettingFault, also for a new host that cannot be one of the internet: from a browser nobody makes the program
    ask the network of its own machine. Whoever runs the machine can, with `vierluik site add`.
    """
    if origin_of(start_url) not in origins:
        raise SettingFault("origins", "without-start", f"{origin_of(start_url)}, of the start page, is missing")
    for origin in origins:
        if origin not in known and not may_be_public(host_of(origin)):
            raise SettingFault("origins", "private", f"{origin} is not an address of the internet", line=origin)
    if not path_of(start_url).startswith(path_prefix):
        raise SettingFault("path_prefix", "start-outside", f"the start page does not lie below {path_prefix}")


def may_be_public(host: str) -> bool:
    """Whether a host can be one of the internet, by its name alone. What a name resolves to is looked at when it is asked."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".").lower()
        return "." in name and not name.endswith(NEVER_PUBLIC)


def _name(text: str) -> str:
    if not text or text.isdigit():
        raise SettingFault("name", "name", "a name is no number, as sites have numbers of their own, and not empty")
    return text


def _time_zone(text: str) -> str:
    try:
        zone_of(text)
    except ScheduleError as error:
        raise SettingFault("time_zone", "time-zone", str(error)) from error
    return text


def _start_url(text: str) -> str:
    found = resolve(text, text)
    if found is None:
        raise SettingFault("start_url", "address", f"'{text[:80]}' is no web address; write for example https://www.example.nl/")
    return without_fragment(without_credentials(found))


def _path_prefix(text: str) -> str:
    if not text.startswith("/") or any(sign in text for sign in "?#\\ "):
        raise SettingFault("path_prefix", "path", f"'{text[:80]}' is no path; write for example /wonen/")
    return text


_READ = {"name": _name, "time_zone": _time_zone, "start_url": _start_url, "path_prefix": _path_prefix}


def _origins(lines: Any) -> list[str]:
    if not isinstance(lines, list) or not 1 <= len(lines) <= MOST_LINES:
        raise SettingFault("origins", "origin", f"origins are 1 to {MOST_LINES} addresses", line="")
    found = []
    for line in lines:
        address = resolve(line, line) if isinstance(line, str) and len(line) <= LONGEST_LINE else None
        if (
            address is None
            or path_of(address) != "/"
            or "?" in address
            or "#" in address
            or without_credentials(address) != address
        ):
            raise SettingFault(
                "origins", "origin", f"'{str(line)[:80]}' is no host; write for example https://www.example.nl", line=line
            )
        found.append(origin_of(address))
    return list(dict.fromkeys(found))
