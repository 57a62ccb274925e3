"""What people met or saw: written down masked, in the worklist and every report, and closed by a person only."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dashboard_seed import NOW, copy_of
from lxml import html
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard.app import create_app
from rules.barrier import BarrierError, read_barriers
from rules.personal_data import masked
from storage.barriers import open_barriers
from storage.database import Database
from storage.models import Page, Site
from storage.questions.runs import latest_run
from storage.report import report_of_run
from storage.statements import reported_now
from vierluik.command_line import app
from vierluik.form import Format, written

OURS = {"sec-fetch-site": "same-origin"}
TOOL = {"name": "Vierluik", "version": "0", "engines": {"axe": "4"}, "browser": "Chromium"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@dataclass
class Desk:
    """A dashboard with a site, and the page that a resident got stuck on."""

    client: TestClient
    database: Database
    site: int
    address: str
    page: int

    def text(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return " ".join(html.fromstring(answer.text).find("body").text_content().split())

    def write(self, **said: str) -> str:
        """Where one lands after writing one down."""
        form = {
            "address": self.address,
            "what": "De knop Verstuur doet niets.\nBel 06-12345678 of mail an.na@voorbeeld.nl, BSN 123456782.",
            "source": "user-test",
            "on": "2026-01-15",
            "criterion": "2.1.1",
            "who": "iemand zonder muis",
            "needs": "LM",
            **said,
        }
        files = {"file": ("foto.png", PNG)}
        answer = self.client.post(f"/nl/sites/{self.site}/barriers", data=form, files=files, headers=OURS)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].partition("?")[0]


@pytest.fixture(scope="module")
def desk(filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    database, site = copy_of(filled[0], tmp_path_factory.mktemp("barriers")), filled[1]["site"]
    with database.session() as session:
        page = session.get_one(Page, filled[1]["page"])
        number, address = page.id, page.identity
    yield Desk(TestClient(create_app(database, now=lambda: NOW), follow_redirects=False), database, site, address, number)
    database.close()


def test_what_a_resident_met_is_in_the_worklist_the_causes_and_the_page(desk: Desk) -> None:
    where = desk.write()
    shown = desk.text(where)
    assert "[telefoon]" in shown and "[e-mail]" in shown and "[bsn]" in shown and "06-12345678" not in shown
    assert desk.client.get(f"{where}/file").headers["content-type"] == "image/png"
    for screen in (f"/nl/sites/{desk.site}/rules", f"/nl/pages/{desk.page}", f"/nl/sites/{desk.site}/barriers"):
        assert "De knop Verstuur doet niets." in desk.text(screen)
        assert "gebruikerstest met bewoners, 15 januari 2026" in desk.text(screen)
    parts = [desk.client.get(f"/nl/sites/{desk.site}/desk?part={part}").text for part in (1, 2, 3)]
    assert any("De knop Verstuur doet niets." in part for part in parts)
    number = where.rpartition("/")[2]
    thing = f"{desk.page}:barrier-{number}"
    later = {"thing": thing, "act": "later", "until": "2027-01-01", "reason": "planned"}
    assert desk.client.post(f"/nl/sites/{desk.site}/desk", data=later, headers=OURS).status_code == 303
    assert f"Gemeld door mensen: melding {number}" in desk.text(f"/nl/sites/{desk.site}/decisions")
    assert "Later" in desk.text(where)
    parts = [desk.client.get(f"/nl/sites/{desk.site}/desk?part={part}").text for part in (1, 2, 3)]
    assert not any(f'name="thing" value="{thing}"' in part for part in parts)


def test_only_a_person_closes_it_and_a_mistake_leaves_no_text(desk: Desk) -> None:
    where = desk.write(what="Zonder muis niet te gebruiken.")
    assert "geen zaak" not in desk.text(where)
    shut = {"what": "retest", "note": "Bewoner belde via 0612345678: het werkt."}
    assert desk.client.post(where, data=shut, headers=OURS).status_code == 303
    assert "hertest: wie vastliep, kon nu verder" in desk.text(where) and "[telefoon]" in desk.text(where)
    desk.client.post(where, data={"what": "mistake"}, headers=OURS)
    assert "Zonder muis" in desk.text(where)  # whoever is second changes nothing
    assert desk.client.post(where, data={"what": "open"}, headers=OURS).status_code == 303
    desk.client.post(where, data={"what": "mistake"}, headers=OURS)
    assert "De tekst is weggehaald." in desk.text(where) and "Zonder muis" not in desk.text(where)
    assert desk.client.get(f"{where}/file").status_code == 404
    assert desk.client.post(where, data={"what": "anders"}, headers=OURS).status_code == 404
    assert desk.client.get(f"/nl/sites/{desk.site}/barriers/9999").status_code == 404


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"what": " "}, "Schrijf op wat er gebeurde"),
        ({"address": "https://elders.example/"}, "hele adres in van een pagina van deze site"),
        ({"on": "2999-01-01"}, "vandaag of eerder"),
        ({"criterion": "9.9.9"}, "Kies een succescriterium"),
        ({"source": "gerucht"}, "Kies hoe dit bekend werd"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk: Desk, said: dict[str, str], sentence: str) -> None:
    form = {"address": desk.address, "what": "Blijft staan.", "source": "expert", "on": "2026-01-15", "who": "wie", **said}
    answer = desk.client.post(f"/nl/sites/{desk.site}/barriers", data=form, files={"file": ("", b"")}, headers=OURS)
    assert answer.status_code == 422 and sentence in answer.text and 'value="wie"' in answer.text


def test_a_table_is_brought_in_once_and_a_wrong_line_keeps_all_out(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "bevindingen.csv"
    url = desk.database.engine.url.render_as_string(hide_password=False)
    with desk.database.session() as session:
        before = len(open_barriers(session, desk.site))

    def bring_in(*lines: str) -> Any:
        file.write_text("\n".join(["Adres;Wat;Bron;Datum;Criterium;Wie", *lines]))
        return CliRunner().invoke(app, ["import", "findings", str(file), "--site", str(desk.site), "--db", url])

    good = f"{desk.address};Te weinig contrast;deskundige;2026-01-20;1.4.3;slechtzienden"
    assert "1 new, 0 known" in bring_in(good).output
    assert "0 new, 1 known" in bring_in(good).output
    refused = bring_in(f"{desk.address};Nieuw;klacht;2026-01-20;1.4.3;x", f"{desk.address};Wat;roddel;2026-01-20;;")
    assert refused.exit_code == 2 and "line 3: 'roddel' is no source" in refused.output
    with desk.database.session() as session:
        assert len(open_barriers(session, desk.site)) == before + 1
        assert "1.4.3" in reported_now(session, desk.site)


def test_every_form_of_a_report_of_a_run_has_them_with_source_and_day(desk: Desk) -> None:
    desk.write(what="Formulier wist alles.", source="complaint", criterion="")
    with desk.database.session() as session:
        run = latest_run(session, desk.site)
        assert run is not None
        report = report_of_run(session, run, TOOL)
        count = len(open_barriers(session, desk.site))
    assert len(report["reported"]) == count > 0
    forms = {form: written(report, form, "nl") for form in Format}
    rows = list(csv.DictReader(io.StringIO(forms[Format.CSV])))
    found = {
        Format.CSV: sum(row["rule"].startswith("barrier-") for row in rows),
        Format.SARIF: sum(one["ruleId"].startswith("barrier-") for one in json.loads(forms[Format.SARIF])["runs"][0]["results"]),
        Format.JUNIT: forms[Format.JUNIT].count('classname="barriers"'),
        Format.EARL: sum(
            str(node.get("@id")).startswith("urn:vierluik:barrier-") for node in json.loads(forms[Format.EARL])["@graph"]
        ),
    }
    assert found == dict.fromkeys(found, count)
    assert f"Gemeld door mensen en nog open: {count}." in forms[Format.TEXT]
    for form, body in forms.items():
        assert "Formulier wist alles." in body and "2026-01-15" in body, form
        if form is not Format.JSON:
            assert "Van de 50 criteria van" in body, form
    assert [bool(row["about_this_file"]) for row in rows] == [True] + [False] * (len(rows) - 1)


def test_data_of_residents_is_masked_and_the_rest_stays_as_it_was() -> None:
    text = "Mail: A.B-c@Voorbeeld.NL; +31 6 1234 5678; 1234 56 782; NL91 ABNA 0417 1643 00; 4331 AB 12. In 2026 op 14 0118."
    assert masked(text)[0] == "Mail: [e-mail]; [telefoon]; [bsn]; [iban]; [adres]. In 2026 op 14 0118."
    assert masked("Foutcode 404 op regel 1250, 12 januari 2026, 1.4.3 en 2.4.11")[1].total() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"adres;wat\nx;y", "names no column for source, on"),
        (b"adres;wat;bron;datum\n", "there is no line under its headings"),
        (b"\xff\xfe", "no UTF-8"),
        (b"adres;wat;bron;datum\nhttps://x.nl/;y;klacht;gisteren", "line 2: 'gisteren' is no day"),
    ],
)
def test_a_bad_table_is_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(BarrierError, match=sentence):
        read_barriers(content, "https://x.nl/", NOW.date())


def test_a_run_and_another_site_leave_them_alone(desk: Desk) -> None:
    where = desk.write(what="Blijft open.")
    with desk.database.session() as session:
        other = next(site for site in session.query(Site) if site.id != desk.site).id
    assert desk.client.get(where.replace(f"/sites/{desk.site}/", f"/sites/{other}/")).status_code == 404
