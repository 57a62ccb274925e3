"""Makes real files of recipes: PDF with our own writer, office files with the libraries that other programs use."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pptx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.worksheet.table import Table as SheetTable
from PIL import Image
from pptx.util import Inches

from vierluik.sample_site.pdf_writer import pdf_of

DEFAULT = [{"H1": "Afvalkalender"}, {"P": "Op maandag halen wij in de hele stad het oud papier op."}]


def file_of(recipe_text: str) -> bytes:
    """The file that a recipe in TOML describes."""
    recipe = tomllib.loads(recipe_text)
    match recipe.get("kind", "pdf"):
        case "pdf":
            return pdf_of(recipe)
        case "docx":
            return _docx(recipe)
        case "xlsx":
            return _xlsx(recipe)
        case "pptx":
            return _pptx(recipe)
        case "odt":
            return _odt(recipe)
        case other:
            raise ValueError(other)


def picture() -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (24, 24), "green").save(data, "PNG")
    data.seek(0)
    return data


def entries(recipe: dict[str, Any]) -> list[tuple[str, Any, dict[str, Any]]]:
    found = []
    for entry in recipe.get("content", DEFAULT):
        kind = next(key for key in entry if key[0].isupper())
        found += [(kind, entry[kind], entry)] * entry.get("times", 1)
    return found


def _saved(document: Any) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _docx(recipe: dict[str, Any]) -> bytes:
    document = docx.Document()
    document.core_properties.title = recipe.get("title", "Afvalkalender 2027")
    language = document.styles.element.find(".//" + qn("w:lang"))
    language.set(qn("w:val"), recipe.get("language", "nl-NL"))
    for kind, value, entry in entries(recipe):
        if kind in ("H1", "H2", "H3"):
            document.add_heading(value, int(kind[1]))
        elif kind == "Figure":
            document.add_picture(picture())
            properties = document.element.body.findall(".//" + qn("wp:docPr"))[-1]
            properties.attrib.pop("descr", None)
            properties.set("descr", value)
        elif kind == "Table":
            table = document.add_table(rows=len(value), cols=max(map(len, value)), style="Table Grid")
            for row, words in zip(table.rows, value, strict=True):
                for cell, text in zip(row.cells, words, strict=False):
                    cell.text = text
            if entry.get("headers", True):
                table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        elif kind == "Link":
            link = OxmlElement("w:hyperlink")
            target = document.part.relate_to(
                entry.get("to", "https://voorbeeld.nl/afval"),
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
                is_external=True,
            )
            link.set(qn("r:id"), target)
            run = OxmlElement("w:r")
            words = OxmlElement("w:t")
            words.text = value
            run.append(words)
            link.append(run)
            document.add_paragraph()._p.append(link)
        else:
            document.add_paragraph(value)
    return _saved(document)


def _xlsx(recipe: dict[str, Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    book.properties.title = recipe.get("title", "Afvalkalender 2027")
    book.properties.language = recipe.get("language", "nl-NL")
    for kind, value, entry in entries(recipe):
        if kind == "Table":
            for row in value:
                sheet.append(row)
            if entry.get("headers", True):
                last = f"{chr(64 + len(value[0]))}{len(value)}"
                sheet.add_table(SheetTable(displayName="Afval", ref=f"A1:{last}"))
        elif kind == "Figure":
            sheet.add_image(SheetImage(picture()), "F1")
        else:
            sheet.append([value])
    described = next((value for kind, value, _ in entries(recipe) if kind == "Figure"), "")
    # openpyxl always writes "Picture".
    return rewritten(_saved(book), lambda name, data: data.replace(b'descr="Picture"', f'descr="{described}"'.encode()))


def rewritten(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A zip file with its parts changed."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return output.getvalue()


def _pptx(recipe: dict[str, Any]) -> bytes:
    show = pptx.Presentation()
    show.core_properties.title = recipe.get("title", "Afvalkalender 2027")
    slide = None
    for kind, value, _ in entries(recipe):
        if kind == "H1" or slide is None:
            slide = show.slides.add_slide(show.slide_layouts[5 if kind == "H1" else 6])
        if kind == "H1":
            slide.shapes.title.text = value
        elif kind == "Figure":
            drawn = slide.shapes.add_picture(picture(), Inches(1), Inches(2))
            drawn._element.nvPicPr.cNvPr.set("descr", value)
        else:
            slide.shapes.add_textbox(Inches(1), Inches(2), Inches(4), Inches(1)).text_frame.text = value
    return _saved(show)


ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.3"><office:body><office:text>{body}</office:text>
</office:body></office:document-content>"""
META = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 office:version="1.3"><office:meta><dc:title>{title}</dc:title><dc:language>{language}</dc:language></office:meta>
</office:document-meta>"""


def _odt(recipe: dict[str, Any]) -> bytes:
    body = []
    for kind, value, _ in entries(recipe):
        if kind in ("H1", "H2", "H3"):
            body.append(f'<text:h text:outline-level="{kind[1]}">{value}</text:h>')
        elif kind == "Figure":
            words = f"<svg:desc>{value}</svg:desc>" if value else ""
            body.append(
                f'<text:p><draw:frame draw:name="a"><draw:image xlink:href="Pictures/a.png"/>{words}</draw:frame></text:p>'
            )
        else:
            body.append(f"<text:p>{value}</text:p>")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", ODT.format(body="".join(body)))
        title, language = recipe.get("title", "Afvalkalender 2027"), recipe.get("language", "nl-NL")
        archive.writestr("meta.xml", META.format(title=title, language=language))
        archive.writestr("Pictures/a.png", picture().getvalue())
    return data.getvalue()
