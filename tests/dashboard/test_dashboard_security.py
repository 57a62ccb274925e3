"""Hostile text stays text, and only our own screens may ask for something."""

from __future__ import annotations

import re

import pytest
from dashboard_seed import HOSTILE, NOW, fill
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient
from test_dashboard_screens import SCREENS

from dashboard.app import create_app
from dashboard.crawled import address, crawled, language_tag, safe_href, visible
from dashboard.rule_text import rule_text
from rules.search_log import IMPORT
from storage.database import Database
from storage.models import Request

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x07]")
ALLOWED = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "div", "span", "nav", "ul", "ol", "li", "main",
    "footer", "p", "h1", "h2", "h3", "h4", "section", "article", "strong", "em", "code", "pre", "details", "summary", "dl",
    "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "form", "button", "input", "select", "option", "label",
    "abbr", "fieldset", "legend", "textarea", "optgroup",
    "figure", "figcaption", "meter", "progress", "bdi", "br", "svg", "path", "circle", "line", "polygon", "polyline", "rect",
    "text", "wbr", "img", "kbd", "script",
}  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_holds_an_element_or_attribute_that_came_from_a_site(
    client: TestClient, ids: dict[str, int], screen: str
) -> None:
    text = client.get(f"/nl{screen.format(**ids)}").text
    page = html.fromstring(text)
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= ALLOWED
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name not in ("style", "srcdoc")
            if name == "src":  # a picture that we took, or a script of ours
                ours = r"/static/[0-9a-f]+/[a-z]+\.js" if element.tag == "script" else r"/pictures/[0-9a-f]+\.jpg"
                assert re.fullmatch(ours, value), value
            if name in ("href", "action"):
                assert re.match(r"(/(?!/)|#|https?://)", value), value
    assert not BIDI.search(text)
    assert all(element.get("src") and not element.text for element in page.iter("script"))


def test_hostile_title_is_shown_as_text(client: TestClient, ids: dict[str, int]) -> None:
    page = html.fromstring(client.get(f"/nl/pages/{ids['hostile_page']}").text)
    assert page.find(".//h1").text_content() == '<script>alert("1")</script><b style="x">gnp.exe'
    assert page.find(".//h1/bdi") is not None


def test_hostile_address_is_never_a_link(client: TestClient, ids: dict[str, int]) -> None:
    page = html.fromstring(client.get(f"/nl/sites/{ids['site']}/links").text)
    assert "javascript:alert(4)" in page.text_content()
    assert not [address for address in page.xpath("//@href") if address.startswith("javascript")]


def test_links_out_tell_nothing_about_us(client: TestClient, ids: dict[str, int]) -> None:
    page = html.fromstring(client.get(f"/nl/pages/{ids['page']}").text)
    outward = [link for link in page.iter("a") if link.get("href", "").startswith("http")]
    assert outward
    assert all("noopener" in link.get("rel", "") for link in outward)


def test_long_title_is_cut_and_still_to_be_read(client: TestClient, ids: dict[str, int]) -> None:
    page = html.fromstring(client.get(f"/nl/pages/{ids['long_page']}").text)
    assert len(page.find(".//h1").text_content()) <= 160
    assert any(len(part.text_content()) > 3_000 for part in page.xpath("//details"))
    lists = html.fromstring(client.get(f"/nl/sites/{ids['site']}/pages").text)
    assert all(len(link.text_content()) <= 130 for link in lists.xpath("//tbody//a"))


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://www.example.nl/a?b=c", True), ("http://127.0.0.1:8000/", True), ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False), ("data:text/html,x", False), ("//evil.example", False), ("/path", False),
        ("https://", False), ("https://[::1", False), ("java\nscript:alert(1)", False), ("https://a b/", False),
        ("ftp://example.nl/", False), ("https://example.nl/\u202egpj", False),
    ],
)  # fmt: skip
def test_only_http_addresses_become_links(address: str, followed: bool) -> None:
    assert bool(safe_href(address)) is followed


def test_crawled_text_is_isolated_and_in_its_own_language() -> None:
    assert str(crawled("a\u202eb<c>", language="en-GB")) == '<bdi lang="en">ab&lt;c&gt;</bdi>'
    assert str(crawled("a  \n b")) == "<bdi>a b</bdi>"
    assert [language_tag(tag) for tag in ("nl", "nl-NL", "xx-none-such!", '"><x>', "")] == ["nl", "nl", "", "", ""]


def test_address_breaks_between_its_parts() -> None:
    assert address("https://a.nl/b-c?<x>") == "<bdi>https://<wbr>a.<wbr>nl/<wbr>b-<wbr>c?<wbr>&lt;x&gt;</bdi>"
    assert address("https://a.nl/b", 9) == "<bdi>https://<wbr>…</bdi>"


