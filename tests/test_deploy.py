"""What stands in deploy/ can be used: its commands and settings exist, and the programs that read it accept it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from scheduler.worker import STOPS_WITHIN_S
from vierluik.command_line import app
from vierluik.settings import DATABASE_VARIABLE, Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def blocks(text: str, indent: int) -> dict[str, str]:
    """The keys of one level of a YAML text, as it is written here: each with the lines that stand deeper."""
    key = re.compile(rf"(?m)^ {{{indent}}}([\w-]+):(.*(?:\n(?: {{{indent + 1},}}.*|\s*#.*|\s*)$)*)")
    return {found[1]: found[2] for found in key.finditer(text)}


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, str]]:
    """The services of the compose file with their keys, those that they share put in."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert "\t" not in text
    whole = blocks(text, 0)
    shared = blocks(whole["x-vierluik"], 2)
    found = {}
    for name, block in blocks(whole["services"], 2).items():
        found[name] = {**(shared if "<<: *vierluik" in block else {}), **blocks(block, 4)}
    return found


def command_of(service: dict[str, str]) -> list[str]:
    return [str(word) for word in json.loads(service["command"])]


def is_a_call(words: list[str]) -> bool:
    """Whether vierluik has this command with these options."""
    command = get_command(app).commands.get(words[0])
    if command is None:
        return False
    options = {option for parameter in command.params for option in parameter.opts}
    return all(word in options for word in words[1:] if word.startswith("--"))


def test_services_are_those_that_a_service_for_many_needs(services: dict[str, dict[str, str]]) -> None:
    assert set(services) == {"database", "dashboard", "worker"}
    assert {service["restart"].strip() for service in services.values()} == {"unless-stopped"}


def test_commands_of_services_and_units_exist(services: dict[str, dict[str, str]]) -> None:
    units = [re.findall(r"(?m)^ExecStart=\S+/vierluik (.*)$", unit.read_text(encoding="utf-8")) for unit in UNITS]
    assert [len(found) for found in units] == [1, 1]
    calls = [command_of(services["dashboard"]), command_of(services["worker"]), *(shlex.split(found[0]) for found in units)]
    assert [call for call in calls if not is_a_call(call)] == []
    assert {call[0] for call in calls} == {"serve", "worker"}
    assert not is_a_call(["serf"])
    assert not is_a_call(["worker", "--no-such-option"])


def test_settings_exist_and_choose_the_queue(services: dict[str, dict[str, str]]) -> None:
    settings = Settings(**tomllib.loads((DEPLOY / "vierluik.toml").read_text(encoding="utf-8")))
    assert settings.queue
    for name in ("dashboard", "worker"):
        assert set(blocks(services[name]["environment"], 4)) == {DATABASE_VARIABLE}
    assert all("EnvironmentFile=" in unit.read_text(encoding="utf-8") for unit in UNITS)


def test_a_worker_gets_the_time_to_finish_its_page(services: dict[str, dict[str, str]]) -> None:
    assert int(services["worker"]["stop_grace_period"].strip().removesuffix("s")) > STOPS_WITHIN_S
    [unit] = [unit.read_text(encoding="utf-8") for unit in UNITS if "worker" in unit.name]
    [seconds] = re.findall(r"(?m)^TimeoutStopSec=(\d+)$", unit)
    assert int(seconds) > STOPS_WITHIN_S


def test_nothing_is_open_to_the_world_and_no_secret_is_written_down(services: dict[str, dict[str, str]]) -> None:
    ports = json.loads(services["database"]["ports"].partition("\n")[0])
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    for block in (services["database"]["environment"], services["worker"]["environment"]):
        assert "${VIERLUIK_DB_PASSWORD:?" in block
    assert "USER vierluik" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_images_are_plain_names(services: dict[str, dict[str, str]]) -> None:
    images = [service["image"].strip() for service in services.values()]
    images += re.findall(r"(?m)^FROM (\S+)$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    assert [image for image in images if "/" in image] == []


def test_docker_accepts_the_compose_file() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("Docker with its compose plug-in is not on this machine.")
    told = subprocess.run(
        [docker, "compose", "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"],
        env={"PATH": str(Path(docker).parent), "HOME": str(DEPLOY), "VIERLUIK_DB_PASSWORD": "for-this-test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """Each as it stands, but for the place of the program, which is not installed here."""
    verify = shutil.which("systemd-analyze")
    if not verify:
        pytest.skip("systemd-analyze is not on this machine.")
    for unit in UNITS:
        content = unit.read_text(encoding="utf-8").replace("/opt/vierluik/.venv/bin/vierluik", str(shutil.which("true")))
        file = tmp_path / unit.name
        file.write_text(content, encoding="utf-8")
        told = subprocess.run([verify, "verify", "--man=no", str(file)], capture_output=True, text=True, check=False)
        about_it = [line for line in told.stderr.splitlines() if unit.stem.rstrip("@") in line]
        assert told.returncode == 0, told.stderr
        assert about_it == []
