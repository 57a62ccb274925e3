"""Findings that one repair mends are one cause, whatever pages come and go."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from rules.cause import CauseKind, Place, causes_of, region_of
from rules.outcome import Mender

FOOTER = "html > body > footer > p > a:nth-child({})"
CONTENT = "html > body > main > p:nth-child({}) > img"


def footer_faults(pages: int) -> Iterator[Place]:
    for page in range(pages):
        path = FOOTER.format(page % 3 + 1)
        yield Place(page, "link-name", page, 1, (), path, f'<a href="/?visit={page}"></a>')


def content_faults(start: int, pages: int) -> Iterator[Place]:
    for page in range(pages):
        yield Place(
            start + page,
            "image-alternative",
            page,
            1,
            (),
            CONTENT.format(page),
            f'<img src="/foto-van-{"ab"[page % 2] * page}.jpg">',
        )


def test_a_footer_fault_on_a_thousand_pages_is_one_cause() -> None:
    causes = causes_of(footer_faults(1_000), {1: 1_000})
    assert [(cause.kind, cause.region, len(cause.findings)) for cause in causes] == [(CauseKind.TEMPLATE, "footer", 1_000)]


def test_what_different_words_say_in_one_place_of_many_pages_is_no_component() -> None:
    """Of a rule about words the same element with other words is another finding: paragraphs are the editor's."""
    path = "html > body > main > p:nth-child(2)"
    other = [Place(page, "plain-paragraph", page, 1, (), path, "<p>", (f"Alinea {page}",)) for page in range(5)]
    same = [Place(10 + page, "plain-paragraph", page, 1, (), path, "<p>", ("Overal gelijk",)) for page in range(5)]
    assert {cause.kind: len(cause.findings) for cause in causes_of([*other, *same], {1: 5})} == {
        CauseKind.TEMPLATE: 5,
        CauseKind.CONTENT: 5,
    }


def test_one_page_more_adds_no_cause() -> None:
    before = causes_of([*footer_faults(10), *content_faults(100, 5)], {1: 10})
    after = causes_of([*footer_faults(11), *content_faults(100, 6)], {1: 11})
    assert [cause.key for cause in before] == [cause.key for cause in after]


def test_what_stands_on_few_pages_of_a_template_is_a_component() -> None:
    (cause,) = causes_of(footer_faults(5), {1: 50})
    assert cause.kind is CauseKind.COMPONENT


def test_what_editors_write_is_content_of_one_rule() -> None:
    (cause,) = causes_of(content_faults(0, 6), {1: 6})
    assert (cause.kind, cause.region, len(cause.findings)) == (CauseKind.CONTENT, "", 6)


def test_a_fault_of_the_template_is_not_the_editors() -> None:
    assert CauseKind.TEMPLATE.mender(Mender.EDITOR) is Mender.SUPPLIER
    assert CauseKind.CONTENT.mender(Mender.EDITOR) is Mender.EDITOR
    assert CauseKind.COMPONENT.mender(Mender.WEB_MANAGER) is Mender.WEB_MANAGER


def test_a_region_is_the_outermost_landmark() -> None:
    assert region_of("html > body > header > nav > ul") == "header"
    assert region_of("html > body > div > p") == ""


places = st.builds(
    Place,
    finding=st.integers(0, 10_000),
    rule=st.sampled_from(["a", "b"]),
    page=st.integers(0, 5),
    template=st.sampled_from([None, 1, 2]),
    frames=st.just(()),
    path=st.sampled_from([FOOTER.format(1), CONTENT.format(2), "html"]),
    snippet=st.sampled_from(['<a href="/1">', "<img>", ""]),
)


@given(st.lists(places, unique_by=lambda place: place.finding))
def test_every_finding_has_exactly_one_cause(found: list[Place]) -> None:
    causes = causes_of(found, {1: 5, 2: 1})
    assert sorted(number for cause in causes for number in cause.findings) == sorted(place.finding for place in found)
    assert len({(cause.kind, cause.key) for cause in causes}) == len(causes)
