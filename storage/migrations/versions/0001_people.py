"""Create the tables of accounts, rooms and members."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    _accounts()
    _leases()
    _rooms()
    _members()
    _identities()
    _room_members()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("room_members")
    op.drop_table("identities")
    op.drop_table("members")
    op.drop_table("rooms")
    op.drop_table("leases")
    op.drop_table("accounts")


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("channel", sa.String(), nullable=False, server_default=""),
        sa.Column("external_id", sa.String(), nullable=False, server_default=""),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(), nullable=False, server_default="offline"),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        sa.Column("scan_url", sa.String(), nullable=False, server_default=""),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_accounts_channel_external_id")),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("account_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("holder", sa.String(), nullable=False, server_default=""),
        sa.Column("fence", BIG_ID, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_leases")),
    )


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False, server_default=""),
        sa.Column("key", sa.String(), nullable=False, server_default=""),
        sa.Column("topic", sa.String(), nullable=False, server_default=""),
        sa.Column("private", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("owner_id", BIG_ID, nullable=True),
        sa.Column("admins", sa.String(), nullable=False, server_default="[]"),
        sa.Column("quiet_until", sa.BigInteger(), nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False, server_default="1"),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_rooms_account_id_external_id")),
    )
    op.create_index("ix_rooms_key", "rooms", ["key"])


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False, server_default=""),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_identities_account_id_external_id")),
    )
    op.create_index("ix_identities_member_id", "identities", ["member_id"])


def _room_members() -> None:
    op.create_table(
        "room_members",
        sa.Column("room_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("member_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("messages", BIG_ID, nullable=False, server_default="0"),
        sa.Column("spoke_at", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "member_id", name=op.f("pk_room_members")),
    )
    op.create_index("ix_room_members_member_id", "room_members", ["member_id"])
