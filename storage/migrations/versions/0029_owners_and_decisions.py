"""Whose page it is, how many pages lead to it, and what people decided about what was found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owner_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_owner_rule_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_rule")),
        sa.UniqueConstraint("site_id", "kind", "value", name=op.f("uq_owner_rule_site_id_kind_value")),
    )
    op.add_column("page", sa.Column("author", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("page", sa.Column("linked_from", sa.Integer(), nullable=True))
    op.create_index("ix_page_owner", "page", ["site_id", "owner"])
    for name, length in (("rule", 60), ("batch", 32), ("assignee", 200), ("answered_by", 200)):
        op.add_column("decision", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.add_column("decision", sa.Column("answer", sa.Text(), nullable=False, server_default=""))
    op.add_column("decision", sa.Column("needs_second", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("decision", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("decision", sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision", sa.Column("withdrawn_by", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("page_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("cluster_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_decision_page_id_page"), "page", ["page_id"], ["id"], ondelete="CASCADE")
        table.create_foreign_key(op.f("fk_decision_cluster_id_cluster"), "cluster", ["cluster_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_decision_page_id", "decision", ["page_id"])
    op.create_index("ix_decision_cluster_id", "decision", ["cluster_id"])
    op.create_index("ix_decision_batch", "decision", ["batch"])


def downgrade() -> None:
    for name in ("batch", "cluster_id", "page_id"):
        op.drop_index(f"ix_decision_{name}", "decision")
    with op.batch_alter_table("decision") as table:
        for name in ("rule", "batch", "assignee", "answered_by", "answer", "needs_second", "due_on", "seconded_at"):
            table.drop_column(name)
        for name in ("withdrawn_by", "page_id", "cluster_id"):
            table.drop_column(name)
    op.drop_index("ix_page_owner", "page")
    with op.batch_alter_table("page") as table:
        table.drop_column("author")
        table.drop_column("linked_from")
    op.drop_table("owner_rule")
