"""What a later run need not test anew: page checks, style sheets and scripts, what was learned of a site"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_check",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_page_check_page_id_page"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_page_check_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "run_id", name=op.f("pk_page_check")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_page_check_run_id"), "page_check", ["run_id"])
    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.String(length=50), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_asset_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("site_id", "url_hash", name=op.f("uq_asset_site_id_url_hash")),
    )
    op.create_table(
        "site_memory",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("volatile", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_memory_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_memory")),
    )
    with op.batch_alter_table("page_state") as table:
        table.add_column(sa.Column("judged_with", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("assets_blob", sa.String(length=32), nullable=True))
        table.drop_constraint("fk_page_state_since_run_id_run", type_="foreignkey")
        table.drop_column("since_run_id")


def downgrade() -> None:
    with op.batch_alter_table("page_state") as table:
        table.add_column(sa.Column("since_run_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_page_state_since_run_id_run", "run", ["since_run_id"], ["id"], ondelete="SET NULL")
        table.drop_column("assets_blob")
        table.drop_column("judged_with")
    op.drop_table("site_memory")
    op.drop_table("asset")
    op.drop_table("page_check")
