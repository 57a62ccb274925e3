"""A policy is written, tried and switched off on a screen; the scheduler does the looking."""

from __future__ import annotations

from typing import Any

from dashboard_seed import NOW
from lxml import html
from starlette.testclient import TestClient

from rules.site import Scope
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.database import Database
from storage.models import Request, Site
from storage.policies import policies_of_site
from storage.requests import ask, finish_request
from storage.sites import add_site

OURS = {"sec-fetch-site": "same-origin"}
FORM = {
    "title": "Geen 'klik hier'",
    "kind": "text",
    "wanted": "klik hier",
    "must": "not",
    "pages": "/producten/",
    "page_type": "product",
    "why": "Niemand weet waar het heen gaat.",
    "what_to_do": "Schrijf waar de link heen gaat.",
    "url": "https://www.example.nl/producten/paspoort",
}


def new_site(database: Database) -> int:
    with database.session() as session:
        return add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id


def text_of(answer: object) -> str:
    return " ".join(" ".join(html.fromstring(answer.text).find("body").itertext()).split())  # type: ignore[attr-defined]


def test_a_policy_is_kept_shown_and_switched_off_and_on(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    answer = empty.post(f"/nl/sites/{site}/own-rules", data=FORM, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/nl/sites/{site}/own-rules")
    shown = text_of(empty.get(f"/nl/sites/{site}/own-rules"))
    assert "Geen 'klik hier'" in shown
    assert "Mag niet voorkomen: woorden klik hier" in shown
    for on in (False, True):
        switch = f"/nl/sites/{site}/own-rules/geen-klik-hier/switch"
        assert empty.post(switch, data={"on": str(int(on))}, headers=OURS).status_code == 303
        with database.session() as session:
            [policy] = policies_of_site(session.get_one(Site, site))
        assert policy.on is on
    assert policy.what_to_do == FORM["what_to_do"]
    assert empty.get(f"/nl/sites/{site}/rules/own:geen-klik-hier").status_code == 200
    assert empty.get(f"/nl/sites/{site}/rules/own:geen-lees-meer").status_code == 404


def test_trying_asks_the_scheduler_and_shows_its_answer(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    answer = empty.post(f"/nl/sites/{site}/own-rules", data={**FORM, "what": "try"}, headers=OURS)
    screen = answer.headers["location"].partition("#")[0]
    again = empty.post(f"/nl/sites/{site}/own-rules", data={**FORM, "what": "try"}, headers=OURS)
    assert again.headers["location"] == answer.headers["location"]
    waiting = html.fromstring(empty.get(screen).text)
    assert waiting.get_element_by_id("title").get("value") == FORM["title"]
    assert "wordt geprobeerd" in waiting.text_content()
    with database.session() as session:
        [request] = session.query(Request).all()
        assert (request.kind, request.arguments["url"]) == ("try_policy", FORM["url"])
        assert policies_of_site(session.get_one(Site, site)) == ()
    answers = [
        ("done", {"outcome": "cantTell", "places": 7, "found": ["Wilt u meer? Klik hier"]}, "Gevonden op 7 plekken"),
        ("done", {"outcome": "passed", "places": 0, "found": []}, "voldoet aan de regel"),
        ("done", {"outcome": "inapplicable", "places": 0, "found": []}, "gaat niet over deze pagina"),
        ("done", {"outcome": "untested", "places": 0, "found": []}, "klopt is niet te zeggen"),
        ("failed", {"reason": "load-timeout"}, "kon niet worden geprobeerd"),
        ("failed", {"error": "<b>stuk</b>"}, "<b>stuk</b>"),
    ]
    for state, result, words in answers:
        with database.session() as session:
            finish_request(session, request.id, state, result, NOW)
        assert words in text_of(empty.get(screen)), result
        assert empty.get(screen.replace("/nl/", "/en/")).status_code == 200


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    for changed, field in (
        ({"kind": "pattern", "wanted": "("}, "wanted"),
        ({"kind": "selector", "wanted": ":::"}, "wanted"),
        ({"wanted": " "}, "wanted"),
        ({"title": " "}, "title"),
        ({"pages": "["}, "pages"),
        ({"url": "https://elders.example/", "what": "try"}, "url"),
    ):
        answer = empty.post(f"/nl/sites/{site}/own-rules", data={**FORM, **changed}, headers=OURS)
        assert answer.status_code == 422
        page = html.fromstring(answer.text)
        typed = page.get_element_by_id(field)
        assert typed.get("aria-invalid") == "true"
        assert typed.get("aria-describedby", "").split()[-1] in page.xpath("//@id")
        assert page.get_element_by_id("why").text == FORM["why"]
    with database.session() as session:
        assert policies_of_site(session.get_one(Site, site)) == ()
        assert session.query(Request).count() == 0


def test_nobody_else_writes_a_policy(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert empty.post(f"/nl/sites/{site}/own-rules", data=FORM, headers=elsewhere).status_code == 403
    assert empty.post(f"/nl/sites/{site}/own-rules/x/switch", data={"on": "0"}, headers=elsewhere).status_code == 403
    assert empty.post(f"/nl/sites/{site}/own-rules/x/remove", headers=elsewhere).status_code == 403
    for question in ("change", "remove"):
        assert empty.get(f"/nl/sites/{site}/own-rules?{question}=x").status_code == 404
    assert empty.post(f"/nl/sites/{site}/own-rules/x/switch", data={"on": "0"}, headers=OURS).status_code == 404
    assert empty.get(f"/nl/sites/{site}/own-rules?tried=99").status_code == 404


def test_hostile_words_of_a_policy_are_shown_not_obeyed(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    hostile = {**FORM, "title": "<script>alert(1)</script>{{ 7*7 }}", "why": "</textarea><b>x</b>"}
    assert empty.post(f"/nl/sites/{site}/own-rules", data=hostile, headers=OURS).status_code == 303
    answer = empty.get(f"/nl/sites/{site}/own-rules").text
    assert "<script>alert" not in answer
    assert "{{ 7*7 }}" in answer


def test_a_policy_that_this_version_refuses_breaks_no_screen_and_no_run(empty: TestClient, database: Database) -> None:
    number = new_site(database)
    with database.session() as session:
        site = session.get_one(Site, number)
        refused = {"id": "later", "title": "Later", "formula": "x"}
        site.settings = {"policies": [refused, {"id": "klik", "title": "Geen klik hier", "text": "klik hier"}]}
        session.flush()
        run = SiteRun(database, site, RunSettings())
        asked = ask(session, number, "try_policy", {"policy": refused, "url": FORM["url"]}, "dashboard", NOW).id
    assert [policy.id for policy in run.settings.policies] == ["klik"]
    for screen in ("", "/own-rules", f"/own-rules?tried={asked}", "/rules", "/rules/own:klik"):
        assert empty.get(f"/nl/sites/{number}{screen}").status_code == 200, screen


def parsed(text: str) -> Any:
    return html.fromstring(text)


def fields_of(page: Any) -> dict[str, str]:
    """What a browser would send of the form that writes a policy."""
    [form] = [form for form in page.forms if "title" in form.fields]
    return {key: value or "" for key, value in form.form_values()}


def kept(database: Database, number: int) -> list[tuple[str, str, bool]]:
    with database.session() as session:
        return [(one.id, one.title, one.on) for one in policies_of_site(session.get_one(Site, number))]


def test_a_policy_is_changed_in_its_place_and_stays_switched_off(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    own_rules = f"/nl/sites/{site}/own-rules"
    for title in ("Eerste", "Tweede"):
        empty.post(own_rules, data={**FORM, "title": title}, headers=OURS)
    empty.post(f"{own_rules}/eerste/switch", data={"on": "0"}, headers=OURS)
    listed = parsed(empty.get(own_rules).text)
    [link] = [link for link in listed.xpath("//a[contains(., 'Wijzig')]/@href") if "eerste" in link]
    page = parsed(empty.get(link).text)
    assert "Wijzig de regel" in page.text_content()
    fields, wanted = fields_of(page), {**FORM, "title": "Eerste"}
    assert {key: fields[key] for key in FORM if key != "url"} == {key: value for key, value in wanted.items() if key != "url"}
    assert (fields["policy_id"], fields["title"], fields["why"]) == ("eerste", "Eerste", FORM["why"])
    refused = empty.post(own_rules, data={**fields, "wanted": " "}, headers=OURS)
    assert fields_of(parsed(refused.text))["policy_id"] == "eerste"
    for _ in range(2):
        assert empty.post(own_rules, data={**fields, "title": "Beter"}, headers=OURS).status_code == 303
    assert kept(database, site) == [("eerste", "Beter", False), ("tweede", "Tweede", True)]
    assert "Change the rule" in empty.get(link.replace("/nl/", "/en/")).text


def test_what_is_sent_twice_is_kept_once_also_after_a_try(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    own_rules = f"/nl/sites/{site}/own-rules"
    screen = empty.post(own_rules, data={**FORM, "what": "try"}, headers=OURS).headers["location"].partition("#")[0]
    fields = fields_of(parsed(empty.get(screen).text))
    for title in (FORM["title"], FORM["title"], "Anders"):
        empty.post(own_rules, data={**fields, "title": title}, headers=OURS)
    assert kept(database, site) == [("geen-klik-hier", "Anders", True)]
    for _ in range(2):  # without a try, by a second press of the button
        empty.post(own_rules, data=FORM, headers=OURS)
    assert [name for name, _, _ in kept(database, site)] == ["geen-klik-hier", "geen-klik-hier-2"]


def test_a_policy_is_removed_only_after_a_question(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    own_rules = f"/nl/sites/{site}/own-rules"
    empty.post(own_rules, data=FORM, headers=OURS)
    [link] = parsed(empty.get(own_rules).text).xpath("//a[contains(., 'Verwijder')]/@href")
    page = parsed(empty.get(link).text)
    assert "Wilt u deze regel verwijderen?" in page.text_content()
    assert len(kept(database, site)) == 1
    [action] = [form.action for form in page.forms if form.action.endswith("/remove")]
    for _ in range(2):
        assert empty.post(action, headers=OURS).headers["location"] == own_rules
    assert kept(database, site) == []
    assert empty.get(f"/nl/sites/{site}/rules/own:geen-klik-hier").status_code == 404
