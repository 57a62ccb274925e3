"""The sample site answers as a real site does, and its list of planted faults is the truth about it."""

import http.client
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from checks.sample import RULES as RULES_OF_THE_SAMPLE
from checks.topics import topics
from rules.rule import host_rules
from vierluik.sample_site import Edition, FaultListError, PlantedFault, Response, SampleServer, SampleSite, serve
from vierluik.sample_site.faults import load_faults
from vierluik.sample_site.site import EDITIONS, STYLE_SHEET

MAPPING = Path(__file__).parents[2] / "checks/accessibility/engines/axe/mapping.toml"
FAULTY: tuple[Edition, ...] = ("1", "2")
ADDRESSES = {
    "a": "href",
    "area": "href",
    "link": "href",
    "img": "src",
    "script": "src",
    "iframe": "src",
    "input[type=image]": "src",
    "object": "data",
    "form": "action",
    "[data-bron]": "data-bron",
}
ONLY_BY_SCRIPT = {"/afvalkalender/kerstbomen", "/afvalkalender/textiel"}
REPORT = {"categorie": "Straatverlichting", "omschrijving": "De lamp is al een week kapot."}
PLACE = {"straat": "Markt", "postcode": "1234 AB"}
PERSON = {"naam": "J. de Vries", "email": "j.devries@voorbeeldstad.example"}


def get(site: SampleSite, address: str) -> Response:
    """The answer to a GET of this address, which may have a query."""
    parts = urlsplit(address)
    return site.respond("GET", parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), {})


def said(site: SampleSite, address: str) -> tuple[dict[str, str], bytes]:
    """The headers and the body of an answer."""
    answer = get(site, address)
    return dict(answer.headers), answer.body


def connected(server: SampleServer) -> closing[http.client.HTTPConnection]:
    """A connection that is kept open until the block ends."""
    return closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5))


@cache
def html(edition: Edition, path: str) -> str:
    return get(SampleSite(edition), path).body.decode("utf-8")


def links(edition: Edition, path: str) -> Iterator[str]:
    """Every internal address a page asks for or links to, except itself."""
    document = LexborHTMLParser(html(edition, path))
    for selector, attribute in ADDRESSES.items():
        for node in document.css(selector):
            address = urljoin(f"http://site{path}", node.attributes.get(attribute) or "")
            bare = address.removeprefix("http://site").partition("#")[0]
            if bare.startswith("/") and bare != path:
                yield bare


def style_links(edition: Edition) -> list[str]:
    return re.findall(r'url\("([^"]+)"\)', get(SampleSite(edition), STYLE_SHEET).body.decode())


def pages_with(fault: PlantedFault) -> list[str]:
    return [path for path in SampleSite("clean").paths() if fault.applies_to(path)]


def editions_with(fault: PlantedFault) -> list[Edition]:
    return [edition for edition in FAULTY if int(edition) in fault.editions]


def elements(edition: Edition, path: str, selector: str) -> list[str]:
    return [node.html or "" for node in LexborHTMLParser(html(edition, path)).css(selector)]


# What a host answers for the website as a whole stands beside its start page.
OF_THE_HOST = {fault.id for fault in load_faults() if fault.rule in host_rules()}
PAGE_FAULTS = [
    fault for fault in load_faults() if fault.page != STYLE_SHEET and not fault.by_script and fault.id not in OF_THE_HOST
]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_answers_with_complete_dutch_html(edition: Edition) -> None:
    site = SampleSite(edition)
    assert len(site.paths()) >= 60
    for path in site.paths():
        answer = get(site, path)
        assert answer.status == 200, path
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        text = answer.body.decode("utf-8")
        assert text.startswith("<!doctype html>"), path
        assert text.rstrip().endswith("</html>"), path
        assert "{{" not in text and "{%" not in text, path


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_has_a_title_of_its_own(edition: Edition) -> None:
    titles = [LexborHTMLParser(html(edition, path)).css_first("title") for path in SampleSite(edition).paths()]
    texts = [title.text() for title in titles if title is not None]
    # But for the one fault that gives a page the title of another.
    planted = (
        sum(fault.rule == "page-title-unique" and int(edition) in fault.editions for fault in load_faults())
        if edition != "clean"
        else 0
    )
    assert len(texts) == len(set(texts)) + planted


@pytest.mark.parametrize("edition", EDITIONS)
def test_ids_are_unique_on_every_page(edition: Edition) -> None:
    for path in SampleSite(edition).paths():
        ids = [node.id for node in LexborHTMLParser(html(edition, path)).css("[id]")]
        assert len(ids) == len(set(ids)), path


