"""The table of all settings, made from their declaration: which screen has which, and why some have none."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from rules.norm import norms
from rules.setting import OnlyInFile, Place, Setting, SettingFault, SettingGroup, SettingKind, SettingsTable
from scheduler.run_settings import ENGINES, NO_ENGINE
from vierluik.settings import FILE, Settings, load_settings

logger = logging.getLogger(__name__)

PASSWORD = re.compile(r"(?<=://)([^:@/]*):[^/]*@")  # in the address of a database
QUERY_PASSWORD = re.compile(r"(?<=[?&])password=[^&]*&?")

ALL_ONLY = frozenset({Place.ALL})
ALL_AND_SITE = frozenset({Place.ALL, Place.SITE})
SITE_ONLY = frozenset({Place.SITE})
SITE, SCOPE, PACE = SettingGroup.SITE, SettingGroup.SCOPE, SettingGroup.PACE
JUDGEMENT, LIMITS, UPKEEP = SettingGroup.JUDGEMENT, SettingGroup.LIMITS, SettingGroup.UPKEEP

# On which screen each setting stands and for what it can be set there, or why it stands in the file only.
WHERE: dict[str, tuple[SettingGroup, frozenset[Place]] | OnlyInFile] = {
    "case_number_patterns": (UPKEEP, ALL_ONLY),
    "confirm": (JUDGEMENT, ALL_AND_SITE),
    "contact": (SITE, ALL_AND_SITE),
    "database": OnlyInFile.NEEDED_FIRST,
    "delay_s": (PACE, ALL_AND_SITE),
    "detail_months": (UPKEEP, ALL_ONLY),
    "engines": (JUDGEMENT, ALL_AND_SITE),
    "exclude": (SCOPE, SITE_ONLY),
    "include": (SCOPE, SITE_ONLY),
    "link_cache_hours": (PACE, ALL_AND_SITE),
    "load_timeout_s": (PACE, ALL_AND_SITE),
    "log_format": OnlyInFile.MACHINES,
    "mail_ca_file": OnlyInFile.FILE_OF_MACHINE,
    "mail_password_file": OnlyInFile.FILE_OF_MACHINE,
    "mail_port": OnlyInFile.PASSWORD_GOES_THERE,
    "mail_security": OnlyInFile.PASSWORD_GOES_THERE,
    "mail_sender": (UPKEEP, ALL_ONLY),
    "mail_server": OnlyInFile.PASSWORD_GOES_THERE,
    "mail_user": OnlyInFile.PASSWORD_GOES_THERE,
    "max_depth": (LIMITS, ALL_AND_SITE),
    "max_document_bytes": (LIMITS, ALL_AND_SITE),
    "max_documents": (LIMITS, ALL_AND_SITE),
    "max_minutes": (LIMITS, ALL_AND_SITE),
    "max_page_bytes": (LIMITS, ALL_AND_SITE),
    "max_pages": (LIMITS, ALL_AND_SITE),
    "max_pages_per_shape": (LIMITS, ALL_AND_SITE),
    "max_sitemap_urls": (LIMITS, ALL_AND_SITE),
    "max_upload_bytes": (UPKEEP, ALL_ONLY),
    "metrics_token": OnlyInFile.SECRET,
    "min_free_disk_bytes": (UPKEEP, ALL_ONLY),
    "norm": (JUDGEMENT, ALL_AND_SITE),
    "obey_robots": (PACE, ALL_AND_SITE),
    "oidc_client_id": OnlyInFile.DOOR,
    "oidc_issuer": OnlyInFile.DOOR,
    "oidc_roles": OnlyInFile.DOOR,
    "page_types": (SCOPE, ALL_AND_SITE),
    "policy": OnlyInFile.OWN_SCREEN,
    "public_url": OnlyInFile.DOOR,
    "queue": OnlyInFile.MACHINES,
    "requests_at_once": (PACE, ALL_AND_SITE),
    "review_months": (SITE, ALL_AND_SITE),
    "runs_at_once": (UPKEEP, ALL_ONLY),
    "seconds_before_second_look": (PACE, ALL_AND_SITE),
    "theme": OnlyInFile.FILE_OF_MACHINE,
    "timeout_s": (PACE, ALL_AND_SITE),
    "trackers": OnlyInFile.PASSWORD_GOES_THERE,
    "watch_folders": OnlyInFile.FILE_OF_MACHINE,
    "webhook_private": OnlyInFile.LOCK,
    "webhook_secrets": OnlyInFile.FILE_OF_MACHINE,
    "workers": (UPKEEP, ALL_ONLY),
}
SECRETS = frozenset(name for name, where in WHERE.items() if where is OnlyInFile.SECRET)
KINDS: dict[Any, SettingKind] = {
    bool: SettingKind.YES_NO,
    int: SettingKind.WHOLE,
    float: SettingKind.DECIMAL,
    str: SettingKind.LINE,
    list[str]: SettingKind.PATTERNS,
    list[dict[str, Any]]: SettingKind.PAGE_TYPES,
}
CHOICES = {"norm": (SettingKind.CHOICE, tuple(norms())), "engines": (SettingKind.CHOICES, (*ENGINES, NO_ENGINE))}


@cache
def settings() -> tuple[Setting, ...]:
    """Every setting, in the order of its declaration. One that `WHERE` does not name yet stands in the file only."""
    return tuple(_setting(name) for name in Settings.model_fields)


def _setting(name: str) -> Setting:
    field = Settings.model_fields[name]
    where = WHERE.get(name, OnlyInFile.MACHINES)
    group, places = (UPKEEP, frozenset[Place]()) if isinstance(where, OnlyInFile) else where
    kind, choices = CHOICES.get(name, (KINDS.get(field.annotation, SettingKind.LINE), ()))
    bounds = {key: getattr(one, key) for one in field.metadata for key in ("ge", "gt", "le") if hasattr(one, key)}
    default = field.get_default()
    return Setting(
        name,
        kind,
        group,
        places,
        None if default is PydanticUndefined else _plain(default),
        field.description or "",
        choices,
        bounds.get("ge"),
        bounds.get("gt"),
        bounds.get("le"),
        where if isinstance(where, OnlyInFile) else None,
    )


def check(name: str, value: Any) -> Any:
    """A value as it is kept, judged by the very declaration that the file is read with. Raises SettingFault."""
    setting = next((one for one in settings() if one.name == name), None)
    if setting is None:
        raise SettingFault(name, "unknown", f"there is no setting '{name}'")
    try:
        kept = _plain(getattr(Settings.model_validate({name: value}), name))
    except ValidationError as error:
        sentence = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        if setting.kind in (SettingKind.WHOLE, SettingKind.DECIMAL):
            raise setting.out_of_bounds() from error
        key = "choice" if setting.choices else setting.kind.value if setting.is_text else "value"
        raise SettingFault(name, key, f"{name}: {sentence}", line=_wrong_line(name, value)) from error
    if isinstance(kept, float) and not math.isfinite(kept):
        raise setting.out_of_bounds()
    return kept


def _wrong_line(name: str, value: Any) -> str:
    """The first line of a list that is not taken by itself."""
    for line in value if isinstance(value, list) else ():
        try:
            Settings.model_validate({name: [line]})
        except ValidationError:
            return f"{line['type']} {line['pattern']}" if isinstance(line, dict) and len(line) == 2 else str(line)
    return ""


def usable(values: Mapping[str, Any]) -> dict[str, Any]:
    """What this version takes of what an earlier one stored; the rest is left out and logged."""
    kept = {}
    for name, value in values.items():
        try:
            kept[name] = check(name, value)
        except SettingFault as error:
            logger.warning("A stored setting is left out: %s", error)
    return kept


def _plain(value: Any) -> Any:
    """As JSON and TOML have it."""
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, Path) else value


def said_in(loaded: Settings) -> dict[str, Any]:
    """What a file sets, without its secrets; of the database's address without its password."""
    said = {name: _plain(getattr(loaded, name)) for name in sorted(loaded.model_fields_set) if name not in SECRETS}
    if "database" in said:
        said["database"] = QUERY_PASSWORD.sub("", PASSWORD.sub(r"\1@", said["database"]))
    return said


def table(file: Path = FILE) -> SettingsTable:
    """For the screens, which look into the file each time: it may have been changed meanwhile."""
    return SettingsTable(settings(), check, lambda: said_in(load_settings(file.absolute())))
