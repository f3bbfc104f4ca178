"""Keep what people say of verdicts, what they decided of rules, and whom they banned from all rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and the place beside a sanction."""
    op.add_column("sanctions", sa.Column("right", sa.Boolean(), nullable=True))
    op.create_index("ix_sanctions_rule", "sanctions", ["rule", "number"])
    op.create_table(
        "rules",
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default=""),
        sa.Column("right", BIG_ID, nullable=False, server_default="0"),
        sa.Column("wrong", BIG_ID, nullable=False, server_default="0"),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_rules")),
    )
    op.create_table(
        "bans",
        sa.Column("member_id", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("member_name", sa.String(), nullable=False, server_default=""),
        sa.Column("sanction", BIG_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_bans")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("bans")
    op.drop_table("rules")
    op.drop_index("ix_sanctions_rule", table_name="sanctions")
    op.drop_column("sanctions", "right")
