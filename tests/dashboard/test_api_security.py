"""Nobody gets more of the API than their account and the scopes of their token allow; what a site sent does nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from api_calls import House, house_of, own
from dashboard_seed import NOW, copy_of, fill
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from dashboard.api.application import PREFIX
from dashboard.api.entrance import LARGEST_BODY
from dashboard.app import create_app
from dashboard.guard import Door, Pace
from dashboard.permissions import OF_EVERY_TOKEN, SCOPES, permission_of
from rules.account import MAY, Role
from rules.api_token import TokenScope
from storage.account_models import Account, AuditEntry
from storage.accounts import add_account, begin_session
from storage.database import Database
from storage.models import Decision, Page, PageState, Request
from storage.token_models import ApiToken
from storage.tokens import add_token, tokens_of

PROBLEM = "application/problem+json"
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x07]")


@pytest.fixture(scope="module")
def house(filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    database = copy_of(filled[0], tmp_path_factory.mktemp("api"))
    yield house_of(database, filled[1])
    database.close()


def test_every_route_as_every_role(house: House) -> None:
    asked = house.addresses(house.ids["site"], house.ids["page"])
    assert len(asked) > 25
    wrong = []
    for method, name, address in asked:
        bare = house.caller().request(method, address)
        if (bare.status_code, bare.headers["content-type"], bare.headers["www-authenticate"][:6]) != (401, PROBLEM, "Bearer"):
            wrong.append(f"nobody {method} {name}: {bare.status_code}")
        for role in Role:
            answer = house.as_role(role).request(method, address)
            may = name in OF_EVERY_TOKEN or permission_of(name, changes=method == "POST") in MAY[role]
            if (answer.status_code == 403) == may or answer.status_code == 401:
                wrong.append(f"{role} {method} {name}: {answer.status_code}")
    assert not wrong


def test_every_route_asks_its_scope(house: House) -> None:
    asked = house.addresses(house.ids["site"], house.ids["page"])
    for scope in TokenScope:
        client = house.caller(house.token(Role.ADMINISTRATOR, scope, days=1 + list(TokenScope).index(scope)))
        for method, name, address in asked:
            wanted = SCOPES.get(name, TokenScope.READ)
            assert (method == "GET") == (wanted is TokenScope.READ), name
            answer = client.request(method, address)
            assert (answer.status_code == 403) == (wanted is not scope), (scope, name, answer.status_code)
            if answer.status_code == 403:
                assert answer.json()["type"] == "urn:vierluik:problem:scope-missing"
                assert f'scope="{wanted}"' in answer.headers["www-authenticate"]


def test_another_site_is_not_there(house: House) -> None:
    for role in (Role.EDITOR, Role.AUDITOR):
        client = house.as_role(role)
        for method, name, address in house.addresses(house.ids["big_site"], house.ids["last_page"]):
            if name not in OF_EVERY_TOKEN:
                answer = client.request(method, address, json={} if method == "POST" else None)
                assert answer.status_code == 404, (role, method, name)
        assert [one["id"] for one in client.get("sites").json()["items"]] == [house.ids["site"]]


def test_what_belongs_to_another_site_is_not_there_under_ones_own(house: House) -> None:
    """Numbers are guessed: a page, a decision or an evaluation of another site under the address of one's own."""
    client, site = house.as_role(Role.EDITOR), house.ids["site"]
    with house.database.session() as session:
        batch = session.scalars(select(Decision.batch).where(Decision.site_id == site)).first()
    assert house.as_role(Role.ADMINISTRATOR).get(f"sites/{site}/decisions/{batch}").status_code == 200
    assert house.as_role(Role.ADMINISTRATOR).get(f"sites/{house.ids['big_site']}/decisions/{batch}").status_code == 404
    other = house.ids["last_page"]
    assert client.get(f"sites/{site}/pages/{other}").status_code == 404
    assert client.post(f"sites/{site}/checks", json={"page": other}).status_code == 404
    things = [{"page": other, "rule": "text-contrast"}]
    answer = client.post(f"sites/{site}/decisions", json={"kind": "accepted", "reason": "exempt", "things": things})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:vierluik:problem:gone")
    assert client.get(f"sites/{site}/findings?page={other}").json()["items"] == []
    for number in ("0", "-1", "x", "9" * 40, "1%2F..%2F2"):
        assert client.get(f"sites/{site}/pages/{number}").status_code == 404


def test_a_cookie_opens_nothing_and_a_token_opens_no_screen(house: House) -> None:
    with house.database.session() as session:
        cookie = begin_session(session, session.get_one(Account, 5), NOW, whole=True)
    asked = house.addresses(house.ids["site"], house.ids["page"])
    browser = TestClient(house.app, cookies={"vierluik": cookie}, headers={"Sec-Fetch-Site": "same-origin"})
    assert {browser.request(method, f"{PREFIX}/{address}", json={}).status_code for method, _, address in asked} == {401}
    token = {"Authorization": f"Bearer {house.tokens[Role.ADMINISTRATOR]}"}
    assert TestClient(house.app, headers=token, follow_redirects=False).get("/nl/").status_code == 303


