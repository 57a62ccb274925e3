"""Accounts, what they may do, who is logged in, and who changed what"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _time(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _text(name: str, length: int, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=empty)


def _number(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _refers(table: str, name: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"), ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "account",
        _number("id"),
        _text("mail", 254),
        _text("name", 200),
        _text("team", 200),
        _text("password_hash", 300),
        _text("subject", 500, empty=True),
        _text("totp_secret", 64),
        _number("totp_step"),
        sa.Column("recovery", sa.JSON(), nullable=False),
        _number("failed"),
        _number("locks"),
        _time("locked_until", empty=True),
        _time("disabled_at", empty=True),
        _time("created_at"),
        _time("seen_at", empty=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("mail", name=op.f("uq_account_mail")),
        sa.UniqueConstraint("subject", name=op.f("uq_account_subject")),
    )
    op.create_table(
        "membership",
        _number("id"),
        _number("account_id"),
        _number("site_id", empty=True),
        _text("role", 20),
        _refers("membership", "account_id", "account"),
        _refers("membership", "site_id", "site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("account_id", "site_id", "role", name=op.f("uq_membership_account_id_site_id_role")),
    )
    op.create_index(op.f("ix_membership_site_id"), "membership", ["site_id"])
    op.create_table(
        "invitation",
        _text("token_hash", 64),
        _text("mail", 254),
        _text("name", 200),
        _text("role", 20),
        _number("site_id", empty=True),
        _text("invited_by", 200),
        _time("expires_at"),
        _time("used_at", empty=True),
        _refers("invitation", "site_id", "site"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_site_id"), "invitation", ["site_id"])
    op.create_table(
        "log_in_session",
        _text("token_hash", 64),
        _number("account_id"),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        _time("created_at"),
        _time("seen_at"),
        _time("expires_at"),
        _refers("log_in_session", "account_id", "account"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_log_in_session")),
    )
    op.create_index(op.f("ix_log_in_session_account_id"), "log_in_session", ["account_id"])
    op.create_table(
        "audit_entry",
        _number("id"),
        _time("at"),
        _text("person", 200),
        _text("action", 10),
        _text("table", 40),
        _text("key", 300),
        _number("site_id", empty=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_site", "audit_entry", ["site_id", "id"])


def downgrade() -> None:
    for name in ("audit_entry", "log_in_session", "invitation", "membership", "account"):
        op.drop_table(name)
