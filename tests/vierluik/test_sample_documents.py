"""The documents of the sample site fail what they are known to fail, and nothing else; their innocent twins nothing."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from checks.documents.limits import Limits
from checks.documents.read import judge_file
from rules.outcome import Outcome
from rules.rule import catalogue
from vierluik.sample_site.pdf_writer import pdf_of

SITE = Path(str(resources.files("vierluik.sample_site")))
KNOWN: list[dict[str, Any]] = tomllib.loads(SITE.joinpath("documents.toml").read_text(encoding="utf-8"))["document"]


def said_of(file: Path) -> dict[str, list[str]]:
    result = judge_file(file, "https://voorbeeldstad.example/a", "en301549-3.2.1", Limits())
    kinds = {"failed": Outcome.FAILED, "asks": Outcome.CANNOT_TELL}
    return {name: [rule for rule, one in result.outcomes.items() if one is outcome] for name, outcome in kinds.items()}


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["file"])
def test_a_document_fails_what_it_is_known_to_fail_and_nothing_else(known: dict[str, Any]) -> None:
    assert {*known["failed"], *known.get("asks", ())} <= set(catalogue())
    said = said_of(SITE / "documents" / known["file"])
    assert said == {"failed": sorted(known["failed"]), "asks": sorted(known.get("asks", ()))}


@pytest.mark.parametrize("known", [known for known in KNOWN if "recipe" in known], ids=lambda known: known["file"])
def test_a_document_is_what_its_recipe_makes(known: dict[str, Any], tmp_path: Path) -> None:
    written = tmp_path / "written"
    written.write_bytes(pdf_of(known["recipe"]))
    assert said_of(written) == said_of(SITE / "documents" / known["file"])


def test_every_document_of_the_site_is_known() -> None:
    assert {known["file"] for known in KNOWN} == {file.name for file in SITE.joinpath("documents").iterdir()}
