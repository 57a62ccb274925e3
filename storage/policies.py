"""The rules that a site's own people wrote: those of the site itself, and those of `vierluik.toml` as the last run had them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from rules.policy import PREFIX, Policy, PolicyError, read_stored_policies
from storage.models import Finding, Site
from storage.runs import last_whole_run


def policies_of_site(site: Site) -> tuple[Policy, ...]:
    """Those that were written for this site, also the ones that are switched off."""
    return read_stored_policies(_lines_of(site))


def policies_of(session: Session, site: Site) -> tuple[Policy, ...]:
    """Every policy that findings may speak of: those that a next run would use, and those that were there at the last one."""
    run = last_whole_run(session, site.id)
    return read_stored_policies([*_lines_of(site), *(run.settings.get("policies", ()) if run else ())])


def policies_for_all(session: Session, site: Site) -> tuple[Policy, ...]:
    """Those of `vierluik.toml` as the last run had them, without what that run had from this site, or the site has its own of."""
    run = last_whole_run(session, site.id)
    settings = run.settings if run else {}
    of_site = {*settings.get("policies_of_site", ()), *ids_of_site(site)}
    return tuple(policy for policy in read_stored_policies(settings.get("policies", ())) if policy.id not in of_site)


def ids_of_site(site: Site) -> list[str]:
    """The ids that are taken, also by a policy that this version cannot read."""
    return [str(line.get("id")) for line in _lines_of(site)]


def keep_policy(site: Site, policy: Policy) -> None:
    """Add a policy to a site, or put it in the place of the one with its id."""
    stored = policy.as_stored()
    lines = [stored if line.get("id") == policy.id else line for line in _lines_of(site)]
    _keep(site, lines if stored in lines else [*lines, stored])


def switch_policy(site: Site, policy_id: str, *, on: bool) -> None:
    """Switch a policy of a site on or off. Raises PolicyError where it has none of that id."""
    _must_have(site, policy_id)
    _keep(site, [{**line, "on": on} if line.get("id") == policy_id else line for line in _lines_of(site)])


def remove_policy(site: Site, policy_id: str) -> None:
    """Take a policy from a site. Raises PolicyError where it has none of that id."""
    _must_have(site, policy_id)
    _keep(site, [line for line in _lines_of(site) if line.get("id") != policy_id])


def _lines_of(site: Site) -> list[dict[str, Any]]:
    return [*site.settings.get("policies", ())]


def _must_have(site: Site, policy_id: str) -> None:
    if policy_id not in ids_of_site(site):
        raise PolicyError("id", f"this site has no policy '{policy_id}' of its own")


def _keep(site: Site, lines: list[dict[str, Any]]) -> None:
    """What this version cannot read stays as it is: a later one may."""
    site.settings = {**site.settings, "policies": lines}


def close_policies_no_longer_used(session: Session, site_id: int, run_id: int, used: set[str]) -> None:
    """What a policy found is over once nobody wants it any more. `used`: the ids of rules that this run judged by."""
    where = (
        Finding.site_id == site_id,
        Finding.closed_run_id.is_(None),
        Finding.rule.startswith(PREFIX, autoescape=True),
        Finding.rule.not_in(used),
    )
    session.execute(update(Finding).where(*where).values(closed_run_id=run_id).execution_options(synchronize_session=False))
