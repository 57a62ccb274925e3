"""The catalogue is whole: every rule has its words, every criterion exists, every engine rule is spoken for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from playwright.sync_api import sync_playwright

from checks.accessibility.engines.axe.mapping import left_out, mapping, options_for
from checks.accessibility.engines.axe.probe import axe_script
from checks.sample import RULES as RULES_OF_THE_SAMPLE
from checks.topics import topics
from checks.website.host.judge import RULES as RULES_OF_HOSTS
from crawler.browser import find_browser, launch_arguments
from rules.norm import Language, Level, norms, success_criteria
from rules.reason import REASONS, reason_text
from rules.rule import PARTS, RulePageError, catalogue, parse_rule_page

ROOT = Path(__file__).parents[2]
ROOMS = ("rules", "crawler", "checks", "storage", "scheduler", "dashboard", "vierluik")
LANGUAGES: tuple[Language, ...] = get_args(Language)


# --- norms ---------------------------------------------------------------------------------------------------------


def test_each_norm_asks_for_as_many_criteria_as_it_says() -> None:
    assert {norm.id: len(norm.criteria) for norm in norms().values()} == {"en301549-3.2.1": 50, "en301549-4.1.1": 55}


def test_document_clauses_are_forty_six() -> None:
    """EN 301 549 v3.2.1, clause 10, leaves 2.4.1, 2.4.5, 3.2.3 and 3.2.4 void."""
    asked = norms()["en301549-3.2.1"].criteria
    void = {number for number in asked if not success_criteria()[number].document_clause}
    assert len(asked) - len(void) == 46
    assert void == {"2.4.1", "2.4.5", "3.2.3", "3.2.4"}


def test_every_criterion_has_a_level_a_name_and_the_clause_of_its_number() -> None:
    for number, criterion in success_criteria().items():
        assert criterion.level in get_args(Level)
        assert criterion.since in ("2.0", "2.1", "2.2")
        assert all(criterion.name[language].strip() for language in LANGUAGES)
        assert criterion.web_clause in ("", f"9.{number}")
        assert criterion.document_clause in ("", f"10.{number}")
    for number in norms()["en301549-3.2.1"].criteria:
        assert success_criteria()[number].web_clause == norms()["en301549-3.2.1"].clause(number)


def test_parsing_is_asked_by_the_older_norm_only() -> None:
    assert norms()["en301549-3.2.1"].asks("4.1.1")
    assert not norms()["en301549-4.1.1"].asks("4.1.1")
    assert norms()["en301549-4.1.1"].clause("4.1.1") == ""


# --- the pages of rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule_id", catalogue())
def test_a_rule_says_everything_in_both_languages(rule_id: str) -> None:
    rule = catalogue()[rule_id]
    assert rule.version >= 1
    assert rule.minutes >= 1
    for language in LANGUAGES:
        words = rule.words[language]
        for part in PARTS[language]:
            if part != "message":
                assert getattr(words, part).strip(), (language, part)
        assert set(words.messages) == set(rule.words["nl"].messages)
        for key, text in words.messages.items():
            assert text.strip()
            assert placeholders(text) == placeholders(rule.words["nl"].messages[key]), (language, key)
            assert rule.message(language, key, {}).strip()
        assert words.title != rule.words["nl" if language == "en" else "en"].title


def placeholders(text: str) -> set[str]:
    """What a message is filled with; that it is given stands in the tests of the examples."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_act_rules_are_named_by_their_ids() -> None:
    for rule in catalogue().values():
        assert all(re.fullmatch(r"[a-z0-9]{6}", act) for act in rule.act), rule.id


SOUND = ROOT.joinpath("rules/catalogue/accessibility/frame-title.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (SOUND.replace("+++\n", "", 1), "begin with front matter"),
        (SOUND.replace("version = 1\n", ""), "version"),
        (SOUND.replace('impact = "serious"', 'impact = "high"'), "high"),
        (SOUND.replace('mender = "web-manager"', 'mender = "nobody"'), "nobody"),
        (SOUND.replace("version = 1\n", "version = 1\ncolour = 2\n"), "unknown front matter colour"),
        (SOUND.replace('"4.1.2"', '"4.9.9"'), "no success criterion 4.9.9"),
        (SOUND.replace("## English", "## Engels"), "English"),
        (SOUND.replace("### Title\n", "### Titel\n"), "Title"),
        (SOUND.replace("- cantTell:", "- perhaps:"), "cantTell"),
    ],
)
def test_a_page_that_breaks_the_form_is_a_sentence_that_names_it(fault: str, sentence: str) -> None:
    assert parse_rule_page("frame-title", "accessibility", SOUND).id == "frame-title"
    with pytest.raises(RulePageError, match=re.escape(sentence)) as error:
        parse_rule_page("frame-title", "accessibility", fault)
    assert "frame-title.md" in str(error.value)


