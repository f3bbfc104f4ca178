"""Keep how long a mark matters, and no index that nothing asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Marks of before matter for a day, as they did."""
    op.add_column("marks", sa.Column("until", sa.BigInteger(), nullable=True))
    op.drop_index("ix_findings_revision", "findings")


def downgrade() -> None:
    """As before."""
    op.create_index("ix_findings_revision", "findings", ["revision"])
    op.drop_column("marks", "until")
