"""The status of a statement follows from its dates, and every change is told ahead, once, on the right day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.statement_status import (
    Change,
    ChangeKind,
    StatementFacts,
    Status,
    add_months,
    changes_after,
    covered_by,
    due_warnings,
    meets_the_law,
    review_due_on,
    status_on,
)

PUBLISHED, RESEARCH = date(2026, 1, 31), date(2025, 11, 15)
FULL = StatementFacts(PUBLISHED, research_on=RESEARCH, met=50)
PART = StatementFacts(PUBLISHED, research_on=RESEARCH, met=37)
PLANNED = StatementFacts(PUBLISHED, planned_research_on=date(2026, 6, 15))

# one row per rule of the reference: facts, day, status, whether the law is met
TABLE = [
    ("no statement", StatementFacts(), date(2026, 5, 1), "E", False),
    ("research but no statement", StatementFacts(research_on=RESEARCH, met=50), date(2026, 5, 1), "E", False),
    ("the day before publication", FULL, date(2026, 1, 30), "E", False),
    ("all criteria met", FULL, PUBLISHED, "A", True),
    ("all 55 of the newer norm", StatementFacts(PUBLISHED, research_on=RESEARCH, met=55, asked=55), PUBLISHED, "A", True),
    ("50 of 55", StatementFacts(PUBLISHED, research_on=RESEARCH, met=50, asked=55), PUBLISHED, "B", True),
    ("some criteria met", PART, PUBLISHED, "B", True),
    ("without measures", StatementFacts(PUBLISHED, None, RESEARCH, met=37, has_measures=False), PUBLISHED, "B", False),
    ("without improvement", StatementFacts(PUBLISHED, None, RESEARCH, met=37, improves=False), PUBLISHED, "B", False),
    ("research of 36 months to the day", FULL, date(2028, 11, 15), "A", True),
    ("research a day older", FULL, date(2028, 11, 16), "D", False),
    (
        "research that is not complete",
        StatementFacts(PUBLISHED, None, RESEARCH, is_complete=False, met=50),
        PUBLISHED,
        "D",
        False,
    ),
    ("research of after the day", StatementFacts(PUBLISHED, None, date(2026, 3, 1), met=50), date(2026, 2, 1), "D", False),
    ("nothing but a statement", StatementFacts(PUBLISHED), PUBLISHED, "D", False),
    ("research planned", PLANNED, date(2026, 2, 1), "C", True),
    ("on the planned day", PLANNED, date(2026, 6, 15), "C", True),
    ("planned research did not come", PLANNED, date(2026, 6, 16), "D", False),
    ("planned for too late", StatementFacts(PUBLISHED, planned_research_on=date(2026, 8, 1)), date(2026, 2, 1), "D", False),
    (
        "planned for half a year on",
        StatementFacts(PUBLISHED, planned_research_on=date(2026, 7, 31)),
        date(2026, 7, 31),
        "C",
        True,
    ),
    ("half a year is over", StatementFacts(PUBLISHED, planned_research_on=date(2026, 7, 31)), date(2026, 8, 1), "D", False),
    ("planned before publication", StatementFacts(PUBLISHED, planned_research_on=date(2026, 1, 1)), date(2026, 2, 1), "D", False),
    (
        "old research, new planned",
        StatementFacts(PUBLISHED, None, date(2022, 1, 1), met=50, planned_research_on=date(2026, 5, 1)),
        date(2026, 2, 1),
        "C",
        True,
    ),
]


@pytest.mark.parametrize(("facts", "day", "status", "lawful"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_status_on_a_day(facts: StatementFacts, day: date, status: str, lawful: bool) -> None:
    assert (status_on(facts, day), meets_the_law(facts, day)) == (Status(status), lawful)


def test_months_end_where_the_month_does() -> None:
    assert add_months(date(2026, 8, 31), -6) == date(2026, 2, 28)
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)


def test_what_changes_by_itself_and_when() -> None:
    assert changes_after(FULL, PUBLISHED) == [
        Change(date(2027, 2, 1), ChangeKind.REVIEW, Status.A, Status.A),
        Change(date(2028, 11, 16), ChangeKind.RESEARCH, Status.A, Status.D),
    ]
    both = StatementFacts(PUBLISHED, date(2026, 3, 1), RESEARCH, met=3, planned_research_on=date(2026, 5, 1))
    assert [one.kind for one in changes_after(both, PUBLISHED)] == [ChangeKind.REVIEW, ChangeKind.RESEARCH]
    assert review_due_on(both) == date(2027, 3, 2)
    assert changes_after(StatementFacts(research_on=RESEARCH), PUBLISHED) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            FULL,
            {
                date(2026, 8, 1): ("review", 6),
                date(2026, 11, 1): ("review", 3),
                date(2027, 1, 1): ("review", 1),
                date(2028, 5, 16): ("research", 6),
                date(2028, 8, 16): ("research", 3),
                date(2028, 10, 16): ("research", 1),
            },
        ),
        (
            PLANNED,
            {
                PUBLISHED: ("planned", 6),  # its day was before publication: told at once
                date(2026, 3, 16): ("planned", 3),
                date(2026, 5, 16): ("planned", 1),
                date(2026, 8, 1): ("review", 6),
                date(2026, 11, 1): ("review", 3),
                date(2027, 1, 1): ("review", 1),
            },
        ),
    ],
)
def test_each_warning_is_told_once_and_on_its_day(facts: StatementFacts, expected: dict[date, tuple[str, int]]) -> None:
    told: set[str] = set()
    heard: list[tuple[date, tuple[str, int]]] = []
    for days in range(3 * 366):
        day = PUBLISHED + timedelta(days=days)
        for warning in due_warnings(facts, day, told):
            heard.append((day, (warning.change.kind.value, warning.months)))
            told.update(covered_by(warning))
    assert len(heard) == len(dict(heard))
    assert dict(heard) == expected


def test_who_begins_late_hears_the_nearest_warning_only() -> None:
    late = due_warnings(FULL, date(2028, 10, 20))
    assert [(one.change.kind, one.months) for one in late] == [(ChangeKind.RESEARCH, 1)]
    assert due_warnings(FULL, date(2028, 10, 20), covered_by(late[0])) == []
    assert due_warnings(FULL, date(2028, 11, 16)) == []
