"""rows of nominations to be finished by hand; layouts of lists"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nomination_row",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("mail_index", sa.String(length=32), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_nomination_row_account_id"
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_nomination_row_course_id"),
        sa.PrimaryKeyConstraint("id", name="pk_nomination_row"),
        sa.UniqueConstraint(
            "account_id",
            "course_id",
            "digest",
            name="uq_nomination_row_account_id_course_id_digest",
        ),
    )
    op.create_index("ix_nomination_row_course_id", "nomination_row", ["course_id"])
    op.create_index("ix_nomination_row_kept_at", "nomination_row", ["kept_at"])
    op.create_index("ix_nomination_row_mail_index", "nomination_row", ["mail_index"])
    op.create_table(
        "nomination_layout",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("layout", sa.String(length=32), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_nomination_layout_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_nomination_layout"),
        sa.UniqueConstraint("account_id", "layout", name="uq_nomination_layout_account_id_layout"),
    )


def downgrade() -> None:
    op.drop_table("nomination_layout")
    op.drop_table("nomination_row")
