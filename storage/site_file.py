"""All that is set for a site, out of the database as a `rules.site_file.SiteFile`, and such a file brought in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from rules.findability import TaskState
from rules.login import Login, LoginError
from rules.owners import OwnedBy, OwnerRule
from rules.policy import read_stored_policies
from rules.schedule import OF_SITE, WorkKind
from rules.setting import Place, SettingsTable
from rules.site import Scope
from rules.site_file import KpiGoal, Planned, SiteFile
from rules.site_settings import FIELDS
from storage.findability import keep_tasks, search_task, tasks_of_site
from storage.kpis import end_target, path_of, set_target, targets_of_site
from storage.models import Site
from storage.owners import owner_rules_of_site, replace_owners
from storage.policies import policies_of_site
from storage.public_page import plan_deviation, planned_deviations
from storage.schedules import plan_of, remove_schedule, schedules_of, set_schedule
from storage.settings import change_site, settings_of_site
from storage.sites import add_site

LOGIN, POLICIES = "login", "policies"


def site_file_of(session: Session, site: Site, table: SettingsTable) -> SiteFile:
    """Everything that is set for a site; of proposals and templates nothing, as they are of this database alone."""
    values = settings_of_site(site)
    rows = [row for row in owner_rules_of_site(session, site.id) if row.kind != OwnedBy.TEMPLATE]
    return SiteFile(
        {one.name: values[one.name] for one in FIELDS if values.get(one.name) not in (None, "")},
        {one.name: values[one.name] for one in table.at(Place.SITE) if one.name in values},
        policies_of_site(site),
        tuple(
            Planned(WorkKind(row.kind), plan_of(row), row.enabled)
            for row in schedules_of(session, site.id)
            if row.kind in OF_SITE
        ),
        tuple(OwnerRule(OwnedBy(row.kind), row.value, row.owner) for row in rows),
        tuple(search_task(row) for row in tasks_of_site(session, site.id, TaskState.CONFIRMED)),
        tuple(
            KpiGoal(name, path_of(row), row.owner, row.review_on)
            for name, row in sorted(targets_of_site(session, site.id).items())
        ),
        dict(sorted(planned_deviations(site).items())),
        _login(site),
    )


def _login(site: Site) -> Login | None:
    try:
        return Login.of_site(site.settings)
    except LoginError:
        return None


def make_site(session: Session, file: SiteFile, now: datetime) -> Site:
    """A site of its name and address, to bring the rest into. Raises SiteError where the name is taken."""
    site = file.site
    return add_site(session, site["name"], site["start_url"], Scope(tuple(site["origins"]), site.get("path_prefix", "/")), now)


def bring_in(session: Session, site: Site, file: SiteFile, table: SettingsTable, by: str, now: datetime, *, login: bool) -> None:
    """Make a site as the file says, part by part; what it does not name stays, and so does every search task.

    `login`: also how it is logged in to, which only whoever runs the machine may say.
    """
    changes: dict[str, Any] = dict(file.site)
    if file.settings is not None:
        changes |= {one.name: file.settings.get(one.name) for one in table.at(Place.SITE)}
    if file.policies is not None:
        unread = [line for line in site.settings.get(POLICIES, ()) if not read_stored_policies([line])]
        changes[POLICIES] = [*(one.as_stored() for one in file.policies), *unread] or None
    if login and file.login is not None:
        changes[LOGIN] = file.login.as_stored()
    change_site(session, site, changes)
    if file.planned is not None:
        for rule in planned_deviations(site).keys() - file.planned.keys():
            plan_deviation(site, rule, None)
        for rule, day in file.planned.items():
            plan_deviation(site, rule, day)
    if file.schedules is not None:
        _bring_in_schedules(session, site, file.schedules)
    if file.owners is not None:
        replace_owners(session, site.id, file.owners, "file", by, now)
    if file.tasks is not None:
        keep_tasks(session, site.id, file.tasks, TaskState.CONFIRMED, "file", now)
    if file.targets is not None:
        _bring_in_targets(session, site, file.targets, by, now)
    session.flush()


def _bring_in_schedules(session: Session, site: Site, planned: tuple[Planned, ...]) -> None:
    known = {row.kind: row for row in schedules_of(session, site.id) if row.kind in OF_SITE}
    for kind in known.keys() - {one.kind.value for one in planned}:
        remove_schedule(session, site.id, WorkKind(kind))
    for one in planned:
        row = known.get(one.kind.value)
        if row is None or plan_of(row) != one.plan:  # what stays the same keeps the moment that it is due next
            row = set_schedule(session, site.id, one.kind, one.plan)
        if row.enabled != one.enabled:
            row.enabled, row.next_at = one.enabled, None


def _bring_in_targets(session: Session, site: Site, goals: tuple[KpiGoal, ...], by: str, now: datetime) -> None:
    known = targets_of_site(session, site.id)
    for name in known.keys() - {one.kpi for one in goals}:
        end_target(session, site.id, name, now)
    for one in goals:
        row = known.get(one.kpi)
        if row is None or KpiGoal(one.kpi, path_of(row), row.owner, row.review_on) != one:
            set_target(session, site.id, one.kpi, one.target, one.owner, one.review_on, by, now)
