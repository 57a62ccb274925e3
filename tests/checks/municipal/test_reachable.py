"""The link that every page should have: asked where it is the exception to lack it, and once where the whole site does."""

from __future__ import annotations

import pytest

from checks.accessibility.sample.facts import SamplePage
from checks.municipal.digid.check import _logs_in
from checks.municipal.reachable import CONTACT, STATEMENT, Reachable
from rules.observation import PageLink
from rules.outcome import Outcome

PLACE = {"selector": "html", "path": "html", "html": "<html>"}


def page(name: str, *links: tuple[str, str]) -> SamplePage:
    there = tuple(PageLink(url, text) for url, text in links)
    address = f"https://a.example/{name}"
    return SamplePage(
        address=address,
        language="nl",
        title=name,
        title_element=None,
        root=PLACE,
        heading="",
        canonical="",
        content=frozenset(),
        has_form=False,
        blocks=(),
        controls=(),
        has_search=False,
        links=there,
        places=None,
        said=None,
    )


def asked(*pages: SamplePage) -> set[tuple[str, str, str]]:
    sample = Reachable("https://a.example/")
    for one in pages:
        sample.add(one)
    return {
        (one.title, verdict.rule, verdict.message)
        for one in pages
        for verdict in sample.judge(one)
        if verdict.outcome is Outcome.CANNOT_TELL
    }


BOTH = (("https://a.example/t", "Digitale toegankelijkheid"), ("https://a.example/contact/", "Vragen?"))


def test_the_one_without_the_link_is_asked_about() -> None:
    assert asked(page("", *BOTH), page("a", *BOTH), page("b")) == {("b", STATEMENT, ""), ("b", CONTACT, "")}
    assert asked(page("", *BOTH), page("a", *BOTH), page("contact", BOTH[0]), page("toegankelijkheid", BOTH[1])) == set()


def test_a_site_that_has_it_nowhere_is_asked_once() -> None:
    assert asked(page(""), page("a"), page("b")) == {("", STATEMENT, "cantTell_site"), ("", CONTACT, "cantTell_site")}


@pytest.mark.parametrize("text", ["Inloggen met DigiD", "Verhuizing doorgeven (DigiD)", "Direct aanvragen via DigiD"])
def test_a_link_to_log_in(text: str) -> None:
    assert _logs_in(PageLink("https://f.example/", text))


@pytest.mark.parametrize("text", ["DigiD", "Wat is DigiD?", "DigiD aanvragen", "Hulp bij DigiD", "Meer over DigiD", "Inloggen"])
def test_a_link_about_digid_is_none(text: str) -> None:
    assert not _logs_in(PageLink("https://f.example/", text))
