"""Keep the name by which members hear of a console user."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the name; empty is the name that they sign in with."""
    op.add_column("users", sa.Column("shown", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("users", "shown")
