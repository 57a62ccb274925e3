"""What one address leads to: "dead" only where the answer says so of the address itself."""

from __future__ import annotations

import pytest

from checks.links.classify import classify
from checks.links.soft_404 import is_soft_404
from rules.observation import LinkAnswer, LinkClass, LinkObservation, Shown


def class_of(status: int, *, own_site: bool) -> LinkClass:
    answer = LinkAnswer("https://www.voorbeeld.nl/a", status)
    return classify(LinkObservation(answer.url, answer, answer, 30.0), own_site=own_site, network_works=True)[0]


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_is_gone_is_dead_everywhere(status: int) -> None:
    assert class_of(status, own_site=True) is LinkClass.DEAD
    assert class_of(status, own_site=False) is LinkClass.DEAD


@pytest.mark.parametrize("status", [400, 408, 412, 421, 422, 425, 498, 500, 502, 503, 504, 520])
def test_another_host_that_is_in_trouble_or_will_not_speak_to_robots_is_never_dead(status: int) -> None:
    assert class_of(status, own_site=False) is not LinkClass.DEAD


def test_on_the_site_itself_an_error_of_the_page_is_dead_and_one_of_the_moment_is_not() -> None:
    assert class_of(500, own_site=True) is LinkClass.DEAD
    assert class_of(400, own_site=True) is LinkClass.DEAD
    assert {class_of(status, own_site=True) for status in (408, 502, 503, 504)} == {LinkClass.UNSURE}


@pytest.mark.parametrize(
    "title", ["404", "404 - Pagina niet gevonden", "404 Not Found", "Fout 404: deze pagina is weg", "Oeps! 404", "404 | Gemeente"]
)
def test_a_notice_is_a_soft_404(title: str) -> None:
    assert is_soft_404(Shown(title, title))


@pytest.mark.parametrize("title", ["404 nieuwe woningen in Zuid", "404 bomen gekapt", "Sleutels niet gevonden? Zo meldt u het"])
def test_a_title_in_which_the_number_or_words_only_occur_is_not(title: str) -> None:
    assert not is_soft_404(Shown(title, title))
