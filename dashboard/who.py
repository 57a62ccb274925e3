"""Who asks for a screen."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True)
class Who:
    """A person as the dashboard knows them."""

    name: str
    address: str = ""  # of mail; empty: nobody has logged in
    team: str = ""

    @property
    def is_local(self) -> bool:
        """The one user of a dashboard without accounts, on this machine only."""
        return not self.address

    @property
    def names(self) -> tuple[str, ...]:
        """By which pages may be theirs."""
        return tuple(name for name in (self.address, self.name, self.team) if name)


LOCAL = Who("dashboard")


def who_asks(request: Request) -> Who:
    """The person behind a request."""
    who = getattr(request.state, "who", LOCAL)
    assert isinstance(who, Who)
    return who
