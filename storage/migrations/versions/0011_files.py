"""Keep which file the bot sent in the embedded rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SENT = sa.text("file <> ''")


def upgrade() -> None:
    """Add the place, and find the rooms of a file by it."""
    op.add_column("web_messages", sa.Column("file", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_web_messages_file", "web_messages", ["file"], sqlite_where=SENT, postgresql_where=SENT)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_web_messages_file", table_name="web_messages")
    op.drop_column("web_messages", "file")