def test_clean_site_has_no_dead_link() -> None:
    site = SampleSite("clean")
    asked = {address for path in site.paths() for address in links("clean", path)} | set(style_links("clean"))
    assert {address for address in asked if get(site, address).status != 200} == set()


@pytest.mark.parametrize("edition", FAULTY)
def test_exactly_the_planted_links_are_dead(edition: Edition) -> None:
    site = SampleSite(edition)
    planted = [fault for fault in load_faults() if fault.rule == "link-dead" and int(edition) in fault.editions]
    expected = {(fault.page, fault.target) for fault in planted}
    asked = {(path, address) for path in site.paths() for address in links(edition, path)}
    asked |= {(STYLE_SHEET, address) for address in style_links(edition)}
    assert {(path, address) for path, address in asked if get(site, address).status != 200} == expected


def test_dead_links_of_every_kind_are_planted() -> None:
    targets = [fault.target or "" for fault in load_faults() if fault.rule == "link-dead"]
    assert {Path(target).suffix for target in targets} == {"", ".png", ".svg", ".pdf"}


def test_two_pages_are_reached_only_by_links_that_a_script_makes() -> None:
    site = SampleSite("clean")
    linked = {address.partition("?")[0] for path in site.paths() for address in links("clean", path)}
    assert not ONLY_BY_SCRIPT & linked
    assert not any(path in get(site, "/sitemap.xml").body.decode() for path in ONLY_BY_SCRIPT)
    calendar = json.loads(get(site, "/api/afvalkalender.json").body)
    assert {page["pad"] for page in calendar["meer"]} == ONLY_BY_SCRIPT
    assert ONLY_BY_SCRIPT.issubset(site.paths())


def test_sitemap_has_one_page_that_is_linked_nowhere() -> None:
    site = SampleSite("clean", origin="http://127.0.0.1:8099")
    sitemap = re.findall(r"<loc>http://127\.0\.0\.1:8099(.*?)</loc>", get(site, "/sitemap.xml").body.decode())
    assert set(sitemap) <= set(site.paths())
    linked = {address for path in site.paths() for address in links("clean", path)}
    assert set(sitemap) - linked == {"/enquete-binnenstad", "/melding-doen/locatie", "/melding-doen/gegevens"}


def test_robots_closes_one_folder_and_names_the_sitemap() -> None:
    site = SampleSite("1", origin="http://127.0.0.1:8099")
    robots = get(site, "/robots.txt").body.decode()
    assert "Disallow: /intern/" in robots
    assert "Sitemap: http://127.0.0.1:8099/sitemap.xml" in robots
    assert any(path.startswith("/intern/") for path in site.paths())
    assert "/intern/" not in get(site, "/sitemap.xml").body.decode()


def test_missing_page_is_a_designed_404() -> None:
    answer = get(SampleSite("clean"), "/producten/bestaat-niet")
    assert answer.status == 404
    assert "Deze pagina bestaat niet" in answer.body.decode()


@pytest.mark.parametrize("path", ["/static/../site.py", "/documenten/../faults.toml", "/static/", "/static/%2e%2e"])
def test_no_file_outside_the_static_folders_is_given(path: str) -> None:
    assert get(SampleSite("clean"), path).status == 404


def test_trailing_slash_moves_to_the_page() -> None:
    answer = get(SampleSite("clean"), "/nieuws/")
    assert (answer.status, answer.headers["Location"]) == (308, "/nieuws")


@pytest.mark.parametrize("edition", EDITIONS)
def test_unknown_method_is_refused(edition: Edition) -> None:
    assert SampleSite(edition).respond("DELETE", "/", {}, {}).status == 405
    assert SampleSite(edition).respond("POST", "/contact", {}, {}).status == 405


def test_unknown_edition_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"edition is '3'\. Choose one of: 1, 2, clean\."):
        SampleSite("3")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("grofvuil", "/producten/grofvuil"),
        ("bankstel", "/producten/grofvuil"),
        ("paspoort", "/producten/paspoort"),
        ("verhuizen", "/producten/verhuizing-doorgeven"),
        ("PARKEREN", "/producten/parkeervergunning"),
        ("openingstijden", "/openingstijden"),
    ],
)
def test_search_puts_the_wanted_page_first(query: str, first: str) -> None:
    results = LexborHTMLParser(get(SampleSite("clean"), f"/zoeken?q={query}").body.decode()).css(".resultaten h2 a")
    assert results[0].attributes["href"] == first


