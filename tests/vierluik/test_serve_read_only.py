"""`vierluik serve` on a database that may not be written: what is stored is shown, what cannot be done is said."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from sites.hostile import closed_port

pytestmark = pytest.mark.slow


def status_of(url: str, data: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(url, data, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_database_that_becomes_read_only(tmp_path: Path) -> None:
    here = {**os.environ, "COLUMNS": "1000"}
    vierluik = [sys.executable, "-m", "vierluik"]
    subprocess.run([*vierluik, "site", "add", "https://voorbeeld.nl/", "--name", "x"], cwd=tmp_path, env=here, check=True)
    before = (tmp_path / "vierluik.db").read_bytes()
    read_only = f"sqlite:///file:{tmp_path / 'vierluik.db'}?mode=ro&uri=true"
    port = closed_port()
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as out:
        command = [*vierluik, "serve", "--port", str(port), "--db", read_only]
        process = subprocess.Popen(command, cwd=tmp_path, env=here, stdout=out, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 60
            while "readonly" not in log.read_text(encoding="utf-8") and time.monotonic() < deadline:
                time.sleep(0.2)  # until the clock has looked
            assert status_of(f"http://127.0.0.1:{port}/") == 200
            assert status_of(f"http://127.0.0.1:{port}/readyz") == 503
            assert process.poll() is None
        finally:
            process.terminate()
            process.wait(60)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "whether it may be written" in said
    assert (tmp_path / "vierluik.db").read_bytes() == before
