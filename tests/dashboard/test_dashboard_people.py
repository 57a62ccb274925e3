"""People: every route as every role, logging in and out, locking, the second factor, and who changed what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest
from dashboard_seed import NOW, copy_of
from fastapi import FastAPI
from fastapi.routing import APIRoute
from lxml import html
from sqlalchemy import func, select
from starlette.responses import Response
from starlette.routing import Mount
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.guard import Door, Pace, own_path
from dashboard.permissions import OF_EVERYBODY, OPEN, permission_of
from rules.account import MAY, AccountError, Permission, Role, code_at, password, step_of_code
from storage.account_models import Account, AuditEntry, LogInSession
from storage.accounts import add_account, begin_session, deciders, give_role, invite, set_second_factor
from storage.database import Database
from storage.models import Decision, Request

OWN = {"sec-fetch-site": "same-origin"}
SECRET = "de kat krabt de krullen van de trap"


@pytest.fixture(scope="module")
def house(
    filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, dict[str, int], dict[Role, str]]]:
    """A dashboard with one account for each role on one site, and who is logged in with it."""
    database, ids = copy_of(filled[0], tmp_path_factory.mktemp("house")), filled[1]
    tokens = {}
    with database.session() as session:
        for role in Role:
            account = add_account(session, f"{role}@example.nl", f"Mens {role}", SECRET, NOW)
            give_role(session, account.id, role, None if role is Role.ADMINISTRATOR else ids["site"])
            tokens[role] = begin_session(session, account, NOW, whole=True)
    yield database, ids, tokens
    database.close()


@cache
def app_of(database: Database, minutes: int) -> FastAPI:
    door = Door(log_ins=Pace(1_000, 1), changes=Pace(10_000, 1))  # how often has a test of its own
    return create_app(database, now=lambda: NOW + timedelta(minutes=minutes), door=door)


def client_of(house: tuple[Database, dict[str, int], dict[Role, str]], role: Role | None, minutes: int = 0) -> TestClient:
    client = TestClient(app_of(house[0], minutes), follow_redirects=False)
    if role:
        client.cookies.set("vierluik", house[2][role])
    return client


def routes(house: tuple[Database, dict[str, int], dict[Role, str]], site: str) -> Iterator[tuple[str, str, str]]:
    """Method, name and address of every route there is, about one site."""
    ids = house[1]
    of_site = (
        {"site": ids["site"], "page": ids["page"]} if site == "site" else {"site": ids["big_site"], "page": ids["last_page"]}
    )
    values = {
        "language": "nl",
        "site_id": of_site["site"],
        "page_id": of_site["page"],
        "rule_id": "text-contrast",
        "version": "x",
    }
    values |= {"digest": "0" * 32, "token": "t" * 40, "batch": "0" * 32, "name:path": "x.css", "number": 1, "task_id": 1}
    for route in flat(app_of(house[0], 0).routes):
        address = re.sub(r"\{([^}]+)\}", lambda found: str(values.get(found[1], 1)), route.path)
        for method in sorted(route.methods - {"HEAD"}):
            yield method, route.name, address


def flat(found: object) -> Iterator[APIRoute]:
    for route in found:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute):
            yield route
        elif not isinstance(route, Mount):  # the API, which asks for a token: see test_api_security
            inner = getattr(route, "original_router", None) or getattr(route, "router", None)
            yield from flat(inner.routes if inner is not None else getattr(route, "routes", []) or [])


def let_in_here(**_values: object) -> Response:
    return Response("let in")


def test_every_route_as_every_role(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    asked = [one for one in routes(house, "site") if one[1] != "metrics"]  # which has a token of its own
    assert len(asked) > 80 and len({name for _, name, _ in asked}) > 60
    wrong = []
    app = create_app(house[0], now=lambda: NOW)
    for route in flat(app.routes):
        if route.name not in OPEN and route.name not in OF_EVERYBODY:
            route.dependant.call = let_in_here  # what a screen shows has tests of its own
    for role in (None, *Role):
        client = TestClient(app, follow_redirects=False, cookies={"vierluik": house[2][role]} if role else {})
        for method, name, address in asked:
            if name in ("log_out", "change_account", "change_role") or (method == "POST" and name in OF_EVERYBODY):
                continue  # they have tests of their own
            answer = client.request(method, address, headers=OWN)
            changes = method != "GET"
            may = role is not None and permission_of(name, changes=changes) in MAY[role]
            if name == "accounts" or name == "invite_person":
                may = role is Role.ADMINISTRATOR
            to_log_in = answer.status_code == 303 and "/log-in" in answer.headers["location"]
            refused = answer.status_code == 403 or (to_log_in and name != "second_factor_now")
            let_in = name in OPEN or (name in OF_EVERYBODY and role is not None) or may
            if refused == let_in:
                wrong.append(f"{role} {method} {name}: {answer.status_code}")
    assert not wrong


def test_another_site_is_not_there_for_who_has_no_role_on_it(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    for role in (Role.EDITOR, Role.AUDITOR):
        client = client_of(house, role)
        for method, name, address in routes(house, "other"):
            if "/sites/" in address or "/pages/" in address:
                assert client.request(method, address, headers=OWN).status_code == 404, (role, method, name)
        assert "Grote site" not in client.get("/nl/").text
        found = client.get("/nl/report", params={"url": "https://groot.example.nl/001"})
        assert found.status_code == 404 and "Grote site" not in found.text
    assert "Grote site" in client_of(house, Role.ADMINISTRATOR).get("/nl/").text


def test_who_is_not_known_logs_in_and_comes_back(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    client = client_of(house, None)
    wanted = f"/nl/sites/{house[1]['site']}/pages?q=a%20b"
    asked = client.get(wanted)
    assert asked.status_code == 303 and asked.headers["location"].startswith("/nl/log-in?back=")
    shown = html.fromstring(client.get(asked.headers["location"]).text)
    form = {field.get("name"): field.get("value") or "" for field in shown.xpath("//form//input")}
    form |= {"mail": " EDITOR@example.nl ", "secret": SECRET}
    answer = client.post("/nl/log-in", data=form, headers=OWN)
    assert answer.status_code == 303 and answer.headers["location"] == wanted
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert client.get(wanted).status_code == 200
    assert client.post("/nl/log-out", headers=OWN).status_code == 303
    assert client.get(wanted).status_code == 303


def test_a_token_of_before_says_nothing_after_logging_in(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    client = client_of(house, None)
    client.cookies.set("vierluik", "a-token-that-somebody-else-chose-for-me")
    client.post("/nl/log-in", data={"mail": "editor@example.nl", "secret": SECRET}, headers=OWN)
    other = client_of(house, None)
    other.cookies.set("vierluik", "a-token-that-somebody-else-chose-for-me")
    assert other.get("/nl/").status_code == 303


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "x"]
)
def test_nobody_is_sent_to_another_site(house: tuple[Database, dict[str, int], dict[Role, str]], back: str) -> None:
    assert own_path(back) == ""
    client = client_of(house, None)
    form = {"mail": "editor@example.nl", "secret": SECRET, "back": back}
    assert client.post("/nl/log-in", data=form, headers=OWN).headers["location"] == "/nl/"


def test_a_session_ends_by_itself(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    assert client_of(house, Role.MANAGER, 60).get("/nl/").status_code == 200
    assert client_of(house, Role.MANAGER, 60 * 4).get("/nl/").status_code == 303
    # Also of who is at it all the time: no token lives longer than twelve hours.
    with house[0].session() as session:
        for row in session.scalars(select(LogInSession)):
            row.seen_at = NOW + timedelta(hours=12)
    assert client_of(house, Role.MANAGER, 60 * 12 + 1).get("/nl/").status_code == 303
    with house[0].session() as session:
        for row in session.scalars(select(LogInSession)):
            row.seen_at = NOW


def test_wrong_passwords_lock_and_tell_nothing(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    client = client_of(house, None)
    with house[0].session() as session:
        add_account(session, "slot@example.nl", "Slot", SECRET, NOW)

    def refused(mail: str, secret: str) -> str:
        answer = client.post("/nl/log-in", data={"mail": mail, "secret": secret}, headers=OWN)
        assert answer.status_code == 401 and "set-cookie" not in answer.headers
        return re.sub(r'value="[^"]*"', "", answer.text)

    said = {refused("nobody@example.nl", "x"), *(refused("slot@example.nl", f"wrong {number}") for number in range(5))}
    said.add(refused("slot@example.nl", SECRET))  # the right one waits too
    assert len(said) == 1
    later = client_of(house, None, 2)
    assert later.post("/nl/log-in", data={"mail": "slot@example.nl", "secret": SECRET}, headers=OWN).status_code == 303


def test_logging_in_too_often_is_slowed_down(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    app = create_app(house[0], now=lambda: NOW, door=Door(log_ins=Pace(3, 3600)))
    client = TestClient(app, follow_redirects=False)
    form = {"mail": "nobody@example.nl", "secret": "x"}
    answers = [client.post("/nl/log-in", data=form, headers=OWN).status_code for _ in range(5)]
    assert answers == [401, 401, 401, 429, 429]
    pace = Pace(2, 10)
    assert [pace.takes("a", moment) for moment in (0, 0, 0, 5, 5)] == [True, True, False, True, False]
    assert pace.takes("b", 0)


def test_the_second_factor_is_asked_and_works_once(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    step = int(NOW.timestamp()) // 30
    with house[0].session() as session:
        account = add_account(session, "twee@example.nl", "Twee", SECRET, NOW)
        give_role(session, account.id, Role.EDITOR, house[1]["site"])
        codes = set_second_factor(account, secret, code_at(secret, step - 1), NOW)
        assert codes and not set(codes) & set(account.recovery)
    client = client_of(house, None)
    half = client.post("/nl/log-in", data={"mail": "twee@example.nl", "secret": SECRET}, headers=OWN)
    assert half.headers["location"] == "/nl/second-factor"
    assert client.get("/nl/").status_code == 303  # a password alone opens nothing
    held = client.cookies.get("vierluik-half")
    as_whole = client_of(house, None)
    as_whole.cookies.set("vierluik", held or "")
    assert as_whole.get("/nl/").status_code == 303
    assert client.post("/nl/second-factor", data={"code": "000000"}, headers=OWN).status_code == 401
    used = client.post("/nl/second-factor", data={"code": code_at(secret, step - 1)}, headers=OWN)
    assert used.status_code == 401  # it was used when the factor was set
    assert client.post("/nl/second-factor", data={"code": code_at(secret, step)}, headers=OWN).status_code == 303
    assert client.get("/nl/").status_code == 200
    again = client_of(house, None)
    again.post("/nl/log-in", data={"mail": "twee@example.nl", "secret": SECRET}, headers=OWN)
    assert again.post("/nl/second-factor", data={"code": codes[0]}, headers=OWN).status_code == 303
    third = client_of(house, None)
    third.post("/nl/log-in", data={"mail": "twee@example.nl", "secret": SECRET}, headers=OWN)
    assert third.post("/nl/second-factor", data={"code": codes[0]}, headers=OWN).status_code == 401


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for moment, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert code_at(secret, moment // 30) == code
        assert step_of_code(secret, f"{code[:3]} {code[3:]}", moment, 0) == moment // 30
        assert step_of_code(secret, code, moment, moment // 30) is None
        assert step_of_code(secret, code, moment + 90, 0) is None


@pytest.mark.parametrize("secret", ["kort", "wachtwoord12", "aaaaaaaaaaaa", "anne-de-vries", "vierluik2026", "x" * 201])
def test_a_password_that_is_guessed_is_refused(secret: str) -> None:
    with pytest.raises(AccountError):
        password(secret, "anne.devries@example.nl", "Anne de Vries")


def test_an_invitation_makes_one_account_with_its_role(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    admin = client_of(house, Role.ADMINISTRATOR)
    form = {"mail": "nieuw@example.nl", "name": "Nieuw", "role": "editor", "of_site": str(house[1]["site"])}
    shown = admin.post("/nl/accounts", data=form, headers=OWN)
    where = re.search(r"http://testserver(/nl/invitation/[\w-]+)", shown.text)
    assert where
    fresh = client_of(house, None)
    assert "nieuw@example.nl" in fresh.get(where[1]).text
    assert fresh.post(where[1], data={"secret": "kort"}, headers=OWN).status_code == 422
    assert fresh.post(where[1], data={"secret": SECRET}, headers=OWN).status_code == 303
    assert fresh.get(f"/nl/sites/{house[1]['site']}/desk").status_code == 200
    assert fresh.get(f"/nl/sites/{house[1]['big_site']}").status_code == 404
    assert client_of(house, None).post(where[1], data={"secret": SECRET}, headers=OWN).status_code == 404  # once
    assert admin.post("/nl/accounts", data=form, headers=OWN).status_code == 422
    with house[0].session() as session:
        token = invite(session, "laat@example.nl", "Laat", Role.EDITOR, None, "x", NOW)
    assert client_of(house, None, 60 * 24 * 8).get(f"/nl/invitation/{token}").status_code == 404


def test_the_last_administrator_stays(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    admin = client_of(house, Role.ADMINISTRATOR)
    with house[0].session() as session:
        number = session.scalars(select(Account.id).where(Account.mail == "administrator@example.nl")).one()
    assert admin.post(f"/nl/accounts/{number}", data={"act": "off"}, headers=OWN).status_code == 409
    assert admin.get("/nl/accounts").status_code == 200


def test_an_account_that_is_switched_off_is_out_at_once(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    admin = client_of(house, Role.ADMINISTRATOR)
    with house[0].session() as session:
        account = add_account(session, "weg@example.nl", "Weg", SECRET, NOW)
        give_role(session, account.id, Role.EDITOR, None)
        number, token = account.id, begin_session(session, account, NOW, whole=True)
    theirs = client_of(house, None)
    theirs.cookies.set("vierluik", token)
    assert theirs.get("/nl/").status_code == 200
    assert admin.post(f"/nl/accounts/{number}", data={"act": "off"}, headers=OWN).status_code == 303
    assert theirs.get("/nl/").status_code == 303
    assert theirs.post("/nl/log-in", data={"mail": "weg@example.nl", "secret": SECRET}, headers=OWN).status_code == 401


def test_not_correct_waits_for_a_second_person_and_all_is_written_down(
    house: tuple[Database, dict[str, int], dict[Role, str]],
) -> None:
    database, ids, _ = house
    site, page = ids["site"], ids["page"] + 4
    with database.session() as session:
        assert deciders(session, site) >= 2
    editor, auditor = client_of(house, Role.EDITOR), client_of(house, Role.AUDITOR)
    form = {"thing": f"{page}:image-alternative", "act": "not-correct", "reason": "false-alarm"}
    assert editor.post(f"/nl/sites/{site}/desk", data=form, headers=OWN).status_code == 303
    with database.session() as session:
        first = session.scalars(select(Decision).where(Decision.page_id == page, Decision.kind == "not-correct")).first()
        assert first is not None and first.needs_second and first.person == "Mens editor"
    where = f"/nl/sites/{site}/decisions/{first.batch}"
    assert "wacht op een tweede persoon" in auditor.get(f"/nl/sites/{site}/decisions").text
    assert editor.post(where, data={"act": "second"}, headers=OWN).status_code == 403
    assert auditor.post(where, data={"act": "second"}, headers=OWN).status_code == 303
    with database.session() as session:
        query = select(AuditEntry).where(AuditEntry.key == first.batch).order_by(AuditEntry.id)
        added, changed = session.scalars(query).all()
        assert (added.person, added.action, added.site_id) == ("Mens editor", "added", site)
        assert added.changes["reason"] == [None, "false-alarm"]
        assert (changed.person, changed.changes["seconded_by"]) == ("Mens auditor", ["", "Mens auditor"])
        secrets = session.scalars(select(AuditEntry).where(AuditEntry.table == "account")).all()
        assert all("argon2" not in str(one.changes) for one in secrets)
    assert "Mens auditor" in auditor.get(f"/nl/sites/{site}/changes").text
    assert "seconded_by" in auditor.get(f"/nl/sites/{site}/changes.csv").text
    assert editor.get(f"/nl/sites/{site}/changes").status_code == 403


def test_a_manager_decides_and_has_nothing_looked_at(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    address, form = f"/nl/sites/{house[1]['site']}/desk", {"act": "check", "thing": "6:image-alternative"}
    assert client_of(house, Role.MANAGER).post(address, data=form, headers=OWN).status_code == 403
    assert client_of(house, Role.EDITOR).post(address, data=form, headers=OWN).status_code == 303


def test_a_form_of_another_site_changes_nothing(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    client = client_of(house, Role.ADMINISTRATOR)
    with house[0].session() as session:
        before = session.scalar(select(func.count()).select_from(Request))
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}):
        for method, name, address in routes(house, "site"):
            if method != "GET":
                assert client.request(method, address, headers=headers).status_code == 403, name
    with house[0].session() as session:
        assert session.scalar(select(func.count()).select_from(Request)) == before


def test_a_host_that_is_not_ours_is_refused(house: tuple[Database, dict[str, int], dict[Role, str]]) -> None:
    door = Door(public_url="https://vierluik.example.nl")
    client = TestClient(create_app(house[0], now=lambda: NOW, door=door), follow_redirects=False)
    assert client.get("/nl/log-in", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/nl/log-in", headers={"host": "vierluik.example.nl"}).status_code == 200
    form = {"mail": "editor@example.nl", "secret": SECRET}
    cookie = client.post("/nl/log-in", data=form, headers={**OWN, "host": "vierluik.example.nl"}).headers["set-cookie"]
    assert cookie.startswith("__Host-vierluik=") and "Secure" in cookie


def test_without_accounts_the_dashboard_is_open_and_behind_a_door_it_is_not(stored: Database) -> None:
    assert TestClient(create_app(stored, now=lambda: NOW), follow_redirects=False).get("/nl/").status_code == 200
    locked = TestClient(create_app(stored, now=lambda: NOW, door=Door(always_locked=True)), follow_redirects=False)
    assert locked.get("/nl/").status_code == 303
    assert locked.get("/nl/log-in").status_code == 200
    assert Permission.ADMINISTER not in MAY[Role.MANAGER]