def test_half_a_character_does_not_break_the_screen() -> None:
    assert str(crawled("a\ud800b")) == "<bdi>ab</bdi>"
    assert visible("a\ud800b") == "a�b"


def test_code_shows_where_something_invisible_was() -> None:
    assert visible("<p>\u202e\n\tx</p>") == "<p>�\n\tx</p>"


def test_html_in_the_words_of_a_rule_is_shown_not_obeyed() -> None:
    assert rule_text("`a` <b>c</b>") == "<p><code>a</code> &lt;b&gt;c&lt;/b&gt;</p>\n"
    assert "<a" not in rule_text("[x](javascript:alert(1))")
    assert HOSTILE not in rule_text(HOSTILE)


@pytest.mark.parametrize(
    "address", ["/", "/nl/", "/nl/nothing", "/healthz", "/nl/about", "/static/x/vierluik.css", "/static/x/mark.svg"]
)
def test_every_answer_has_the_security_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; ")
    assert "form-action 'self'; frame-ancestors 'none'; base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "cache-control" in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:8000", 200), ("evil.example", 400),
        ("localhost.evil.example", 400), ("10.0.0.1", 400),
    ],
)  # fmt: skip
def test_only_loopback_names_are_answered(client: TestClient, host: str, status: int) -> None:
    answer = client.get("/nl/", headers={"Host": host})
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True), ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False), ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True), ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://localhost:9999"}, False), ({"Origin": "null"}, False), ({"Origin": "http://["}, False), ({}, False),
    ],
)  # fmt: skip
def test_only_our_own_screens_may_ask_for_a_run(database: Database, headers: dict[str, str], allowed: bool) -> None:
    ids = fill(database)
    client = TestClient(create_app(database, now=lambda: NOW), follow_redirects=False)
    answer = client.post(f"/nl/sites/{ids['site']}/run", headers=headers)
    with database.session() as session:
        waiting = session.scalars(select(Request).where(Request.kind != IMPORT)).all()
    if allowed:
        assert (answer.status_code, answer.headers["location"]) == (303, f"/nl/sites/{ids['site']}")
        assert [(one.kind, one.state, one.site_id, one.requested_at) for one in waiting] == [("run", "waiting", ids["site"], NOW)]
    else:
        assert answer.status_code == 403
        assert "Deze aanvraag kwam niet van dit scherm" in answer.text
        assert not waiting


def test_asking_twice_waits_once_and_says_so(database: Database) -> None:
    ids = fill(database)
    client = TestClient(create_app(database, now=lambda: NOW), headers={"Sec-Fetch-Site": "same-origin"})
    for _ in range(2):
        assert "Een controle is aangevraagd" in client.post(f"/nl/sites/{ids['site']}/run").text
        page = client.post(f"/nl/pages/{ids['page']}/check").text
        assert "Deze pagina wordt opnieuw gecontroleerd" in page
        assert "Controleer opnieuw" not in page
    assert client.post(f"/en/pages/{ids['calm_page']}/check").status_code == 200
    with database.session() as session:
        kinds = [
            (one.kind, one.arguments.get("url", "")) for one in session.scalars(select(Request).where(Request.kind != IMPORT))
        ]
    assert kinds == [
        ("run", ""),
        ("check_page", "https://www.example.nl/verhuizing-doorgeven"),
        ("check_page", "https://www.example.nl/werken-bij"),
    ]


def test_nothing_is_written_for_what_does_not_exist(database: Database) -> None:
    fill(database)
    client = TestClient(create_app(database), headers={"Sec-Fetch-Site": "same-origin"})
    assert client.post("/nl/sites/999/run").status_code == 404
    assert client.post("/nl/pages/99999/check").status_code == 404
    assert client.get("/nl/sites/1/run").status_code in (404, 405)
    assert client.post("/nl/sites/1").status_code == 405


def test_files_are_kept_for_a_year_under_a_name_of_their_own(client: TestClient) -> None:
    page = html.fromstring(client.get("/nl/").text)
    addresses = page.xpath("//link/@href")
    assert len(addresses) == 3
    for style in addresses:
        answer = client.get(style)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    old = re.sub(r"/static/\w+/", "/static/old/", addresses[1])
    assert client.get(old).headers["cache-control"] == "no-cache"


def test_answers_are_compressed(client: TestClient, ids: dict[str, int]) -> None:
    for where in (f"/nl/sites/{ids['site']}", "/static/x/vierluik.css"):
        assert client.get(where, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
        assert "content-encoding" not in client.get(where, headers={"Accept-Encoding": "identity"}).headers
