"""What machines ask: alive, ready, and figures; and the rules for alarms that the documentation gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dashboard_seed import NOW
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.operations import Watch
from rules.message import FOR_PEOPLE, Alarms, Channel, MessageKind
from rules.schedule import Plan, WorkKind
from rules.search_log import IMPORT
from rules.site import Scope
from storage import lease
from storage.database import Database
from storage.message_models import Alarm
from storage.messages import Wish, add_subscriber, note_sent, write_message
from storage.requests import ask, finish_request
from storage.schedules import plan_next, set_schedule
from storage.sites import add_site

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def asking(database: Database, host: str = "127.0.0.1", **watch: Any) -> TestClient:
    return TestClient(create_app(database, now=lambda: NOW, watch=Watch(**watch)), client=(host, 50_000))


def beat(database: Database, ago: timedelta = timedelta(seconds=5)) -> None:
    with database.session() as session:
        assert lease.hold(session, "here:1:a", NOW - ago)


def metrics(client: TestClient) -> dict[tuple[str, ...], float]:
    """Name and labels of each figure, and its value."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}


def test_ready_says_of_each_part_how_it_is(database: Database) -> None:
    beat(database)
    answer = asking(database).get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"database": "ok", "migrations": "ok", "scheduler": "ok", "disk": "ok"},
    )


def test_ready_is_not_said_of_what_is_not(database: Database, tmp_path: Path) -> None:
    beat(database, timedelta(hours=1))
    answer = asking(database, min_free_disk_bytes=1 << 60).get("/readyz")
    assert (answer.status_code, answer.json()["scheduler"], answer.json()["disk"]) == (503, "silent", "full")
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    assert asking(old).get("/readyz").json()["migrations"] == "missing"
    gone = Database(f"sqlite:///{tmp_path / 'no' / 'folder.db'}")
    answer = asking(gone).get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "gone"})
    assert asking(gone).get("/healthz").text == "ok"
    assert metrics(asking(gone))["vierluik_database_up",] == 0
    for one in (old, gone):
        one.close()


def test_figures_are_those_of_the_database(stored: Database, ids: dict[str, int]) -> None:
    found = metrics(asking(stored))
    names = {name for name, *_ in found}
    assert found["vierluik_runs", "finished", "full"] > 1
    assert found["vierluik_database_size_bytes",] > 100_000
    pages = {labels: value for labels, value in found.items() if labels[0] == "vierluik_pages" and str(ids["site"]) in labels}
    counts = {status: value for (_, *labels), value in pages.items() for status in labels}
    assert counts["found"] == sum(counts[name] for name in ("tested", "carried_over", "untested", "skipped")) > 0
    assert {"vierluik_last_good_run_age_seconds", "vierluik_disk_free_bytes", "vierluik_scheduler_held"} <= names


def test_waiting_late_and_failed_work_is_counted(database: Database) -> None:
    with database.session() as session:
        site = add_site(
            session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW - timedelta(days=3)
        ).id
        ask(session, site, "run", {}, "", NOW - timedelta(minutes=10))
        failed = ask(session, site, IMPORT, {"file": "x"}, "", NOW)
        finish_request(session, failed.id, "failed", {}, NOW)
        schedule = set_schedule(session, site, WorkKind.FULL, Plan("0 3 * * *"))
        assert plan_next(session, schedule, NOW - timedelta(hours=2), NOW)
    found = metrics(asking(database))
    assert found["vierluik_requests", "run", "waiting"] == 1
    assert found["vierluik_request_wait_seconds",] == 600
    assert found["vierluik_requests_failed_total", IMPORT] == 1
    assert found["vierluik_schedule_overdue_seconds",] == 7_200
    assert found["vierluik_last_good_run_age_seconds", str(site), "Proef"] == 3 * 86_400
    assert found["vierluik_scheduler_held",] == 0


