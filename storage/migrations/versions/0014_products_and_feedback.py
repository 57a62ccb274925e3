"""What a site has of each product of the list, and what visitors say of its pages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_coverage",
        _site("product_coverage"),
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("matched_by", sa.String(length=10), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("form_url", sa.Text(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=True),
        sa.Column("queries", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_product_coverage_page_id_page"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("site_id", "uri", name=op.f("pk_product_coverage")),
    )
    op.create_index(op.f("ix_product_coverage_page_id"), "product_coverage", ["page_id"])
    op.create_table(
        "product_not_offered",
        _site("product_not_offered"),
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "uri", name=op.f("pk_product_not_offered")),
    )
    op.create_table(
        "feedback_import",
        sa.Column("id", sa.Integer(), nullable=False),
        _site("feedback_import"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_import")),
        sa.UniqueConstraint("site_id", "digest", name=op.f("uq_feedback_import_site_id_digest")),
    )
    op.create_table(
        "feedback",
        _site("feedback"),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rating", sa.REAL(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_address", "feedback", ["site_id", "address_hash"])
    op.create_index("ix_feedback_day", "feedback", ["day"])


def _site(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("site.id", name=op.f(f"fk_{table}_site_id_site"), ondelete="CASCADE")
    return sa.Column("site_id", sa.Integer(), key, nullable=False)


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_table("feedback_import")
    op.drop_table("product_not_offered")
    op.drop_table("product_coverage")
