"""Style sheets, fonts and icons: read once, named after their content, kept by the browser for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

ONE_YEAR_S = 365 * 24 * 60 * 60
MEDIA_TYPES = {".woff2": "font/woff2", ".js": "text/javascript"}  # that not every machine knows
THEME = "theme.css"
LONGEST_THEME = 200_000  # bytes
NEEDED = ("vendor/nl-design-system.css", "vendor/third-party.json", "vierluik.css")


class AssetsMissing(Exception):
    """The browser-side files are not there; the sentence says what to do."""


class ThemeError(ValueError):
    """A house style cannot be used; the sentence says what to do."""


def read_theme(name: str) -> bytes:
    """The style sheet of a house style: one that comes with Vierluik, by its name, or a file. Raises ThemeError."""
    if not name:
        return b""
    shipped = resources.files("dashboard").joinpath(f"static/theme-{name}.css")
    if re.fullmatch(r"[a-z]+", name) and shipped.is_file():
        return shipped.read_bytes()
    try:
        content = Path(name).read_bytes()
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ThemeError(f"theme is '{name}', which cannot be read. Name a style sheet in UTF-8, or duinstad.") from error
    if len(content) > LONGEST_THEME or "{" not in text or re.search(r"@import|url\(", text, re.IGNORECASE):
        raise ThemeError(
            f"theme is '{name}', which is no house style: that is a style sheet of at most {LONGEST_THEME} bytes that names no "
            f"other address."
        )
    return content


@dataclass(frozen=True)
class Asset:
    content: bytes
    compressed: bytes | None  # with gzip; None where that gains nothing
    media_type: str


class Assets:
    """Every file below `static/`, in memory (about 1 MB)."""

    def __init__(self, theme: bytes = b"") -> None:
        """`theme`: a style sheet with the tokens of a house style; empty: our own."""
        root = resources.files("dashboard").joinpath("static")
        self.files = {name: _asset(name, content) for name, content in _files(root, "")}
        if theme:
            self.files[THEME] = _asset(THEME, theme)
        if missing := [name for name in NEEDED if name not in self.files]:
            raise AssetsMissing(f"dashboard/static misses {', '.join(missing)}. Run the set-up again: it fetches them.")
        parts = (name.encode() + content.content for name, content in sorted(self.files.items()))
        self.version = hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]

    def address(self, name: str) -> str:
        return f"/static/{self.version}/{name}"

    def answer(self, request: Request, version: str, name: str) -> Response | None:
        """The file as an answer; None where there is none. An address of another version is not kept for long."""
        asset = self.files.get(name)
        if asset is None:
            return None
        lasting = version == self.version
        headers = {
            "Cache-Control": f"public, max-age={ONE_YEAR_S}, immutable" if lasting else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if asset.compressed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.compressed, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"})
        return Response(asset.content, media_type=asset.media_type, headers=headers)

    def text(self, name: str) -> str:
        return self.files[name].content.decode("utf-8")


@cache
def icon(name: str) -> Markup:
    """An outline icon, drawn in the colour of the text around it. It says nothing: words stand beside it."""
    svg = resources.files("dashboard").joinpath(f"static/vendor/icons/{name}.svg").read_text(encoding="utf-8")
    shapes = re.findall(r"<(?:path|circle|line|rect|polyline|polygon|ellipse)\b[^>]*>", svg)
    return Markup(  # noqa: S704 - a file of ours
        '<svg class="vl-icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        + "".join(shape for shape in shapes if 'stroke="none"' not in shape)
        + "</svg>"
    )


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + entry.name, entry.read_bytes()))
    return found


def _asset(name: str, content: bytes) -> Asset:
    known = next((kind for end, kind in MEDIA_TYPES.items() if name.endswith(end)), "")
    media_type = known or mimetypes.guess_type(name)[0] or "text/plain"
    compressible = media_type.startswith("text/") or media_type in ("image/svg+xml", "application/json")
    # A fixed time in the header: the same file gives the same bytes.
    return Asset(content, gzip.compress(content, 9, mtime=0) if compressible else None, media_type)
