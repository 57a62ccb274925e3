"""Every form of an evaluation says the same; each is read back by what reads such files."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import openpyxl
import pikepdf
import pypdfium2
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from pyld import jsonld

from checks.documents.pdf.engine import engine_failures
from dashboard.exports import evaluation_report
from dashboard.exports.evaluation import EvaluationForm, written
from rules.barrier import Barrier, BarrierSource
from rules.evaluation import (
    WHOLE_SAMPLE,
    Assessment,
    Evaluation,
    Exemption,
    MachineLook,
    Replacement,
    Results,
    SamplePage,
    SamplePart,
    SampleRole,
)
from rules.norm import norms
from rules.outcome import Outcome
from rules.wcag_em import read_wcag_em

HOSTILE = '=HYPERLINK("http://x","y")<script>alert(1)</script>\x07]]>{{ 7*7 }}'
CRITERIA = norms()["en301549-3.2.1"].criteria
LOOK = MachineLook(
    1, date(2026, 11, 20), 120, 100, 15, 5, "Vierluik 0.1.0", ("axe 4.14",), "Chromium 140", CRITERIA[:20], CRITERIA[20:30]
)
PAGES = tuple(
    SamplePage(number, f"https://www.example.nl/{number}", f"Pagina {number}", part, role)
    for number, part, role in (
        (1, SamplePart.STRUCTURED, SampleRole.HOME),
        (2, SamplePart.STRUCTURED, SampleRole.FORM),
        (3, SamplePart.RANDOM, SampleRole.RANDOM),
    )
)
BASE = Evaluation(
    site="Voorbeeldstad",
    norm_id="en301549-3.2.1",
    title="Onderzoek Voorbeeldstad",
    commissioner="Gemeente Voorbeeldstad",
    contact="web@voorbeeldstad.example",
    evaluators=("Anna", "Bram"),
    reviewer="Cor",
    on=date(2026, 11, 23),
    scope="https://www.example.nl/",
    support_baseline="Firefox met NVDA",
    technologies=("HTML", "CSS"),
    essential_functions="Afspraak maken",
    page_types="formulier",
    tools="Firefox 130, NVDA 2026.1",
    summary="Redelijk.",
    sample=PAGES,
    replaced=(Replacement("https://www.example.nl/weg", SamplePart.RANDOM, "Leeg.", date(2026, 11, 21), PAGES[2].url),),
    machine=LOOK,
    barriers=(
        Barrier("https://www.example.nl/2", "Bleef hangen.", BarrierSource.USER_TEST, date(2026, 11, 1), "2.1.1", number=1),
        Barrier("https://www.example.nl/9", "Vond niets.", BarrierSource.COMPLAINT, date(2026, 11, 2), number=2),
    ),
)
CELLS = st.lists(
    st.tuples(st.sampled_from(CRITERIA), st.integers(0, 3), st.sampled_from(["Anna", "Bram", "Cor"]), st.sampled_from(Outcome)),
    max_size=90,
    unique_by=lambda cell: cell[:3],
)


def evaluation(cells: list[tuple[str, int, str, Outcome]], **more: Any) -> Results:
    said = tuple(Assessment(*cell, description=f"Over {cell[0]}.") for cell in cells)
    return Results.of(replace(BASE, assessments=said, **more))


def replace_barriers(results: Results) -> Results:
    """The same without what people met or saw."""
    return Results.of(replace(results.evaluation, barriers=()))


def a_large_one() -> Results:
    """Fifty pages with 400 failures."""
    pages = tuple(
        replace(PAGES[0], number=number, url=f"https://www.example.nl/{number}", title=f"Pagina {number}")
        for number in range(1, 51)
    )
    words = {"cause": "In het CMS ontbreekt het veld.", "effect": "Blinde bezoekers horen niets.", "measure": "Vul het veld."}
    said = tuple(
        Assessment(
            criterion, page.number, "Anna", Outcome.FAILED, f"Fout op pagina {page.number}.", **words, planned_on=date(2027, 3, 1)
        )
        for criterion in CRITERIA[:8]
        for page in pages
    )
    return Results.of(replace(BASE, sample=pages, assessments=said))


def barriers_in(form: EvaluationForm, body: bytes) -> int:
    """What people met or saw, as a reader of that form would count it."""
    match form:
        case EvaluationForm.HTML | EvaluationForm.STATEMENT:
            return len(html.fromstring(body).xpath("//tr[@data-barrier]"))
        case EvaluationForm.XLSX:
            book = openpyxl.load_workbook(io.BytesIO(body))
            told = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
            assert told["Gemeld door mensen"] == book.worksheets[-1].max_row - 1
            return int(told["Gemeld door mensen"])
        case EvaluationForm.CSV:
            return sum(bool(row["barrier"]) for row in csv.DictReader(io.StringIO(body.decode())))
        case EvaluationForm.EARL:
            return sum(str(node["@id"]).startswith("urn:vierluik:barrier-") for node in json.loads(body)["@graph"])
        case EvaluationForm.SARIF:
            run = json.loads(body)["runs"][0]
            assert run["properties"]["figures"]["barriers"] == len([one for one in run["results"] if "barrier-" in one["ruleId"]])
            return int(run["properties"]["figures"]["barriers"])
        case EvaluationForm.JUNIT:
            return len(ElementTree.fromstring(body).findall("testcase[@classname='barriers']"))
        case EvaluationForm.WCAG_EM:
            said = json.loads(body)["reportFindings"]["evaluationSpecifics"]
        case _:
            said = yaml.safe_load(body)["notes"]
    return int(said.partition("Gemeld door mensen en nog open: ")[2].partition(".")[0] or 0)


def counts_in(form: EvaluationForm, body: bytes) -> dict[str, int]:
    """The criteria with each outcome, as a reader of that form would count them."""
    counted = dict.fromkeys((outcome.value for outcome in Outcome), 0)
    match form:
        case EvaluationForm.HTML:
            page = html.fromstring(body)
            told = {cell.get("data-figure"): int(cell.text) for cell in page.xpath("//td[@data-figure]")}
            listed = page.xpath("//td/@data-conclusion")
            assert {outcome: listed.count(outcome) for outcome in counted} == told
            return told
        case EvaluationForm.XLSX:
            book = openpyxl.load_workbook(io.BytesIO(body))
            told = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
            words = ("Voldoende", "Onvoldoende", "Onbekend", "Niet van toepassing", "Niet getoetst")
            listed = [row[4].value for row in book.worksheets[1].iter_rows(min_row=2)]
            assert [listed.count(word) for word in words] == [told[word] for word in words]
            return {outcome.value: told[word] for outcome, word in zip(Outcome, words, strict=True)}
        case EvaluationForm.CSV:
            listed = [row["conclusion"] for row in csv.DictReader(io.StringIO(body.decode())) if not row["page"]]
        case EvaluationForm.EARL:
            site = next(node for node in json.loads(body)["@graph"] if node["@id"] == "urn:vierluik:site")
            concluded = [one for one in site["assertions"] if one["assertedBy"] == "urn:vierluik:evaluation"]
            listed = [one["result"]["outcome"].removeprefix("earl:") for one in concluded]
        case EvaluationForm.WCAG_EM:
            found = Results.of(read_wcag_em(body).evaluation).figures.outcomes
            return {outcome.value: count for outcome, count in found.items()}
        case _:
            told = json.loads(body)["runs"][0]["properties"]["figures"]
            return {outcome: told[outcome] for outcome in counted}
    return {outcome: listed.count(outcome) for outcome in counted}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CELLS)
def test_the_figures_are_the_same_in_every_form(cells: list[tuple[str, int, str, Outcome]]) -> None:
    results = evaluation(cells)
    expected = {outcome.value: count for outcome, count in results.figures.outcomes.items()}
    forms = ("html", "xlsx", "csv", "earl", "wcag-em", "sarif")
    assert {
        form: counts_in(EvaluationForm(form), written(results, EvaluationForm(form), "nl")) for form in forms
    } == dict.fromkeys(forms, expected)
    met = (EvaluationForm(form) for form in (*forms, "junit", "openacr", "statement"))
    assert {form: barriers_in(form, written(results, form, "nl")) for form in met} == dict.fromkeys(
        (*forms, "junit", "openacr", "statement"), 2
    )
    suite = ElementTree.fromstring(written(replace_barriers(results), EvaluationForm.JUNIT, "nl"))
    assert (suite.get("tests"), suite.get("failures")) == ("50", str(expected["failed"]))
    assert int(suite.get("skipped") or 0) == 50 - expected["failed"] - expected["passed"]
    acr = yaml.safe_load(written(results, EvaluationForm.OPENACR, "nl"))
    levels = [
        one["components"][0].get("adherence", {}).get("level")
        for chapter in acr["chapters"].values()
        for one in chapter["criteria"]
    ]
    assert levels.count("supports") == expected["passed"]
    assert levels.count("partially-supports") + levels.count("does-not-support") == expected["failed"]
    assert levels.count("not-applicable") == expected["inapplicable"]
    assert levels.count(None) == expected["cantTell"] + expected["untested"]
    draft = html.fromstring(written(results, EvaluationForm.STATEMENT, "nl")).text_content()
    assert f"{results.figures.score} criteria" in draft


# rebuilt from what GSA/openacr says of openacr-0.1.0
CONTACT = {"type": "object", "required": ["email"], "additionalProperties": {"type": "string"}}
ADHERENCE = {
    "type": "object",
    "required": ["level"],
    "properties": {
        "level": {"enum": ["supports", "partially-supports", "does-not-support", "not-applicable"]},
        "notes": {"type": "string"},
    },
}
COMPONENT = {"type": "object", "required": ["name"], "properties": {"name": {"enum": ["web"]}, "adherence": ADHERENCE}}
CRITERION = {
    "type": "object",
    "required": ["num"],
    "properties": {"num": {"type": "string"}, "components": {"type": "array", "items": COMPONENT}},
}
CHAPTER = {"type": "object", "properties": {"notes": {"type": "string"}, "criteria": {"type": "array", "items": CRITERION}}}
OPENACR = {
    "type": "object",
    "required": ["title", "product", "author"],
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("title", "report_date", "last_modified_date", "notes", "evaluation_methods_used")
        },
        "catalog": {"type": "string"},
        "version": {"type": "integer"},
        "product": {"type": "object", "required": ["name"], "additionalProperties": {"type": "string"}},
        "author": CONTACT,
        "vendor": CONTACT,
        "chapters": {
            "type": "object",
            "properties": {"success_criteria_level_a": CHAPTER, "success_criteria_level_aa": CHAPTER},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize("norm", list(norms()))
def test_openacr_is_as_its_schema_says(norm: str) -> None:
    results = evaluation(
        [("1.1.1", 1, "Anna", Outcome.FAILED), ("1.4.3", 0, "Anna", Outcome.PASSED)], norm_id=norm, summary=HOSTILE
    )
    acr = yaml.safe_load(written(results, EvaluationForm.OPENACR, "en"))
    jsonschema.validate(acr, OPENACR)
    assert acr["chapters"]["success_criteria_level_a"]["criteria"][0] == {
        "num": "1.1.1",
        "components": [{"name": "web", "adherence": {"level": "does-not-support", "notes": "Pagina 1: Over 1.1.1."}}],
    }
    assert "Not tested: 1.2.1" in acr["chapters"]["success_criteria_level_a"]["notes"]


def test_earl_is_json_ld_that_needs_nothing_else() -> None:
    cells = [("1.1.1", 1, "Anna", Outcome.FAILED), ("1.1.1", 1, "Bram", Outcome.PASSED)]
    results = replace_barriers(evaluation(cells))
    expanded = jsonld.expand(json.loads(written(results, EvaluationForm.EARL, "nl")))
    text = json.dumps(expanded)
    assert "http://www.w3.org/ns/earl#Assertion" in text and "https://www.w3.org/TR/WCAG21/#non-text-content" in text
    assert text.count('"http://www.w3.org/ns/earl#failed"') == 1  # Anna's; undecided, the conclusion is that nobody can tell


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("form", [form for form in EvaluationForm if form is not EvaluationForm.PDF])
def test_hostile_words_do_nothing_in_any_form(form: EvaluationForm, language: Any) -> None:
    said = (Assessment("1.1.1", 1, HOSTILE, Outcome.FAILED, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),)
    pages = (replace(PAGES[0], title=HOSTILE, url=f"https://www.example.nl/{HOSTILE}"),)
    told = replace(
        BASE, title=HOSTILE, scope=HOSTILE, evaluators=(HOSTILE,), sample=pages, assessments=said, commissioner=HOSTILE
    )
    body = written(Results.of(told), form, language)
    if form in (EvaluationForm.HTML, EvaluationForm.STATEMENT):
        assert (b"<script" not in body and b"49" not in body.replace(b"749", b"")) or b"{{ 7*7 }}" in body
        assert b"<script>alert" not in body
        page = html.fromstring(body)
        assert page.xpath("//@src | //link | //script") == []
    elif form is EvaluationForm.XLSX:
        book = openpyxl.load_workbook(io.BytesIO(body))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not any(cell.hyperlink for cell in cells)
    elif form is EvaluationForm.CSV:
        assert not any(cell.startswith("=") for row in csv.reader(io.StringIO(body.decode())) for cell in row)
    elif form is EvaluationForm.JUNIT:
        ElementTree.fromstring(body)


PARTS = (
    *("Onderzoeker", "Datum van het rapport", "Opdrachtgever", "Norm", "Soort onderzoek", "Versie van het document"),
    *("Evaluatiemethode", "Scope", "Samenvatting", "Score per criterium", "Steekproef", "Browsers en andere programma’s"),
    *("Basisniveau van toegankelijkheidsondersteuning", "Technologieën", "Beschrijving", "1/50", "Vervangen pagina’s"),
)


def test_the_report_has_every_part_that_it_must_have_and_says_what_nobody_looked_at() -> None:
    results = evaluation([("1.1.1", 1, "Anna", Outcome.FAILED)])
    text = " ".join(html.fromstring(written(results, EvaluationForm.HTML, "nl")).text_content().split())
    assert [part for part in PARTS if part not in text] == []
    for page in PAGES:
        assert page.url in text
    assert "Mensen beoordeelden 1 van de 50 criteria, op 3 pagina’s van de steekproef; 48 criteria zijn door niemand" in text
    assert "kende 120 pagina’s, toetste er 100 en sloeg er 15 over (20 november 2026)" in text
    assert "Vierluik 0.1.0, axe 4.14, Chromium 140" in text
    empty = " ".join(
        html.fromstring(written(Results.of(Evaluation("X", "en301549-4.1.1")), EvaluationForm.HTML, "en")).text_content().split()
    )
    assert "not provided" in empty and "0/55" in empty


@pytest.mark.slow
def test_the_pdf_is_pdf_ua_and_costs_no_more_than_twice_the_bare_html(tmp_path: Path) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    results = a_large_one()
    assert len(results.deviations) == 400
    begun = time.process_time()
    body = written(results, EvaluationForm.PDF, "nl")
    took = time.process_time() - begun
    bare = evaluation_report.as_html(results, "nl").replace("<style>", '<style media="none">')
    begun = time.process_time()
    weasyprint.HTML(string=bare).write_pdf()
    assert took < 2 * (time.process_time() - begun)
    with pikepdf.open(io.BytesIO(body)) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "nl"
        assert bool(root.MarkInfo.Marked) and "/StructTreeRoot" in root
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "Onderzoek Voorbeeldstad" in str(metadata["dc:title"])
        tags: list[str] = []
        walk(root.StructTreeRoot, tags)
        order = [tag for tag in tags if tag in ("/H1", "/H2")]
        assert order[0] == "/H1" and order.count("/H1") == 1 and order.count("/H2") == 4
        assert {"/Table", "/TH", "/TD", "/H3", "/H4"} <= set(tags)
        assert not any(tag == "/Figure" for tag in tags)
    file = tmp_path / "report.pdf"
    file.write_bytes(body)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body))
    assert (
        text.index("A. De opdracht")
        < text.index("B. Het onderzoek")
        < text.index("C. Het object")
        < text.index("D. De resultaten")
    )
    assert text.count("Fout op pagina") == 400
    assert engine_failures(file) == []


def walk(node: Any, tags: list[str]) -> None:
    """The tags of a PDF in their order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            walk(child, tags)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            tags.append(str(node.S))
        if "/K" in node:
            walk(node.K, tags)


