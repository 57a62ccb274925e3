"""Finds a Chromium and starts it: the headless shell first (half the cost), any full Chromium as the fallback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# In the order in which they are taken.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
FULL = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
ENVIRONMENT = "VIERLUIK_BROWSER"

FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # Sound and video calls could otherwise go round the gate.
    "--mute-audio",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# Drawing on one thread less: the same pages for a sixth less CPU (measured; `make bench`), but no pictures of them.
WITHOUT_PICTURES = "--disable-threaded-compositing"


class BrowserMissing(Exception):
    """No browser can be started; the sentence says what to run."""


@dataclass(frozen=True)
class BrowserFile:
    """A Chromium on this machine."""

    path: Path
    is_shell: bool  # without the parts that show windows
    source: str  # where it was found: "VIERLUIK_BROWSER", "Playwright", "system"

    def named(self, version: str) -> str:
        """With the version that it told when it was started, as people read it and as runs keep it."""
        return f"Chromium {version} ({'headless shell' if self.is_shell else 'full'})"


def find_browser() -> BrowserFile:
    """The browser to use. Raises BrowserMissing with the line that installs one."""
    if chosen := os.environ.get(ENVIRONMENT):
        if not os.access(chosen, os.X_OK):
            raise BrowserMissing(f"{ENVIRONMENT} names {chosen}, which is no program. Name a Chromium, or leave it out.")
        return BrowserFile(Path(chosen), "headless" in Path(chosen).name, ENVIRONMENT)
    found = list(_browsers())
    for browser in (*(one for one in found if one.is_shell), *found):
        return browser
    raise BrowserMissing(f"No Chromium was found. {how_to_install()}")


def find_window_browser() -> BrowserFile:
    """A browser that shows a window to a person. Raises BrowserMissing, with what to do."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise BrowserMissing("There is no display here, and a person needs to see a window. Do this on a machine with a screen.")
    found = next((browser for browser in _browsers() if not browser.is_shell), None)
    if found is None:
        raise BrowserMissing(f"No Chromium that shows a window was found. Run: {sys.executable} -m playwright install chromium")
    return found


def version_of(browser: BrowserFile) -> str:
    """Its name and major version, such as "Chromium 156"; empty where it does not say."""
    try:
        said = subprocess.run([browser.path, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.match(r"\D+\d+", said.strip())
    return f"{found[0]}{' shell' if browser.is_shell else ''}" if found else ""


def _browsers() -> Iterator[BrowserFile]:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or _playwright_cache())
    for pattern, is_shell in (
        ("chromium_headless_shell-*/*/*headless*shell*", True),
        ("chromium-*/*/chrome", False),
        ("chromium-*/*/Chromium.app/Contents/MacOS/Chromium", False),
    ):
        for path in sorted(cache.glob(pattern), reverse=True):
            if path.is_file() and os.access(path, os.X_OK):
                yield BrowserFile(path, is_shell, "Playwright")
    for names, is_shell in ((SHELLS, True), (FULL, False)):
        for name in names:
            if found := shutil.which(name):
                yield BrowserFile(Path(found), is_shell, "system")
    for application in MAC:
        path = Path("/Applications") / application
        if path.exists():
            yield BrowserFile(path, False, "system")


def _playwright_cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"


def how_to_install() -> str:
    """The one line that gets a browser on this machine."""
    if shutil.which("apt-get") and _is_debian():
        return "Run: sudo apt-get install chromium-headless-shell"
    return f"Run: {sys.executable} -m playwright install --with-deps --only-shell chromium"


def _is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian" in f"\n{release.read_text(encoding='utf-8')}"


def install_browser() -> BrowserFile:
    """Get a browser: as root from Debian's packages, else by Playwright's download. Raises BrowserMissing."""
    attempts = [[sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        apt = "apt-get update -qq && apt-get install -y -qq chromium-headless-shell fonts-liberation"
        attempts.insert(0 if _is_debian() else 1, ["sh", "-c", apt])
    for attempt in attempts:
        try:
            subprocess.run(attempt, check=True, timeout=600, stdout=subprocess.DEVNULL)  # noqa: S603  # our own commands
            return find_browser()
        except (subprocess.SubprocessError, OSError, BrowserMissing):
            continue
    raise BrowserMissing(f"No browser could be installed. {how_to_install()}")


def launch_arguments(*more: str, pictures: bool = False) -> list[str]:
    """Flags for every browser; as root Chromium only starts without its sandbox. `pictures`: it can take screenshots."""
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*FLAGS, *([] if pictures else [WITHOUT_PICTURES]), *root, *more]
