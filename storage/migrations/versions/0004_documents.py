"""PDF and office files of a site, how they were, and what is found in them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _run(name: str, nullable: bool) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.String(length=32), nullable=False),
        _run("first_run_id", False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_document_site_id_site"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f("fk_document_first_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("site_id", "url_hash", name=op.f("uq_document_site_id_url_hash")),
    )
    still_open = sa.text("closed_run_id IS NULL")
    for table in ("document_state", "document_finding"):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("document_id", sa.Integer(), nullable=False),
            _run("first_run_id", False),
            _run("closed_run_id", True),
            *(_state() if table == "document_state" else _finding()),
            sa.ForeignKeyConstraint(
                ["document_id"], ["document.id"], name=op.f(f"fk_{table}_document_id_document"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f(f"fk_{table}_first_run_id_run"), ondelete="CASCADE"),
            sa.ForeignKeyConstraint(["closed_run_id"], ["run.id"], name=op.f(f"fk_{table}_closed_run_id_run")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        for column in ("document_id", "first_run_id", "closed_run_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(
        "ix_document_state_open",
        "document_state",
        ["document_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index(op.f("ix_document_finding_rule"), "document_finding", ["rule"])


def _state() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
    ]


def _finding() -> list[sa.Column[object]]:
    return [
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("impact", sa.String(length=10), nullable=False),
        sa.Column("engines", sa.JSON(), nullable=False),
        sa.Column("selector", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("snippet", sa.Text(), nullable=False),
        sa.Column("message", sa.String(length=50), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
    ]


def downgrade() -> None:
    for table in ("document_finding", "document_state", "document"):
        op.drop_table(table)
