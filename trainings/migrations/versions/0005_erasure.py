"""erasure: who was erased, and the receipts of it"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("receipt", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("registrations", sa.Integer(), nullable=False),
        sa.Column("certificates", sa.Integer(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("account", sa.Boolean(), nullable=False),
        sa.Column("trainer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_erasure_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.UniqueConstraint("person_id", name="uq_erasure_person_id"),
        sa.UniqueConstraint("receipt", name="uq_erasure_receipt"),
    )
    op.create_index("ix_erasure_at", "erasure", ["at"])
    op.add_column("person", sa.Column("erased_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    # Without a batch: SQLite would copy the table and drop the old one, to which others point.
    op.drop_column("person", "erased_at")
    op.drop_index("ix_erasure_at", "erasure")
    op.drop_table("erasure")
