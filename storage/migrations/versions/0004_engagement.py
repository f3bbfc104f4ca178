"""Create the tables of check-ins, points and draws."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    _checkins()
    _ledger()
    _draws()
    _entries()
    _winners()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("winners")
    op.drop_table("entries")
    op.drop_table("draws")
    op.drop_table("ledger")
    op.drop_table("checkins")


def _checkins() -> None:
    op.create_table(
        "checkins",
        sa.Column("member_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("streak", BIG_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "day", name=op.f("pk_checkins")),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", BIG_ID, nullable=False, autoincrement=True),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("cause", sa.String(), nullable=False, server_default=""),
        sa.Column("key", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_key")),
    )
    op.create_index("ix_ledger_member", "ledger", ["member_id", "amount"])


def _draws() -> None:
    op.create_table(
        "draws",
        sa.Column("number", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("room_id", BIG_ID, nullable=False),
        sa.Column("title", sa.String(), nullable=False, server_default=""),
        sa.Column("prizes", sa.String(), nullable=False, server_default="[]"),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False, server_default=""),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False, server_default=""),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_draws")),
    )
    op.create_index("ix_draws_room", "draws", ["room_id", "closed_at"])


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("draw_number", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("member_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("member_name", sa.String(), nullable=False, server_default=""),
        sa.Column("entrant", sa.String(), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("draw_number", "member_id", name=op.f("pk_entries")),
        sa.ForeignKeyConstraint(
            ["draw_number"], ["draws.number"], name=op.f("fk_entries_draw_number"), ondelete="CASCADE"
        ),
    )


def _winners() -> None:
    op.create_table(
        "winners",
        sa.Column("draw_number", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("rank", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("member_name", sa.String(), nullable=False, server_default=""),
        sa.Column("prize", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("draw_number", "rank", name=op.f("pk_winners")),
        sa.ForeignKeyConstraint(
            ["draw_number"], ["draws.number"], name=op.f("fk_winners_draw_number"), ondelete="CASCADE"
        ),
    )
