"""Tokens on the screen of one's own account: made, shown once, revoked, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from api_calls import House, house_of
from dashboard_seed import NOW, copy_of
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from dashboard.api.application import PREFIX
from rules.account import Role
from storage.account_models import Account, AuditEntry
from storage.accounts import begin_session
from storage.database import Database
from storage.token_models import ApiToken

OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def house(filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    database = copy_of(filled[0], tmp_path_factory.mktemp("tokens"))
    yield house_of(database, filled[1])
    database.close()


def browser(house: House, role: Role) -> TestClient:
    with house.database.session() as session:
        cookie = begin_session(session, session.get_one(Account, list(Role).index(role) + 1), NOW, whole=True)
    return TestClient(house.app, cookies={"vierluik": cookie}, headers=OWN, follow_redirects=False)


def test_a_token_is_made_shown_once_used_and_revoked(house: House) -> None:
    client = browser(house, Role.EDITOR)
    made = client.post("/nl/account/tokens", data={"name": "Power BI", "days": "30", "scopes": ["read"]})
    assert made.status_code == 200 and made.headers["cache-control"] == "no-store"
    token = re.search(r"vl_[\w-]{43}", made.text)
    assert token and token[0] not in client.get("/nl/account").text and "Power BI" in client.get("/nl/account").text
    caller = house.caller(token[0])
    assert caller.get("me").json()["scopes"] == ["read"]
    shown = html.fromstring(client.get("/nl/account").text)
    row = next(row for row in shown.xpath("//tbody/tr") if "Power BI" in row.text_content())
    assert "22 november 2026" in row.text_content() and "22 december 2026" in row.text_content()
    address = row.xpath(".//form/@action")[0]
    other = browser(house, Role.ADMINISTRATOR).post(address)
    assert other.status_code == 404 and caller.get("me").status_code == 200
    assert "ingetrokken" in client.post(address).text and caller.get("me").status_code == 401
    with house.database.session() as session:
        said = [(one.action, one.person) for one in session.scalars(select(AuditEntry).where(AuditEntry.table == "api_token"))]
        row_ = session.scalars(select(ApiToken).where(ApiToken.name == "Power BI")).one()
    assert said == [("added", "Mens editor"), ("changed", "Mens editor")] and row_.revoked_by == "Mens editor"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "Gegevensteam", "days": "3", "scopes": ["read"]}, "Kies een naam"),
        ({"name": "x" * 61, "days": "3", "scopes": ["read"]}, "Kies een naam"),
        ({"name": "nieuw\u202e", "days": "3", "scopes": ["read"]}, "Kies een naam"),
        ({"name": "nieuw", "days": "3"}, "Kies waarvoor"),
        ({"name": "nieuw", "days": "367", "scopes": ["read"]}, "Kies van 1 tot 366 dagen"),
        ({"name": "nieuw", "days": "ooit", "scopes": ["read"]}, "Kies van 1 tot 366 dagen"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(house: House, sent: dict[str, object], sentence: str) -> None:
    answer = browser(house, Role.AUDITOR).post("/nl/account/tokens", data=sent)
    assert answer.status_code == 422 and sentence in answer.text and "vl_" not in re.sub(r"vl_[\w-]{7}…", "", answer.text)


def test_no_account_holds_more_tokens_than_it_can_watch(house: House) -> None:
    client = browser(house, Role.MANAGER)
    answers = [
        client.post("/nl/account/tokens", data={"name": f"nummer {number}", "days": "3", "scopes": ["read"]}).status_code
        for number in range(20)
    ]
    assert answers == [200] * 19 + [422]  # one was there


def test_only_our_own_screen_makes_one(house: House) -> None:
    client = browser(house, Role.EDITOR)
    sent = {"name": "vals", "days": "3", "scopes": ["read"]}
    assert client.post("/nl/account/tokens", data=sent, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_screen_of_the_api_names_every_path(house: House) -> None:
    client = browser(house, Role.MANAGER)
    for language in ("nl", "en"):
        text = html.fromstring(client.get(f"/{language}/api").text).text_content()
        assert text.count(PREFIX) > 25 and "openapi.json" in text
    assert client.get("/nl/about").text.count("/nl/api") == 1
