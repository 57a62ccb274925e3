"""`vierluik subscriber` and `vierluik message`: what they say, what they keep, and their exit codes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rules.site import Scope
from storage.database import Database
from storage.sites import add_site
from vierluik.command_line import app
from vierluik.settings import Settings, SettingsError


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    database = Database(url := f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        add_site(session, "Voorbeeld", "https://www.example.nl/", Scope(("https://www.example.nl",)), datetime.now(UTC))
    database.close()
    return url


def call(url: str, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--db", url])


def test_somebody_is_added_listed_and_removed(url: str) -> None:
    assert call(url, "subscriber", "add", "An", "--mail", "an@example.nl", "--site", "1", "--section", "/a/").exit_code == 0
    assert call(url, "subscriber", "add", "Teams", "--webhook", "https://chat.example.nl/geheim", "--site", "1").exit_code == 0
    listed = call(url, "subscriber", "list").stdout
    assert "an@example.nl\tnl\tVoorbeeld\tdigest,reminder,alarms,statement\t/a/" in listed
    assert "chat.example.nl" in listed and "geheim" not in listed
    assert call(url, "subscriber", "remove", "an@example.nl").exit_code == 0
    assert "an@example.nl" not in call(url, "subscriber", "list").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("subscriber", "add", "An", "--mail", "geen adres", "--site", "1"), "is no e-mail address"),
        (("subscriber", "add", "An", "--mail", "an@example.nl", "--site", "Nergens"), "There is no site 'Nergens'"),
        (("subscriber", "add", "An", "--site", "1"), "Give either --mail or --webhook"),
        (("subscriber", "add", "An", "--webhook", "ftp://x/", "--site", "1"), "is no address of a program"),
        (("subscriber", "add", "An", "--mail", "an@example.nl", "--site", "1", "--section", "a"), "is no part of a site"),
        (("subscriber", "remove", "niemand"), "There is no subscriber 'niemand'"),
        (("message", "preview", "--site", "Nergens"), "There is no site 'Nergens'"),
    ],
)
def test_wrong_use_is_a_sentence_and_keeps_nothing(url: str, words: tuple[str, ...], sentence: str) -> None:
    answer = call(url, *words)
    assert answer.exit_code == 2 and sentence in answer.stderr
    assert call(url, "subscriber", "list").stdout == ""


def test_a_site_without_a_run_has_nothing_to_preview(url: str) -> None:
    answer = call(url, "message", "preview", "--site", "1")
    assert answer.exit_code == 3 and "no finished run yet" in answer.stderr


def test_nothing_due_is_fine(url: str) -> None:
    answer = call(url, "message", "send", "--write")
    assert answer.exit_code == 0 and "0 messages sent" in answer.stderr


def test_secrets_come_from_the_environment_or_a_file_and_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("uit-het-bestand\nmeer", encoding="utf-8")
    written = Settings(mail_server="m.example.nl", mail_sender="v@example.nl", mail_password_file=file)
    mail = written.for_messages().mail
    assert mail is not None and mail.password == "uit-het-bestand" and "uit-het" not in repr(written.for_messages())
    monkeypatch.setenv("VIERLUIK_MAIL_PASSWORD", "uit-de-omgeving")
    mail = written.for_messages().mail
    assert mail is not None and mail.password == "uit-de-omgeving"
    with pytest.raises(SettingsError, match="mail_sender"):
        Settings(mail_server="m.example.nl").for_messages()
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings(webhook_secrets={"Teams": tmp_path / "nergens"}).for_messages()


@pytest.mark.parametrize(("name", "value"), [("mail_sender", "geen"), ("public_url", "vierluik.nl"), ("mail_security", "ssh")])
def test_a_wrong_setting_is_a_sentence(url: str, name: str, value: str) -> None:
    Path("vierluik.toml").write_text(f'{name} = "{value}"\n', encoding="utf-8")
    answer = call(url, "message", "send")
    assert answer.exit_code == 2 and f"{name} is" in answer.stderr
