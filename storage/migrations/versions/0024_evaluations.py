"""Evaluations by people: sample, assessments with all their revisions, and evidence"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("norm", sa.String(30), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("evaluators", sa.JSON(), nullable=False),
        sa.Column("reviewer", sa.String(200), nullable=False),
        sa.Column("seed", sa.String(100), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("machine", sa.JSON(), nullable=False),
        sa.Column("retest_of", sa.Integer(), nullable=True),
        sa.Column("retested", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_evaluation_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    op.create_index(op.f("ix_evaluation_site_id"), "evaluation", ["site_id"])
    op.create_table(
        "evaluation_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("template", sa.Integer(), nullable=True),
        sa.Column("is_document", sa.Boolean(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=False),
        _of_evaluation("evaluation_page"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_evaluation_page_page_id_page"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_page")),
        sa.UniqueConstraint("evaluation_id", "number", name=op.f("uq_evaluation_page_evaluation_id_number")),
    )
    op.create_index(op.f("ix_evaluation_page_page_id"), "evaluation_page", ["page_id"])
    op.create_table(
        "assessment",
        *_cell(),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _of_evaluation("assessment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "evaluation_id", "criterion", "page", "assessor", name=op.f("uq_assessment_evaluation_id_criterion_page_assessor")
        ),
    )
    op.create_table(
        "assessment_revision",
        *_cell(),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _of_evaluation("assessment_revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_revision")),
    )
    op.create_index("ix_assessment_revision_cell", "assessment_revision", ["evaluation_id", "criterion", "page"])
    op.create_table(
        "evaluation_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(10), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.String(200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _of_evaluation("evaluation_evidence"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_evidence")),
    )
    op.create_index(op.f("ix_evaluation_evidence_evaluation_id"), "evaluation_evidence", ["evaluation_id"])


def _of_evaluation(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_evaluation_id_evaluation")
    return sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=name, ondelete="CASCADE")


def _cell() -> tuple[sa.Column[int] | sa.Column[str], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(10), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("assessor", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    for table in ("evaluation_evidence", "assessment_revision", "assessment", "evaluation_page", "evaluation"):
        op.drop_table(table)
