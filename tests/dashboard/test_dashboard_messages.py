"""The screens of messages and availability: what they show, what their buttons do, the way out, and the Atom feed."""

from __future__ import annotations

from datetime import datetime

import pytest
from dashboard_seed import NOW
from lxml import etree, html
from sqlalchemy import select
from starlette.testclient import TestClient

from rules.message import Channel, MessageKind
from rules.site import Scope
from storage.availability import addresses_of_site
from storage.database import Database
from storage.message_models import Subscriber
from storage.messages import Wish, add_subscriber, subscribers_of_site
from storage.sites import add_site

ATOM = "{http://www.w3.org/2005/Atom}"
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def site(database: Database) -> int:
    with database.session() as session:
        return add_site(session, "Voorbeeld", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id


def test_somebody_is_put_on_the_list_and_taken_off(empty: TestClient, database: Database, site: int) -> None:
    form = {"name": "An", "mail": "An@Example.nl", "sections": "/a/ /b/", "kinds": ["alarms"], "words": "en"}
    assert empty.post(f"/nl/sites/{site}/messages", data=form, headers=OURS).status_code == 303
    with database.session() as session:
        ((person, wish),) = subscribers_of_site(session, site)
        assert (person.address, person.language, wish.kinds, wish.sections) == ("An@example.nl", "en", ["alarms"], ["/a/", "/b/"])
    assert "An@" in empty.get(f"/nl/sites/{site}/messages").text
    assert empty.post(f"/nl/sites/{site}/messages/{person.id}/remove", headers=OURS).status_code == 303
    with database.session() as session:
        assert subscribers_of_site(session, site) == []


@pytest.mark.parametrize("wrong", [{"mail": "geen adres"}, {"sections": "parkeren"}, {"name": " "}])
def test_what_is_wrong_is_said_and_nothing_is_kept(
    empty: TestClient, database: Database, site: int, wrong: dict[str, str]
) -> None:
    form = {"name": "An", "mail": "an@example.nl", "kinds": "digest"} | wrong
    answer = empty.post(f"/nl/sites/{site}/messages", data=form, headers=OURS)
    assert answer.status_code == 422 and "Dit is niet bewaard" in answer.text
    with database.session() as session:
        assert subscribers_of_site(session, site) == []


def test_another_site_cannot_press_our_buttons(empty: TestClient, site: int) -> None:
    for path in ("messages", "messages/1/remove", "availability", "availability/1"):
        data = {"name": "x", "mail": "x@y.nl", "url": "https://www.example.nl/", "on": "1"}
        assert empty.post(f"/nl/sites/{site}/{path}", data=data, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_way_out_asks_first_and_then_lets_go(empty: TestClient, database: Database, site: int) -> None:
    with database.session() as session:
        token = add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", [Wish(site, tuple(MessageKind))], NOW).token
    assert "Meld mij af" in empty.get(f"/nl/unsubscribe/{token}").text
    with database.session() as session:
        assert session.scalar(select(Subscriber)) is not None, "a program that follows links takes nobody off the list"
    assert empty.post(f"/nl/unsubscribe/{token}", headers=OURS).status_code == 303
    assert "niet meer" in empty.get(f"/nl/unsubscribe/{token}").text
    with database.session() as session:
        assert session.scalar(select(Subscriber)) is None


def test_an_address_is_watched_stopped_and_watched_again(empty: TestClient, database: Database, site: int) -> None:
    path = f"/nl/sites/{site}/availability"
    assert empty.post(path, data={"url": "https://www.example.nl/a"}, headers=OURS).headers["location"].endswith("availability")
    assert "wrong" in empty.post(path, data={"url": "https://elders.example/"}, headers=OURS).headers["location"]
    for on in (0, 1):
        empty.post(f"{path}/1", data={"on": on}, headers=OURS)
        with database.session() as session:
            assert [one.is_on for one in addresses_of_site(session, site)] == [bool(on)]
    assert empty.post(f"{path}/99", data={"on": 1}, headers=OURS).status_code == 404


def test_of_a_webhook_only_the_host_is_shown(client: TestClient, ids: dict[str, int]) -> None:
    text = html.fromstring(client.get(f"/nl/sites/{ids['site']}/messages").text).text_content()
    assert "chat.example.nl" in text and "hooks" not in text


def test_uptime_on_the_screen_is_that_of_the_days(client: TestClient, ids: dict[str, int]) -> None:
    text = client.get(f"/nl/sites/{ids['site']}/availability").text
    assert "niet bereikbaar" in text and "onbekend" in text and "100,00%" in text and "96,55%" in text  # 28 of 29 in October


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_feed_is_valid_atom(client: TestClient, ids: dict[str, int], language: str) -> None:
    answer = client.get(f"/{language}/sites/{ids['site']}/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed" and len(feed.findall(f"{ATOM}author/{ATOM}name")) == 1
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) > 5
    for part in (feed, *entries):  # what RFC 4287 asks of a feed and of an entry: one of each
        for name in ("id", "title", "updated"):
            (element,) = part.findall(f"{ATOM}{name}")
            assert element.text
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert part.findall(f"{ATOM}link[@rel='alternate']")
    identities = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(identities) == len(set(identities))
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert moments == sorted(moments, reverse=True) and feed.findtext(f"{ATOM}updated") == moments[0]
    assert "\u202e" not in answer.text and "<script>" not in answer.text


def test_a_feed_that_is_known_is_not_sent_again(client: TestClient, ids: dict[str, int]) -> None:
    path = f"/nl/sites/{ids['site']}/feed.atom"
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_site_without_anything_has_an_empty_feed(client: TestClient, ids: dict[str, int]) -> None:
    feed = etree.fromstring(client.get(f"/nl/sites/{ids['new_site']}/feed.atom").content)
    assert feed.findall(f"{ATOM}entry") == [] and feed.findtext(f"{ATOM}updated")
