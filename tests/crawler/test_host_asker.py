"""What is asked of a host as a whole, on a server of this machine with every kind of certificate, and with hostile answers."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sites.hostile import Answer, closed_port, megabytes, never_ends, page, redirect, says_nothing, serve, status, text

from checks.website.host.judge import judge_hosts
from crawler import host_asker
from crawler.address_guard import AddressGuard
from crawler.certificate import certificate_of
from crawler.host_asker import MOST_HOPS, HostAsker, hosts_of, plain_address
from crawler.link_asker import LinkAsker
from crawler.robots import Robots
from crawler.soft_answers import SoftAnswers
from rules.address import host_of, port_of
from rules.crawl import HostSeen, from_line, to_line
from rules.observation import Certificate, HostObservation, WooIndex
from rules.site import Pace

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """Signs certificates for the time of a test."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.certificate.public_bytes(serialization.Encoding.PEM).decode())

    def signed(self, name: str = "127.0.0.1", begins: timedelta = -2 * DAY, ends: timedelta = 90 * DAY) -> Path:
        """A certificate for a name or address, with its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        is_address = name[0].isdigit()
        known_as = x509.IPAddress(ipaddress.ip_address(name)) if is_address else x509.DNSName(name)
        certificate = built(key, "site", self.certificate.subject, begins, ends, known_as).sign(self.key, hashes.SHA256())
        file = self.folder / f"{name}-{ends.days}.pem"
        plain = serialization.NoEncryption()
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
        return file


def built(
    key: ec.EllipticCurvePrivateKey,
    name: str,
    issuer: x509.Name | None,
    begins: timedelta,
    ends: timedelta,
    known_as: x509.GeneralName,
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )
    if issuer is None:
        return builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(x509.SubjectAlternativeName([known_as]), critical=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    root = built(key, "test authority", None, -10 * DAY, 400 * DAY, x509.DNSName("root")).sign(key, hashes.SHA256())
    return Authority(tmp_path_factory.mktemp("authority"), key, root)


def shown_by(origin: str, tls: ssl.SSLContext | None = None) -> Certificate | None:
    guard = AddressGuard.for_origins((origin,))
    return asyncio.run(certificate_of(host_of(origin), port_of(origin), guard, tls))


def asked(origin: str, plain: str = "", pace: Pace | None = None, robots: Robots | None = None) -> HostObservation:
    """What is asked of a host, as it comes out of the crawler's process."""

    async def ask() -> HostObservation:
        guard = AddressGuard.for_origins((origin, plain) if plain else (origin,))
        asker = LinkAsker(guard, pace or Pace(timeout_s=2.0), "test")
        try:
            return await HostAsker(asker, SoftAnswers(asker), guard, lambda url: url.startswith(origin)).ask(
                origin, robots or Robots(None), plain
            )
        finally:
            await asker.close()

    message = from_line(to_line(HostSeen(asyncio.run(ask()))))
    assert isinstance(message, HostSeen)
    return message.observation


