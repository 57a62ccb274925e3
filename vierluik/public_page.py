"""`vierluik site public`: whether everybody may see the figures of a site, and when known deviations are to be mended."""

from __future__ import annotations

from datetime import date

from rules.rule import catalogue
from storage.database import Database
from storage.public_page import is_public, plan_deviation, planned_deviations, set_public
from storage.sites import SiteError, get_site
from vierluik.screen import Exit, say, stop


def switch_public(database: Database, name: str, on: bool | None, rule: str, by: str) -> None:
    """Raises typer.Exit for a site, rule or day that cannot be; nothing is changed then."""
    if rule and rule not in catalogue():
        raise stop(Exit.WRONG_USE, f"There is no rule {rule}. The rules are listed in docs/rules.md.")
    try:
        day = date.fromisoformat(by) if by else None
    except ValueError as error:
        raise stop(Exit.WRONG_USE, f"'{by}' is no day. Write year, month and day: 2027-03-01.") from error
    if by and not rule:
        raise stop(Exit.WRONG_USE, "--by belongs to --plan: name the rule whose failures are to be mended by then.")
    with database.session() as session:
        try:
            site = get_site(session, name)
        except SiteError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        if on is not None:
            set_public(site, on=on)
        if rule:
            plan_deviation(site, rule, day)
        say(f"'{site.name}' has a public page: /nl/public/{site.id}" if is_public(site) else f"'{site.name}' has no public page.")
        for planned, when in planned_deviations(site).items():
            say(f"{planned}: to be mended by {when}")
