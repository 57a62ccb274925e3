"""Logging in by way of the organisation (OpenID Connect): Entra ID, Keycloak and what speaks as they do.

The code flow with PKCE, state and nonce. Only the issuer that was set is asked, and nothing but who somebody is.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from rules.account import Role

ALGORITHMS = ["RS256", "PS256", "ES256"]
WAITS_S = 10
BEGUN_S = 600  # within which somebody comes back
MOST_BEGUN = 1_000


class OrganisationError(Exception):
    """The organisation's log-in did not answer as it should; the sentence goes to the log."""


@dataclass(frozen=True)
class Vouched:
    """Somebody whom the organisation vouches for."""

    subject: str  # issuer and subject
    mail: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Begun:
    """A log-in that was begun: what has to come back with the answer."""

    verifier: str
    nonce: str
    back: str
    at: float


@dataclass
class Organisation:
    """The log-in of the organisation."""

    issuer: str
    client_id: str
    client_secret: str
    roles: Mapping[str, Role] = field(default_factory=dict)  # what the organisation calls a role: what it is here
    _found: dict[str, Any] = field(default_factory=dict)
    _begun: OrderedDict[str, Begun] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, back: str, redirect: str) -> tuple[str, str]:
        """Where to send somebody, and the state that their browser has to bring back. Raises OrganisationError."""
        begun = Begun(secrets.token_urlsafe(48), secrets.token_urlsafe(16), back, time.monotonic())
        with self._client(redirect) as client:
            address, state = client.create_authorization_url(
                self._discovered()["authorization_endpoint"], code_verifier=begun.verifier, nonce=begun.nonce
            )
        with self._lock:
            self._begun[state] = begun
            while len(self._begun) > MOST_BEGUN:
                self._begun.popitem(last=False)
        return str(address), str(state)

    def end(self, state: str, code: str, redirect: str) -> tuple[Vouched, str]:
        """Who it is, and where they wanted to be. Raises OrganisationError."""
        with self._lock:
            begun = self._begun.pop(state, None)
        if begun is None or time.monotonic() - begun.at > BEGUN_S:
            raise OrganisationError("the answer belongs to no log-in that was begun here")
        try:
            with self._client(redirect) as client:
                found = self._discovered()
                token = client.fetch_token(found["token_endpoint"], code=code, code_verifier=begun.verifier)
                keys = KeySet.import_key_set(client.request("GET", found["jwks_uri"], withhold_token=True).json())
            claims = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS).claims
            rules = jwt.JWTClaimsRegistry(
                leeway=60,
                iss={"essential": True, "value": found["issuer"]},
                aud={"essential": True, "value": self.client_id},
                exp={"essential": True},
                nonce={"essential": True, "value": begun.nonce},
                sub={"essential": True},
            )
            rules.validate(claims)
        except OrganisationError:
            raise
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise OrganisationError(f"the answer does not hold: {type(error).__name__}") from error
        except Exception as error:  # whatever the network or the client says: nobody is let in by it
            raise OrganisationError(f"{type(error).__name__}") from error
        return self._vouched(claims), begun.back

    def _vouched(self, claims: Mapping[str, Any]) -> Vouched:
        mail = str(claims.get("email") or claims.get("preferred_username") or "")
        if claims.get("email_verified") is False or "@" not in mail:
            raise OrganisationError("it gives no address that was verified")
        realm = claims.get("realm_access")
        said = [*_words(claims.get("roles")), *_words(realm.get("roles") if isinstance(realm, dict) else None)]
        roles = tuple(dict.fromkeys(self.roles[one] for one in said if one in self.roles))
        return Vouched(f"{self.issuer}#{claims['sub']}"[:500], mail, str(claims.get("name") or "")[:200], roles)

    def _client(self, redirect: str) -> OAuth2Client:
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope="openid profile email",
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=WAITS_S,
        )

    def _discovered(self) -> dict[str, Any]:
        if not self._found:
            try:
                with self._client("") as client:
                    address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                    found = client.request("GET", address, withhold_token=True).json()
                if str(found["issuer"]).rstrip("/") != self.issuer.rstrip("/"):
                    raise OrganisationError(f"{address} speaks of another issuer")
                self._found = {name: found[name] for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")}
            except OrganisationError:
                raise
            except Exception as error:
                raise OrganisationError(f"{self.issuer} does not answer: {type(error).__name__}") from error
        return self._found


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
