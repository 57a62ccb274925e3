"""Addresses are resolved as a browser does it, and two addresses of one page are one identity."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.address import origin_of, page_identity, resolve, without_credentials

HOST = "https://www.example.nl"
names = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
paths = st.lists(names, max_size=4).map(lambda parts: "/" + "/".join(parts))
pairs = st.lists(st.tuples(names.filter(lambda name: not name.lower().startswith(("pk", "utm", "mtm"))), names), max_size=5)
tracking = st.sampled_from(["utm_source", "UTM_Campaign", "gclid", "fbclid", "mtm_kwd", "pk_campaign", "PHPSESSID", "_ga"])


def query_of(given_pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in given_pairs)


@given(paths, pairs, tracking, names)
def test_tracking_keys_do_not_make_another_page(path: str, query: list[tuple[str, str]], key: str, value: str) -> None:
    plain = f"{HOST}{path}?{query_of(query)}"
    assert page_identity(f"{HOST}{path}?{query_of([*query, (key, value)])}") == page_identity(plain)
    assert page_identity(f"{HOST}{path}?{query_of([(key, value), *query])}") == page_identity(plain)


@given(paths, pairs, st.randoms())
def test_the_order_of_the_query_does_not_make_another_page(path: str, query: list[tuple[str, str]], random: object) -> None:
    shuffled = list(query)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert page_identity(f"{HOST}{path}?{query_of(shuffled)}") == page_identity(f"{HOST}{path}?{query_of(query)}")


@given(paths, pairs, names)
def test_a_fragment_does_not_make_another_page(path: str, query: list[tuple[str, str]], fragment: str) -> None:
    url = f"{HOST}{path}?{query_of(query)}"
    assert page_identity(f"{url}#{fragment}") == page_identity(url)


@given(paths, pairs)
def test_the_default_port_and_a_password_do_not_make_another_page(path: str, query: list[tuple[str, str]]) -> None:
    rest = f"{path}?{query_of(query)}"
    plain = page_identity(f"{HOST}{rest}")
    assert page_identity(f"https://www.example.nl:443{rest}") == plain
    assert page_identity(f"https://naam:geheim@www.example.nl{rest}") == plain
    assert page_identity(f"HTTPS://WWW.Example.NL{rest}") == plain


@given(paths, pairs)
def test_another_scheme_host_or_port_is_another_page(path: str, query: list[tuple[str, str]]) -> None:
    rest = f"{path}?{query_of(query)}"
    origins = (HOST, "http://www.example.nl", "https://example.nl", "https://www.example.nl:8443")
    assert len({page_identity(f"{origin}{rest}") for origin in origins}) == len(origins)


@given(names, names, pairs)
def test_trailing_slash_case_and_values_are_kept(folder: str, page: str, query: list[tuple[str, str]]) -> None:
    path = f"{HOST}/{folder}/{page}"
    assert page_identity(path) != page_identity(f"{path}/")
    assert (page_identity(path.lower()) == page_identity(path)) == (path.lower() == path)
    assert page_identity(f"{path}?{query_of([*query, ('p', 'A')])}") != page_identity(f"{path}?{query_of([*query, ('p', 'a')])}")


@given(paths, pairs, names)
def test_the_identity_of_an_identity_is_itself(path: str, query: list[tuple[str, str]], fragment: str) -> None:
    identity = page_identity(f"{HOST}{path}?{query_of(query)}#{fragment}")
    assert page_identity(identity) == identity
    assert origin_of(identity) == HOST


@given(st.text(max_size=100))
def test_any_reference_is_an_address_or_none(reference: str) -> None:
    found = resolve(f"{HOST}/map/", reference)
    assert found is None or page_identity(found).startswith(("http://", "https://"))
    assert found is None or "@" not in without_credentials(found).partition("//")[2].partition("/")[0]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("pagina", f"{HOST}/map/pagina"),
        ("/pagina", f"{HOST}/pagina"),
        ("../pagina", f"{HOST}/pagina"),
        ("?p=1", f"{HOST}/map/?p=1"),
        ("//cdn.example.nl/x.css", "https://cdn.example.nl/x.css"),
        (" \n /met spatie ", f"{HOST}/met%20spatie"),
        ("http:\\\\www.example.nl\\a", "http://www.example.nl/a"),
        ("mailto:info@example.nl", None),
        ("tel:14010", None),
        ("javascript:void(0)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("http://", None),
        ("http://[::1", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_a_reference_is_resolved_as_a_browser_does_it(reference: str, expected: str | None) -> None:
    assert resolve(f"{HOST}/map/", reference) == expected
