"""Every example of a rule about hosts gets the outcome that its heading promises; strange answers accuse nobody."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from string import Formatter

import pytest
from growth import LINEAR, growth
from pydantic import TypeAdapter

from checks.website.host.judge import OF_A_HOST, RULES, judge_hosts
from checks.website.host.security_txt import LONGEST
from rules.observation import Certificate, CookieObservation, HostAnswer, HostObservation, HostPage, SitemapObservation, WooIndex
from rules.outcome import Outcome
from rules.register import RegisterSeen
from rules.rule import Example, Rule, catalogue, duties, host_rules
from rules.task import Judgement

READ = TypeAdapter(HostObservation)
READ_COOKIES = TypeAdapter(CookieObservation)
READ_SITEMAPS = TypeAdapter(SitemapObservation)
READ_REGISTER = TypeAdapter(RegisterSeen)
TABLES = {"sitemap", "cookies", "registered"}  # of an example that is not about the answers of a host
NOW = "2026-03-02T09:00:00+00:00"
EXAMPLES: dict[str, tuple[Rule, Example]] = {
    f"{rule.id}-{number}-{example.outcome}": (rule, example)
    for rule in (catalogue()[rule] for rule in sorted(host_rules()))
    for number, example in enumerate(rule.examples, start=1)
}


def judged(recipes: tuple[str, ...]) -> Judgement:
    """An example is what one or more hosts answer; or a table "sitemap", what the sitemaps say."""
    read = [tomllib.loads(recipe) for recipe in recipes]
    sitemaps = [READ_SITEMAPS.validate_python(one["sitemap"], extra="forbid") for one in read if "sitemap" in one]
    kept = [READ_COOKIES.validate_python(one["cookies"], extra="forbid") for one in read if "cookies" in one]
    registered = [READ_REGISTER.validate_python(one["registered"], extra="forbid") for one in read if "registered" in one]
    hosts = [READ.validate_python(one, extra="forbid") for one in read if not TABLES & one.keys()]
    return judge_hosts(hosts, *sitemaps or [None], *kept or [None], *registered or [None])


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_gets_the_outcome_its_heading_promises(name: str) -> None:
    rule, example = EXAMPLES[name]
    judgement = judged(example.pages)
    promised = Outcome.CANNOT_TELL if rule.is_advice and example.outcome is Outcome.FAILED else example.outcome
    assert judgement.outcomes[rule.id] is promised, example.why
    for finding in judgement.findings:
        message = catalogue()[finding.rule].words["nl"].messages[finding.message]
        needed = {name for _, name, _, _ in Formatter().parse(message) if name}
        assert needed <= set(finding.arguments), finding.rule


def test_every_rule_about_hosts_is_judged_and_has_its_page() -> None:
    assert host_rules() == RULES


def test_two_hosts_with_one_fault_are_two_findings() -> None:
    hosts = [
        HostObservation(f"https://{name}.example.nl", NOW, home=(HostAnswer(f"https://{name}.example.nl/", 200),))
        for name in ("www", "afval")
    ]
    found = [one for one in judge_hosts(hosts).findings if one.rule == "hsts"]
    assert [one.arguments["host"] for one in found] == ["www.example.nl", "afval.example.nl"]


@pytest.mark.parametrize(
    "answer",
    [
        HostAnswer(status=None, error="timeout"),
        HostAnswer(status=403),
        HostAnswer(status=429),
        HostAnswer(status=503),
        HostAnswer(status=200, error="connection-broken", body="Contact: mailto:ict@example.nl"),
    ],
)
def test_host_that_tells_nothing_is_untested_and_closes_nothing(answer: HostAnswer) -> None:
    host = HostObservation("https://www.example.nl", NOW, plain=(answer,), home=(answer,), security_txt=answer)
    judgement = judge_hosts([host])
    asked = {"hsts", "security-txt-present", "security-txt-valid"}
    assert {rule for rule in asked if judgement.outcomes[rule] is not Outcome.UNTESTED} == set()
    assert asked <= judgement.partly
    assert judgement.findings == ()


def test_certificate_that_did_not_come_closes_nothing() -> None:
    judgement = judge_hosts([HostObservation("https://www.example.nl", NOW, home=(HostAnswer(status=200),))])
    assert judgement.outcomes["certificate"] is Outcome.UNTESTED
    assert "certificate" in judgement.partly


@pytest.mark.parametrize(("headers", "outcome"), [({"set-cookie": "a=b"}, Outcome.UNTESTED), ({}, Outcome.FAILED)])
def test_round_in_which_a_cookie_is_set_says_nothing(headers: dict[str, str], outcome: Outcome) -> None:
    url = "http://www.example.nl/"
    hops = (HostAnswer(url, 302, leads_to=f"{url}nl"), HostAnswer(f"{url}nl", 302, leads_to=url, headers=headers))
    host = HostObservation("https://www.example.nl", NOW, plain=hops, home=(HostAnswer(status=200),))
    assert judge_hosts([host]).outcomes["https-first"] is outcome


def test_header_that_is_missing_on_an_answer_that_did_not_come_is_untested() -> None:
    url = "https://www.example.nl/"
    home = (HostAnswer(url, 302, leads_to=f"{url}nl"), HostAnswer(f"{url}nl", None, "timeout"))
    assert judge_hosts([HostObservation(url[:-1], NOW, home=home)]).outcomes["hsts"] is Outcome.UNTESTED


@pytest.mark.parametrize(("gone", "outcome"), [((), Outcome.UNTESTED), (("https://www.example.nl/oud",), Outcome.CANNOT_TELL)])
def test_walk_that_did_not_meet_the_whole_site_closes_nothing_about_its_sitemap(gone: tuple[str, ...], outcome: Outcome) -> None:
    unlisted = tuple(f"https://www.example.nl/{number}" for number in range(20))
    seen = SitemapObservation("https://www.example.nl", NOW, False, 1, listed=20, gone=gone, pages=40, unlisted=unlisted)
    judgement = judge_hosts([], seen)
    assert judgement.outcomes["sitemap-complete"] is Outcome.UNTESTED
    assert judgement.outcomes["sitemap-addresses"] is outcome
    assert {"sitemap-complete", "sitemap-addresses"} <= judgement.partly


def test_host_that_could_not_be_asked_is_untested_and_closes_nothing() -> None:
    fine = HostObservation("https://afval.example.nl", NOW, made_up=HostAnswer(status=404))
    judgement = judge_hosts([fine, HostObservation("https://www.example.nl", NOW)])
    of_hosts = {rule for module in OF_A_HOST for rule in module.RULES}
    assert {judgement.outcomes[rule] for rule in of_hosts} == {Outcome.UNTESTED}
    assert of_hosts <= judgement.partly


@pytest.mark.parametrize(
    ("target", "home_leads_to", "outcome"),
    [
        ("https://www.example.nl/aanmelden?terug=%2Fbestaat-niet", "", Outcome.UNTESTED),
        ("https://id.example.nl/realms/x/protocol/openid-connect/auth", "", Outcome.UNTESTED),
        ("https://www.example.nl/account/", "", Outcome.UNTESTED),
        ("https://www.voorbeeld.nl/", "https://www.voorbeeld.nl/", Outcome.UNTESTED),
        ("https://www.example.nl/", "https://www.example.nl/nl", Outcome.FAILED),
        ("https://www.example.nl/aanmelden-voor-de-nieuwsbrief", "", Outcome.FAILED),
    ],
)
def test_made_up_address_that_leads_where_everything_leads_is_untested(target: str, home_leads_to: str, outcome: Outcome) -> None:
    made_up = HostAnswer("https://www.example.nl/bestaat-niet", 200, leads_to=target)
    home = HostAnswer("https://www.example.nl/", 302 if home_leads_to else 200, leads_to=home_leads_to)
    judgement = judge_hosts([HostObservation("https://www.example.nl", NOW, home=(home,), made_up=made_up)])
    assert judgement.outcomes["not-found-status"] is outcome


def test_host_of_our_own_network_owes_the_open_web_nothing() -> None:
    bare = HostAnswer("http://127.0.0.1:8000/", 200)
    certificate = Certificate("self-signed")
    host = HostObservation("https://127.0.0.1:8000", NOW, False, (bare,), (bare,), certificate, HostAnswer(status=404))
    secure = {"https-first", "hsts", "certificate", "security-txt-present", "security-txt-valid"}
    assert {judge_hosts([host]).outcomes[rule] for rule in secure} == {Outcome.INAPPLICABLE}


def test_one_website_that_names_its_woo_documents_is_enough() -> None:
    bare = HostAnswer(status=404)
    hosts = [HostObservation(f"https://{name}.example.nl", NOW, robots_txt=bare) for name in ("afval", "www")]
    asked = [one.arguments["host"] for one in judge_hosts(hosts).findings if one.rule == "woo-index"]
    assert asked == ["afval.example.nl"]
    named = WooIndex("https://open.example.nl/sitemapindex-diwoo-infocat002.xml", "woo-elsewhere")
    judgement = judge_hosts([hosts[0], replace(hosts[1], woo=(named,))])
    assert (judgement.outcomes["woo-index"], judgement.outcomes["woo-sitemaps"]) == (Outcome.PASSED, Outcome.UNTESTED)


def test_no_host_was_asked_is_untested() -> None:
    judgement = judge_hosts([])
    assert set(judgement.outcomes.values()) == {Outcome.UNTESTED}
    assert judgement.partly == RULES


def test_a_duty_names_who_asks_for_it_and_has_no_criterion() -> None:
    """What it finds may fail, and is never counted as an accessibility failure."""
    assert {"certificate", "hsts", "https-first", "security-txt-valid"} <= duties()
    assert not [rule for rule in duties() if catalogue()[rule].is_advice or catalogue()[rule].criteria]


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        (lambda count: f"Disallow: /*{'a*' * count}b\n" * 50, 1_000),
        (lambda count: f"Disallow: /{'*' * count}\n" * 50, 2_000),
        (lambda count: "Disallow: /*a*b*c\n" * count, 250),
    ],
    ids=["letters", "stars", "lines"],
)
def test_robots_txt_of_thousands_of_wildcards_costs_no_more_than_its_length(pattern: Callable[[int], str], size: int) -> None:
    home = (HostAnswer(status=200, page=HostPage(style_sheets=(f"https://www.example.nl/{'a' * 190}",))),)

    def judged(count: int) -> None:
        robots = HostAnswer(status=200, headers={"content-type": "text/plain"}, body=f"User-agent: *\n{pattern(count)}")
        judge_hosts([HostObservation("https://www.example.nl", NOW, home=home, robots_txt=robots)])

    assert growth(judged, size) < LINEAR


@pytest.mark.parametrize(
    "body",
    [
        "Contact: mailto:a@b.nl\nExpires: 9999-99-99T00:00:00Z",
        "Contact:\x00mailto:a@b.nl\nExpires: \u202e2020",
        "Expires: " + "9" * 90_000,
        "Expires: 2030-01-01T00:00:00Z\nContact: https://" + "a" * 100_000 + " b",
        "Expires: 2030-01-01T00:00:00Z\nContact: https://" + "a" * 100_000 + "\x00 b",
        "Expires: 2030-01-01T00:00:00Z\nContact: mailto:" + "a@" * 50_000,
        "Expires: 2030-01-01T00:00:00Z\nContact: tel:" + "(1" * 50_000,
        "Expires: 2030-01-01T00:00:00Z\n" + "Contact" + " " * 100_000,
        "a" * 100_000,
    ],
)
def test_hostile_security_txt_is_quoted_safely(body: str) -> None:
    answer = HostAnswer(status=200, headers={"content-type": "text/plain"}, body=body)
    for finding in judge_hosts([HostObservation("https://www.example.nl", NOW, security_txt=answer)]).findings:
        value = str(finding.arguments.get("value", ""))
        assert value.isprintable()
        assert len(value) <= 80


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        ("Expires: ", "9", ""),
        ("Expires: 2030-01-01T00:00:00Z\nContact: https://", "a", " b"),
        ("Expires: 2030-01-01T00:00:00Z\nContact: mailto:", "a@", ""),
        ("Expires: 2030-01-01T00:00:00Z\nContact: tel:", "(1", ""),
        ("Expires: 2030-01-01T00:00:00Z\nContact", " ", "x"),
        ("", "a", ""),
    ],
)
@pytest.mark.parametrize("length", [LONGEST // 4, 4_000])
def test_hostile_security_txt_costs_no_more_than_its_length(before: str, piece: str, after: str, length: int) -> None:
    def judged(length: int) -> None:
        body = before + piece * (length // len(piece)) + after
        answer = HostAnswer(status=200, headers={"content-type": "text/plain"}, body=body)
        judge_hosts([HostObservation("https://www.example.nl", NOW, security_txt=answer)])

    assert growth(judged, length) < LINEAR
