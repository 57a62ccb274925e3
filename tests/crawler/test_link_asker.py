"""Every fault of a host becomes a reason, never an exception, and private addresses are never asked."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sites.hostile import (
    Answer,
    Served,
    breaks_off,
    closed_port,
    make_certificate,
    megabytes,
    never_ends,
    page,
    redirect,
    says_nothing,
    serve,
    status,
)

from crawler import link_asker
from crawler.address_guard import AddressGuard, is_public
from crawler.gate import Gate
from crawler.link_asker import HostPace, LinkAsker, headers_of
from rules.observation import LinkAnswer
from rules.site import Pace

BAD_HEADER = Answer(b"<title>x</title>", headers={"Content-Type": "text/html\xff"})
SITE = {
    "/": page(),
    "/loop": redirect("/loop"),
    "/round": redirect("/trip"),
    "/trip": redirect("/round"),
    "/nowhere": redirect("mailto:info@example.nl"),
    "/metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "/intranet": redirect("http://[::ffff:10.0.0.1]/"),
    "/silent": says_nothing(),
    "/endless": never_ends(),
    "/half": breaks_off(),
    "/large": megabytes(50),
    "/header": page(Content_Security_Policy="script-src 'self' " + " ".join(f"https://h{n}.example.nl" for n in range(1_200))),
    "/type": BAD_HEADER,
    **{f"/far/{hop}": redirect(f"/far/{hop + 1}") for hop in range(20)},
}


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve(SITE) as served:
        yield served


def ask(url: str, *origins: str, limit: int = 0) -> tuple[LinkAnswer, bytes]:
    """One look by HEAD and GET, or the start of the body where a limit is given."""

    async def asked() -> tuple[LinkAnswer, bytes]:
        asker = LinkAsker(AddressGuard.for_origins(origins), Pace(timeout_s=1.0), "test")
        try:
            return await asker.read(url, limit) if limit else (await asker.ask(url), b"")
        finally:
            await asker.close()

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/loop", "redirect-loop"),
        ("/round", "redirect-loop"),
        ("/far/0", "redirect-loop"),
        ("/nowhere", "bad-redirect"),
        ("/metadata", "private-address"),
        ("/intranet", "private-address"),
        ("/silent", "timeout"),
    ],
)
def test_answer_that_never_comes_has_its_reason(site: Served, path: str, reason: str) -> None:
    answer, _ = ask(site.url + path, site.url)
    assert (answer.status, answer.error) == (None, reason)


def test_host_that_does_not_exist() -> None:
    assert ask("http://nergens.invalid/")[0].error == "unknown-host"


def test_host_that_refuses() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    assert ask(url, url)[0].error == "connection-refused"


@pytest.mark.parametrize("fault", ["expired", "self-signed"])
def test_certificate_that_nobody_trusts(tmp_path: Path, fault: str) -> None:
    with serve({"/": page()}, make_certificate(tmp_path, "expired" if fault == "expired" else "self-signed")) as site:
        assert ask(site.url, site.url)[0].error == "tls-error"
        assert site.asked == []


def test_host_that_breaks_off() -> None:
    with serve({"*": breaks_off()}) as site:
        assert ask(site.url, site.url, limit=10_000)[0].error == "connection-broken"


def test_of_a_body_that_never_ends_the_start_is_read(site: Served) -> None:
    answer, body = ask(f"{site.url}/endless", site.url, limit=10_000)
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert b"Eindeloos" in body


def test_of_a_large_body_no_more_than_the_limit_is_read(site: Served) -> None:
    assert len(ask(f"{site.url}/large", site.url, limit=100_000)[1]) == 100_000


def test_long_headers_are_read(site: Served) -> None:
    assert ask(f"{site.url}/header", site.url)[0].status == 200


def test_a_media_type_that_is_no_ascii_can_be_stored(site: Served) -> None:
    answer, _ = ask(f"{site.url}/type", site.url)
    assert answer.status == 200
    answer.content_type.encode("utf-8")


def test_another_port_of_this_machine_is_private(site: Served) -> None:
    with serve({"/": page()}) as other:
        assert ask(other.url, site.url)[0].error == "private-address"
        assert other.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
        "onzin",
    ],
)
def test_addresses_that_are_not_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1"])
def test_a_site_whose_name_resolves_to_a_metadata_service_is_no_site(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in (address, "192.168.1.4")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    guard = AddressGuard.for_origins(("http://www.example.nl",))
    assert not guard.allows(address, 80)
    assert guard.allows("192.168.1.4", 80), "a site may live on an intranet"


def test_a_host_with_signs_of_chromiums_lists_gets_no_way_of_its_own(site: Served) -> None:
    port = int(site.url.rpartition(":")[2])
    guard = AddressGuard(
        addresses={(host, port): ["127.0.0.1"] for host in ("a;10.0.0.5;.example.nl", "*.nl", "b,c.nl", "www.d.nl")}
    )

    async def flags() -> str:
        async with Gate(guard) as gate:
            return " ".join(gate.flags())

    told = asyncio.run(flags())
    assert f"www.d.nl:{port}" in told
    assert not any(part in told for part in ("10.0.0.5", "*.nl", "c.nl"))


def test_a_host_that_stays_too_busy_does_not_keep_a_run_waiting() -> None:
    host = HostPace("www.example.nl", asyncio.Semaphore(1), 0.0)
    held = [host.hold(link_asker.LONGEST_WAIT_S) for _ in range(5)]
    assert held == [True] * 5, "what is asked at the same time waits at the same time"
    while host.hold(link_asker.LONGEST_WAIT_S):
        host.next_at = 0.0  # the wait is over, and the host says the same again
    assert host.held_s <= link_asker.MOST_HELD_S


def test_a_busy_host_behind_a_redirect_is_left_alone_for_as_long_as_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_asker, "BACK_OFF_S", (0.6,))
    turns = iter((503, 503, 200, 200))  # HEAD and GET of the first look
    with serve({"/busy": lambda method, times: status(next(turns))}) as far, serve({"/": redirect(f"{far.url}/busy")}) as near:
        started = time.monotonic()
        answer, _ = ask(near.url, near.url, far.url)
    assert answer.status == 200
    assert time.monotonic() - started >= 0.6


def test_headers_that_come_more_than_once() -> None:
    sent = [
        ("Strict-Transport-Security", "max-age=31536000"),
        ("strict-transport-security", "max-age=0"),
        ("Content-Security-Policy", "default-src 'self'"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("Server", "a"),
        ("server", "b"),
    ]
    assert headers_of(sent) == {
        "strict-transport-security": "max-age=31536000",
        "content-security-policy": "default-src 'self', frame-ancestors 'none'",
        "server": "b",
    }
