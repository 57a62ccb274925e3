"""Hosts of makers are told from websites whose name only holds such a word; numbers that can be called from those that cannot."""

from __future__ import annotations

import pytest

from checks.links.addresses.check import _can_be_called, _is_of_the_makers


@pytest.mark.parametrize(
    "host",
    [
        "acc.voorbeeldstad.nl",
        "www-acc.voorbeeldstad.nl",
        "test1.voorbeeldstad.nl",
        "www-test.voorbeeldstad.nl",
        "x.test.voorbeeldstad.nl",
        "formulieren-tst2.voorbeeldstad.nl",
        "loket.intranet",
        "10.1.2.3",
    ],
)
def test_a_host_of_the_makers_is_asked_about(host: str) -> None:
    assert _is_of_the_makers(host)


@pytest.mark.parametrize(
    "host",
    [
        "test.nl",
        "www.stage.nl",
        "www.covid-test.nl",
        "covid-test.voorbeeldstad.nl",
        "wijk-ontwikkeling.nl",
        "www.gebieds-ontwikkeling.nu",
        "ontwikkeling.voorbeeldstad.nl",
        "stage.voorbeeldstad.nl",
        "www.test-aankoop.be",
        "dev-bouw.nl",
    ],
)
def test_a_website_with_such_a_word_in_its_name_is_not(host: str) -> None:
    assert not _is_of_the_makers(host)


@pytest.mark.parametrize("number", ["144", "112", "14 0118", "0118-675000", "+31 (0)20 123 4567", "0800 8051"])
def test_numbers_that_can_be_called(number: str) -> None:
    assert _can_be_called(number)
