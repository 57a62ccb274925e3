"""Writes a PDF from a recipe: tagged and sound, except for what the recipe leaves out.

The recipe is the TOML of an example in the pages of `rules/catalogue/documents/`, and of the documents of the sample site.
Source: ISO 32000-1, clauses 12.5, 14.7 and 14.8.
"""

from __future__ import annotations

import io
import textwrap
import zlib
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

WIDTH, HEIGHT, MARGIN = 595, 842, 60
SIZES = {"H1": 22, "H2": 17, "H3": 14, "Large": 18}
BODY = 11
ROLES = ("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Caption", "Note", "Formula", "BlockQuote", "TOC")
NO_ACCESS = {"accessibility": False, "extract": False}


@dataclass
class _Page:
    """One page while it is written."""

    stream: list[str] = field(default_factory=list)
    parents: list[pikepdf.Object] = field(default_factory=list)  # the element of each mark
    annotations: list[pikepdf.Object] = field(default_factory=list)
    images: dict[str, pikepdf.Object] = field(default_factory=dict)
    y: float = HEIGHT - MARGIN


class PdfWriter:
    """Puts one document together."""

    def __init__(self, recipe: dict[str, Any]) -> None:
        self.recipe = recipe
        self.tagged = bool(recipe.get("tagged", True))
        self.pdf = pikepdf.new()
        self.pages: list[_Page] = []
        self.objects: list[pikepdf.Object] = []
        self.annotation_parents: list[tuple[int, pikepdf.Object]] = []
        self.fields: list[pikepdf.Object] = []
        self.tree = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array()))
        self.document = self._element("Document", self.tree)
        self.parent = self.document
        self._turn()

    def bytes(self) -> bytes:
        for entry in self.recipe.get("content", [{"H1": "Afvalkalender"}, {"P": "Op maandag halen wij het papier op."}]):
            for _ in range(entry.get("times", 1)):
                self._write(entry)
        self._finish()
        output = io.BytesIO()
        self.pdf.save(output, **self._protection())
        return output.getvalue()

    # --- content -----------------------------------------------------------------------------------------------------

    def _write(self, entry: dict[str, Any]) -> None:
        kind = next(key for key in entry if key[0].isupper())
        value = entry[kind]
        match kind:
            case "Page":
                self._turn()
            case "Bare" | "Artifact" | "Large":
                self._text("" if kind == "Large" and self.tagged else kind, value, size=SIZES.get(kind, BODY))
            case "Scan":
                self._image("", WIDTH, HEIGHT, entry, at=(0, 0), hidden=str(value))
            case "Figure":
                self._image("Figure", 120, 80, entry)
            case "L":
                self._list(value, entry)
            case "Table":
                self._table(value, entry)
            case "Link":
                self._link(value, entry)
            case "Stamp":
                rectangle = Array([MARGIN, 100, MARGIN + 80, 130])
                self._annotate(self.pages[-1], Dictionary(Type=Name.Annot, Subtype=Name.Stamp, F=4, Rect=rectangle), None)
            case "Field":
                self._field(value, entry)
            case _:
                self._text(kind, value, entry, size=SIZES.get(entry.get("as", kind), BODY))

    def _text(self, role: str, text: str, entry: dict[str, Any] | None = None, *, size: float = BODY) -> pikepdf.Object | None:
        element = None
        role = "P" if role == "" else role
        if self.tagged and role not in ("Bare", "Artifact"):
            element = self._element(role, self.parent, entry or {})
        page_of = None
        for line in textwrap.wrap(text, max(int(900 / size), 10)) or [""]:
            page = self._room(size * 1.4)
            if page is not page_of and page_of is not None:
                page_of.stream.append("EMC")
            if page is not page_of:
                page.stream.append(self._mark(page, role, element))
                page_of = page
            font = "/F2" if self.recipe.get("fonts") == "no-unicode" else "/F1"
            page.stream.append(f"BT {font} {size} Tf {MARGIN} {page.y:.1f} Td {self._shown(line)} Tj ET")
        if page_of is not None:
            page_of.stream.append("EMC")
        return element

    def _shown(self, line: str) -> str:
        if self.recipe.get("fonts") == "no-unicode":
            return "<" + "".join(f"{ord(letter) + 200:04x}" for letter in line) + ">"
        letters = line.encode("cp1252", "replace")
        return "<" + letters.hex() + ">"

    def _mark(self, page: _Page, role: str, element: pikepdf.Object | None) -> str:
        """The start of marked content: part of an element, decoration, or nothing that is known."""
        if element is None:
            return "/Artifact BMC" if role == "Artifact" else "/Plain BMC"
        number = len(page.parents)
        page.parents.append(element)
        self._add(element, Dictionary(Type=Name.MCR, Pg=self.objects[self.pages.index(page)], MCID=number))
        return f"/{role} <</MCID {number}>> BDC"

    def _image(
        self, role: str, width: float, height: float, entry: dict[str, Any], at: tuple[int, int] | None = None, hidden: str = ""
    ) -> None:
        page = self._room(height + 10) if at is None else self.pages[-1]
        name = f"Im{len(page.images)}"
        pixels = bytes((x * 9 + y * 5) % 256 for y in range(32) for x in range(24))
        image = pikepdf.Stream(self.pdf, zlib.compress(pixels))
        image.update(
            Dictionary(
                Type=Name.XObject, Subtype=Name.Image, Width=24, Height=32, ColorSpace=Name.DeviceGray, BitsPerComponent=8,
                Filter=Name.FlateDecode,
            )
        )  # fmt: skip
        page.images[name] = self.pdf.make_indirect(image)
        element = None
        if role and self.tagged and not entry.get("untagged"):
            element = self._element(role, self.parent, {**entry, "alternative": entry["Figure"]})
        left, bottom = at or (MARGIN, int(page.y))
        page.stream += [self._mark(page, role, element), f"q {width} 0 0 {height} {left} {bottom} cm /{name} Do Q"]
        if hidden and hidden != "True":
            for number, line in enumerate(textwrap.wrap(hidden, 80)):
                page.stream.append(f"BT 3 Tr /F1 11 Tf {MARGIN} {HEIGHT - MARGIN - 14 * number} Td {self._shown(line)} Tj ET")
        page.stream.append("EMC")

    def _list(self, items: list[str], entry: dict[str, Any]) -> None:
        outer = self.parent
        whole = self._element(entry.get("role", "L"), outer, entry)
        for item in items:
            if entry.get("broken"):
                self.parent = whole
                self._text("P", item)
                continue
            self.parent = self._element("LI", whole)
            self._text("LBody", item)
        self.parent = outer

    def _table(self, rows: list[list[str]], entry: dict[str, Any]) -> None:
        outer = self.parent
        table = self._element("Table", outer, entry)
        for number, row in enumerate(rows):
            line = table if entry.get("broken") else self._element("TR", table)
            for text in row:
                is_header = number == 0 and entry.get("headers", True)
                self.parent = self._element("TH" if is_header else "TD", line)
                if is_header and entry.get("scope", True):
                    self.parent["/A"] = Dictionary(O=Name.Table, Scope=Name.Column)
                self._text("P", text)
        self.parent = outer

    def _link(self, text: str, entry: dict[str, Any]) -> None:
        outer = self.parent
        element = None
        if self.tagged and not entry.get("untagged"):
            self.parent = self._element("P", outer)
            element = self._text(entry.get("role", "Link"), text)
        else:
            self._text("P", text)
        self.parent = outer
        page = self.pages[-1]
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, F=4, Rect=Array([MARGIN, page.y - 2, MARGIN + 200, page.y + BODY]),
            Border=Array([0, 0, 0]), A=Dictionary(S=Name.URI, URI=String(entry.get("to", "https://voorbeeld.nl/afval"))),
        )  # fmt: skip
        if description := entry.get("description", "" if entry.get("untagged") else text):
            annotation["/Contents"] = String(description)
        self._annotate(page, annotation, element)

    def _field(self, name: str, entry: dict[str, Any]) -> None:
        page = self._room(24)
        widget = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, F=4, FT=Name.Tx, T=String(name),
            Rect=Array([MARGIN, page.y, MARGIN + 200, page.y + 18]), DA=String("/F1 11 Tf"),
        )  # fmt: skip
        if tooltip := entry.get("tooltip", ""):
            widget["/TU"] = String(tooltip)
        element = self._element("Form", self.parent) if self.tagged and not entry.get("untagged") else None
        self.fields.append(self._annotate(page, widget, element))

    def _annotate(self, page: _Page, annotation: pikepdf.Object, element: pikepdf.Object | None) -> pikepdf.Object:
        annotation = self.pdf.make_indirect(annotation)
        page.annotations.append(annotation)
        if element is not None:
            key = 1000 + len(self.annotation_parents)
            annotation["/StructParent"] = key
            self.annotation_parents.append((key, element))
            self._add(element, Dictionary(Type=Name.OBJR, Obj=annotation, Pg=self.objects[self.pages.index(page)]))
        return annotation

    # --- structure and pages -----------------------------------------------------------------------------------------

    def _element(self, role: str, parent: pikepdf.Object, entry: dict[str, Any] | None = None) -> pikepdf.Object:
        element = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + role), P=parent, K=Array()))
        for key, name in (("alternative", "/Alt"), ("language", "/Lang"), ("actual", "/ActualText")):
            if entry and isinstance(entry.get(key), str) and entry[key]:
                element[name] = String(entry[key])
        self._add(parent, element)
        return element

    def _add(self, element: pikepdf.Object, kid: pikepdf.Object) -> None:
        kids: Any = element["/K"]
        kids.append(kid)

    def _room(self, height: float) -> _Page:
        """The page that has room for so much; the height is taken off it."""
        if self.pages[-1].y - height < MARGIN:
            self._turn()
        self.pages[-1].y -= height
        return self.pages[-1]

    def _turn(self) -> None:
        page = self.pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        self.objects.append(page.obj)
        self.pages.append(_Page())

    def _finish(self) -> None:
        plain = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        fonts = Dictionary(F1=self.pdf.make_indirect(plain))
        if self.recipe.get("fonts") == "no-unicode":
            fonts["/F2"] = self._wordless_font()
        numbers: list[Any] = []
        for index, (page, target) in enumerate(zip(self.pages, self.objects, strict=True)):
            target["/Contents"] = self.pdf.make_indirect(pikepdf.Stream(self.pdf, "\n".join(page.stream).encode()))
            target["/Resources"] = Dictionary(
                Font=fonts, XObject=Dictionary({f"/{key}": one for key, one in page.images.items()})
            )
            if page.annotations:
                target["/Annots"] = Array(page.annotations)
                if self.recipe.get("tab_order", True):
                    target["/Tabs"] = Name.S
            if self.tagged:
                target["/StructParents"] = index
                numbers.extend([index, self.pdf.make_indirect(Array(page.parents))])
        for key, element in self.annotation_parents:
            numbers.extend([key, element])
        self._catalog(numbers)

    def _wordless_font(self) -> pikepdf.Object:
        """A font whose letters are only numbers of shapes: what is printed can be seen, and no program knows what it says."""
        info = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name.Vormen, Flags=4, FontBBox=Array([0, 0, 1000, 1000]), ItalicAngle=0,
            Ascent=800, Descent=-200, CapHeight=700, StemV=80,
        )  # fmt: skip
        child = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Vormen, CIDSystemInfo=info, DW=500,
            FontDescriptor=self.pdf.make_indirect(descriptor), CIDToGIDMap=Name.Identity,
        )  # fmt: skip
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Vormen, DescendantFonts=Array([self.pdf.make_indirect(child)])
        )
        font["/Encoding"] = Name("/Identity-H")
        return self.pdf.make_indirect(font)

    def _catalog(self, numbers: list[Any]) -> None:
        recipe, root = self.recipe, self.pdf.Root
        if self.tagged:
            self.tree["/ParentTree"] = self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))
            root["/StructTreeRoot"] = self.tree
            root["/MarkInfo"] = Dictionary(Marked=True)
            if recipe.get("suspect"):
                root["/MarkInfo"]["/Suspects"] = True
        if language := recipe.get("language", "nl-NL"):
            root["/Lang"] = String(language)
        if recipe.get("title_shown", True):
            root["/ViewerPreferences"] = Dictionary(DisplayDocTitle=True)
        if self.fields:
            root["/AcroForm"] = Dictionary(Fields=Array(self.fields), DA=String("/F1 11 Tf"))
        if xfa := recipe.get("xfa"):
            form: Any = root.get("/AcroForm") or Dictionary(Fields=Array())
            rendering = "required" if xfa == "dynamic" else "forbidden"
            config = f"<config><acrobat><acrobat7><dynamicRender>{rendering}</dynamicRender></acrobat7></acrobat></config>"
            form["/XFA"] = Array([String("config"), self.pdf.make_indirect(pikepdf.Stream(self.pdf, config.encode()))])
            root["/AcroForm"] = form
        if recipe.get("bookmarks"):
            with self.pdf.open_outline() as outline:
                outline.root.append(pikepdf.OutlineItem("Begin", 0))
        with self.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
            if title := recipe.get("title", "Afvalkalender 2027"):
                metadata["dc:title"] = title
            if recipe.get("claims_ua"):
                metadata["pdfuaid:part"] = "1"
            metadata["xmp:CreateDate"] = metadata["xmp:ModifyDate"] = recipe.get("created", "2026-03-01T09:00:00+01:00")

    def _protection(self) -> dict[str, Any]:
        if self.recipe.get("permissions") == "no-reading":
            allow = pikepdf.Permissions(**NO_ACCESS)
            return {"encryption": pikepdf.Encryption(owner="eigenaar", user="", R=3, aes=False, metadata=False, allow=allow)}
        if password := self.recipe.get("password"):
            return {"encryption": pikepdf.Encryption(owner=password, user=password)}
        if self.recipe.get("permissions") == "no-copying":
            return {"encryption": pikepdf.Encryption(owner="eigenaar", user="", allow=pikepdf.Permissions(extract=False))}
        return {}


def pdf_of(recipe: dict[str, Any]) -> bytes:
    """The file that a recipe describes."""
    return PdfWriter(recipe).bytes()
