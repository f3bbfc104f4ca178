"""Find what was lately said under a merge key, sent or not."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MERGED = sa.text("merge_key IS NOT NULL")
WAITING = sa.text("state = 'waiting' AND merge_key IS NOT NULL")


def upgrade() -> None:
    """Make the index cover sent rows too."""
    op.drop_index("ix_outbox_merge", table_name="outbox")
    op.create_index(
        "ix_outbox_merge",
        "outbox",
        ["room_id", "merge_key", "created_at"],
        sqlite_where=MERGED,
        postgresql_where=MERGED,
    )


def downgrade() -> None:
    """Back to waiting rows alone."""
    op.drop_index("ix_outbox_merge", table_name="outbox")
    op.create_index(
        "ix_outbox_merge",
        "outbox",
        ["room_id", "merge_key"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
