"""A sample is kept whole and judged again with its site gone: the same findings, or the differences by name."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sites.archived import SECRET, ArchivedSite
from sites.loopback import answered_by
from typer.testing import CliRunner

from crawler.browser import BrowserFile
from crawler.page_archive import read_archive
from dashboard.exports.evidence_pack import MANIFEST, PackError, check_pack, write_pack
from rules.evaluation import FREEZE, SampleRole
from rules.site import Scope
from rules.task import PageResult, PageStatus
from scheduler.freeze_evaluation import main as freeze_by_request
from storage.blobs import remove_unused
from storage.database import Database
from storage.evaluation_models import StoredEvaluation
from storage.evaluation_sample import add_page
from storage.evaluations import load_evaluation
from storage.frozen_pages import frozen_picture, frozen_rows, purge_frozen
from storage.models import Blob, Request, Run
from storage.requests import ask
from storage.results import store_page
from storage.runs import FetchFacts, RunMadeWith, add_found, finish_run, start_run
from storage.sites import add_site
from vierluik.command_line import app

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("evidence-of-pages")]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PATHS = ("/", "/contact")


@dataclass(frozen=True)
class Place:
    """Two packs of one site, the second chained to the first, and the database that knows them. The site is gone."""

    folder: Path
    first: Path
    second: Path
    said: str  # when the evidence was kept

    def vierluik(self, *words: str) -> tuple[int, str]:
        return vierluik(self.folder, *words)


def vierluik(folder: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--db", f"sqlite:///{folder / 'vierluik.db'}"])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, browser: BrowserFile) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("evidence")
    first, second = folder / "first.zip", folder / "second.zip"
    database = Database(f"sqlite:///{folder / 'vierluik.db'}")
    database.migrate()
    with answered_by(ArchivedSite) as origin:
        with database.session() as session:
            site = add_site(session, "Proef", f"{origin}/", Scope((origin,)), NOW).id
            made_with = RunMadeWith("en301549-3.2.1", "0" * 64, {"axe": "4"}, settings={"engines": ["vierluik", "axe"]})
            run = start_run(session, site, made_with, "here:1", "", NOW).id
            for path in PATHS:
                url = f"{origin}{path}"
                add_found(session, run, [(url, url, 1)])
                result = PageResult(url, PageStatus.TESTED, final_url=url, title=path)
                store_page(session, site, run, url, result, FetchFacts(url, 1))
            finish_run(session, session.get_one(Run, run), complete=True, documents=0, now=NOW)
        vierluik(folder, "evaluation", "begin", "Proef", "--evaluator", "Anna")
        with database.session() as session:
            for url in (f"{origin}/kapot", "https://elders.example/"):
                add_page(session, session.get_one(StoredEvaluation, 1), url, "", SampleRole.CHOSEN, NOW)
            folder_pdf = f"{origin}/folder.pdf"
            add_page(session, session.get_one(StoredEvaluation, 1), folder_pdf, "", SampleRole.CHOSEN, NOW).is_document = True
        code, early = vierluik(folder, "export", "evidence", "--site", "Proef", "-o", str(first))
        assert (code, "evaluation freeze" in early) == (0, True), early
        code, said = vierluik(folder, "evaluation", "freeze", "Proef")
        assert code == 0, said
    code, exported = vierluik(folder, "export", "evidence", "--site", "Proef", "-o", str(second))
    assert code == 0, exported
    yield Place(folder, first, second, said)
    database.close()


def rebuilt(pack: Path, to: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A pack with other content, and a manifest that was made to fit."""
    with zipfile.ZipFile(pack) as old:
        manifest = json.loads(old.read(MANIFEST))
        files = [(name, change(name, old.read(name))) for name in old.namelist() if name != MANIFEST]
    about = {name: manifest[name] for name in ("tool", "site", "evaluation", "lacking")}
    with to.open("wb") as out:
        write_pack(out, files, about, manifest["previous"], NOW)
    return to


