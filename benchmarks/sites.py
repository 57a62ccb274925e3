"""The sites that are measured on: real Dutch HTML from a Debian package where there is one, else the sample site.

Fetched once into `benchmarks/results/cache` (never committed) and served on loopback by a process of its own, whose CPU
is not counted.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

CACHE = Path(__file__).parent / "results" / "cache"
HELP = Path("usr/share/gimp/2.0/help")


def real_site() -> Path | None:
    """The folder of gimp-help-nl (685 Dutch pages), or None where Debian's packages cannot be had."""
    folder = CACHE / "gimp-help-nl"
    if (folder / HELP / "nl/index.html").exists():
        return folder / HELP
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return None
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", "-qq", "gimp-help-nl"], cwd=CACHE, check=True, stderr=subprocess.DEVNULL)
        package = next(CACHE.glob("gimp-help-nl_*.deb"))
        subprocess.run(["dpkg", "-x", str(package), str(folder)], check=True)
    except (subprocess.CalledProcessError, StopIteration):
        return None
    return folder / HELP


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on loopback; gives the address of its root."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("file_server.py")), str(folder), str(port)])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("The server of the benchmark did not start.")
