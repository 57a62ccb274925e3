"""`docs/api.md` is true: every example is run with the real curl against the real server, and its answers fit the description."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from dashboard_seed import NOW, copy_of
from test_api_answers import fits

from dashboard.api.application import PREFIX
from dashboard.api.problem import KINDS
from dashboard.app import create_app
from rules.api_token import TokenScope
from storage.database import Database
from storage.tokens import add_token

DOCUMENT = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
SAID = r"%{stderr}\nsaid %{method} %{url_effective} %{http_code} <%{filename_effective}>\n"
CURL = shutil.which("curl")


@pytest.fixture(scope="module")
def environment(filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server over a copy of the stored sites, and what the examples ask of their surroundings."""
    folder = tmp_path_factory.mktemp("curl")
    database, ids = copy_of(filled[0], folder), filled[1]
    with database.session() as session:
        _, token = add_token(session, None, "curl", list(TokenScope), 30, NOW)
    (folder / ".curlrc").write_text(f'silent\nshow-error\nnoproxy = "*"\nwrite-out = "{SAID}"\n')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(database, now=lambda: NOW), port=port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    values = {"VIERLUIK": f"http://127.0.0.1:{port}", "TOKEN": token, "SITE": str(ids["site"]), "PAGE": str(ids["page"])}
    yield {**values, "HOME": str(folder), "PATH": "/usr/bin:/bin"}
    server.should_exit = True
    thread.join()
    database.close()


@pytest.mark.skipif(CURL is None, reason="curl is not installed; the examples are run with it")
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_an_example_does_what_it_says(environment: dict[str, str], number: int) -> None:
    block = BLOCKS[number]
    shell = ["bash", "-euo", "pipefail", "-c", block]
    done = subprocess.run(shell, env=environment, cwd=environment["HOME"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said = re.findall(r"^said (\w+) (\S+) (\d+) <(.*)>$", done.stderr, re.MULTILINE)
    assert [status for _, _, status, _ in said] == re.findall(r"^# gives (\d+)$", block, re.MULTILINE), done.stdout + done.stderr
    asked = ["curl", f"{environment['VIERLUIK']}{PREFIX}/openapi.json"]
    described = json.loads(subprocess.run(asked, env=environment, capture_output=True, check=True).stdout)
    printed = printed_json(done.stdout)
    for method, address, status, file in said:
        if status != "304":
            told = json.loads((Path(environment["HOME"]) / file).read_text()) if file else next(printed)
            path = path_of(described, address.removeprefix(environment["VIERLUIK"]).removeprefix(PREFIX).partition("?")[0])
            assert not fits(described, method, path, int(status), told), address
    assert not list(printed)


def printed_json(text: str) -> Iterator[Any]:
    """The values that stand one behind the other."""
    while text := text.strip():
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:]


def path_of(described: dict[str, Any], address: str) -> str:
    """The path of the description that an address is of."""
    fitting = [path for path in described["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), address)]
    return min(fitting, key=lambda path: path.count("{"))


def test_the_document_has_examples_and_names_every_problem() -> None:
    assert len(BLOCKS) > 8 and DOCUMENT.count("# gives ") > 20
    for kind in KINDS:
        assert f"`{kind}`" in DOCUMENT or kind in ("method", "failed"), kind