def test_the_pack_holds_every_page_with_all_that_it_loaded_and_no_secret(place: Place) -> None:
    with zipfile.ZipFile(place.second) as pack:
        names = set(pack.namelist())
        pages = {json.loads(pack.read(name))["url"]: name.rpartition("/")[0] for name in names if name.endswith("/page.json")}
        home = next(folder for url, folder in pages.items() if url.endswith("/") and "elders" not in url)
        assert {f"{home}/{name}" for name in ("archive.warc.gz", "screenshot.jpg", "snapshot.json", "result.json")} <= names
        packed = pack.read(f"{home}/archive.warc.gz")
        everything = b"".join(gzip.decompress(pack.read(name)) if name.endswith(".gz") else pack.read(name) for name in names)
    archive = read_archive(packed)
    assert any(name.endswith("/document") for name in names)
    paths = {one.url.partition("?")[0].rpartition("/")[2]: one.status for one in archive.exchanges}
    loaded = ("start", "stijl.css", "foto.png", "vlak.png", "stad.woff2", "kaart", "elders", "nieuws", "laat.png")
    assert {name: paths.get(name) for name in loaded} == dict.fromkeys(loaded, 200)
    assert (paths[""], paths["stuk"], paths["weg.json"]) == (302, 500, 404)
    assert [url.rpartition("/")[2] for url, _ in archive.rendered] == ["start", "kaart", "elders"]
    assert "<h4>Nieuws</h4>" in archive.rendered[0][1]
    assert SECRET.encode() not in everything
    assert {folder: f"{folder}/snapshot.json" in names for folder in pages.values()} == {
        folder: urlsplit(url).path in ("/", "/contact") and "elders" not in url for url, folder in pages.items()
    }
    assert "2 pages could not be opened" in place.said and "not one of the site" in place.said


def test_the_same_is_found_with_the_site_gone(place: Place) -> None:
    code, said = place.vierluik("verify", str(place.second), "--previous", str(place.first), "--known")
    assert code == 0, said
    assert "2 pages judged from their stored results, 2 opened again from their archive" in said
    assert "1 documents judged from their file: the same" in said
    assert "the same 0 findings" not in said
    assert "written down here" in said and "These need hands on the page" in said
    assert "not in its archive" not in said and "connections past" not in said and "another version" not in said


def test_a_page_that_says_something_else_is_a_difference_by_name(place: Place, tmp_path: Path) -> None:
    def change(name: str, body: bytes) -> bytes:
        if not name.endswith("archive.warc.gz"):
            return body
        return gzip.compress(gzip.decompress(body).replace(b"<label>Naam <input></label>", b"<label>Naam <Input></b>    "))

    forged = rebuilt(place.second, tmp_path / "forged.zip", change)
    code, said = place.vierluik("verify", str(forged), "--known", "--previous", str(place.first))
    assert (code, "This database knows no pack with this manifest" in said) == (1, True), said
    assert "opened from its archive, " in said and "differences" in said


def test_a_forged_finding_is_found_without_a_browser(place: Place, tmp_path: Path) -> None:
    def change(name: str, body: bytes) -> bytes:
        if not name.endswith("result.json"):
            return body
        result = json.loads(body)
        return json.dumps({**result, "findings": result["findings"][1:]}).encode()

    forged = rebuilt(place.second, tmp_path / "forged.zip", change)
    code, said = place.vierluik("verify", str(forged), "--no-browser")
    assert (code, "judged from its stored results, new:" in said) == (1, True), said
    assert place.vierluik("verify", str(forged), "--only-bytes")[0] == 0


def start_of(whole: bytes, info: zipfile.ZipInfo) -> int:
    """Where in a ZIP the content of a file begins."""
    lengths = (whole[info.header_offset + at : info.header_offset + at + 2] for at in (26, 28))
    return info.header_offset + 30 + sum(int.from_bytes(length, "little") for length in lengths)