def test_search_without_result_says_so_and_escapes_the_question() -> None:
    text = get(SampleSite("clean"), "/zoeken?q=%3Cscript%3Exqzqx").body.decode()
    assert "Niets gevonden" in text
    assert "<script>xqzqx" not in text


def test_report_form_walks_through_to_the_confirmation() -> None:
    site = SampleSite("clean")
    second = site.respond("GET", "/melding-doen", REPORT, {})
    assert second.status == 303
    assert second.headers["Location"].startswith("/melding-doen/locatie?categorie=Straatverlichting&")
    shown = get(site, second.headers["Location"])
    assert 'value="De lamp is al een week kapot."' in shown.body.decode()
    third = site.respond("GET", "/melding-doen/locatie", REPORT | PLACE, {})
    assert third.headers["Location"].startswith("/melding-doen/gegevens?")
    last = site.respond("POST", "/melding-doen/gegevens", {}, REPORT | PLACE | PERSON)
    assert (last.status, last.headers["Location"]) == (303, "/melding-doen/bevestiging")
    assert "Bedankt voor uw melding" in get(site, "/melding-doen/bevestiging").body.decode()


@pytest.mark.parametrize(
    ("path", "answers", "field", "message"),
    [
        ("/melding-doen", {"categorie": "", "omschrijving": "kort"}, "categorie", "Kies waar uw melding over gaat."),
        ("/melding-doen", {"categorie": "x", "omschrijving": "kort"}, "omschrijving", "minstens 10"),
        ("/melding-doen/locatie", {**REPORT, "straat": "", "postcode": "12"}, "postcode", "zoals 1234 AB"),
        ("/melding-doen/gegevens", {**REPORT, **PLACE, "naam": "J", "email": "j@v"}, "email", "naam@voorbeeld.nl"),
    ],
)
def test_wrong_answer_is_named_beside_its_field(path: str, answers: dict[str, str], field: str, message: str) -> None:
    answer = SampleSite("clean").respond("POST", path, {}, answers)
    document = LexborHTMLParser(answer.body.decode())
    assert answer.status == 200
    assert document.css("title")[0].text().startswith("Fout: ")
    assert message in document.css(f"#fout-{field}")[0].text()
    control = document.css(f"#veld-{field}")[0]
    assert control.attributes["aria-invalid"] == "true"
    assert f"fout-{field}" in (control.attributes["aria-describedby"] or "")


def test_nobody_gets_past_a_wrong_earlier_answer() -> None:
    answers = {"categorie": "", "omschrijving": "", **PLACE, **PERSON}
    answer = SampleSite("clean").respond("POST", "/melding-doen/gegevens", {}, answers)
    assert (answer.status, answer.headers["Location"]) == (303, "/melding-doen?categorie=&omschrijving=")


def test_faults_cover_what_the_site_promises() -> None:
    faults = load_faults()
    rules = {fault.rule for fault in faults}
    known = set(tomllib.loads(MAPPING.read_text(encoding="utf-8"))["rules"].values())
    known |= {rule for topic in topics().values() for rule in topic.rules} | RULES_OF_THE_SAMPLE | host_rules()
    assert len(faults) >= 80
    assert len(rules) >= 65
    assert rules | {rule for fault in faults for rule in fault.also} <= known
    first = [fault for fault in faults if 1 in fault.editions]
    assert 0.25 < sum(2 not in fault.editions for fault in first) / len(first) < 0.45
    assert any(fault.editions == (2,) for fault in faults)


@pytest.mark.parametrize("fault", PAGE_FAULTS, ids=lambda fault: fault.id)
def test_planted_fault_is_on_its_pages_and_not_on_their_clean_twins(fault: PlantedFault) -> None:
    assert pages_with(fault)
    for path in pages_with(fault):
        twin = elements("clean", path, fault.element)
        for edition in FAULTY:
            found = elements(edition, path, fault.element)
            if edition in editions_with(fault):
                assert found, (edition, path)
                assert found != twin, (edition, path)
            elif not twin:
                assert not found, (edition, path)


