"""A choice in a menu has a name, and a label names the field that it stands around.

Source: WCAG 2.2 SC 4.1.2 Name, Role, Value (level A); EN 301 549 clause 9.4.1.2; HTML, the label element; ACT rules m6b1q3 and
e086e5.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, failed, passed

CHOICE = "command-name"
FIELD = "form-field-name"
RULES = (CHOICE, FIELD)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """A label whose `for` points elsewhere names that other field, or none: not the field inside it."""
    for choice in document.facts["choices"]:
        yield passed(CHOICE, choice["element"]) if choice["name"] else failed(CHOICE, choice["element"])
    for field in document.facts["fields"]:
        yield failed(FIELD, field["element"])
