"""Keep how far everybody has read, so that what the bot says to one alone is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
READ_SO_FAR = """
UPDATE web_stays SET seen_seq =
  COALESCE((SELECT MAX(seq) FROM web_messages WHERE web_messages.room = web_stays.room), 0)
"""


def upgrade() -> None:
    """Add the place; what was said before counts as read."""
    op.add_column("web_stays", sa.Column("seen_seq", BIG_ID, nullable=False, server_default="0"))
    op.execute(READ_SO_FAR)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("web_stays", "seen_seq")