# --- certificates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins", "ends", "problem"),
    [
        ("127.0.0.1", -2 * DAY, 90 * DAY, ""),
        ("127.0.0.1", -20 * DAY, -DAY, "expired"),
        ("127.0.0.1", DAY, 90 * DAY, "not-yet-valid"),
        ("www.example.nl", -2 * DAY, 90 * DAY, "wrong-name"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(
    authority: Authority, name: str, begins: timedelta, ends: timedelta, problem: str
) -> None:
    with serve({"/": page()}, authority.signed(name, begins, ends)) as site:
        shown = shown_by(site.url, authority.trusted)
    assert shown is not None
    assert shown.problem == problem


def test_until_when_a_certificate_is_valid(authority: Authority) -> None:
    with serve({"/": page()}, authority.signed(ends=10 * DAY)) as site:
        shown = shown_by(site.url, authority.trusted)
    assert shown is not None
    assert (datetime.fromisoformat(shown.valid_until) - datetime.now(UTC)).days == 9


def test_authority_that_this_machine_does_not_know(authority: Authority) -> None:
    with serve({"/": page()}, authority.signed()) as site:
        assert shown_by(site.url) == Certificate("not-trusted")


def test_host_without_tls_shows_no_certificate() -> None:
    with serve({"/": page()}) as site:
        assert shown_by(site.url.replace("http:", "https:")) is None
    assert shown_by(f"https://127.0.0.1:{closed_port()}") is None


def test_address_of_our_own_network_is_not_asked_for_its_certificate(authority: Authority) -> None:
    with serve({"/": page()}, authority.signed()) as site:
        nobodys = AddressGuard.for_origins(())
        assert asyncio.run(certificate_of("127.0.0.1", port_of(site.url), nobodys, authority.trusted)) is None


# --- addresses -------------------------------------------------------------------------------------------------------


def test_a_site_is_asked_by_host_and_the_secure_origin_stands_for_both() -> None:
    origins = ("https://www.example.nl", "http://www.example.nl", "http://example.nl", "http://127.0.0.1:8000")
    assert hosts_of(origins) == ["http://127.0.0.1:8000", "http://example.nl", "https://www.example.nl"]
    assert plain_address("https://www.example.nl") == "http://www.example.nl/"
    assert plain_address("https://www.example.nl:8443") == ""


def test_host_on_this_machine_is_not_public_and_one_adopted_on_the_way_is() -> None:
    with serve({"/": page()}) as site:
        assert not asked(site.url).is_public
    guard = AddressGuard.for_origins(())

    async def ask() -> HostObservation:
        asker = LinkAsker(guard, Pace(timeout_s=2.0), "test")
        try:
            return await HostAsker(asker, SoftAnswers(asker), guard, bool).ask("https://vierluik.invalid", Robots(None), "")
        finally:
            await asker.close()

    adopted = asyncio.run(ask())
    assert adopted.is_public
    assert judge_hosts([adopted]).findings == ()  # it gave no answer


def test_way_to_https_is_followed_while_it_stays_on_the_host() -> None:
    with serve({"/": redirect("/nl/", 301), "/nl/": redirect("https://127.0.0.1:1/nl/", 308)}) as site:
        first, second, third = asked(site.url, f"{site.url}/").plain
    assert (first.status, first.leads_to) == (301, f"{site.url}/nl/")
    assert (second.status, second.leads_to) == (308, "https://127.0.0.1:1/nl/")
    assert third.error == "private-address"


def test_redirect_to_another_host_is_told_and_not_followed() -> None:
    with serve({"/": redirect("http://169.254.169.254/latest/meta-data/")}) as site:
        (home,) = asked(site.url).home
    assert home.leads_to == "http://169.254.169.254/latest/meta-data/"


@pytest.mark.parametrize("target", ["/", "/round"])
def test_redirect_loop_ends(target: str) -> None:
    with serve({"/": redirect(target), "/round": redirect("/")}) as site:
        assert 1 <= len(asked(site.url).home) <= MOST_HOPS


def test_security_txt_at_its_place_or_the_older_one() -> None:
    file = text("Contact: mailto:ict@example.nl\nExpires: 2030-01-01T00:00:00Z\n")
    for path in ("/.well-known/security.txt", "/security.txt"):
        with serve({"/": page(), path: file}) as site:
            found = asked(site.url).security_txt
        assert found is not None
        assert (found.status, found.body.count("Contact:")) == (200, 1)
    with serve({"/": page(), "/.well-known/security.txt": redirect("/moved.txt"), "/moved.txt": file}) as site:
        found = asked(site.url).security_txt
    assert found is not None
    assert found.leads_to.endswith("/moved.txt")


def test_security_txt_with_the_type_of_a_page_is_still_the_file() -> None:
    file = Answer(b"Contact: mailto:ict@example.nl\nExpires: 2030-01-01T00:00:00Z\n", headers={"Content-Type": "Text/HTML"})
    with serve({"/": page(), "/.well-known/security.txt": page(), "/security.txt": file}) as site:
        found = asked(site.url).security_txt
    assert found is not None
    assert found.body.startswith("Contact:")


def test_hostile_answers_end_in_time_and_accuse_nobody_of_what_did_not_come() -> None:
    drip = Answer(b"Contact: mailto:a@b.nl\n", headers={"Content-Type": "text/plain"}, then=never_ends().then, says_length=False)
    round_and_round = redirect("/.well-known/security.txt")
    for answer, error in ((drip, "timeout"), (says_nothing(), "timeout"), (round_and_round, "redirect-loop"), (status(503), "")):
        with serve({"/": page(), "/.well-known/security.txt": answer}) as site:
            seen = asked(site.url, pace=Pace(timeout_s=1.0))
        assert seen.security_txt is not None
        assert seen.security_txt.error == error
        assert not [one for one in judge_hosts([seen]).findings if one.rule.startswith("security-txt")]


def test_host_whose_answer_surprises_us_is_told_as_not_asked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(host_asker, "host_page", broken)
    with serve({"/": page()}) as site:
        seen = asked(site.url)
    assert (seen.origin, seen.was_asked) == (site.url, False)
    assert "could not be asked" in caplog.text


def test_a_hundred_megabytes_are_cut() -> None:
    endless = Answer(b"#", headers={"Content-Type": "text/plain"}, then=megabytes(100).then, says_length=False)
    with serve({"/": page(), "/.well-known/security.txt": endless}) as site:
        found = asked(site.url, pace=Pace(timeout_s=5.0)).security_txt
    assert found is not None
    assert found.is_cut
    assert len(found.body) <= 100_000


def test_headers_that_are_no_text_can_be_told_and_stored() -> None:
    strange = Answer(b"x", headers={"Content-Type": "text/html", "Strict-Transport-Security": "max\xff\x85age", "X-Tab": "a\tb"})
    with serve({"/": strange}) as site:
        (home,) = asked(site.url).home
    assert home.status == 200
    assert all(value.isprintable() for value in home.headers.values())


# --- Woo-index -------------------------------------------------------------------------------------------------------

URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:d="https://standaarden.overheid.nl/diwoo/metadata/">'
DETAILS = "<d:Document><d:DiWoo><d:creatiedatum>2026-01-05</d:creatiedatum></d:DiWoo></d:Document>"
LAUGHS = '<!DOCTYPE u [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
INDEX = "/sitemapindex-diwoo-infocat{:03}.xml"


def xml(body: str) -> Answer:
    return text(body, "application/xml")


def woo_of(answers: Callable[[str], dict[str, Answer]], named: Iterable[str]) -> dict[str, WooIndex]:
    """What is made of the Woo indexes that a robots.txt names, by the number of their category."""
    routes: dict[str, Answer] = {}
    with serve(routes) as site:
        origin = site.url
        routes.update(answers(origin))
        lines = [f"Sitemap: {url}" for url in (*named, f"http://[{INDEX.format(17)}")]
        robots = Robots.of(200, "\n".join(["User-agent: *", *lines]).encode())
        return {index.url[-7:-4]: index for index in asked(origin, robots=robots).woo}


def test_woo_indexes_are_read_with_their_files_and_documents() -> None:
    def answers(origin: str) -> dict[str, Answer]:
        listed = "".join(
            f"<url><loc>{loc}</loc><lastmod>2026-03-02</lastmod>{DETAILS}</url>"
            for loc in (f"{origin}/besluit.pdf", "https://documenten.example.nl/2.pdf")
        )
        return {
            INDEX.format(2): xml(f"<sitemapindex><sitemap><loc>{origin}/woo/1.xml</loc></sitemap></sitemapindex>"),
            "/woo/1.xml": xml(f"{URLSET}{listed}</urlset>"),
            "/besluit.pdf": text("%PDF-1.7"),
            INDEX.format(3): xml("<sitemapindex/>"),
        }

    found = woo_of(answers, [INDEX.format(2), INDEX.format(3), "/sitemap.xml"])
    assert list(found) == ["002", "003"]
    two = found["002"]
    assert (two.problem, two.sitemaps, two.listed, two.dated, two.described) == ("", 1, 2, 2, 2)
    assert [document.rpartition("/")[2] for document in two.documents] == ["besluit.pdf"]  # the other host is not asked
    assert (found["003"].problem, found["003"].listed) == ("", 0)


def test_woo_indexes_with_trouble_say_which() -> None:
    def answers(origin: str) -> dict[str, Answer]:
        gone = f"<url><loc>{origin}/weg.pdf</loc>{DETAILS}</url>"
        return {
            INDEX.format(1): page("<h1>Niet gevonden</h1>"),
            INDEX.format(3): megabytes(60),
            INDEX.format(4): xml(f"{URLSET}{gone}</urlset>"),
            INDEX.format(5): status(503),
            INDEX.format(6): redirect("https://documenten.example.nl/woo.xml"),
            INDEX.format(7): xml(f"<sitemapindex><sitemap><loc>{origin}/woo/7.xml</loc></sitemap></sitemapindex>"),
            INDEX.format(8): xml(f"{LAUGHS}{URLSET}<url><loc>{origin}/&c;</loc></url></urlset>"),
            INDEX.format(9): text("https://www.example.nl/besluit.pdf"),
            INDEX.format(11): xml("<sitemapindex><sitemap><loc>https://open.example.nl/1.xml</loc></sitemap></sitemapindex>"),
        }

    elsewhere = "https://open.example.nl/sitemapindex-diwoo-infocat010.xml"
    found = woo_of(answers, [*(INDEX.format(number) for number in (*range(1, 10), 11)), elsewhere])
    assert {category: index.problem for category, index in found.items()} == {
        "001": "sitemap-broken",
        "002": "sitemap-missing",
        "003": "sitemap-too-large",
        "004": "woo-document-gone",
        "005": "woo-no-answer",
        "006": "woo-elsewhere",
        "007": "sitemap-missing",
        "008": "woo-document-gone",  # no entity is expanded
        "009": "sitemap-broken",
        "010": "woo-elsewhere",
        "011": "woo-elsewhere",
    }
    assert found["007"].wrong.endswith("/woo/7.xml")
    assert found["008"].listed <= 1