def test_a_report_reaches_no_file_and_no_host(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    words = "<img src='file:///etc/passwd'><link rel=stylesheet href=http://127.0.0.1:9/x.css>"
    results = evaluation([], summary=words, title=words)
    with pikepdf.open(io.BytesIO(written(results, EvaluationForm.PDF, "en"))) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert not any("/Subtype" in one and one.Subtype == "/Image" for one in pdf.objects if isinstance(one, pikepdf.Stream))


def test_the_draft_statement_groups_deviations_as_the_law_does_and_promises_nothing() -> None:
    said = (
        Assessment("1.1.1", 1, "Anna", Outcome.FAILED, "Foto.", "CMS", "Blind", "Bel", "Vullen", date(2027, 3, 1)),
        Assessment("1.4.3", 1, "Anna", Outcome.FAILED, "Logo.", exemption=Exemption.BURDEN),
    )
    told = Results.of(replace(BASE, assessments=said))
    text = " ".join(html.fromstring(written(told, EvaluationForm.STATEMENT, "nl")).text_content().split())
    for part in ("Oorzaak", "Gevolg", "Alternatief", "Maatregel", "Planning", "1 maart 2027", "web@voorbeeldstad.example"):
        assert part in text
    assert (
        text.index("Niet in overeenstemming met de wet")
        < text.index("Foto.")
        < text.index("Onevenredige last")
        < text.index("Logo.")
    )
    assert "D: voldoet niet" in text and "47 criteria hebben nog geen oordeel" in text
    everything = [(criterion, WHOLE_SAMPLE, "Anna", Outcome.PASSED) for criterion in CRITERIA]
    assert (
        "A: voldoet volledig" in html.fromstring(written(evaluation(everything), EvaluationForm.STATEMENT, "nl")).text_content()
    )
    some = [*everything[1:], ("1.1.1", WHOLE_SAMPLE, "Anna", Outcome.FAILED)]
    model = html.fromstring(written(evaluation(some), EvaluationForm.STATEMENT, "en")).text_content()
    assert "B: meets the requirements in part" in model or "B:" in model
    assert "Disproportionate burden" in model and "Enforcement procedure" in model
