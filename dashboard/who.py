"""Who asks for a screen, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from rules.account import MAY, Permission, Role


@dataclass(frozen=True)
class Who:
    """A person as the dashboard knows them."""

    name: str
    address: str = ""  # of mail; empty: nobody has logged in
    team: str = ""
    number: int = 0  # of the account
    roles: tuple[tuple[Role, int | None], ...] = ()  # a role, and the site; None: all sites
    is_local: bool = False  # the one user of a dashboard without accounts, on this machine only

    @property
    def names(self) -> tuple[str, ...]:
        """By which pages may be theirs."""
        return tuple(name for name in (self.address, self.name, self.team) if name)

    @property
    def is_known(self) -> bool:
        return self.is_local or bool(self.address)

    def may(self, permission: Permission, site_id: int | None = None) -> bool:
        """What somebody may do on a site; without a site, on any of theirs.

        What is of the whole installation is asked with the site 0, which nobody has: only roles for all sites count then.
        """
        return self.is_local or any(
            permission in MAY[role] and (site is None or site_id is None or site == site_id) for role, site in self.roles
        )


LOCAL = Who("dashboard", is_local=True)
NOBODY = Who("")
EVERYWHERE = 0  # the site of what is of the whole installation


def who_asks(request: Request) -> Who:
    """The person behind a request; nobody where none is known yet."""
    who = getattr(request.state, "who", NOBODY)
    assert isinstance(who, Who)
    return who
