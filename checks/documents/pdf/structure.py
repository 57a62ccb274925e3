"""The tags of a PDF as a list of elements in reading order. Source: ISO 32000-1, clause 14.7 and 14.8."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pikepdf

from checks.documents.snapshot import Element

MOST_ELEMENTS = 150_000
LONGEST = 2_000  # characters kept of one text
STANDARD_NAMES = (
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table "
    "TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula "
    "Form"
)
STANDARD = frozenset(STANDARD_NAMES.split())


@dataclass
class Structure:
    """The elements, and which of them holds each annotation."""

    elements: list[Element] = field(default_factory=list)
    top: list[int] = field(default_factory=list)
    holder: dict[tuple[int, int], int] = field(default_factory=dict)  # of each annotation object: the element it is in
    complete: bool = True


def read_structure(pdf: pikepdf.Pdf, marked: dict[tuple[int, int], str]) -> Structure:
    """Walk the tree without recursion; an element that is met twice is not walked twice."""
    found = Structure()
    root = pdf.Root.get("/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary):
        return found
    pages: dict[tuple[int, int], int] = {_objgen(page.obj): number for number, page in enumerate(pdf.pages, start=1)}
    roles = _role_map(root.get("/RoleMap"))
    classes = root.get("/ClassMap")
    classes = classes if isinstance(classes, pikepdf.Dictionary) else None
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, int, int]] = [(kid, -1, 0) for kid in reversed(_kids(root))]
    while waiting:
        node, parent, page = waiting.pop()
        if isinstance(node, int | float) or not isinstance(node, pikepdf.Object | int):
            _add_content(found, parent, page, node, marked)
            continue
        if not isinstance(node, pikepdf.Dictionary):
            continue
        kind = str(node.get("/Type", ""))
        page = pages.get(_objgen(node.get("/Pg")), page)
        if kind == "/MCR":
            _add_content(found, parent, page, node.get("/MCID"), marked)
        elif kind == "/OBJR":
            _add_annotation(found, parent, node.get("/Obj"), page)
        elif node.objgen != (0, 0) and node.objgen in seen:
            continue
        else:
            seen.add(node.objgen)
            if len(found.elements) >= MOST_ELEMENTS:
                found.complete = False
                break
            place = _add_element(found, node, parent, page, roles, classes)
            waiting.extend((kid, place, page) for kid in reversed(_kids(node)))
    return found


def _objgen(value: Any) -> tuple[int, int]:
    return value.objgen if isinstance(value, pikepdf.Object) else (0, 0)


def _kids(node: pikepdf.Object) -> list[Any]:
    kids = node.get("/K")
    if kids is None:
        return []
    return list(kids)[:MOST_ELEMENTS] if isinstance(kids, pikepdf.Array) else [kids]


def _role_map(value: Any) -> dict[str, str]:
    """The standard name of each name that the document made up. A chain of names is followed, a circle is not."""
    if not isinstance(value, pikepdf.Dictionary):
        return {}
    raw = {str(key).removeprefix("/"): str(role).removeprefix("/") for key, role in value.items()}
    roles = {}
    for name in raw:
        role = name
        for _ in range(20):
            if role in STANDARD or role not in raw:
                break
            role = raw[role]
        roles[name] = role
    return roles


def text_in(node: Any, key: str) -> str | None:
    """A text of a dictionary; None where it has none."""
    value = node.get(key)
    return str(value)[:LONGEST] if isinstance(value, pikepdf.String) else None


def _add_element(
    found: Structure,
    node: pikepdf.Dictionary,
    parent: int,
    page: int,
    roles: dict[str, str],
    classes: pikepdf.Dictionary | None,
) -> int:
    name = str(node.get("/S", "")).removeprefix("/")
    element = Element(
        role=name if name in STANDARD else roles.get(name, name),
        parent=parent,
        page=page,
        alternative=text_in(node, "/Alt"),
        actual=text_in(node, "/ActualText"),
        language=text_in(node, "/Lang"),
    )
    for attributes in _attributes(node, classes):
        element.scope = str(attributes.get("/Scope", element.scope)).removeprefix("/")
        element.headers = element.headers or "/Headers" in attributes
        span = attributes.get("/ColSpan", 1)
        element.columns = min(int(span), 200) if isinstance(span, int) and span > 0 else element.columns
    place = len(found.elements)
    found.elements.append(element)
    (found.elements[parent].children if parent >= 0 else found.top).append(place)
    return place


def _attributes(node: pikepdf.Dictionary, classes: pikepdf.Dictionary | None) -> list[Any]:
    """The attribute dictionaries of an element: its own, and those of its classes."""
    values = [node.get("/A")]
    names = node.get("/C")
    named = list(names)[:20] if isinstance(names, pikepdf.Array) else [names]
    values += [classes.get(str(name)) for name in named if classes is not None and isinstance(name, pikepdf.Name)]
    flat: list[Any] = []
    for value in values:
        flat += list(value)[:20] if isinstance(value, pikepdf.Array) else [value]
    return [one for one in flat if isinstance(one, pikepdf.Dictionary)]


def _add_content(found: Structure, parent: int, page: int, mark: Any, marked: dict[tuple[int, int], str]) -> None:
    if parent < 0 or not isinstance(mark, int):
        return
    element = found.elements[parent]
    element.page = element.page or page
    element.content += 1
    if len(element.text) < LONGEST:
        element.text = f"{element.text} {marked.get((page, mark), '')}".strip()


def _add_annotation(found: Structure, parent: int, one: Any, page: int) -> None:
    if parent < 0 or not isinstance(one, pikepdf.Object):
        return
    found.elements[parent].content += 1
    found.elements[parent].page = found.elements[parent].page or page
    found.holder[_objgen(one)] = parent
