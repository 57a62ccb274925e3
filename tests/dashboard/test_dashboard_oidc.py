"""The organisation's log-in, against a provider of our own on loopback: its keys, its token, and what must not be believed."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_seed import NOW
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.guard import Door
from dashboard.oidc import Organisation
from rules.account import Role
from storage.accounts import account_by_mail, add_account, give_role, roles_of
from storage.database import Database

GOOD = {"sub": "7", "email": "anne@example.nl", "email_verified": True, "name": "Anne", "roles": ["WEB-EDITORS", "unknown"]}


class Provider(ThreadingHTTPServer):
    """Knows one person, and gives a token for the code "code"."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.key = ECKey.generate_key("P-256", {"kid": "1"})
        self.other = ECKey.generate_key("P-256", {"kid": "1"})
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.claims: dict[str, Any] = {}
        self.nonce = self.challenge = ""
        self.signs_with = self.key

    def token(self) -> str:
        claims = {"iss": self.issuer, "aud": "vierluik", "exp": int(time.time()) + 60, "nonce": self.nonce, **self.claims}
        return jwt.encode({"alg": "ES256", "kid": "1"}, claims, self.signs_with)


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        base = self.server.issuer
        if self.path.endswith("openid-configuration"):
            self.say({"issuer": base, "authorization_endpoint": f"{base}/auth", "token_endpoint": f"{base}/token",
                      "jwks_uri": f"{base}/keys"})  # fmt: skip
        else:
            self.say({"keys": [self.server.key.as_dict(private=False)]})

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
        if sent["code"] != ["code"] or proof != self.server.challenge:
            self.say({"error": "invalid_grant"}, 400)
        else:
            self.say({"access_token": "x", "token_type": "Bearer", "id_token": self.server.token()})

    def say(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(provider: Provider, database: Database) -> TestClient:
    with database.session() as session:
        admin = add_account(session, "beheer@example.nl", "Beheer", "de kat krabt de krullen", NOW)
        give_role(session, admin.id, Role.ADMINISTRATOR, None)
    organisation = Organisation(provider.issuer, "vierluik", "secret", {"WEB-EDITORS": Role.EDITOR})
    return TestClient(create_app(database, now=lambda: NOW, door=Door(organisation=organisation)), follow_redirects=False)


def come_back(client: TestClient, provider: Provider, claims: dict[str, Any], **changes: str) -> Any:
    begun = client.get("/nl/log-in/organisation?back=/nl/about")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    provider.nonce, provider.challenge, provider.claims = asked["nonce"], asked["code_challenge"], claims
    sent = {"state": asked["state"], "code": "code", **changes}
    return client.get("/nl/log-in/answer", params=sent)


def test_whom_the_organisation_vouches_for_comes_in(client: TestClient, provider: Provider, database: Database) -> None:
    answer = come_back(client, provider, GOOD)
    assert answer.headers["location"] == "/nl/about"
    assert client.get("/nl/about").status_code == 200
    with database.session() as session:
        account = account_by_mail(session, "anne@example.nl")
        assert account is not None and [one.role for one in roles_of(session, account.id)] == ["editor"]
    # The same person with another address is still the same person.
    come_back(client, provider, {**GOOD, "email": "anne.nieuw@example.nl"})
    with database.session() as session:
        assert account_by_mail(session, "anne.nieuw@example.nl") is None


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": "another"}, 502),
        ({"iss": "https://evil.example"}, 502),
        ({"exp": 1_000_000_000}, 502),
        ({"nonce": "another"}, 502),
        ({"email_verified": False}, 502),
        ({"email": "no address"}, 502),
        ({"roles": ["unknown"], "sub": "8", "email": "vreemd@example.nl"}, 403),
    ],
)
def test_what_does_not_hold_lets_nobody_in(client: TestClient, provider: Provider, claims: dict[str, Any], status: int) -> None:
    answer = come_back(client, provider, {**GOOD, **claims})
    assert answer.status_code == status
    assert client.get("/nl/about").status_code == 303


def test_a_token_that_another_key_signed_lets_nobody_in(client: TestClient, provider: Provider) -> None:
    provider.signs_with = provider.other
    try:
        assert come_back(client, provider, GOOD).status_code == 502
    finally:
        provider.signs_with = provider.key
    assert come_back(client, provider, GOOD, code="stolen").status_code == 502
    assert come_back(client, provider, GOOD, state="guessed").status_code == 400


def test_the_account_of_a_former_colleague_is_not_taken_over(client: TestClient, provider: Provider, database: Database) -> None:
    come_back(client, provider, GOOD)
    other = {**GOOD, "sub": "9"}  # somebody new who got the old address
    assert come_back(client, provider, other).status_code == 403


def test_a_provider_that_is_gone_is_said(database: Database, tmp_path: Path) -> None:
    organisation = Organisation("http://127.0.0.1:9", "vierluik", "secret")
    door = Door(always_locked=True, organisation=organisation)
    client = TestClient(create_app(database, now=lambda: NOW, door=door), follow_redirects=False)
    assert client.get("/nl/log-in/organisation").status_code == 502
