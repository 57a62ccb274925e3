"""Through the real command: bad input ends in a sentence and its exit code, and never in a traceback."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sites.hostile import closed_port, links_to, make_certificate, page, pdf, redirect, says_nothing, script, serve, status, text

from crawler.browser import BrowserFile

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("command-line-bad-input")]  # what is made once is made once

SHORT = """
workers = 1
timeout_s = 1.5
load_timeout_s = 2.0
seconds_before_second_look = 0.2
confirm = false
"""


def vierluik(
    folder: Path, *arguments: str, settings: str = SHORT, largest_file: int | None = None, **environment: str
) -> tuple[int, str, str]:
    """Run a command in a folder with these settings; gives exit code, standard output and standard error in one line."""
    (folder / "vierluik.toml").write_text(settings, encoding="utf-8")

    def limit() -> None:
        if largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    done = subprocess.run(
        [sys.executable, "-m", "vierluik", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "1000", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=limit,
    )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done.returncode, done.stdout, " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("max_pagse = 3", "there is no setting 'max_pagse'. Did you mean max_pages?"),
        ('max_pages = "veel"', "Write for example: max_pages = 5000"),
        ("workers = 1.5", "Write for example: workers = 0"),
        ("timeout_s = -1", "timeout_s is -1"),
        ('engines = ["oog"]', "there is no engine oog"),
        ('exclude = ["("]', "'(' is no regular expression"),
        ('contact = "a\\nb"', "must be one line"),
        ("max_pages = ", "is not valid TOML"),
    ],
)
def test_wrong_settings(tmp_path: Path, settings: str, sentence: str) -> None:
    code, _, said = vierluik(tmp_path, "check", "http://127.0.0.1:9/", settings=settings)
    assert code == 2
    assert sentence in said
    assert "vierluik.toml" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "nergens.html"), "There is no file nergens.html"),
        (("check", "http://"), "is no web address"),
        (("check", "--rules", "onzin", "http://127.0.0.1:9/"), "There is no rule onzin"),
        (("run", "http://127.0.0.1:9/", "--json", "weg/x.json"), "does not exist. Make it first"),
        (("run", "http://127.0.0.1:9/", "--db", "mysql://x/y"), "SQLite or PostgreSQL"),
        (("run", "http://127.0.0.1:9/", "--db", "sqlite:////proc/nergens/x.db"), "cannot be opened"),
        (("run", "onbekend"), "onbekend"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    code, _, said = vierluik(tmp_path, *arguments)
    assert code == 2
    assert sentence in said


def test_start_pages_that_cannot_begin_a_run(tmp_path: Path) -> None:
    forbids = {"/": page(), "/robots.txt": text("User-agent: *\nDisallow: /")}
    with (
        serve({"/": status(500), "/weg": redirect("/weg")}) as site,
        serve(forbids) as robots,
        serve({"/": page()}, make_certificate(tmp_path, "self-signed")) as tls,
    ):
        for address, sentence in (
            (f"{site.url}/", "The start page gave an error (5xx). Try again later."),
            (f"{site.url}/404", "The start page does not exist or is not accessible (4xx). Check the address."),
            (f"{site.url}/weg", "The page keeps redirecting and ends nowhere."),
            (f"{robots.url}/", "robots.txt forbids the start page. Ask the administrator"),
            (f"{tls.url}/", "The secure connection is not right"),
            ("http://nergens.invalid/", "The host name does not exist"),
            (f"http://127.0.0.1:{closed_port()}/", "The server refuses the connection."),
        ):
            code, _, said = vierluik(tmp_path, "run", address, "--language", "en")
            assert (code, sentence in said) == (3, True), said


def test_a_run_in_which_no_page_could_be_tested_says_why(tmp_path: Path, browser: BrowserFile) -> None:
    with serve({"/": script("for (;;);")}) as site:
        code, _, said = vierluik(tmp_path, "run", site.url, "--language", "en", "--json", "verslag.json")
    assert code == 3
    assert "1 × The page" in said
    assert "Not one page could be tested." in said
    report = json.loads((tmp_path / "verslag.json").read_text(encoding="utf-8"))
    assert report["coverage"]["untested_pages"][0]["reason"] in ("page-hangs", "load-timeout")


def test_a_broken_sitemap_is_said(tmp_path: Path, browser: BrowserFile) -> None:
    with serve({"/": page(), "/sitemap.xml": text("<urlset><url>", "application/xml")}) as site:
        code, _, said = vierluik(tmp_path, "run", site.url)
        assert (code, f"{site.url}/sitemap.xml: Deze sitemap kon niet worden gelezen" in said) == (0, True), said


def test_check_of_what_cannot_be_judged(tmp_path: Path, browser: BrowserFile) -> None:
    with serve({"/stil": says_nothing(), "/goed": page(), "/brief": pdf()}) as site:
        urls = [f"{site.url}{path}" for path in ("/stil", "/weg", "/brief")]
        code, _, said = vierluik(tmp_path, "check", *urls, "http://nergens.invalid/", "--language", "en")
        assert code == 3
        assert f"{urls[0]}: The server did not answer in time." in said
        assert f"{urls[1]}: The server said that this page does not exist (4xx)." in said
        assert "http://nergens.invalid/: The host name does not exist" in said
        code, output, _ = vierluik(tmp_path, "check", f"{site.url}/goed", urls[1], "--format", "json")
        assert code == 0
        assert [one["status"] for one in json.loads(output)["pages"]] == ["tested", "untested"]


def test_findings_at_or_above_a_level(tmp_path: Path, browser: BrowserFile) -> None:
    (tmp_path / "pagina.html").write_text('<html lang="nl"><title>x</title><img src="x.png">', encoding="utf-8")
    assert vierluik(tmp_path, "check", "pagina.html", "--fail-on", "critical")[0] == 1


def test_browser_that_does_not_start(tmp_path: Path) -> None:
    with serve({"/": page()}) as site:
        for command in ("check", "run"):
            code, _, said = vierluik(tmp_path, command, site.url, VIERLUIK_BROWSER="/bin/false")
            assert (code, "does not start" in said, "vierluik doctor" in said) == (3, True, True), said
        code, _, said = vierluik(tmp_path, "run", site.url, VIERLUIK_BROWSER="/nergens/chromium")
        assert (code, "is no program" in said) == (3, True), said


def test_database_that_may_not_be_written(tmp_path: Path) -> None:
    assert vierluik(tmp_path, "site", "list")[0] == 0
    read_only = f"sqlite:///file:{tmp_path / 'vierluik.db'}?mode=ro&uri=true"
    code, _, said = vierluik(tmp_path, "run", "http://127.0.0.1:9/", "--db", read_only)
    assert (code, "readonly" in said, "whether it may be written" in said) == (2, True, True), said


def test_disk_that_fills_up_during_a_run(tmp_path: Path, browser: BrowserFile) -> None:
    """A limit on the size of files stands in for a full disk."""
    long = "".join(f'<p><a href="/weg/{"lang" * 50}/{number}">{number}</a></p>' for number in range(3_000))
    pages = {f"/{letter}": page(f"<main><h1>x</h1>{long}</main>") for letter in "abcd"}
    with serve({"/": page(links_to(*pages)), **pages}) as site:
        assert vierluik(tmp_path, "site", "add", site.url)[0] == 0
        largest = max(file.stat().st_size for file in tmp_path.glob("vierluik.db*")) + 60_000
        code, _, said = vierluik(tmp_path, "run", site.url, "--max-pages", "6", largest_file=largest)
        assert (code, "cannot be used any more" in said, "--continue" in said) == (4, True, True), said


def test_a_check_that_is_stopped(tmp_path: Path, browser: BrowserFile) -> None:
    (tmp_path / "vierluik.toml").write_text("timeout_s = 60", encoding="utf-8")
    with serve({"/": says_nothing()}) as site:
        command = [sys.executable, "-m", "vierluik", "check", site.url]
        # A suite that a shell runs in the background ignores Ctrl+C, and so would its children.
        listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=listen)
        site.wait_until_asked("/", 1)
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=120)
        finally:
            process.kill()  # else a failure here is one of the next test too
            process.wait()
    assert (process.returncode, "Stopped" in said, "Traceback" in said) == (4, True, False), said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('id = "a"\ntitle = "A"\npattern = "("', "'(' is no regular expression that can be used"),
        ('id = "a"\ntitle = "A"\npattern = "(?=a)"', "Looking ahead or behind"),
        ('id = "a"\ntitle = "A"\nselector = ":::"', "':::' is no CSS selector"),
        ('id = "a"\ntitle = "A"\ntekst = "a"', "there is no key 'tekst'"),
        ('id = "a"\ntitle = "A"', "one of: text, pattern or selector"),
        ('id = "a"\ntitle = "A"\ntext = "a"\npage_types = ["produkt"]', "page_types is a list of"),
    ],
)
def test_a_policy_that_cannot_be_used(tmp_path: Path, line: str, said: str) -> None:
    code, _, told = vierluik(tmp_path, "site", "list", settings=f"[[policy]]\n{line}\n")
    assert (code, said in told, "Traceback" in told) == (2, True, False), told


def test_page_types_that_cannot_be_used(tmp_path: Path) -> None:
    assert vierluik(tmp_path, "site", "add", "https://www.example.nl/")[0] == 0
    assert vierluik(tmp_path, "site", "page-type", "1", "product", "/regelen/")[0] == 0
    code, _, said = vierluik(tmp_path, "site", "page-type", "1", "product", "(")
    assert (code, "no regular expression" in said) == (2, True), said
    code, output, _ = vierluik(tmp_path, "site", "page-type", "1")
    assert (code, output.strip()) == (0, "product\t/regelen/")


@pytest.mark.parametrize("kind", ["register", "upl"])
def test_a_file_that_is_no_export_of_a_public_list(tmp_path: Path, kind: str) -> None:
    (tmp_path / "lijst.csv").write_bytes(b"\xff\xfe\x00niets")
    for name, words in (
        ("lijst.csv", "What was brought in before stays"),
        ("weg.csv", "cannot be read"),
        (".", "cannot be read"),
    ):
        code, _, said = vierluik(tmp_path, "import", kind, name)
        assert (code, words in said, "Traceback" in said) == (2, True, False), said
