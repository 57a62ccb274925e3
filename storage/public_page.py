"""Whether a site has a public page, and when its known deviations are to be mended; both in the site's settings."""

from __future__ import annotations

from datetime import date
from typing import Any

from storage.models import Site

PUBLIC = "public"


def is_public(site: Site) -> bool:
    """Off unless somebody switched it on."""
    return bool(_of(site).get("on"))


def set_public(site: Site, *, on: bool) -> None:
    _keep(site, _of(site) | {"on": on})


def planned_deviations(site: Site) -> dict[str, date]:
    """By which day what breaks a rule is to be mended, by the rule's id."""
    return {rule: date.fromisoformat(day) for rule, day in _of(site).get("planned", {}).items()}


def plan_deviation(site: Site, rule: str, by: date | None) -> None:
    """None: there is no plan any more."""
    planned = {one: day.isoformat() for one, day in planned_deviations(site).items() if one != rule}
    if by is not None:
        planned[rule] = by.isoformat()
    _keep(site, _of(site) | {"planned": planned})


def _of(site: Site) -> dict[str, Any]:
    return dict(site.settings.get(PUBLIC, {}))


def _keep(site: Site, values: dict[str, Any]) -> None:
    site.settings = {**site.settings, PUBLIC: values}