def test_a_token_in_an_address_says_nothing(house: House) -> None:
    token = house.tokens[Role.EDITOR]
    for question in ("token", "access_token", "authorization", "api_key"):
        assert house.caller().get(f"me?{question}={token}").status_code == 401
        assert house.as_role(Role.EDITOR).get(f"me?{question}={token}").status_code == 422
    for header in (token, f"Basic {token}", f"Bearer {token}x", f"Bearer {token} x", "Bearer ", f"Bearer {'é' * 40}"):
        answer = house.caller().get("me", headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401, header


def test_a_token_that_is_over_revoked_or_of_an_account_that_is_out_is_refused(house: House) -> None:
    with house.database.session() as session:
        account = add_account(session, "kort@example.nl", "Kort", "de kat krabt de krullen van de trap", NOW)
        number = account.id
        row, token = add_token(session, number, "kort", [TokenScope.READ], 1, NOW)
        of_token = update(ApiToken).where(ApiToken.id == row.id)
    of_account = update(Account).where(Account.id == number)
    client = house.caller(token)
    assert client.get("me").status_code == 200
    for change, back in (
        (of_token.values(expires_at=NOW), of_token.values(expires_at=NOW + timedelta(days=1))),
        (of_token.values(revoked_at=NOW), of_token.values(revoked_at=None)),
        (of_account.values(disabled_at=NOW), of_account.values(disabled_at=None)),
        (of_account.values(locked_until=NOW + timedelta(minutes=1)), of_account.values(locked_until=None)),
    ):
        for said, expected in ((change, 401), (back, 200)):
            with house.database.session() as session:
                session.execute(said)
            answer = client.get("me")
            assert answer.status_code == expected
            if expected == 401:
                assert answer.json()["type"] == "urn:vierluik:problem:token-not-valid"
    with house.database.session() as session:
        session.delete(session.get_one(Account, number))
    assert client.get("me").status_code == 401
    with house.database.session() as session:
        assert not tokens_of(session, number)  # they go with the account


def test_the_token_is_kept_as_a_hash_only(house: House) -> None:
    token = house.tokens[Role.EDITOR]
    with house.database.session() as session:
        rows = session.scalars(select(ApiToken)).all()
        trail = json.dumps([one.changes for one in session.scalars(select(AuditEntry))])
    assert any(token.startswith(row.shown) for row in rows)
    assert all(token not in str(vars(row)) for row in rows) and token not in trail


def test_a_token_of_nobody_is_worth_nothing_once_somebody_has_an_account(database: Database) -> None:
    database.migrate()
    with database.session() as session:
        _, token = add_token(session, None, "demo", [TokenScope.READ], 1, NOW)
    client = TestClient(create_app(database, now=lambda: NOW), headers={"Authorization": f"Bearer {token}"})
    assert client.get(f"{PREFIX}/me").json()["name"] == "dashboard"
    with database.session() as session:
        add_account(session, "a@example.nl", "A", "de kat krabt de krullen van de trap", NOW)
    assert client.get(f"{PREFIX}/me").status_code == 401


def test_too_often_is_said_with_when_to_come_back(house: House) -> None:
    app = create_app(house.database, now=lambda: NOW, door=Door(api=Pace(3, 60), strangers=Pace(2, 60)))
    held = TestClient(app, headers={"Authorization": f"Bearer {house.tokens[Role.EDITOR]}"})
    assert [held.get(f"{PREFIX}/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = held.get(f"{PREFIX}/me")
    assert answer.headers["retry-after"] == "20" and answer.json()["type"] == "urn:vierluik:problem:too-often"
    other = TestClient(app, headers={"Authorization": f"Bearer {house.tokens[Role.AUDITOR]}"})
    assert other.get(f"{PREFIX}/me").status_code == 200  # each token has a pace of its own
    stranger = TestClient(app, headers={"Authorization": f"Bearer vl_{'x' * 43}"})
    assert [stranger.get(f"{PREFIX}/me").status_code for _ in range(3)] == [401, 401, 429]


def test_what_is_sent_is_bounded_and_what_is_not_known_is_refused(house: House) -> None:
    client = house.as_role(Role.EDITOR, **{"Accept-Language": "en"})
    address = f"sites/{house.ids['site']}/decisions"
    large = b'{"kind": "' + b"x" * LARGEST_BODY + b'"}'
    json_type = {"Content-Type": "application/json"}
    assert client.post(address, content=large, headers=json_type).status_code == 413
    assert client.post(address, content=(part for part in (large[:9], large[9:])), headers=json_type).status_code == 413
    assert client.post(address, data={"kind": "later"}).status_code == 415
    assert client.post(address, content=b"{" * 30_000, headers=json_type).status_code == 422
    assert client.post(address, content=b"\xff\xfe", headers=json_type).status_code in (400, 422)
    answer = client.post(address, json={"kind": "later", "things": [{"page": 1, "rule": "x", "evil": 1}], "until": "soon"})
    assert answer.status_code == 422 and answer.headers["content-type"] == PROBLEM
    wrong = {one["where"]: one["sentence"] for one in answer.json()["errors"]}
    assert wrong == {"body.things.0.evil": "There is no such field.", "body.until": "This value does not fit here."}
    assert "What you sent is not right" in answer.json()["title"]
    for question in ("nothing=1", "limit=0", "limit=501", "cursor=%00", "cursor=W10=", "cursor=Ing%3D", "status=gone", "type=x"):
        assert client.get(f"sites/{house.ids['site']}/pages?{question}").status_code == 422, question
    assert client.delete("me").status_code == 405 and client.get("nothing").status_code == 404
    assert client.get("nothing").headers["content-type"] == PROBLEM


def test_no_browser_may_read_it_nor_guess_what_it_is(house: House) -> None:
    client = house.as_role(Role.EDITOR, Origin="https://evil.example")
    for method, address in (("GET", "me"), ("GET", "sites/999999"), ("OPTIONS", "me"), ("GET", "openapi.json")):
        headers = client.request(method, address).headers
        assert headers["x-content-type-options"] == "nosniff" and "default-src 'none'" in headers["content-security-policy"]
        assert headers["content-type"] in ("application/json", PROBLEM)
        assert not [name for name in headers if name.startswith("access-control")]
        assert headers["cache-control"] in ("private, no-cache", "no-store")
    assert client.get("me", headers={"Host": "evil.example"}).status_code == 400


def test_what_a_site_sent_comes_out_as_bounded_text(filled: tuple[Database, dict[str, int]], house: House) -> None:
    """A title of a megabyte, half a character, controls, and signs that turn the direction of what follows."""
    page, site = house.ids["page"], house.ids["site"]
    title = "\u202egnp.exe\x00\x1b[31m\ud800</script>" + "é" * 1_000_000
    title = title.encode("utf-8", "replace").decode()
    with house.database.session() as session:
        session.execute(update(PageState).where(PageState.page_id == page).values(title=title))
    answer = house.as_role(Role.EDITOR).get(f"sites/{site}/pages/{page}")
    told = json.loads(answer.content.decode("utf-8", "strict"))
    assert len(answer.content) < 4_000 and told["title"].startswith("gnp.exe[31m") and told["title"].endswith("…")
    for method, _, address in house.addresses(site, page):
        if method == "GET":
            whole = house.as_role(Role.ADMINISTRATOR).get(address)
            assert not BIDI.search(whole.text), address
            whole.json()


def test_a_decision_is_written_down_with_the_person_and_the_token(house: House) -> None:
    site, page = house.ids["site"], house.ids["calm_page"]
    with house.database.session() as session:
        open_now = select(Page.id, Page.identity).where(Page.id == page)
        assert session.execute(open_now).one()
    client = house.as_role(Role.EDITOR)
    found = client.get(f"sites/{site}/findings?decided=false&outcome=failed&rule=text-contrast&limit=1").json()["items"][0]
    thing = {"page": found["page"], "rule": found["rule"]}
    made = client.post(f"sites/{site}/decisions", json={"kind": "not-correct", "reason": "false-alarm", "things": [thing]})
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["person"], told["standing"], told["needs_second"], told["not_seconded"]) == ("Mens editor", "waits", True, True)
    with house.database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.key == told["id"])).one()
        assert (entry.person, entry.action, entry.table) == ("Mens editor (token Gegevensteam)", "added", "decision")
    address = own(made.headers["location"])
    myself = client.post(address, json={"act": "second"}, headers={"If-Match": made.headers["etag"]})
    assert (myself.status_code, myself.json()["type"]) == (403, "urn:vierluik:problem:own-decision")
    other = house.as_role(Role.ADVISER)
    assert other.post(address, json={"act": "second"}).status_code == 428
    assert other.post(address, json={"act": "second"}, headers={"If-Match": '"0"'}).status_code == 412
    agreed = other.post(address, json={"act": "second"}, headers={"If-Match": made.headers["etag"]})
    assert (agreed.status_code, agreed.json()["standing"], agreed.json()["seconded_by"]) == (200, "holds", "Mens adviser")
    late = other.post(address, json={"act": "withdraw"}, headers={"If-Match": made.headers["etag"]})
    assert late.status_code == 412 and late.headers["etag"] == agreed.headers["etag"]
    back = other.post(address, json={"act": "withdraw"}, headers={"If-Match": agreed.headers["etag"]})
    assert back.json()["standing"] == "withdrawn"


def test_a_refused_call_writes_nothing(database: Database) -> None:
    ids = fill(database)
    house = house_of(database, ids)
    with database.session() as session:
        before = [session.scalar(select(func.count()).select_from(table)) for table in (Decision, Request)]
    for _, _, address in (one for one in house.addresses(ids["site"], ids["page"]) if one[0] == "POST"):
        for client in (house.caller(), house.caller(house.token(Role.EDITOR, TokenScope.READ, days=len(address)))):
            assert client.post(address, json={"page": ids["page"]}).status_code in (401, 403)
    with database.session() as session:
        assert before == [session.scalar(select(func.count()).select_from(table)) for table in (Decision, Request)]
