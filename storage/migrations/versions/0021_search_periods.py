"""What the search totals of each period add up to, all queries together"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ALWAYS = ("searches", "known_results", "positioned", "clicked_of", "abandoned_of", "exits_of")
SUMMED: tuple[str, ...] = ("searches", "sessions", "known_results", "zero_results", "clicked", "abandoned", "exits")
SUMMED += ("spelling", "added", "removed", "replaced", "positioned", "reciprocal_ranks")
KNOWN_OF = ("clicked", "abandoned", "exits")


def upgrade() -> None:
    numbers = [*SUMMED[:-1], *(f"{name}_of" for name in KNOWN_OF)]
    op.create_table(
        "search_period",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=name not in ALWAYS) for name in numbers),
        sa.Column("reciprocal_ranks", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["search_source.id"], name=op.f("fk_search_period_source_id_search_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "first_day", "last_day", name=op.f("pk_search_period")),
    )
    period = "source_id, first_day, last_day"
    sums = [f"sum({name})" for name in SUMMED]
    sums += [f"sum(CASE WHEN {name} IS NOT NULL THEN searches ELSE 0 END)" for name in KNOWN_OF]
    names = ", ".join((*SUMMED, *(f"{name}_of" for name in KNOWN_OF)))
    op.execute(
        f"INSERT INTO search_period ({period}, {names}) "  # noqa: S608  # names of our own
        f"SELECT {period}, {', '.join(sums)} FROM search_total GROUP BY {period}"
    )


def downgrade() -> None:
    op.drop_table("search_period")
