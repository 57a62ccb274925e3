"""All that is set for one site, as one TOML file: written by an export, read back by an import, compared before it is kept.

    [site]          name, start_url, origins, path_prefix, time_zone, owner, public
    [settings]      the settings of vierluik.toml, where this site has its own
    [login]         user, password = "env:NAME" or "file:/path", recipe, pictures: where a secret is, never the secret
    [planned]       by which day what breaks a rule is to be mended
    [[policy]]      rules of its own: docs/own-rules.md
    [[schedule]]    kind, cron, time_zone, jitter_s, quiet_hours, enabled
    [[owner]]       kind (page, author or section), value, owner
    [[task]]        title, queries, pages = [{ url, grade }], product
    [[target]]      kpi, first_day, first_value, last_day, last_value, owner, review_on

A part that a file does not name stays as it is. Of a template, whose page it is cannot be written down: its number is that of
one database.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from rules.findability import RightPage, SearchTask
from rules.kpi import Target, TargetError, kpis
from rules.login import Login, LoginError
from rules.owners import LONGEST_OWNER, MOST_RULES, OwnedBy, OwnerRule, OwnersError, owner_rule
from rules.policy import Policy, PolicyError, read_policies
from rules.schedule import OF_SITE, Plan, ScheduleError, WorkKind
from rules.setting import Place, SettingFault, SettingsTable
from rules.site_settings import FIELDS, check_scope, read_site
from rules.task_file import MOST_TASKS, TaskFileError, checked_task
from rules.toml_text import toml_text

LARGEST = 5_000_000  # bytes
MOST_FAULTS = 20  # that are said at once
PARTS = ("site", "settings", "login", "planned", "policy", "schedule", "owner", "task", "target")


@dataclass(frozen=True)
class Fault:
    """What of a file cannot be."""

    part: str  # "task 3": the third [[task]]; empty: the file as a whole
    sentence: str
    setting: SettingFault | None = None  # where a screen has words of its own for it


class SiteFileError(ValueError):
    """The file cannot be brought in; one sentence a fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        shown = [f"{one.part}: {one.sentence}" if one.part else one.sentence for one in faults[:MOST_FAULTS]]
        super().__init__("\n".join([*shown, *([f"and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else [])]))


@dataclass(frozen=True)
class Planned:
    """One kind of work of a site and when it starts by itself."""

    kind: WorkKind
    plan: Plan
    enabled: bool = True


@dataclass(frozen=True)
class KpiGoal:
    """What a KPI of a site is to be."""

    kpi: str
    target: Target
    owner: str = ""
    review_on: date | None = None


@dataclass(frozen=True)
class SiteFile:
    """All that is set for a site. None: the file says nothing of that part."""

    site: Mapping[str, Any]
    settings: Mapping[str, Any] | None = None
    policies: tuple[Policy, ...] | None = None
    schedules: tuple[Planned, ...] | None = None
    owners: tuple[OwnerRule, ...] | None = None
    tasks: tuple[SearchTask, ...] | None = None
    targets: tuple[KpiGoal, ...] | None = None
    planned: Mapping[str, date] | None = None
    login: Login | None = None


@dataclass(frozen=True)
class Difference:
    """One thing that an import would change. None: it is not there."""

    part: str
    name: str
    was: str | None
    now: str | None


def site_file_text(file: SiteFile) -> str:
    """The file. Its order is always the same, so that two exports can be compared."""
    parts: dict[str, Any] = {
        "site": dict(file.site),
        "settings": dict(file.settings or {}),
        "login": file.login.as_stored() if file.login else None,
        "planned": dict(file.planned or {}),
        "policy": [one.as_stored() for one in file.policies or ()],
        "schedule": [
            {"kind": one.kind.value, **asdict(one.plan), "enabled": one.enabled} for one in file.schedules or ()
        ],
        "owner": [{"kind": one.kind.value, "value": one.value, "owner": one.owner} for one in file.owners or ()],
        "task": [_task_table(one) for one in file.tasks or ()],
        "target": [
            {"kpi": one.kpi, **asdict(one.target), "owner": one.owner, **({"review_on": one.review_on} if one.review_on else {})}
            for one in file.targets or ()
        ],
    }  # fmt: skip
    return toml_text({name: part for name, part in parts.items() if part is not None})


def _task_table(task: SearchTask) -> dict[str, Any]:
    pages = [{"url": one.url, "grade": one.grade} for one in task.right]
    return {"title": task.title, "queries": list(task.queries), "pages": pages, "product": task.product}


def read_toml(content: bytes) -> dict[str, Any]:
    """The tables of a file. Raises SiteFileError for what is no TOML."""
    if len(content) > LARGEST:
        raise SiteFileError([Fault("", f"it is larger than {LARGEST // 1_000_000} MB, which no settings are")])
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SiteFileError([Fault("", f"it is not valid TOML: {error}")]) from error


def read_site_file(tables: Mapping[str, Any], table: SettingsTable) -> SiteFile:
    """What the tables of a file say. Raises SiteFileError with every fault."""
    faults: list[Fault] = []

    def part(name: str, read: Callable[[Any], Any]) -> Any:
        if name not in tables:
            return None
        try:
            return read(tables[name])
        except SettingFault as error:
            faults.append(Fault(name, str(error), error))
        except (PolicyError, LoginError, TypeError, KeyError, ValueError) as error:
            faults.append(Fault(name, str(error)))
        return None

    def each(name: str, read: Callable[[Mapping[str, Any]], Any], most: int) -> Any:
        rows = tables.get(name)
        if rows is None:
            return None
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows) or len(rows) > most:
            faults.append(Fault(name, f"write it as [[{name}]], at most {most} times"))
            return None
        found = []
        for number, row in enumerate(rows, start=1):
            try:
                found.append(read(row))
            except (OwnersError, ScheduleError, TargetError, TaskFileError, TypeError, KeyError, ValueError) as error:
                faults.append(Fault(f"{name} {number}", _sentence(error)))
        return tuple(found)

    if unknown := [name for name in tables if name not in PARTS]:
        faults.append(Fault("", f"there is no part '{unknown[0]}'; the parts are {', '.join(PARTS)}"))
    site = part("site", lambda values: read_site(_table(values))) or {}
    start_url = site.get("start_url", "")
    if not site.get("name") or not start_url:
        faults.append(Fault("site", "name and start_url say which site it is"))
        raise SiteFileError(faults)
    read = SiteFile(
        site,
        part("settings", lambda values: _settings(_table(values), table)),
        part("policy", read_policies),
        each("schedule", _schedule, len(OF_SITE)),
        each("owner", lambda row: _owner(row, start_url), MOST_RULES),
        each("task", lambda row: _task(row, start_url), MOST_TASKS),
        each("target", _target, len(kpis())),
        part("planned", lambda values: _planned(_table(values))),
        part("login", lambda values: Login.of_site({"login": _table(values)})),
    )
    faults += _doubles(read)
    if faults:
        raise SiteFileError(faults)
    return read


def check_site_file(file: SiteFile, now: Mapping[str, Any], trusted: Collection[str]) -> None:
    """Whether start page, hosts and path belong together. Raises SiteFileError.

    `now`: what the site has; nothing: it is a new one. `trusted`: origins that may be of a private network.
    """
    values = {**now, **file.site}
    try:
        check_scope(values["start_url"], values.get("origins", ()), values.get("path_prefix", "/"), trusted)
    except SettingFault as error:
        raise SiteFileError([Fault("site", str(error), error)]) from error


def _sentence(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _table(values: Any) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        raise TypeError("it is a table: write its name between [ and ]")
    return values


def _only(row: Mapping[str, Any], names: Sequence[str]) -> None:
    if unknown := [name for name in row if name not in names]:
        raise ValueError(f"there is no '{unknown[0]}'; it has {', '.join(names)}")


def _settings(values: Mapping[str, Any], table: SettingsTable) -> dict[str, Any]:
    of_site = {one.name for one in table.at(Place.SITE)}
    for name in values:
        if name not in of_site:
            raise SettingFault(name, "unknown", f"'{name}' is no setting of a site; those are {', '.join(sorted(of_site))}")
    return {name: table.check(name, value) for name, value in values.items()}


def _schedule(row: Mapping[str, Any]) -> Planned:
    _only(row, ("kind", "cron", "time_zone", "jitter_s", "quiet_hours", "enabled"))
    kind = WorkKind(_text(row["kind"]))
    if kind not in OF_SITE:
        raise ValueError(f"'{kind}' is no work of a site; that is {', '.join(OF_SITE)}")
    jitter, enabled = row.get("jitter_s", 0), row.get("enabled", True)
    if type(jitter) is not int or not isinstance(enabled, bool):
        raise TypeError("jitter_s is a whole number of seconds, enabled is true or false")
    texts = {name: _text(row[name]) for name in ("cron", "time_zone", "quiet_hours") if name in row}
    return Planned(
        kind, Plan(texts["cron"], texts.get("time_zone", Plan.time_zone), jitter, texts.get("quiet_hours", "")).checked(), enabled
    )


def _owner(row: Mapping[str, Any], start_url: str) -> OwnerRule:
    _only(row, ("kind", "value", "owner"))
    kind = OwnedBy(_text(row["kind"]))
    if kind is OwnedBy.TEMPLATE:
        raise ValueError("the number of a template is that of one database; name a section, page or author")
    return owner_rule(kind, _text(row["value"]), _text(row["owner"]), start_url)


def _task(row: Mapping[str, Any], start_url: str) -> SearchTask:
    _only(row, ("title", "queries", "pages", "product"))
    pages = []
    for one in row["pages"]:
        _only(_table(one), ("url", "grade"))
        pages.append(RightPage(_text(one["url"]), one.get("grade", 3)))
    queries = tuple(_text(one) for one in row["queries"])
    return checked_task(_text(row["title"]), queries, pages, _text(row.get("product", "")), start_url)


def _target(row: Mapping[str, Any]) -> KpiGoal:
    names = ("kpi", "first_day", "first_value", "last_day", "last_value", "owner", "review_on")
    _only(row, names)
    name, owner, review = _text(row["kpi"]), _text(row.get("owner", "")), row.get("review_on")
    if name not in kpis():
        raise ValueError(f"there is no KPI '{name}'; they are {', '.join(kpis())}")
    days = [row["first_day"], row["last_day"], *([review] if review is not None else [])]
    if any(not isinstance(day, date) or isinstance(day, datetime) for day in days):
        raise TypeError("a day is written as 2027-01-31, without quotes")
    values = [row["first_value"], row["last_value"]]
    if any(type(value) not in (int, float) or not math.isfinite(value) or value < 0 for value in values):
        raise TypeError("a value is a number from nought up")
    if len(owner) > LONGEST_OWNER or not (owner.isprintable() or not owner):
        raise ValueError(f"an owner has at most {LONGEST_OWNER} plain signs")
    return KpiGoal(name, Target(row["first_day"], float(values[0]), row["last_day"], float(values[1])), owner, review)


def _planned(values: Mapping[str, Any]) -> dict[str, date]:
    if any(not isinstance(day, date) or isinstance(day, datetime) for day in values.values()):
        raise TypeError("behind each rule stands a day: 2027-03-01, without quotes")
    return dict(values)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text between quotes"[:200])
    return value


def _doubles(file: SiteFile) -> list[Fault]:
    named: dict[str, list[str]] = {
        "schedule": [one.kind for one in file.schedules or ()],
        "owner": [f"{one.kind} {one.value}" for one in file.owners or ()],
        "task": [one.title for one in file.tasks or ()],
        "target": [one.kpi for one in file.targets or ()],
    }
    found = []
    for part, names in named.items():
        seen: set[str] = set()
        twice = next((name for name in names if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]
        found += [Fault(part, f"'{twice}' is there twice; keep one")] if twice is not None else []
    return found


def differences(now: SiteFile, file: SiteFile) -> list[Difference]:
    """What would change if a file is brought in, in the order of its parts. Tasks that it does not name stay."""
    before, after = _flat(now), _flat(file)
    found = []
    for part in PARTS:
        if part not in after:
            continue
        was, is_now = before.get(part, {}), after[part]
        names = is_now if part in ("site", "task", "login") else dict.fromkeys([*was, *is_now])
        found += [Difference(part, name, was.get(name), is_now.get(name)) for name in names if was.get(name) != is_now.get(name)]
    return found


def _flat(file: SiteFile) -> dict[str, dict[str, str]]:
    """Each part as texts by name."""
    named = {one.name: one for one in FIELDS}
    parts: dict[str, dict[str, str] | None] = {
        "site": {name: named[name].written(value) for name, value in file.site.items()},
        "settings": None if file.settings is None else {name: _said(value) for name, value in file.settings.items()},
        "login": _texts(file.login.as_stored()) if file.login else None,
        "planned": None if file.planned is None else _texts(file.planned),
        "policy": None if file.policies is None else {one.id: _line(one.as_stored()) for one in file.policies},
        "schedule": None
        if file.schedules is None
        else {one.kind.value: _line({**asdict(one.plan), "enabled": one.enabled}) for one in file.schedules},
        "owner": None if file.owners is None else {f"{one.kind.value} {one.value}": one.owner for one in file.owners},
        "task": None if file.tasks is None else {one.title: _line(_task_table(one)) for one in file.tasks},
        "target": None
        if file.targets is None
        else {
            one.kpi: _line({**asdict(one.target), "owner": one.owner, "review_on": one.review_on or ""}) for one in file.targets
        },
    }
    return {name: part for name, part in parts.items() if part is not None}


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): _said(value) for name, value in values.items()}


def _line(values: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {said}" for name, value in values.items() if (said := _said(value)))


def _said(value: Any) -> str:
    """A value as a person reads it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return repr(value).removesuffix(".0")
        case Mapping():
            return " ".join(_said(one) for one in value.values())
        case list() | tuple():
            return " | ".join(_said(one) for one in value)
    return str(value)