def test_messages_and_alarms_are_counted(database: Database) -> None:
    with database.session() as session:
        site = add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id
        wishes = [Wish(site, FOR_PEOPLE)]
        person = add_subscriber(session, "An", Channel.MAIL, "an@example.nl", "nl", wishes, NOW).id
        for hours, name in ((3, "a"), (1, "b"), (9, "c")):
            write_message(
                session, name, person, MessageKind.ALARMS, Alarms(site, "Proef", "UTC", []), NOW - timedelta(hours=hours)
            )
        note_sent(session, 3, NOW)
        for kind, told, ended in (("page-down", NOW, None), ("page-down", None, None), ("run-failed", NOW, NOW)):
            alarm = {"kind": kind, "key": f"{told}{ended}", "subject": "", "began_at": NOW, "seen_at": NOW}
            session.add(Alarm(site_id=site, told_at=told, ended_at=ended, **alarm))
    found = metrics(asking(database))
    assert {state: found["vierluik_messages", state] for state in ("waiting", "sent")} == {"waiting": 2, "sent": 1}
    assert found["vierluik_message_wait_seconds",] == 3 * 3600
    assert {labels[1]: value for labels, value in found.items() if labels[0] == "vierluik_alarms"} == {"page-down": 1}


@pytest.mark.parametrize(
    ("host", "token", "headers", "status"),
    [
        ("127.0.0.1", "", {}, 200),
        ("192.0.2.7", "", {}, 403),
        ("127.0.0.1", "", {"X-Forwarded-For": "192.0.2.7"}, 403),  # a proxy of this machine asks for another
        ("192.0.2.7", "geheim", {"Authorization": "Bearer geheim"}, 200),
        ("192.0.2.7", "geheim", {"Authorization": "Bearer fout"}, 403),
        ("127.0.0.1", "geheim", {}, 403),
    ],
)
def test_figures_are_for_this_machine_or_who_has_the_token(
    database: Database, host: str, token: str, headers: dict[str, str], status: int
) -> None:
    assert asking(database, host, metrics_token=token).get("/metrics", headers=headers).status_code == status


# --- the rules for alarms ----------------------------------------------------------------------------------------------


def alarm_lines() -> Iterator[str]:
    text = OPERATIONS.read_text(encoding="utf-8")
    [block] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return iter(block.splitlines())


# A plain scalar of YAML 1.2 (section 7.3.3): begins with no indicator, holds neither ": " nor " #".
PLAIN = r"(?![-?:,\[\]{}#&*!|>'\"%@` ])(?:(?!: | #).)*[^ :]"
QUOTED = r'"[^"\\]*"'
FORM = (
    ("groups:", 1),
    (f"  - name: {PLAIN}", 1),
    ("    rules:", 1),
    ("      - alert: Vierluik[A-Za-z]+", 8),
    (f"        expr: {PLAIN}", 8),
    ("        for: [0-9]+[smh]", 5),
    ("        annotations:", 8),
    (f"          summary: (?:{PLAIN}|{QUOTED})", 8),
)


def test_the_alarms_are_yaml() -> None:
    """Every line has one of the forms of which such a file is made; there is no parser of YAML among our libraries."""
    text = list(alarm_lines())
    assert [line for line in text if not any(re.fullmatch(form, line) for form, _ in FORM)] == []
    assert [sum(bool(re.fullmatch(form, line)) for line in text) for form, _ in FORM] == [count for _, count in FORM]
    for line in text:
        assert all(line.count(one) == line.count(other) for one, other in ("()", "{}")), line


def test_the_alarms_name_only_figures_that_are_given(database: Database) -> None:
    with database.session() as session:
        site = add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id
        finish_request(session, ask(session, site, IMPORT, {}, "", NOW).id, "failed", {}, NOW)
    named = set(re.findall(r"\bvierluik_[a-z_]+", " ".join(line for line in alarm_lines() if "expr:" in line)))
    assert named
    assert named <= {name for name, *_ in metrics(asking(database))}
