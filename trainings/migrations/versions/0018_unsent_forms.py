"""sessions that stay on their own device; forms whose session had ended, sealed for an hour"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "web_session", sa.Column("stays", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "unsent_form",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("session_id", sa.String(length=22), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_unsent_form_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unsent_form"),
        sa.UniqueConstraint("account_id", "page", name="uq_unsent_form_account_id_page"),
    )
    op.create_index("ix_unsent_form_kept_at", "unsent_form", ["kept_at"])


def downgrade() -> None:
    op.drop_table("unsent_form")
    op.drop_column("web_session", "stays")
