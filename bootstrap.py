"""Set up a clone with nothing but Python 3.11+ and its venv: `python3 bootstrap.py`, or just `make demo`.

Makes `.venv`, installs the pinned and hashed dependencies, the project itself (whose build hook fetches the browser-side
files) and finds or installs a browser. Every step is skipped when it was done before, so a second call takes no time.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "vierluik-stamp.txt"
OWN_PACKAGES = ("rules", "crawler", "checks", "storage", "scheduler", "dashboard", "vierluik")
DESCRIBES_SETUP = ("bootstrap.py", "hatch_build.py", "pyproject.toml", "requirements.lock", "assets/package-lock.json")


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  # an older Python runs this file, to be told so
        print(f"Vierluik needs Python 3.11 or newer; this is {sys.version.split()[0]}. Install a newer one and try again.")
        return 2
    wanted = hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in DESCRIBES_SETUP)).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted and assets_are_there():
        return 0
    try:
        install()
    except subprocess.CalledProcessError as error:
        print(f"\nThe set-up stopped at: {' '.join(map(str, error.cmd))}")
        print("Read the lines above; mostly the package registry could not be reached. Then call the same command again.")
        return 3
    STAMP.write_text(wanted, encoding="utf-8")
    return 0


def install() -> None:
    if not (BIN / "python").exists():
        say("making .venv")
        try:
            run(sys.executable, "-m", "venv", str(VENV))
        except subprocess.CalledProcessError:
            print("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")
            raise
    if not (BIN / "uv").exists():
        say("installing uv inside it")
        run(BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    say("installing the pinned dependencies")
    run(BIN / "uv", "pip", "install", "--quiet", "--compile-bytecode", "--require-hashes", "-r", "requirements.lock")
    say("installing Vierluik and its browser-side files")
    run(BIN / "uv", "pip", "install", "--quiet", "--no-deps", "-e", ".")
    # Some machines forbid Python to write compiled files as it goes; without them every start takes seconds longer.
    run(BIN / "python", "-m", "compileall", "-q", *OWN_PACKAGES)
    say("looking for a browser")
    subprocess.run([BIN / "vierluik", "doctor", "--install-browser", "--quiet"], cwd=ROOT, check=False)


def assets_are_there() -> bool:
    return (ROOT / "dashboard/static/vendor/stamp.txt").exists()


def run(*command: str | Path) -> None:
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def say(step: str) -> None:
    print(f"set-up: {step} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
