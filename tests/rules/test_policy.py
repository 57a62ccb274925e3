"""A policy is read from the settings, and what is wrong with it is said in a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from growth import LINEAR, growth

from rules.page_type import PageType
from rules.pattern import PatternError, check_pattern, first_match
from rules.policy import Policy, PolicyError, id_of, know, read_policies, read_policy, rule_named
from rules.rule import catalogue

LINE = {"id": "geen-klik-hier", "title": "Geen 'klik hier'", "text": "klik hier"}


def test_a_policy_keeps_what_was_written() -> None:
    line = {
        **LINE,
        "must_occur": True,
        "pages": "/nieuws/",
        "page_types": ["news"],
        "why": "Daarom.",
        "what_to_do": "Herschrijf.",
    }
    policy = read_policy(line)
    assert read_policy(policy.as_stored()) == policy
    assert policy.applies_to("https://a.example/nieuws/x", PageType.NEWS)
    assert not policy.applies_to("https://a.example/nieuws/x", PageType.PRODUCT)
    assert not policy.applies_to("https://a.example/", PageType.NEWS)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"titel": "x"}, "titel"),
        ({"id": "Klik hier"}, "id"),
        ({"id": "x" * 41}, "id"),
        ({"id": ""}, "id"),
        ({"title": " "}, "title"),
        ({"title": 3}, "title"),
        ({"text": ""}, "wanted"),
        ({"text": "  "}, "wanted"),
        ({"selector": "a"}, "wanted"),
        ({"text": "", "selector": ":::"}, "wanted"),
        ({"text": "", "pattern": "("}, "wanted"),
        ({"text": "", "pattern": "(?=klik)"}, "wanted"),
        ({"text": "", "pattern": "x*"}, "wanted"),
        ({"pages": "["}, "pages"),
        ({"page_types": ["produkt"]}, "page_types"),
        ({"page_types": "product"}, "page_types"),
        ({"page_types": [["product"]]}, "page_types"),
        ({"page_types": [{"type": "product"}]}, "page_types"),
        ({"must_occur": "yes"}, "must_occur"),
        ({"why": "x" * 3_000}, "why"),
    ],
)
def test_a_wrong_policy_is_answered_with_what_to_write(changed: dict[str, Any], key: str) -> None:
    with pytest.raises(PolicyError) as told:
        read_policy({**LINE, **changed})
    assert told.value.key == key
    assert "policy" in str(told.value)


def test_two_policies_do_not_share_an_id() -> None:
    with pytest.raises(PolicyError, match="geen-klik-hier"):
        read_policies([LINE, LINE])
    assert id_of("Geen 'klik hier'", ["geen-klik-hier"]) == "geen-klik-hier-2"
    assert id_of("…", []) == "regel"


def test_a_policy_is_shown_like_a_rule_and_never_has_the_name_of_one() -> None:
    policy: Policy = read_policy({**LINE, "title": "Geen {accolades} [en] haken"})
    know([policy])
    rule = rule_named(policy.rule_id)
    assert rule is not None
    assert rule.is_advice
    said = rule.message("nl", "cantTell", {"wanted": "klik hier", "found": "{klik} [hier]"})
    assert said.endswith("{klik} [hier]")
    assert policy.rule_id not in catalogue()
    know([])
    assert rule_named(policy.rule_id) is None


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(x+x+)+y", "(.*)*z", "(a?){50}a{50}"])
def test_no_expression_can_make_a_run_hang(pattern: str) -> None:
    assert growth(lambda length: first_match(pattern, "a" * length + "x" * length), 12_500) < LINEAR


@pytest.mark.parametrize("pattern", ["(", "(?<=a)b", r"(a)\1", "((a{100}){100}){100}", "a{2000}" * 50])
def test_what_is_no_expression_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="no regular expression"):
        check_pattern(pattern)
