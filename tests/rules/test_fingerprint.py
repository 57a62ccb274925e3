"""A fingerprint finds a finding again after the page was built anew, and never takes one for another."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from growth import LINEAR, growth
from hypothesis import given
from hypothesis import strategies as st

from rules.finding import Finding, Target, fingerprints, normal_path, normal_snippet
from rules.outcome import Impact, Outcome

PAGE = "https://www.example.nl/"
numbers = st.integers(min_value=0, max_value=10**12)
names = st.text(string.ascii_lowercase, min_size=1, max_size=12)
spaces = st.text(" \n\t", min_size=1, max_size=5)
words = st.text(st.characters(exclude_characters="<>\"'", exclude_categories=["Cs", "Cc"]), max_size=40)


def failure(html: str, path: str = "html > body > main > a.knop", rule: str = "link-name", **changes: object) -> Finding:
    target = Target((), path, html, path)
    finding = Finding(rule, 1, Outcome.FAILED, Impact.SERIOUS, ("axe",), target, "failed")
    return replace(finding, **changes)


def print_of(finding: Finding, page: str = PAGE, state: str = "loaded") -> str:
    [(fingerprint, _)] = fingerprints(page, state, [finding])
    return fingerprint


@given(numbers, numbers)
def test_counters_and_ids_with_digits_keep_it(one: int, other: int) -> None:
    def finding(number: int) -> Finding:
        html = f'<a id="x{number}" data-count="{number}" href="/nieuws/{number}" class="a{number}" style="top:{number}px">'
        return failure(html, f"html > body > div#blok-{number} > ul > li:nth-child({number}) > a.item-{number}")

    assert print_of(finding(one)) == print_of(finding(other))


@given(spaces, spaces)
def test_white_space_keeps_it(one: str, other: str) -> None:
    def finding(space: str) -> Finding:
        return failure(f'<img{space}src="/foto.png"{space}class="breed">', f"html > body{space}> img")

    assert print_of(finding(one)) == print_of(finding(other))


@given(names, names)
def test_the_order_of_attributes_keeps_it(href: str, title: str) -> None:
    one = failure(f'<a href="/{href}" title="{title}">')
    other = failure(f"<a title='{title}' href='/{href}'>")
    assert print_of(one) == print_of(other)


@given(words, words)
def test_the_words_of_the_page_keep_it(one: str, other: str) -> None:
    assert print_of(failure(f'<a href="/x">{one}</a>')) == print_of(failure(f'<a href="/x">{other}</a>'))


@given(words, st.sampled_from(["class", "id", "style", "nonce", "data-reactid", "onclick"]))
def test_attributes_that_come_and_go_keep_it(value: str, attribute: str) -> None:
    assert print_of(failure(f'<a href="/x" {attribute}="{value}">')) == print_of(failure('<a href="/x">'))


def test_of_a_rule_about_words_those_words_tell_findings_apart() -> None:
    first, second = (
        failure("<p>", rule="plain-paragraph", arguments={"begin": words, "longest": 41}) for words in ("Een", "Twee")
    )
    assert print_of(first) != print_of(second)
    assert print_of(first) == print_of(replace(first, arguments={"begin": "Een", "longest": 52}))


def test_engine_version_outcome_impact_and_message_keep_it() -> None:
    finding = failure("<a>")
    changed = replace(
        finding,
        engines=("other", "axe"),
        rule_version=7,
        outcome=Outcome.CANNOT_TELL,
        impact=Impact.MINOR,
        message="cantTell",
        arguments={"contrastRatio": 3.1},
    )
    assert print_of(finding) == print_of(changed)


@given(names, names)
def test_another_page_rule_state_frame_or_element_changes_it(one: str, other: str) -> None:
    finding = failure(f'<a href="/{one}">', f"main > a.{one}")
    same = one == other
    assert (print_of(finding, PAGE + one) == print_of(finding, PAGE + other)) == same
    assert (print_of(replace(finding, rule=one)) == print_of(replace(finding, rule=other))) == same
    assert (print_of(finding, state=one) == print_of(finding, state=other)) == same
    assert (print_of(finding) == print_of(failure(f'<a href="/{other}">', f"main > a.{one}"))) == same
    assert (print_of(finding) == print_of(failure(f'<a href="/{one}">', f"main > a.{other}"))) == same
    framed = replace(finding, target=replace(finding.target, frames=("iframe",)))
    assert print_of(framed) != print_of(finding)


@given(st.integers(min_value=1, max_value=20))
def test_equal_elements_get_fingerprints_of_their_own(count: int) -> None:
    found = [fingerprint for fingerprint, _ in fingerprints(PAGE, "loaded", [failure("<a>")] * count)]
    assert len(set(found)) == count
    more = [fingerprint for fingerprint, _ in fingerprints(PAGE, "loaded", [failure("<a>")] * (count + 1))]
    assert more[:count] == found


@given(st.lists(st.tuples(names, names), max_size=6), st.randoms())
def test_findings_among_which_others_come_and_go_keep_theirs(found: list[tuple[str, str]], random: object) -> None:
    findings = [failure(f'<a href="/{href}">', f"main > a.{name}") for href, name in sorted(set(found))]
    alone = {finding.target: print_of(finding) for finding in findings}
    random.shuffle(findings)  # type: ignore[attr-defined]
    together = {finding.target: fingerprint for fingerprint, finding in fingerprints(PAGE, "loaded", findings)}
    assert together == alone


@given(st.text(max_size=300))
def test_any_text_has_a_snippet_and_a_path(text: str) -> None:
    assert normal_snippet(normal_snippet(f"<{text}")) is not None
    assert normal_path(normal_path(text)) == normal_path(text)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("plain text", ""),
        ("<IMG SRC='/a.png' Alt=\"Een foto\">", "img alt=Een foto src=/a.png"),
        ('<svg-icon aria-label="Zoek" class="x">', "svg-icon aria-label=Zoek"),
        ('<a href="/nieuws/2026/12">Lees</a>', "a href=/nieuws/0/0"),
        ("<input disabled type=text>", "input type=text"),
    ],
)
def test_a_snippet_keeps_the_tag_and_what_stays(html: str, expected: str) -> None:
    assert normal_snippet(html) == expected


@pytest.mark.parametrize("piece", ["x", 'b="', " b=c"])
def test_a_huge_snippet_costs_no_more_than_its_length(piece: str) -> None:
    assert growth(lambda count: normal_snippet(f"<a {piece * count}\x00"), 2_000) < LINEAR
