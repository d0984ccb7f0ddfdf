"""secret links to people's calendars, one an account"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_link",
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("token_index", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_calendar_link_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_calendar_link"),
        sa.UniqueConstraint("token_index", name="uq_calendar_link_token_index"),
    )


def downgrade() -> None:
    op.drop_table("calendar_link")
