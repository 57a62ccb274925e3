"""Whose page it is: the nearest rule wins, and a file that is wrong says where."""

from __future__ import annotations

import pytest

from rules.owners import OwnedBy, OwnedPage, OwnerRule, Owners, OwnersError, read_owners

START = "https://www.example.nl/"


def test_the_nearest_rule_wins() -> None:
    owners = Owners(
        [
            OwnerRule(OwnedBy.SECTION, "/", "webteam"),
            OwnerRule(OwnedBy.SECTION, "/afval/", "afval"),
            OwnerRule(OwnedBy.SECTION, "/afval/grof/", "grof"),
            OwnerRule(OwnedBy.AUTHOR, "Anne", "anne"),
            OwnerRule(OwnedBy.PAGE, f"{START}afval/kalender", "bart"),
            OwnerRule(OwnedBy.TEMPLATE, "7", "sjabloon"),
        ]
    )
    of = {
        "": "webteam",
        "afval": "afval",
        "afval/": "afval",
        "afvalbak": "webteam",
        "afval/grof/x": "grof",
        "afval/kalender": "bart",
    }
    assert {path: owners.of(OwnedPage(START + path)) for path in of} == of
    assert owners.of(OwnedPage(f"{START}afval/x", "ANNE")) == "anne"
    only = Owners([OwnerRule(OwnedBy.TEMPLATE, "7", "sjabloon")])
    assert [only.of(OwnedPage(START, "", template)) for template in (7, 8, None)] == ["sjabloon", "", ""]


def test_a_file_may_name_everything_in_any_order() -> None:
    text = "Eigenaar;Pad;Auteur\nanne@example.nl;afval;\nbart;;Team Nieuws\n;;\n"
    assert read_owners(text.encode("utf-8-sig"), START) == [
        OwnerRule(OwnedBy.SECTION, "/afval/", "anne@example.nl"),
        OwnerRule(OwnedBy.AUTHOR, "Team Nieuws", "bart"),
    ]
    by_address = read_owners(b"url,owner\nhttps://www.example.nl/a?utm_source=x,me\n/b,you\n", START)
    assert [one.value for one in by_address] == [f"{START}a", f"{START}b"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "its first line has to name"),
        ("pad;wie\n/a;b\n", "its first line has to name"),
        ("pad;eigenaar\n/a;\n", "line 2: name an owner"),
        ("pad;auteur;eigenaar\n/a;x;b\n", "line 2 has to name one"),
        ("pad;eigenaar\n;b\n", "line 2 has to name one"),
        ("pad;eigenaar\n/a;b\n/a/;c\n", "a second owner"),
        ("pagina;eigenaar\nhttps://elders.nl/;b\n", "no page of this site"),
        ("sjabloon;eigenaar\nx;b\n", "no number of a template"),
        ("pad;eigenaar\n", "no line"),
        ("pad;eigenaar\n/a;\x01b\n", "name an owner"),
    ],
)
def test_a_wrong_file_says_where_and_what_to_write(text: str, says: str) -> None:
    with pytest.raises(OwnersError, match=says):
        read_owners(text.encode(), START)


def test_a_file_that_is_no_text_is_a_sentence() -> None:
    with pytest.raises(OwnersError, match="UTF-8"):
        read_owners(b"pad;eigenaar\n/\xff;x\n", START)