# --- the engine ----------------------------------------------------------------------------------------------------


def test_every_rule_of_the_engine_is_mapped_or_left_out_with_a_reason() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().path, args=launch_arguments())
        page = browser.new_page()
        page.evaluate(axe_script())
        known = set(page.evaluate("axe.getRules().map(rule => rule.ruleId)"))
        browser.close()
    assert known - set(mapping()) - set(left_out()) == set()
    assert (set(mapping()) | set(left_out())) - known == set(), "the engine does not know these"
    assert set(mapping()) & set(left_out()) == set()
    assert all(reason.strip() for reason in left_out().values())


def test_every_page_has_somebody_who_judges_it_and_every_judge_a_page() -> None:
    own = {rule for topic in topics().values() for rule in topic.rules} | RULES_OF_THE_SAMPLE | RULES_OF_HOSTS
    areas = {topic.area for topic in topics().values()}
    assert set(mapping().values()) | own == {rule.id for rule in catalogue().values() if rule.area in areas}


def test_the_rules_that_show_several_pages_are_those_that_compare_them() -> None:
    assert {rule.id for rule in catalogue().values() if rule.compares_pages} == RULES_OF_THE_SAMPLE


def test_a_rule_of_a_criterion_outside_the_norm_does_not_run() -> None:
    older, newer = (options_for(norm)["rules"] for norm in norms().values())
    assert older["target-size"] == {"enabled": False}
    assert newer["target-size"] == {"enabled": True}
    assert all(older[name] == {"enabled": False} for name in left_out())


# --- reasons -------------------------------------------------------------------------------------------------------


def test_every_reason_has_words_in_both_languages() -> None:
    for key in REASONS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)
        assert len(key) <= 50, "the column holds fifty characters"
        sentences = {reason_text(key, language) for language in LANGUAGES}
        assert len(sentences) == len(LANGUAGES)
        assert all(sentence.strip() for sentence in sentences)


def test_every_reason_that_the_code_gives_has_words() -> None:
    unknown = {(file, key) for file, key in reasons_in_the_code() if key not in REASONS}
    assert unknown == set()


def test_every_reason_with_words_is_given_somewhere() -> None:
    """Words that no code gives are left over from something that was removed."""
    texts = [file.read_text(encoding="utf-8") for file in files_of_code() if file.name != "reason.py"]
    texts += [ROOT.joinpath("checks/accessibility/engines/axe/run.js").read_text(encoding="utf-8")]
    built = {f"start-{status}" for status in ("4xx", "5xx")}
    assert {key for key in REASONS if key not in built and not any(f'"{key}"' in text for text in texts)} == set()


def files_of_code() -> Iterator[Path]:
    for room in ROOMS:
        yield from ROOT.joinpath(room).rglob("*.py")


# Calls by the place of the argument that is a reason, and names that are given one.
CALLS = {"VisitFailed": 0, "NeverOpened": 0, "CrawlEnded": 0, "PagesLeft": 2, "SitemapUnread": 1, "PageResult": 2}
CALLS |= {"_interrupted": 0, "interrupt_run": 2, "Unreadable": 0, "DocumentResult": 3}
NAMES = ("reason", "failed_because")


def reasons_in_the_code() -> Iterator[tuple[str, str]]:
    """Every string that is passed as a reason, with its file."""
    for file in files_of_code():
        name = file.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((name, key) for key in _reasons_of_call(node))
            elif isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id in NAMES for one in node.targets):
                yield from ((name, key) for key in _texts(node.value))


def _reasons_of_call(call: ast.Call) -> Iterator[str]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = CALLS.get(called)
    if place is not None and len(call.args) > place:
        yield from _texts(call.args[place])
    for keyword in call.keywords:
        if keyword.arg in NAMES and called not in ("finish_request",):
            yield from _texts(keyword.value)


def _texts(value: ast.expr) -> Iterator[str]:
    """The strings that an expression may give: itself, or either side of a choice."""
    match value:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_texts(body), *_texts(orelse))
        case ast.BoolOp(values=values):
            for one in values:
                yield from _texts(one)


def test_the_look_for_reasons_finds_them() -> None:
    found = {key for _, key in reasons_in_the_code()}
    assert {"load-timeout", "robots", "page-limit", "too-large", "stopped"} & found >= {"load-timeout", "stopped", "too-large"}
    assert len(found) > 20


def test_the_rule_pages_are_part_of_the_package() -> None:
    assert resources.files("rules").joinpath("catalogue/accessibility/frame-title.md").is_file()
