"""readers of candidates, and what they think of each"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading_setting",
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_reading_setting_course_id"),
        sa.PrimaryKeyConstraint("course_id", name="pk_reading_setting"),
    )
    op.create_table(
        "candidate_reader",
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_candidate_reader_course_id"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_candidate_reader_account_id"
        ),
        sa.PrimaryKeyConstraint("course_id", "account_id", name="pk_candidate_reader"),
    )
    op.create_table(
        "candidate_review",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_candidate_review_score"),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_candidate_review_course_id"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_candidate_review_registration_id"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_candidate_review_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_candidate_review"),
        sa.UniqueConstraint(
            "registration_id", "account_id", name="uq_candidate_review_registration_id_account_id"
        ),
    )
    op.create_index("ix_candidate_review_course_id", "candidate_review", ["course_id"])
    op.create_index("ix_candidate_review_account_id", "candidate_review", ["account_id"])


def downgrade() -> None:
    op.drop_table("candidate_review")
    op.drop_table("candidate_reader")
    op.drop_table("reading_setting")
