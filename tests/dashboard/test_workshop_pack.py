"""What lies on the table at a workshop: only what may be shown, honest where nothing is known, and a PDF that all can read."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from dashboard_seed import NOW
from lxml import html
from starlette.testclient import TestClient

from checks.documents.pdf.engine import engine_failures
from rules.journey import Journey, JourneyStep, StepKind, StepOutcome, StepSeen
from storage.database import Database
from storage.models import Page, Site
from storage.questions.workshop import workshop_facts

STEPS = (JourneyStep(StepKind.OPEN, "/"), JourneyStep(StepKind.SEARCH, "Paspoort"), JourneyStep(StepKind.EXPECT, "Klaar"))


def file_of(client: TestClient, ids: dict[str, int], kind: str, language: str = "nl", journey: str = "journey") -> bytes:
    answer = client.get(f"/{language}/sites/{ids['site']}/journeys/{ids[journey]}/workshop.{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'.{kind}"')
    return answer.content


def test_words_are_those_that_enough_residents_typed(stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        site = session.get_one(Site, ids["site"])
        facts = workshop_facts(session, site, Journey("Paspoort", STEPS), [])
        rare = workshop_facts(
            session, site, Journey("Zeldzaam", (*STEPS[:1], JourneyStep(StepKind.SEARCH, "niemand vroeg dit"))), []
        )
        new = workshop_facts(session, session.get_one(Site, ids["new_site"]), Journey("Paspoort", STEPS), [])
    assert facts.words and facts.words.queries[0].text == "paspoort"
    assert facts.words.queries[0].searches > 50 and facts.words.last < NOW.date()
    assert rare.words and rare.words.queries == []
    assert new.words is None


def test_page_on_the_path_brings_its_feedback_barriers_and_change(stored: Database, ids: dict[str, int]) -> None:
    with stored.session() as session:
        site = session.get_one(Site, ids["site"])
        address = session.get_one(Page, ids["page"]).identity
        seen = [StepSeen(StepOutcome.PASSED, url=address, title="Een"), StepSeen(StepOutcome.PASSED, url=address, title="Een")]
        seen.append(StepSeen(StepOutcome.PASSED, url="https://www.example.nl/nooit-gezien", title="Twee"))
        known, unknown = workshop_facts(session, site, Journey("x", STEPS), seen).pages
    assert known.steps == (1, 2) and known.page_id == ids["page"]
    assert known.feedback and known.feedback.comments and known.barriers and known.differs_since
    assert (unknown.page_id, unknown.feedback, unknown.barriers) == (None, None, ())


def test_file_names_who_is_stopped_and_refers_to_nothing(client: TestClient, ids: dict[str, int]) -> None:
    page = html.fromstring(file_of(client, ids, "html"))
    assert page.get("lang") == "nl" and len(page.findall(".//h1")) == 1
    text = page.text_content()
    assert "is met het toetsenbord niet te bereiken" in text
    assert "Wie kan niet verder: wie geen muis kan gebruiken, of met een schermlezer werkt." in text
    assert '<script>alert("1")' in text and not page.xpath("//script")
    pictures = page.xpath("//img")
    assert pictures and all(one.get("src").startswith("data:image/jpeg;base64,") for one in pictures)
    assert all("na stap" in one.get("alt") for one in pictures)
    assert not page.xpath("//a/@href | //link | //iframe")


def test_what_is_not_known_is_said_so(client: TestClient, ids: dict[str, int]) -> None:
    text = html.fromstring(file_of(client, ids, "html", journey="new_journey")).text_content()
    assert "nog niet nagelopen" in text and "lukt hij wel?" in text
    assert "er zijn geen bezoekcijfers van deze pagina’s ingelezen" in text


def test_pdf_is_tagged_titled_and_in_its_language(client: TestClient, ids: dict[str, int], tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    body = file_of(client, ids, "pdf", "en")
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked) and bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1" and "Workshop: Paspoort aanvragen" in str(metadata["dc:title"])
        found: list[Any] = []
        elements(pdf.Root.StructTreeRoot, found)
        tags = [str(one.S) for one in found]
        assert tags.count("/H1") == 1 and {"/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI"} <= set(tags)
        figures = [one for one in found if str(one.S) == "/Figure"]
        assert figures and all("after step" in str(one.Alt) for one in figures)
    file = tmp_path / "workshop.pdf"
    file.write_bytes(body)
    assert engine_failures(file) == []
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body))
    assert text.index("The residents’ words") < text.index("The way at a glance") < text.index("Questions for the workshop")


def elements(node: Any, found: list[Any]) -> None:
    """The elements of the structure tree, in their order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            elements(child, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append(node)
        if "/K" in node:
            elements(node.K, found)


def test_no_journey_of_another_site_is_given(client: TestClient, ids: dict[str, int]) -> None:
    for kind in ("pdf", "html"):
        assert client.get(f"/nl/sites/{ids['new_site']}/journeys/{ids['journey']}/workshop.{kind}").status_code == 404
