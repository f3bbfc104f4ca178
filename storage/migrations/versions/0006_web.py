"""Create the tables of the embedded community."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    _web_people()
    _web_stays()
    _web_messages()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("web_messages")
    op.drop_table("web_stays")
    op.drop_table("web_people")


def _web_people() -> None:
    op.create_table(
        "web_people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("created_ms", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_people")),
    )


def _web_stays() -> None:
    op.create_table(
        "web_stays",
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("joined_ms", BIG_ID, nullable=False),
        sa.Column("muted_until_ms", BIG_ID, nullable=False, server_default="0"),
        sa.Column("left", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("removed", sa.Boolean(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("room", "person", name=op.f("pk_web_stays")),
        sa.ForeignKeyConstraint(["person"], ["web_people.id"], name=op.f("fk_web_stays_person"), ondelete=None),
    )


def _web_messages() -> None:
    op.create_table(
        "web_messages",
        sa.Column("seq", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("id", sa.String(), nullable=False, server_default=""),
        sa.Column("room", sa.String(), nullable=False, server_default=""),
        sa.Column("person", sa.String(), nullable=False, server_default=""),
        sa.Column("name", sa.String(), nullable=False, server_default=""),
        sa.Column("text", sa.String(), nullable=False, server_default=""),
        sa.Column("quote", sa.String(), nullable=False, server_default=""),
        sa.Column("at_ms", BIG_ID, nullable=False),
        sa.Column("recalled", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_web_messages")),
        sa.UniqueConstraint("id", name=op.f("uq_web_messages_id")),
        sa.UniqueConstraint("order_id", name=op.f("uq_web_messages_order_id")),
    )
    op.create_index("ix_web_messages_room", "web_messages", ["room", "seq"])
