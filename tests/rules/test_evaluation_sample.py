"""A structured sample is proposed from the crawl; the random part is drawn so that anybody can draw it again."""

from __future__ import annotations

import pytest

from rules.document import DocumentKind
from rules.evaluation import SampleRole
from rules.evaluation_sample import Candidate, draw_random, propose_structured, size_of_random, technologies_of

ORIGIN = "https://www.example.nl"
SITE = [
    Candidate(f"{ORIGIN}/", "Voorbeeld", 1, "home", 1, 0),
    Candidate(f"{ORIGIN}/contact", "Contact", 2, "contact", 2, 1),
    Candidate(f"{ORIGIN}/zoeken", "Zoeken", 3, "search", 3, 1),
    Candidate(f"{ORIGIN}/toegankelijkheid", "Toegankelijkheidsverklaring", 4, "statement", 2, 1),
    Candidate(f"{ORIGIN}/inloggen", "Inloggen met DigiD", 5, "other", 2, 1),
    Candidate(f"{ORIGIN}/hulp", "Hulp bij deze website", 6, "other", 2, 1),
    Candidate(f"{ORIGIN}/privacy", "Privacyverklaring", 7, "other", 2, 1),
    Candidate(f"{ORIGIN}/a-z", "Sitemap", 8, "overview", 2, 1),
    Candidate(f"{ORIGIN}/paspoort", "Paspoort", 9, "product", 4, 2, is_task=True),
    Candidate(f"{ORIGIN}/paspoort/aanvragen", "Afspraak maken", 10, "form", 5, 3),
    Candidate(f"{ORIGIN}/melden/1", "Melding doen", 14, "form", 5, 2, process="Melding doen"),
    Candidate(f"{ORIGIN}/melden/2", "Stap 2", process="Melding doen"),
    Candidate(f"{ORIGIN}/rijbewijs", "Rijbewijs", 11, "product", 4, 2),
    Candidate(f"{ORIGIN}/nieuws/1", "Nieuws", 12, "news", 6, 2),
    Candidate(f"{ORIGIN}/nieuws/2", "Logeerbeleid", 13, "news", 6, 2),
    Candidate(f"{ORIGIN}/a.pdf", "", document=DocumentKind.PDF),
    Candidate(f"{ORIGIN}/b.pdf", "", document=DocumentKind.PDF),
    Candidate(f"{ORIGIN}/c.docx", "", document=DocumentKind.DOCX),
]


def test_every_kind_that_the_method_and_the_law_name_is_proposed_once() -> None:
    roles = {one.candidate.url.removeprefix(ORIGIN): one.role for one in propose_structured(SITE)}
    assert roles == {
        "/": SampleRole.HOME,
        "/contact": SampleRole.CONTACT,
        "/inloggen": SampleRole.LOGIN,
        "/zoeken": SampleRole.SEARCH,
        "/toegankelijkheid": SampleRole.STATEMENT,
        "/hulp": SampleRole.HELP,
        "/a-z": SampleRole.SITEMAP,
        "/privacy": SampleRole.LEGAL,
        "/paspoort": SampleRole.TASK,
        "/melden/1": SampleRole.PROCESS,
        "/melden/2": SampleRole.PROCESS,
        "/paspoort/aanvragen": SampleRole.FORM,
        "/nieuws/1": SampleRole.TEMPLATE,
        "/a.pdf": SampleRole.DOCUMENT,
        "/c.docx": SampleRole.DOCUMENT,
    }


def test_every_template_has_a_page_in_the_sample_but_no_more_than_is_bearable() -> None:
    many = [Candidate(f"{ORIGIN}/{number}", "", number, "", number, number) for number in range(1, 300)]
    proposed = propose_structured(many)
    assert {one.role for one in proposed} == {SampleRole.TEMPLATE}
    assert 40 <= len(proposed) <= 41
    assert propose_structured([]) == []


@pytest.mark.parametrize(("structured", "drawn"), [(0, 0), (1, 1), (10, 1), (11, 2), (80, 8)])
def test_the_random_part_is_a_tenth_rounded_up(structured: int, drawn: int) -> None:
    assert size_of_random(structured) == drawn


def test_the_same_seed_draws_the_same_pages_in_whatever_order_they_come() -> None:
    urls = [f"{ORIGIN}/{number}" for number in range(50)]
    order = draw_random(urls, "a")
    assert order == draw_random(reversed(urls), "a")
    assert order[:3] == [f"{ORIGIN}/{number}" for number in (11, 16, 5)]  # reckoned with sha256sum
    assert order != draw_random(urls, "b")
    assert draw_random(urls, "a", out=order[:1]) == order[1:]


def test_technologies_are_those_that_the_crawl_shows() -> None:
    assert technologies_of(SITE) == ["HTML", "CSS", "JavaScript", "WAI-ARIA", "PDF", "Word"]
    assert technologies_of([]) == ["HTML", "CSS", "JavaScript", "WAI-ARIA"]
