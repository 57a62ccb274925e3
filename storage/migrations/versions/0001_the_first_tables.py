"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("compressed", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_blob")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("start_url", sa.Text(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("path_prefix", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("cron", sa.String(length=100), nullable=False),
        sa.Column("time_zone", sa.String(length=50), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("name", name=op.f("uq_site_name")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("seconded_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_decision_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_site_id"), ["site_id"], unique=False)

    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_request_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_state"), ["state"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("norm", sa.String(length=30), nullable=False),
        sa.Column("rule_set", sa.String(length=64), nullable=False),
        sa.Column("engines", sa.JSON(), nullable=False),
        sa.Column("browser", sa.String(length=100), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("coverage", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_run_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_site_id"), ["site_id"], unique=False)

    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("mender", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("first_run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f("fk_cluster_first_run_id_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cluster_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("site_id", "kind", "key", name=op.f("uq_cluster_site_id_kind_key")),
    )
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_site_id"), ["site_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.String(length=32), nullable=False),
        sa.Column("link_class", sa.String(length=10), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("first_run_id", sa.Integer(), nullable=False),
        sa.Column("closed_run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_run_id"], ["run.id"], name=op.f("fk_link_closed_run_id_run")),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f("fk_link_first_run_id_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_link_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_closed_run_id"), ["closed_run_id"], unique=False)
        batch_op.create_index(
            "ix_link_open",
            ["site_id", "url_hash"],
            unique=True,
            sqlite_where=sa.text("closed_run_id IS NULL"),
            postgresql_where=sa.text("closed_run_id IS NULL"),
        )
        batch_op.create_index(
            "ix_link_open_class",
            ["site_id", "link_class"],
            unique=False,
            sqlite_where=sa.text("closed_run_id IS NULL"),
            postgresql_where=sa.text("closed_run_id IS NULL"),
        )

    op.create_table(
        "run_figure",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_figure_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "name", name=op.f("pk_run_figure")),
    )
    op.create_table(
        "run_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("identity_hash", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_page_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_page")),
        sa.UniqueConstraint("run_id", "identity_hash", name=op.f("uq_run_page_run_id_identity_hash")),
    )
    with op.batch_alter_table("run_page", schema=None) as batch_op:
        batch_op.create_index("ix_run_page_step", ["run_id", "step"], unique=False)

    op.create_table(
        "run_rule",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("cannot_tell", sa.Integer(), nullable=False),
        sa.Column("failed_pages", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_rule_run_id_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "rule", name=op.f("pk_run_rule")),
    )
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("identity_hash", sa.String(length=32), nullable=False),
        sa.Column("first_run_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("page_type", sa.String(length=50), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f("fk_page_first_run_id_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_page_site_id_site"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["template_id"], ["cluster.id"], name=op.f("fk_page_template_id_cluster"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("site_id", "identity_hash", name=op.f("uq_page_site_id_identity_hash")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=50), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("impact", sa.String(length=10), nullable=False),
        sa.Column("engines", sa.JSON(), nullable=False),
        sa.Column("frames", sa.JSON(), nullable=False),
        sa.Column("selector", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("snippet_blob", sa.String(length=32), nullable=True),
        sa.Column("message", sa.String(length=50), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("confirmation", sa.String(length=10), nullable=True),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("first_run_id", sa.Integer(), nullable=False),
        sa.Column("closed_run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_run_id"], ["run.id"], name=op.f("fk_finding_closed_run_id_run")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_finding_cluster_id_cluster"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f("fk_finding_first_run_id_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_finding_page_id_page"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_finding_site_id_site"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["snippet_blob"], ["blob.hash"], name=op.f("fk_finding_snippet_blob_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_closed_run_id"), ["closed_run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_first_run_id"), ["first_run_id"], unique=False)
        batch_op.create_index(
            "ix_finding_open_page",
            ["page_id"],
            unique=False,
            sqlite_where=sa.text("closed_run_id IS NULL"),
            postgresql_where=sa.text("closed_run_id IS NULL"),
        )
        batch_op.create_index(
            "ix_finding_open_rule",
            ["site_id", "rule", "page_id"],
            unique=False,
            sqlite_where=sa.text("closed_run_id IS NULL"),
            postgresql_where=sa.text("closed_run_id IS NULL"),
        )
        batch_op.create_index("ix_finding_page_id", ["page_id"], unique=False)

    op.create_table(
        "link_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("element", sa.String(length=20), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_source_link_id_link"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_link_source_page_id_page"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_source")),
    )
    with op.batch_alter_table("link_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_source_link_id"), ["link_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_source_page_id"), ["page_id"], unique=False)

    op.create_table(
        "page_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("first_run_id", sa.Integer(), nullable=False),
        sa.Column("closed_run_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("since_run_id", sa.Integer(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=True),
        sa.Column("dom_hash", sa.String(length=64), nullable=True),
        sa.Column("assets_hash", sa.String(length=64), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.String(length=50), nullable=True),
        sa.Column("outcomes_blob", sa.String(length=32), nullable=True),
        sa.Column("links_blob", sa.String(length=32), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["closed_run_id"], ["run.id"], name=op.f("fk_page_state_closed_run_id_run")),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name=op.f("fk_page_state_first_run_id_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["links_blob"], ["blob.hash"], name=op.f("fk_page_state_links_blob_blob")),
        sa.ForeignKeyConstraint(["outcomes_blob"], ["blob.hash"], name=op.f("fk_page_state_outcomes_blob_blob")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_page_state_page_id_page"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["since_run_id"], ["run.id"], name=op.f("fk_page_state_since_run_id_run"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_state")),
    )
    with op.batch_alter_table("page_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_state_closed_run_id"), ["closed_run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_state_first_run_id"), ["first_run_id"], unique=False)
        batch_op.create_index(
            "ix_page_state_open",
            ["page_id"],
            unique=True,
            sqlite_where=sa.text("closed_run_id IS NULL"),
            postgresql_where=sa.text("closed_run_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_page_state_page_id"), ["page_id"], unique=False)
