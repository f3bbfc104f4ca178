"""Find what was lately said under a merge key, sent or not, and lane heads without reading the rows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LANE = ["account_id", "room_id", "send_class", "id"]
IN_LANE = sa.text("state = 'waiting'")
MERGED = sa.text("merge_key IS NOT NULL")
WAITING = sa.text("state = 'waiting' AND merge_key IS NOT NULL")


def upgrade() -> None:
    """Make one index cover sent rows too, the other what decides whose turn it is."""
    _lane([*LANE, "not_before", "attempts"])
    op.drop_index("ix_outbox_merge", table_name="outbox")
    op.create_index(
        "ix_outbox_merge",
        "outbox",
        ["room_id", "merge_key", "created_at"],
        sqlite_where=MERGED,
        postgresql_where=MERGED,
    )


def downgrade() -> None:
    """Back to waiting rows alone, and to the lane alone."""
    _lane(LANE)
    op.drop_index("ix_outbox_merge", table_name="outbox")
    op.create_index(
        "ix_outbox_merge",
        "outbox",
        ["room_id", "merge_key"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def _lane(columns: list[str]) -> None:
    op.drop_index("ix_outbox_lane", table_name="outbox")
    op.create_index("ix_outbox_lane", "outbox", columns, sqlite_where=IN_LANE, postgresql_where=IN_LANE)
