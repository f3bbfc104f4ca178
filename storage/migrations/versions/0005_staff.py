"""Create the tables of staff and operation."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    _users()
    _sessions()
    _binding_codes()
    _bindings()
    _attempts()
    _revisions()
    _gaps()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("gaps")
    op.drop_table("revisions")
    op.drop_table("attempts")
    op.drop_table("bindings")
    op.drop_table("binding_codes")
    op.drop_table("sessions")
    op.drop_table("users")


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("role", sa.String(), nullable=False, server_default="agent"),
        sa.Column("password_hash", sa.String(), nullable=False, server_default=""),
        sa.Column("active", sa.Boolean(), nullable=False, server_default="1"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("csrf", sa.String(), nullable=False, server_default=""),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])


def _binding_codes() -> None:
    op.create_table(
        "binding_codes",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by", BIG_ID, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_binding_codes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_binding_codes_user_id"), ondelete="CASCADE"),
    )


def _bindings() -> None:
    op.create_table(
        "bindings",
        sa.Column("member_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_bindings")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bindings_user_id"), ondelete="CASCADE"),
    )
    op.create_index("ix_bindings_user_id", "bindings", ["user_id"])


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("scope", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_scope", "attempts", ["scope", "at"])


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("content_hash", sa.String(), nullable=False, server_default=""),
        sa.Column("author", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(), nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )


def _gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index("ix_gaps_started_at", "gaps", ["started_at"])
