"""The words of pages, and the index by which they are found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

VECTOR = (
    "setweight(to_tsvector('simple', title_stems), 'A') || setweight(to_tsvector('simple', heading_stems), 'B') "
    "|| setweight(to_tsvector('simple', text_stems), 'C')"
)
TABLE = """
    CREATE VIRTUAL TABLE page_search USING fts5(
        title_stems, heading_stems, text_stems,
        content='page_text', content_rowid='page_id', tokenize='unicode61 remove_diacritics 0'
    )"""
PUT = """
    INSERT INTO page_search(rowid, title_stems, heading_stems, text_stems)
    VALUES (new.page_id, new.title_stems, new.heading_stems, new.text_stems);"""
TAKE = """
    INSERT INTO page_search(page_search, rowid, title_stems, heading_stems, text_stems)
    VALUES ('delete', old.page_id, old.title_stems, old.heading_stems, old.text_stems);"""


def upgrade() -> None:
    op.create_table(
        "page_text",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("title_stems", sa.Text(), nullable=False),
        sa.Column("heading_stems", sa.Text(), nullable=False),
        sa.Column("text_stems", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_page_text_page_id_page"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_page_text")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX page_search ON page_text USING gin (({VECTOR}))")
        return
    op.execute(TABLE)
    for name, event, does in (("insert", "INSERT", PUT), ("delete", "DELETE", TAKE), ("update", "UPDATE", TAKE + PUT)):
        op.execute(f"CREATE TRIGGER page_text_{name} AFTER {event} ON page_text BEGIN {does} END")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE page_search")
    op.drop_table("page_text")
