"""Create the tables of sanctions, cases and memory."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    _sanctions()
    _appeals()
    _cases()
    _case_messages()
    _marks()
    _counters()
    _switches()
    _audit()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("audit")
    op.drop_table("switches")
    op.drop_table("counters")
    op.drop_table("marks")
    op.drop_table("case_messages")
    op.drop_table("cases")
    op.drop_table("appeals")
    op.drop_table("sanctions")


def _sanctions() -> None:
    op.create_table(
        "sanctions",
        sa.Column("number", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("member_name", sa.String(), nullable=False, server_default=""),
        sa.Column("kind", sa.String(), nullable=False, server_default=""),
        sa.Column("rule", sa.String(), nullable=False, server_default=""),
        sa.Column("severity", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("enforced", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("why", sa.String(), nullable=False, server_default=""),
        sa.Column("revision", BIG_ID, nullable=False, server_default="0"),
        sa.Column("reversed_at", sa.BigInteger(), nullable=True),
        sa.Column("reversed_by", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sanctions")),
    )
    op.create_index("ix_sanctions_at", "sanctions", ["at"])
    op.create_index("ix_sanctions_member", "sanctions", ["room_id", "member_id", "at"])


def _appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("sanction", BIG_ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default="open"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index("ix_appeals_at", "appeals", ["at"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("number", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("member_name", sa.String(), nullable=False, server_default=""),
        sa.Column("state", sa.String(), nullable=False, server_default="open"),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        sa.Column("rule", sa.String(), nullable=False, server_default=""),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("epoch", BIG_ID, nullable=False, server_default="0"),
        sa.Column("assignee_id", BIG_ID, nullable=True),
        sa.Column("assignee_name", sa.String(), nullable=False, server_default=""),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("last_word_at", sa.BigInteger(), nullable=True),
        sa.Column("reminders", BIG_ID, nullable=False, server_default="0"),
        sa.Column("first_reply_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=False, server_default=""),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("score", BIG_ID, nullable=True),
        sa.Column("scored_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_member", "cases", ["member_id", "room_id"])
    op.create_index("ix_cases_state", "cases", ["state", "number"])
    op.create_index(
        "uq_cases_unresolved",
        "cases",
        ["room_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'resolved'"),
        postgresql_where=sa.text("state <> 'resolved'"),
    )


def _case_messages() -> None:
    op.create_table(
        "case_messages",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("case_number", BIG_ID, nullable=False),
        sa.Column("author", sa.String(), nullable=False, server_default=""),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("text", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_messages")),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_case_messages_case_number"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_case_messages_case", "case_messages", ["case_number", "id"])


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("room_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("member_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "member_id", "key", name=op.f("pk_marks")),
    )
    op.create_index("ix_marks_at", "marks", ["at"])


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", BIG_ID, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )


def _switches() -> None:
    op.create_table(
        "switches",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switches")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False, server_default=""),
        sa.Column("act", sa.String(), nullable=False, server_default=""),
        sa.Column("target", sa.String(), nullable=False, server_default=""),
        sa.Column("outcome", sa.String(), nullable=False, server_default=""),
        sa.Column("event_id", BIG_ID, nullable=True),
        sa.Column("room_id", BIG_ID, nullable=True),
        sa.Column("details", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