def test_one_changed_byte_of_any_file_is_found(place: Place, tmp_path: Path) -> None:
    whole = place.second.read_bytes()
    with zipfile.ZipFile(place.second) as pack:
        infos = [info for info in pack.infolist() if info.compress_size]
    assert len(infos) > 15
    file = tmp_path / "byte.zip"
    for info in infos:
        body = bytearray(whole)
        body[start_of(whole, info) + info.compress_size // 2] ^= 1
        file.write_bytes(body)
        try:
            said = " ".join(check_pack(file).differences)
        except PackError:
            said = MANIFEST
        assert info.filename in said


def test_a_pack_made_to_fit_breaks_the_chain(place: Place, tmp_path: Path) -> None:
    def change(name: str, body: bytes) -> bytes:
        return body + gzip.compress(b"") if name.endswith("archive.warc.gz") else body

    forged = rebuilt(place.second, tmp_path / "forged.zip", change)
    third = tmp_path / "third.zip"
    assert place.vierluik("export", "evidence", "--site", "Proef", "-o", str(third))[0] == 0
    assert place.vierluik("verify", str(third), "--previous", str(place.second), "--only-bytes")[0] == 0
    code, said = place.vierluik("verify", str(third), "--previous", str(forged), "--only-bytes")
    assert (code, "does not follow" in said) == (1, True), said


def test_a_pack_that_cannot_be_read_is_a_sentence(place: Place, tmp_path: Path) -> None:
    for wrong, content in (("result.json", b"[]"), ("page.json", b'{"number": 1}'), ("snapshot.json", b"[" * 100_000)):

        def change(name: str, body: bytes, wrong: str = wrong, content: bytes = content) -> bytes:
            return content if name.endswith(wrong) else body

        forged = rebuilt(place.second, tmp_path / "forged.zip", change)
        code, said = place.vierluik("verify", str(forged))
        assert (code, "cannot be read" in said) == (2, True), said


def test_evidence_that_is_kept_is_not_lost_when_the_site_does_not_answer(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = copy_of(place, tmp_path)
    with database.session() as session:
        before = [row.archive_blob for row in frozen_rows(session, 1)]
        number = ask(session, 1, FREEZE, {"evaluation": 1}, "Anna", NOW).id
    monkeypatch.setattr("sys.argv", ["freeze", database.url, str(number)])
    freeze_by_request()
    with database.session() as session:
        answered = session.get_one(Request, number)
        assert (answered.state, answered.result["pages"], answered.result["untested"]) == ("done", 5, 5)
        assert [row.archive_blob for row in frozen_rows(session, 1)] == before and sum(map(bool, before)) == 3
    database.close()


def copy_of(place: Place, folder: Path) -> Database:
    stored = Database(f"sqlite:///{place.folder / 'vierluik.db'}")
    with stored.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(folder / "copy.db"),))
    stored.close()
    return Database(f"sqlite:///{folder / 'copy.db'}")


def test_the_picture_is_there_and_evidence_goes_when_its_time_is_over(place: Place, tmp_path: Path) -> None:
    database = copy_of(place, tmp_path)
    with database.session() as session:
        home = next(row.number for row in frozen_rows(session, 1) if row.url.endswith("/") and row.size)
        kept = frozen_picture(session, 1, home)
        assert kept is not None and (kept.width, kept.height > 3000, len(kept.boxes) > 2) == (1280, True, True)
        told = load_evaluation(session, session.get_one(StoredEvaluation, 1))
        assert {row.number for row in frozen_rows(session, 1)} == {page.number for page in told.sample}
        assert purge_frozen(session, datetime.now(UTC)) == len(told.sample)
        remove_unused(session)
        assert session.query(Blob).filter(Blob.kind.in_(["archive", "picture", "frozen"])).count() == 0
    database.close()
