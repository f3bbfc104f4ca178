"""Create the tables of the one path: inbox, findings, outbox and timers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    _inbox()
    _messages()
    _findings()
    _outbox()
    _outbox_indexes()
    _budgets()
    _timers()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("timers")
    op.drop_table("budgets")
    op.drop_table("outbox")
    op.drop_table("findings")
    op.drop_table("messages")
    op.drop_table("inbox")


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False, server_default=""),
        sa.Column("kind", sa.String(), nullable=False, server_default=""),
        sa.Column("room_id", BIG_ID, nullable=False, server_default="0"),
        sa.Column("priority", BIG_ID, nullable=False, server_default="1"),
        sa.Column("state", sa.String(), nullable=False, server_default="waiting"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("window", BIG_ID, nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("entropy", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False, server_default=""),
        sa.Column("traceback", sa.String(), nullable=True),
        sa.Column("tries", BIG_ID, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_inbox_account_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbox_aside",
        "inbox",
        ["state", "id"],
        sqlite_where=sa.text("state IN ('failed', 'unreadable')"),
        postgresql_where=sa.text("state IN ('failed', 'unreadable')"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["account_id", "priority", "id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("event_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, server_default=""),
        sa.Column("text", sa.String(), nullable=False, server_default=""),
        sa.Column("norm", sa.String(), nullable=False, server_default=""),
        sa.Column("external_id", sa.String(), nullable=False, server_default=""),
        sa.Column("recalled_at", sa.BigInteger(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_index("ix_messages_external", "messages", ["room_id", "external_id"])
    op.create_index("ix_messages_member", "messages", ["room_id", "member_id", "event_id"])
    op.create_index("ix_messages_room", "messages", ["room_id", "event_id"])


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("event_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=False, server_default=""),
        sa.Column("revision", BIG_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("top", sa.String(), nullable=False, server_default=""),
        sa.Column("findings", sa.String(), nullable=False, server_default="[]"),
        sa.Column("actions", sa.String(), nullable=False, server_default="[]"),
        sa.Column("errors", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_decided_at", "findings", ["decided_at"])
    op.create_index("ix_findings_revision", "findings", ["revision"])
    op.create_index("ix_findings_room", "findings", ["room_id", "event_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False, server_default=""),
        sa.Column("send_class", BIG_ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default="waiting"),
        sa.Column("text", sa.String(), nullable=False, server_default=""),
        sa.Column("mentions", sa.String(), nullable=True),
        sa.Column("norm", sa.String(), nullable=False, server_default=""),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("member_name", sa.String(), nullable=False, server_default=""),
        sa.Column("reference", sa.String(), nullable=False, server_default=""),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("unasked", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("notice_of", BIG_ID, nullable=True),
        sa.Column("guard_case", BIG_ID, nullable=True),
        sa.Column("guard_epoch", BIG_ID, nullable=True),
        sa.Column("merge_key", sa.String(), nullable=True),
        sa.Column("parts", sa.String(), nullable=True),
        sa.Column("about_member", BIG_ID, nullable=True),
        sa.Column("about_external", sa.String(), nullable=False, server_default=""),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("fence", BIG_ID, nullable=True),
        sa.Column("attempts", BIG_ID, nullable=False, server_default="0"),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("echoed", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        sa.Column("again_of", BIG_ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )


def _outbox_indexes() -> None:
    op.create_index("ix_outbox_called", "outbox", ["room_id", "called_at"])
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index("ix_outbox_event_id", "outbox", ["event_id"])
    op.create_index("ix_outbox_state", "outbox", ["state", "id"])
    lane = ["account_id", "room_id", "send_class"]
    _partial("ix_outbox_calling", lane, "state = 'calling'")
    _partial("ix_outbox_doubtful", lane, "state = 'doubtful'")
    _partial("ix_outbox_lane", [*lane, "id"], "state = 'waiting'")
    _partial("ix_outbox_merge", ["room_id", "merge_key"], "state = 'waiting' AND merge_key IS NOT NULL")


def _partial(name: str, columns: list[str], where: str) -> None:
    """An index over the few rows of the outbox that are in this state."""
    condition = sa.text(where)
    op.create_index(name, "outbox", columns, sqlite_where=condition, postgresql_where=condition)


def _budgets() -> None:
    op.create_table(
        "budgets",
        sa.Column("account_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("last_sent_at", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.String(), nullable=True),
        sa.Column("sent_on", BIG_ID, nullable=False, server_default="0"),
        sa.Column("refusals", BIG_ID, nullable=False, server_default="0"),
        sa.Column("last_refusal_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_budgets")),
    )


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("room_id", BIG_ID, nullable=False, server_default="0"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False, server_default=""),
        sa.Column("state", sa.String(), nullable=False, server_default="waiting"),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("event_id", BIG_ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint(
            "account_id",
            "name",
            "room_id",
            "due_at",
            "reference",
            name=op.f("uq_timers_account_id_name_room_id_due_at_reference"),
        ),
    )
    op.create_index(
        "ix_timers_due",
        "timers",
        ["account_id", "due_at"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_timers_due_at", "timers", ["due_at"])
