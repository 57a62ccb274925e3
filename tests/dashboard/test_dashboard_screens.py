"""Every screen answers in both languages, and its numbers are those of the database."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from lxml import html
from starlette.testclient import TestClient

from dashboard.words import word
from rules.criteria import criteria_table, rows_of
from rules.norm import norms
from storage.database import Database
from storage.models import Run
from storage.questions.links import class_counts
from storage.questions.rules import fixed, tallies
from storage.questions.runs import run_history

SCREENS = [
    "/",
    "/portfolio",
    "/sites/{site}",
    "/sites/{big_site}",
    "/sites/{new_site}",
    "/sites/{running_site}",
    "/sites/{failed_site}",
    "/sites/{stopped_site}",
    "/sites/{site}/manager",
    "/sites/{new_site}/manager",
    "/sites/{site}/achieved/page-language?since={first_run}",
    "/public/{site}",
    "/sites/{site}/search",
    "/sites/{site}/search?q=a",
    "/sites/{site}/search?q=paspoort",
    "/sites/{site}/search?q=nergens",
    "/sites/{new_site}/search?q=titel",
    "/sites/{site}/supplier-tickets",
    "/sites/{site}/supplier-tickets/{ticket}",
    "/sites/{new_site}/supplier-tickets",
    "/sites/{site}/simulator",
    "/sites/{site}/simulator?cause=text-contrast&cause=image-alternative",
    "/sites/{new_site}/simulator",
    "/sites/{site}/desk",
    "/sites/{site}/desk?part=2",
    "/sites/{site}/desk?for=nobody@example.nl",
    "/sites/{new_site}/desk",
    "/sites/{site}/decisions",
    "/sites/{site}/decisions?kind=question",
    "/sites/{new_site}/decisions",
    "/sites/{site}/owners",
    "/sites/{new_site}/owners",
    "/report",
    "/accounts",
    "/account",
    "/api",
    "/shortcuts",
    "/log-in",
    "/second-factor",
    "/sites/{site}/changes",
    "/settings",
    "/settings/judgement",
    "/settings/upkeep",
    "/settings-file",
    "/new-site",
    "/sites/{site}/settings",
    "/sites/{new_site}/settings",
    "/sites/{site}/settings/scope",
    "/sites/{site}/settings/site?saved=1,max_pages",
    "/sites/{site}/settings/judgement",
    "/sites/{new_site}/settings/pace",
    "/sites/{site}/settings-file",
    "/sites/{site}/panels",
    "/sites/{new_site}/panels",
    "/sites/{site}/kpis/pages-without-failure",
    "/sites/{new_site}/kpis/journeys-completed",
    "/sites/{site}/rules",
    "/sites/{site}/rules?who=editor",
    "/sites/{new_site}/rules",
    "/sites/{site}/rules/text-contrast",
    "/sites/{new_site}/rules/text-contrast",
    "/sites/{site}/documents",
    "/sites/{site}/documents?rule=document-image-alternative",
    "/sites/{big_site}/documents",
    "/sites/{new_site}/documents",
    "/sites/{site}/rules/document-image-alternative",
    "/rules/document-image-alternative",
    "/sites/{site}/pages",
    "/sites/{site}/pages?status=untested",
    "/sites/{site}/pages?failures=1&q=afval&status=",
    "/sites/{site}/pages?q=nergens",
    "/sites/{big_site}/pages?page=2",
    "/sites/{new_site}/pages",
    "/pages/{page}",
    "/pages/{hostile_page}",
    "/pages/{long_page}",
    "/pages/{calm_page}",
    "/pages/{untested_page}",
    "/pages/{skipped_page}",
    "/pages/{gone_page}",
    "/pages/{last_page}/rules/text-contrast",
    "/sites/{site}/links",
    "/sites/{site}/links?class=moved",
    "/sites/{site}/links?class=not%20asked",
    "/sites/{new_site}/links",
    "/sites/{site}/tasks",
    "/sites/{new_site}/tasks",
    "/sites/{site}/tasks/{task}",
    "/sites/{site}/tasks/{found_task}",
    "/sites/{site}/tasks/{untested_task}",
    "/sites/{site}/tasks/{missing_task}",
    "/sites/{site}/tasks/{barrier_task}",
    "/sites/{site}/tasks/{new_task}",
    "/sites/{site}/tasks/{proposed_task}",
    "/sites/{site}/journeys",
    "/sites/{new_site}/journeys",
    "/sites/{site}/journeys/{journey}",
    "/sites/{site}/journeys/{new_journey}",
    "/sites/{site}/journeys/{journey}/figures",
    "/sites/{site}/journeys/{new_journey}/figures",
    "/sites/{site}/journeys/{journey}/workshop",
    "/sites/{site}/journeys/{new_journey}/workshop",
    "/sites/{site}/searches",
    "/sites/{site}/searches?month=2026-11",
    "/sites/{site}/searches?q=nergens",
    "/sites/{new_site}/searches",
    "/sites/{site}/searches/{query}",
    "/sites/{site}/searches/{hostile_query}",
    "/sites/{site}/not-found",
    "/sites/{new_site}/not-found",
    "/sites/{site}/ahead",
    "/sites/{new_site}/ahead",
    "/sites/{site}/search-logs",
    "/sites/{site}/evaluations",
    "/sites/{new_site}/evaluations",
    "/sites/{site}/statement",
    "/sites/{new_site}/statement",
    "/evaluations/{evaluation}",
    "/evaluations/{evaluation}?page=1&as=1",
    "/evaluations/{evaluation}/details",
    "/evaluations/{evaluation}/sample",
    "/evaluations/{evaluation}/sample?replace=1",
    "/evaluations/{evaluation}/1.1.1",
    "/evaluations/{evaluation}/1.1.1/{evaluation_page}",
    "/evaluations/{evaluation}/1.4.3/0?as=2",
    "/sites/{site}/products",
    "/sites/{site}/products?page=2",
    "/sites/{site}/products?state=no-form&for=citizens&q=rij",
    "/sites/{site}/products?state=not-offered",
    "/sites/{site}/products?q=nergens",
    "/sites/{new_site}/products",
    "/sites/{site}/feedback",
    "/sites/{new_site}/feedback",
    "/sites/{site}/own-rules",
    "/sites/{new_site}/own-rules",
    "/sites/{site}/planning",
    "/sites/{site}/runs",
    "/sites/{failed_site}/runs",
    "/sites/{new_site}/runs",
    "/sites/{site}/availability",
    "/sites/{site}/availability?wrong=1",
    "/sites/{new_site}/availability",
    "/sites/{site}/messages",
    "/sites/{new_site}/messages",
    "/unsubscribe/nobody-has-this-token-0",
    "/rules",
    "/rules/text-contrast",
    "/criteria",
    "/criteria?norm=en301549-4.1.1",
    "/about",
]


def body(answer: object) -> html.HtmlElement:
    return html.fromstring(answer.text)  # type: ignore[attr-defined]


def words(answer: object) -> str:
    return " ".join(" ".join(body(answer).find("body").itertext()).split())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_answers(client: TestClient, ids: dict[str, int], language: str, screen: str) -> None:
    answer = client.get(f"/{language}{screen.format(**ids)}")
    assert answer.status_code == 200
    page = body(answer)
    assert page.get("lang") == language
    assert len(page.findall(".//h1")) == 1
    assert page.find(".//title").text.endswith("– Vierluik") or screen.startswith("/public/")  # residents do not know the name


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_headings_follow_each_other_and_ids_are_unique(
    client: TestClient, ids: dict[str, int], language: str, screen: str
) -> None:
    page = body(client.get(f"/{language}{screen.format(**ids)}"))
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    found = page.xpath("//@id")
    assert len(found) == len(set(found))
    anchors = {target[1:] for target in page.xpath("//a/@href") if target.startswith("#")}
    assert anchors <= set(found)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_link_inside_leads_somewhere(client: TestClient, ids: dict[str, int], screen: str) -> None:
    page = body(client.get(f"/nl{screen.format(**ids)}"))
    for target in {address.split("#")[0] for address in page.xpath("//a/@href") if address.startswith("/")}:
        assert client.get(target).status_code == 200, target


def test_site_screen_shows_the_figures_of_its_latest_run(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        latest = run_history(session, ids["site"])[-1]
        gone = sum(change.findings for change in fixed(session, ids["site"], latest.run.id))
        failing, tested = latest.figure("pages_with_failure"), latest.figure("pages_tested")
        links = class_counts(session, ids["site"], latest.run.id)
        tally = tallies(session, latest.run.id)["text-contrast"]
    text = words(client.get(f"/nl/sites/{ids['site']}"))
    assert failing is not None and tested is not None
    assert f"{tested - failing} van {tested} getoetste pagina’s zonder gevonden fout" in text
    assert f"Bekijk de {failing} pagina’s met fouten" in text
    assert f"{gone} fouten zijn weg sinds de controle van 14 november 2026, 06.12 uur" in text
    assert f"{latest.figure('dead_links')} van de {sum(links.values()) - links['not asked']} gevraagde adressen" in text
    assert f"1.4.3 Contrast (minimum) ernstig {tally.failed_pages} {tally.failed} leverancier 15" in text


def test_coverage_adds_up_on_screen(client: TestClient, ids: dict[str, int]) -> None:
    page = body(client.get(f"/nl/sites/{ids['site']}"))
    legend = page.xpath("//section[@aria-labelledby='coverage']//dl/div")
    counts = {
        " ".join(row.find("dt").text_content().split()): int(row.find("dd").text)
        for row in legend
        if "vl-legend__reason" not in (row.get("class") or "")
    }
    total = counts.pop("samen")
    assert total == sum(counts.values()) == 35
    reasons = [int(row.find("dd").text) for row in legend if "vl-legend__reason" in (row.get("class") or "")]
    assert sum(reasons) == 6
    assert "De pagina laadde niet binnen de tijd." in page.text_content()
    assert "Deze sitemap kon niet worden gelezen" in page.text_content()


def test_criteria_of_each_norm_stand_on_the_screen_with_their_question(client: TestClient) -> None:
    for norm in norms().values():
        page = body(client.get(f"/nl/criteria?norm={norm.id}"))
        assert [row.get("id") for row in page.xpath("//tbody/tr")] == [f"criterion-{number}" for number in norm.criteria]
        *parts, total = [int(count.text) for count in page.xpath("//section[@aria-labelledby='sums']//dd")]
        assert sum(parts) == total == len(norm.criteria)
        for row in rows_of(norm):
            shown = page.xpath(f"//tr[@id='criterion-{row.criterion.number}']")[0]
            assert row.person["nl"].question in shown.text_content()
            addresses = [f"/nl/rules/{rule.id}" for rule in (*row.tests, *row.asks)]
            assert shown.xpath(".//a/@href") == addresses
    assert client.get("/nl/criteria?norm=en301549-1").status_code == 404


def test_a_criterion_that_waits_for_a_person_says_what_to_ask(client: TestClient, ids: dict[str, int]) -> None:
    for screen in (f"/nl/sites/{ids['site']}", f"/nl/pages/{ids['page']}"):
        page = body(client.get(screen))
        rows = page.xpath("//ul[@class='vl-criteria-list']/li")
        assert len(rows) == 50
        for row in rows:
            number, _, outcome = (span.text_content() for span in row.xpath("span"))
            waits = outcome in (word("criterion", "cantTell"), word("criterion", "not tested automatically"))
            assert (criteria_table()[number].person["nl"].question in row.text_content()) == waits


def test_criteria_add_up_to_those_of_the_norm(client: TestClient, ids: dict[str, int]) -> None:
    page = body(client.get(f"/nl/sites/{ids['site']}"))
    rows = page.xpath("//section[@aria-labelledby='criteria']//dl/div")
    *parts, total = [int(row.find("dd").text) for row in rows]
    assert sum(parts) == total == 50
    listed = {
        item.find("span").text: item.xpath("span")[2].text
        for item in page.xpath("//section[@aria-labelledby='criteria']//ul[@class='vl-criteria-list']/li")
    }
    assert len(listed) == 50
    assert listed["1.4.3"] == "met fouten"
    assert listed["1.2.2"] == "te beoordelen"
    assert listed["3.1.2"] == "geen fout gevonden"
    assert listed["2.4.4"] == "niet, of niet overal, automatisch getoetst"  # on one page its rule did not end
    assert listed["4.1.1"] == "niet, of niet overal, automatisch getoetst"  # no rule at all


def test_lists_agree_with_the_figures(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        latest = run_history(session, ids["site"])[-1]
    page = body(client.get(f"/nl/sites/{ids['site']}/pages?failures=1"))
    rows = page.xpath("//tbody/tr")
    assert len(rows) == latest.figure("pages_with_failure")
    assert sum(int(row.xpath("td")[2].text_content()) for row in rows) == latest.figure("failed_findings")
    causes = body(client.get(f"/nl/sites/{ids['site']}/rules"))
    assert sum(int(row.xpath("td")[2].text_content()) for row in causes.xpath("//tbody/tr")) == latest.figure("failed_findings")


def test_untested_page_is_unknown_and_never_fine(client: TestClient, ids: dict[str, int]) -> None:
    text = words(client.get(f"/nl/pages/{ids['untested_page']}"))
    assert "Deze pagina kon niet worden getoetst" in text
    assert "geen fout gevonden." not in text.replace("geen fout gevonden is niet hetzelfde", "")
    assert "1 fout" in text and "van een eerdere controle; of het er nu nog staat, weten we niet" in text
    untouched = words(client.get(f"/nl/pages/{ids['untested_page'] + 1}"))
    assert "? fouten" in untouched and "Daarom staat hier niet of er fouten op staan." in untouched


def test_page_without_failures_says_what_that_is_worth(client: TestClient, ids: dict[str, int]) -> None:
    text = words(client.get(f"/nl/pages/{ids['calm_page']}"))
    assert "Op deze pagina is geen fout gevonden. Automatische controle vindt een deel van de fouten" in text


def test_page_screen_says_who_mends_what_and_how(client: TestClient, ids: dict[str, int]) -> None:
    text = words(client.get(f"/nl/pages/{ids['page']}"))
    for part in ("1.4.3", "Contrast (minimum)", "EN 301 549 9.1.4.3", "leverancier", "15 minuten", "Wie wordt gehinderd"):
        assert part in text
    assert "Voor het eerst gezien 10 oktober 2026" in text
    mine, others = (
        text.index("Fouten die u herstelt Deze afbeelding"),
        text.index("Niet van u Deze fouten zitten in het sjabloon"),
    )
    assert mine < others < text.index("Advies Dit vraagt geen norm")
    assert "Zo niet" in text and "Andere keuze" in text


def test_page_says_when_its_verdict_was_given(client: TestClient, ids: dict[str, int]) -> None:
    assert "beoordeeld op 21 november 2026" in words(client.get(f"/nl/pages/{ids['page']}"))
    assert "beoordeeld op 7 november 2026" in words(client.get(f"/nl/pages/{ids['calm_page']}"))  # carried over


def test_many_findings_of_one_rule_are_one_link_further(client: TestClient, ids: dict[str, int]) -> None:
    short = body(client.get(f"/nl/pages/{ids['last_page']}"))
    assert len(short.xpath("//li[@class='vl-element']")) == 10
    address = f"/nl/pages/{ids['last_page']}/rules/text-contrast"
    assert address in short.xpath("//a/@href")
    first, second = body(client.get(address)), body(client.get(f"{address}?page=2"))
    assert [len(part.xpath("//li[@class='vl-element']")) for part in (first, second)] == [100, 51]


@pytest.mark.parametrize(
    ("address", "rows", "rest"),
    [("/nl/sites/{big_site}/pages", 100, 30), ("/nl/sites/{big_site}/rules/text-contrast", 100, 30)],
)
def test_long_lists_come_in_parts(client: TestClient, ids: dict[str, int], address: str, rows: int, rest: int) -> None:
    address = address.format(**ids)
    first, second = body(client.get(address)), body(client.get(f"{address}?page=2"))
    where = "(//table)[last()]/tbody/tr"
    assert (len(first.xpath(where)), len(second.xpath(where))) == (rows, rest)
    assert f"{address}?page=2" in first.xpath("//a[@rel='next']/@href")
    assert second.xpath("//a[@rel='prev']/@href") == [address]
    assert "101 tot en met 130 van 130" in " ".join(second.text_content().split())
    assert client.get(f"{address}?page=3").status_code == 404


def test_filters_stay_in_the_address_of_the_next_part(client: TestClient, ids: dict[str, int]) -> None:
    page = body(client.get(f"/nl/sites/{ids['big_site']}/pages?failures=1&q=groot"))
    assert page.xpath("//a[@rel='next']/@href") == [f"/nl/sites/{ids['big_site']}/pages?failures=1&q=groot&page=2"]


def test_search_finds_title_and_address_and_no_wildcards(client: TestClient, ids: dict[str, int]) -> None:
    def found(text: str) -> int:
        page = body(client.get(f"/nl/sites/{ids['site']}/pages", params={"q": text}))
        return len(page.xpath("//tbody/tr"))

    assert found("PASPOORT-") == 0  # that page's address is another one
    assert found("grofvuil") == 1
    assert found("%") == 0
    assert found("_") == 0


def test_links_show_five_places_and_count_the_rest(client: TestClient, ids: dict[str, int]) -> None:
    page = body(client.get(f"/nl/sites/{ids['site']}/links"))
    rows = page.xpath("//ul[@class='vl-link-list']/li")
    assert len(rows) == 9
    assert max(len(row.xpath(".//ul[@class='vl-places']/li")) for row in rows) == 5
    assert "Staat op 7 plekken:" in page.text_content()
    assert "en op nog 2 plekken" in page.text_content()
    assert "hersteld" not in page.text_content()


def test_running_run_shows_how_far_it_is(client: TestClient, ids: dict[str, int]) -> None:
    answer = client.get(f"/nl/sites/{ids['running_site']}")
    text = words(answer)
    assert "8 van 20 gevonden pagina’s zijn klaar; 5 wachten op de browser en 7 moeten nog worden opgehaald." in text
    assert not body(answer).xpath("//main//form")  # one at a time


def test_interrupted_run_says_how_to_go_on(client: TestClient, ids: dict[str, int]) -> None:
    assert f"vierluik run {ids['stopped_site']} --continue" in words(client.get(f"/nl/sites/{ids['stopped_site']}"))


def test_silent_run_is_not_shown_as_progress(database: Database) -> None:
    from dashboard_seed import NOW, fill

    from dashboard.app import create_app

    ids = fill(database)
    late = TestClient(create_app(database, now=lambda: NOW + timedelta(minutes=3)))
    assert "geeft geen teken van leven meer" in words(late.get(f"/nl/sites/{ids['running_site']}"))


def test_failed_run_says_why(client: TestClient, ids: dict[str, int]) -> None:
    text = words(client.get(f"/nl/sites/{ids['failed_site']}"))
    assert "De nieuwste controle is mislukt" in text
    assert "De naam van de server bestaat niet" in text


def test_changed_rules_break_the_line(client: TestClient, ids: dict[str, int]) -> None:
    page = body(client.get(f"/nl/sites/{ids['site']}"))
    assert len(page.xpath("//*[@class='vl-chart__break']")) == 1
    assert len(page.xpath("//*[@class='vl-chart__line']")) == 6
    assert "is anders gemeten" in page.text_content()
    assert "andere regels" in page.text_content()


def test_one_run_makes_no_line(client: TestClient, ids: dict[str, int]) -> None:
    page = body(client.get(f"/nl/sites/{ids['big_site']}"))
    assert not page.xpath("//*[contains(@class, 'vl-chart__plot')]")
    assert "Dit is de eerste controle." in page.text_content()


def test_empty_database_says_how_to_begin(empty: TestClient) -> None:
    text = words(empty.get("/nl/"))
    assert "Er is nog geen site" in text
    assert "vierluik run https://www.example.nl/" in text


@pytest.mark.parametrize(
    "address",
    [
        "/nl/sites/999", "/nl/sites/999/pages", "/nl/sites/999/rules", "/nl/sites/999/rules/text-contrast",
        "/nl/sites/999/links", "/nl/sites/999/runs", "/nl/pages/999999", "/nl/pages/999999/rules/text-contrast",
        "/nl/sites/1/rules/nothing", "/nl/rules/nothing", "/nl/pages/3/rules/nothing", "/nl/sites/0", "/nl/sites/-1",
        "/nl/sites/one", "/nl/sites/99999999999999999999", "/nl/sites/1/pages?page=0", "/nl/sites/1/pages?page=99",
        "/nl/sites/1/pages?status=fine", "/nl/sites/1/links?class=ok", "/nl/sites/1/links?class=x",
        "/nl/sites/1/rules?who=nobody", "/nl/nothing", "/de/", "/nothing", "/static/x/nothing.css", "/nl",
        "/static/x/../../app.py", "/docs", "/openapi.json",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_designed_404(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_fault_of_ours_is_a_designed_500(database: Database) -> None:
    from dashboard.app import create_app

    database.engine.dispose()
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE site")
    client = TestClient(create_app(database), raise_server_exceptions=False)
    answer = client.get("/nl/")
    assert answer.status_code == 500
    assert "Er ging iets mis" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_start_goes_to_the_language_the_browser_asks_for(client: TestClient) -> None:
    for asked, language in [("", "nl"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.3,nl;q=0.8", "nl"), ("fr;q=x", "nl")]:
        answer = client.get("/", headers={"Accept-Language": asked})
        assert (answer.status_code, answer.headers["location"]) == (307, f"/{language}/")


def test_language_switch_keeps_the_screen_and_its_questions(client: TestClient, ids: dict[str, int]) -> None:
    page = body(client.get(f"/nl/sites/{ids['big_site']}/pages?q=groot&page=2"))
    switch = page.xpath("//a[@hreflang='en']/@href")
    assert switch == [f"/en/sites/{ids['big_site']}/pages?q=groot&page=2"]
    assert client.get(switch[0]).status_code == 200


def test_healthz_is_plain(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.text, answer.headers["content-type"]) == ("ok", "text/plain; charset=utf-8")


def test_runs_say_what_they_were_made_with(client: TestClient, stored: Database, ids: dict[str, int]) -> None:
    text = words(client.get(f"/nl/sites/{ids['site']}/runs"))
    with stored.session() as session:
        run = session.get(Run, ids["latest_run"])
    assert run is not None
    assert run.browser in text and "axe 4.14.1" in text and "duurde 42 minuten" in text
    assert len(re.findall("klaar", text)) == 8


def test_documents_say_what_is_wrong_who_links_to_them_and_what_is_only_an_estimate(
    client: TestClient, ids: dict[str, int]
) -> None:
    page = client.get(f"/nl/sites/{ids['site']}/documents").text
    assert "Afbeeldingen zonder beschrijving in dit document: 2 van de 5." in page
    assert "Schatting: de datum in het bestand" in page
    assert "Maak er liever een webpagina van" in page
    assert "scan met herkende tekst" in page
    assert "wachtwoord" in page
    assert page.count("<article") == 3
    assert "en nog 2" in page
    one = client.get(f"/nl/sites/{ids['site']}/documents?rule=document-image-alternative").text
    assert one.count("<article") == 1


def test_weight_and_speed_are_shown_as_measured_here_with_the_model_named(client: TestClient, ids: dict[str, int]) -> None:
    for address in (f"/nl/pages/{ids['page']}", f"/nl/sites/{ids['site']}"):
        words = " ".join(html.fromstring(client.get(address).text).text_content().split())
        for said in ("1,23 MB in 34 verzoeken", "1,34 s", "0,182 gram CO₂", "Sustainable Web Design Model 4", "op deze machine"):
            assert said in words, (address, said)
    assert "Gewicht" not in client.get(f"/nl/pages/{ids['calm_page']}").text
