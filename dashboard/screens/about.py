"""About Vierluik: what it sees and what not, its licence, and whose work is inside."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from dashboard.screen import AnyScreen
from rules.norm import norms
from rules.rule import catalogue

router = APIRouter()


@router.get("/{language}/about", name="about", response_class=HTMLResponse)
def about(screen: AnyScreen) -> HTMLResponse:
    packages = json.loads(screen.request.app.state.assets.text("vendor/third-party.json"))
    norm = next(iter(norms().values()))
    touched = {number for rule in catalogue().values() for number in rule.criteria}
    return screen.show(
        "about.html.j2",
        packages=packages,
        version=_version(),
        norm=norm,
        touched=[number for number in norm.criteria if number in touched],
        number_of_rules=len(catalogue()),
    )


def _version() -> str:
    """The version that was installed; empty where it runs from a folder that was not."""
    try:
        return version("vierluik")
    except PackageNotFoundError:
        return ""