@pytest.mark.parametrize("fault", load_faults(), ids=lambda fault: fault.id)
def test_switch_of_every_fault_changes_something(fault: PlantedFault, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = editions_with(fault)[0]
    address = "/api/afvalkalender.json" if fault.by_script else (pages_with(fault) or [fault.page])[0]
    others = tuple(other for other in load_faults() if other.id != fault.id)
    elsewhere = replace(fault, page="/nergens")
    asked = [address, "/robots.txt", "/sitemap.xml", "/woo/besluiten.xml"] if fault.id in OF_THE_HOST else [address]
    before = [said(SampleSite(edition), one) for one in asked]
    monkeypatch.setattr("vierluik.sample_site.site.load_faults", lambda: (*others, elsewhere))
    assert [said(SampleSite(edition), one) for one in asked] != before


def test_fault_pattern_ignores_the_query_and_exceptions() -> None:
    fault = PlantedFault("a", "/nieuws/*", "link-name", "a", (1,), "A", not_on=("/nieuws/oud*",))
    assert fault.applies_to("/nieuws/brug?x=1")
    assert not fault.applies_to("/nieuws")
    assert not fault.applies_to("/nieuws/oud-bericht")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[fault]", "is not valid TOML"),
        ("", "lists no fault. Write each one under a line [[fault]]."),
        ('[[fault]]\nid = "a"\nplace = "/"', "Fault a has the unknown key 'place'."),
        ('[[fault]]\nid = "a"\nrule = ""', "Fault a: rule is ''. Give a text"),
        ('[[fault]]\nid = "a"\nrule = "link-dead"', "a fault has a target when, and only when"),
        (
            '[[fault]]\nid = "a"\npage = "/"\nrule = "b"\nelement = "c"\nissue = "A"\neditions = [3]',
            "Fault a: editions is [3]. Write [1], [2] or [1, 2].",
        ),
        (
            '[[fault]]\nid = "a"\npage = "/"\nrule = "b"\nelement = "c"\nissue = "B"\neditions = [1]\noutcome = "passed"',
            "Fault a: outcome is 'passed'. Write 'cantTell', or leave it out: then it is 'failed'.",
        ),
    ],
)
def test_wrong_fault_list_is_explained(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FaultListError, match=re.escape(sentence)):
        load_faults(file)


def test_fault_listed_twice_is_an_error(tmp_path: Path) -> None:
    entry = '[[fault]]\nid = "a"\npage = "/"\nrule = "b"\nelement = "c"\nissue = "A"\neditions = [1]\n'
    file = tmp_path / "faults.toml"
    file.write_text(entry + entry, encoding="utf-8")
    with pytest.raises(FaultListError, match="'a' is listed twice"):
        load_faults(file)


def test_server_keeps_the_connection_and_answers_304_when_unchanged() -> None:
    with serve("1") as server, connected(server) as connection:
        connection.request("GET", "/")
        first = connection.getresponse()
        body = first.read()
        assert (first.status, int(first.headers["Content-Length"])) == (200, len(body))
        same_socket = connection.sock
        connection.request("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
        second = connection.getresponse()
        assert (second.status, second.read()) == (304, b"")
        connection.request("HEAD", "/contact")
        head = connection.getresponse()
        assert (head.status, head.read()) == (200, b"")
        assert int(head.headers["Content-Length"]) > 1000
        connection.request("POST", "/melding-doen/gegevens", urlencode(REPORT | PLACE | {"naam": ""}))
        assert "Vul uw naam in." in connection.getresponse().read().decode()
        assert connection.sock is same_socket


def test_edition_changes_while_the_server_runs() -> None:
    with serve("1") as server, connected(server) as connection:
        tags = []
        for edition in EDITIONS:
            server.edition = edition
            assert server.edition == edition
            connection.request("GET", "/producten/grofvuil")
            answer = connection.getresponse()
            answer.read()
            tags.append(answer.headers["ETag"])
        assert len(set(tags)) == 3
        connection.request("GET", "/robots.txt")
        assert f"Sitemap: {server.url}/sitemap.xml" in connection.getresponse().read().decode()


def test_form_that_is_too_large_is_refused() -> None:
    with serve("clean") as server, connected(server) as connection:
        connection.putrequest("POST", "/melding-doen")
        connection.putheader("Content-Length", "10000000")
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Connection"]) == (413, "close")
        answer.read()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "voorbeeldstad.example"])
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(ValueError, match="on this machine only"):
        serve("1", host=host)


def test_module_shows_the_site_and_says_where() -> None:
    command = [sys.executable, "-m", "vierluik.sample_site", "--edition", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
    assert re.match(r"Gemeente Voorbeeldstad, edition 2: http://127\.0\.0\.1:\d+ ", line)
