"""What ends a session, what shows a log-in, and what may stand in a setting."""

from __future__ import annotations

import pytest

from rules.log_in_steps import read_steps
from rules.login import Access, Login, LoginError, logs_out

SITE = "https://acceptatie.voorbeeld.nl"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/uitloggen", ""),
        ("/logout", ""),
        ("/log-out", ""),
        ("/user/logout?_format=html", ""),
        ("/saml/logout", ""),
        ("/saml2/slo", ""),
        ("/Shibboleth.sso/Logout", ""),
        ("/oauth2/sign_out", ""),
        ("/Account/LogOff", ""),
        ("/Account/LogOff.aspx", ""),
        ("/wp-login.php?action=logout&_wpnonce=1", ""),
        ("/index.php?option=com_users&task=userLogout", ""),
        ("/j_spring_security_logout", ""),
        ("/?do=logout", ""),
        ("/connect/endsession", ""),
        ("/afmelden", ""),
        ("/sessie/17", "Uitloggen"),
        ("/sessie/17", "  Log uit "),
        ("/sessie/17", "Afmelden"),
        ("/sessie/17", "Sign out"),
        ("/sessie/17", "Uitloggen (beheerder)"),
        ("/sessie/17", "Uitloggen van Mijn Gemeente"),
        ("/sessie/17", "Log off"),
    ],
)
def test_log_out_link(path: str, text: str) -> None:
    assert logs_out(SITE + path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/hond-afmelden", "Hond afmelden"),
        ("/producten/afmelden-hondenbelasting", "Afmelden voor de hondenbelasting"),
        ("/blogoutreach", "Blog"),
        ("/dialogofficer", ""),
        ("/catalogoutlet", "Catalogus"),
        ("/inloggen", "Inloggen"),
        ("/nieuws/uitlogen-van-hout", "Uitlogen van hout"),
        ("/aanmelden", "Aanmelden nieuwsbrief"),
        ("/hulp", "Ik kan niet uitloggen, wat nu?"),
    ],
)
def test_other_link(path: str, text: str) -> None:
    assert not logs_out(SITE + path, text)


def test_only_places_of_secrets_are_accepted() -> None:
    for password in ("Winter93!", "env:", "env:MET SPATIE", "plain:x", ""):
        with pytest.raises(LoginError) as refused:
            Login.of_site({"login": {"user": "u", "password": password}})
        assert "Winter93" not in str(refused.value)
    login = Login.of_site({"login": {"user": "u", "password": "env:NAAM"}})
    assert login is not None
    assert Login.of_site({"login": login.as_stored()}) == login
    assert Login.of_site({}) is None


def test_secrets_are_not_in_what_is_printed() -> None:
    access = Access((SITE,), basic=("u", "geheim1"), cookies=({"name": "a", "value": "geheim2"},), proof=f"{SITE}/?t=geheim3")
    assert "geheim" not in repr(access)
    assert "geheim" not in str(access)


def test_log_in_is_known_by_address_or_form() -> None:
    access = Access((SITE,), log_in_pages=frozenset({f"{SITE}/inloggen"}), log_in_fields=frozenset({"naam", "ww"}))
    form = '<form><input name="naam"><input type="hidden" name="token"><input type="PASSWORD" name="ww"></form>'
    assert access.shows_log_in(f"{SITE}/inloggen/?terug=/x", "")
    assert access.shows_log_in(f"{SITE}/", form)
    assert not access.shows_log_in(f"{SITE}/", "<p>password</p>")
    other = '<form><input type="password" name="oud"><input type="password" name="nieuw"></form>'
    assert not access.shows_log_in(f"{SITE}/wachtwoord-wijzigen", other)


def test_steps_resolve_paths_and_keep_texts() -> None:
    steps = read_steps(
        'also = ["https://idp.nl/x"]\n'
        '[[step]]\nopen = "/in"\n[[step]]\nfill = "Naam"\nwith = "{env:A}"\n[[step]]\nexpect = "/mijn"',
        f"{SITE}/",
    )
    assert [step.what for step in steps.steps] == [f"{SITE}/in", "Naam", f"{SITE}/mijn"]
    assert steps.also == ("https://idp.nl",)
