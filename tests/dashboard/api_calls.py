"""What the tests of the API share: a dashboard with a token for each role, and calls with it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard_seed import NOW
from fastapi import FastAPI
from starlette.testclient import TestClient

from dashboard.api.application import PREFIX, routes_of
from dashboard.app import create_app
from dashboard.guard import Door, Pace
from rules.account import Role
from rules.api_token import TokenScope
from storage.accounts import add_account, give_role
from storage.database import Database
from storage.tokens import add_token


@dataclass(frozen=True)
class House:
    """A dashboard with one account, and one token, for each role on one site."""

    database: Database
    app: FastAPI
    ids: dict[str, int]
    tokens: dict[Role, str]

    def caller(self, token: str = "", **headers: str) -> TestClient:
        """Somebody who calls with a token, or with none."""
        held = {"Authorization": f"Bearer {token}"} if token else {}
        return TestClient(self.app, base_url=f"http://testserver{PREFIX}/", headers=held | headers, follow_redirects=False)

    def as_role(self, role: Role, **headers: str) -> TestClient:
        return self.caller(self.tokens[role], **headers)

    def token(self, role: Role, *scopes: TokenScope, days: int = 30) -> str:
        """One more token of a role."""
        with self.database.session() as session:
            number = list(Role).index(role) + 1
            return add_token(session, number, f"{role} {len(scopes)} {days}", scopes, days, NOW)[1]

    def addresses(self, of_site: int, of_page: int) -> list[tuple[str, str, str]]:
        """Method, name and address of every route, about one site."""
        values = {"site_id": of_site, "page_id": of_page, "kpi": "pages-without-failure", "batch": "0" * 32}
        values |= {"run_id": 1, "number": 1, "journey_id": 1}
        return [
            (method, route.name, route.path.format(**values).lstrip("/"))
            for route in routes_of(self.app.state.api)
            for method in sorted(route.methods)
        ]


def house_of(database: Database, ids: dict[str, int]) -> House:
    """Make the accounts and their tokens in a copy of the stored sites."""
    tokens = {}
    with database.session() as session:
        for role in Role:
            account = add_account(session, f"{role}@example.nl", f"Mens {role}", "de kat krabt de krullen van de trap", NOW)
            give_role(session, account.id, role, None if role is Role.ADMINISTRATOR else ids["site"])
            tokens[role] = add_token(session, account.id, "Gegevensteam", list(TokenScope), 30, NOW)[1]
    door = Door(api=Pace(100_000, 1), strangers=Pace(100_000, 1))  # how often has a test of its own
    return House(database, create_app(database, now=lambda: NOW, door=door), ids, tokens)


def own(address: str) -> str:
    """An address that the API gave, as a caller asks it."""
    return address.removeprefix(f"{PREFIX}/")
