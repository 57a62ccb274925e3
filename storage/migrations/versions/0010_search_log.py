"""Search logs: sources, imports, masked queries, totals per period, events, and the proof of their removal"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _source() -> sa.Column[int]:
    return sa.Column("source_id", sa.Integer(), nullable=False)


def _of_source(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_source_id_search_source")
    return sa.ForeignKeyConstraint(["source_id"], ["search_source.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "search_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_search_source_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_source")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_search_source_site_id_name")),
    )
    op.create_table(
        "search_import",
        sa.Column("id", sa.Integer(), nullable=False),
        _source(),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("lines", "searches", "clicks", "added", "bad_lines")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("bad_samples", "left_out", "masked")),
        _of_source("search_import"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_import")),
        sa.UniqueConstraint("source_id", "digest", name=op.f("uq_search_import_source_id_digest")),
    )
    op.create_table(
        "search_query",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_search_query_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_search_query")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_total",
        _source(),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("query_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("known_results", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("zero_results", "clicked", "abandoned", "exits")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("spelling", "added", "removed", "replaced")),
        sa.Column("positioned", sa.Integer(), nullable=False),
        sa.Column("reciprocal_ranks", sa.REAL(), nullable=False),
        _of_source("search_total"),
        sa.PrimaryKeyConstraint("source_id", "first_day", "last_day", "query_id", name=op.f("pk_search_total")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_total_source_id_query_id"), "search_total", ["source_id", "query_id"])
    op.create_table(
        "search_event",
        _source(),
        sa.Column("at_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("query_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_click", sa.Boolean(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("session", sa.BigInteger(), nullable=True),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("hits", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("exits", sa.Boolean(), nullable=True),
        _of_source("search_event"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["search_import.id"], name=op.f("fk_search_event_import_id_search_import"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "at_ms", "query_id", "is_click", "ordinal", name=op.f("pk_search_event")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_closed_day",
        _source(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        _of_source("search_closed_day"),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_search_closed_day")),
    )
    op.create_table(
        "search_purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events_before", sa.Date(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("totals_before", sa.Date(), nullable=False),
        sa.Column("totals", sa.Integer(), nullable=False),
        sa.Column("queries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_purge")),
    )


def downgrade() -> None:
    for table in ("purge", "closed_day", "event", "total", "query", "import", "source"):
        op.drop_table(f"search_{table}")
