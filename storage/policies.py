"""The rules that a site's own people wrote: those of the site itself, and those of `vierluik.toml` as the last run had them."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rules.policy import PREFIX, Policy, PolicyError, read_policies
from storage.models import Finding, Run, Site


def policies_of_site(site: Site) -> tuple[Policy, ...]:
    """Those that were written for this site, also the ones that are switched off."""
    return read_policies(site.settings.get("policies", ()))


def policies_of(session: Session, site: Site) -> tuple[Policy, ...]:
    """Every policy that a next run would use or that findings speak of: the site's own first, then those for all sites."""
    newest = select(Run.settings).where(Run.site_id == site.id).order_by(Run.id.desc()).limit(1)
    settings = session.scalar(newest) or {}
    own = policies_of_site(site)
    ids = {policy.id for policy in own}
    return (*own, *(policy for policy in read_policies(settings.get("policies", ())) if policy.id not in ids))


def keep_policy(site: Site, policy: Policy) -> None:
    """Add a policy to a site, or put it in the place of the one with its id."""
    others = [one for one in policies_of_site(site) if one.id != policy.id]
    site.settings = {**site.settings, "policies": [one.as_stored() for one in (*others, policy)]}


def switch_policy(site: Site, policy_id: str, *, on: bool) -> None:
    """Switch a policy of a site on or off. Raises PolicyError where it has none of that id."""
    policies = policies_of_site(site)
    if policy_id not in {policy.id for policy in policies}:
        raise PolicyError("id", f"this site has no policy '{policy_id}' of its own")
    stored = [{**one.as_stored(), "on": on if one.id == policy_id else one.on} for one in policies]
    site.settings = {**site.settings, "policies": stored}


def close_policies_no_longer_used(session: Session, site_id: int, run_id: int, used: set[str]) -> None:
    """What a policy found is over once nobody wants it any more. `used`: the ids of rules that this run judged by."""
    where = (
        Finding.site_id == site_id,
        Finding.closed_run_id.is_(None),
        Finding.rule.startswith(PREFIX, autoescape=True),
        Finding.rule.not_in(used),
    )
    session.execute(update(Finding).where(*where).values(closed_run_id=run_id).execution_options(synchronize_session=False))
