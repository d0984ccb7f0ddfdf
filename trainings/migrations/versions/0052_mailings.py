"""emails to very many people of a course, written some at a time"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("meant", sa.JSON(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_mailing_course_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mailing"),
    )
    op.create_index("ix_mailing_course_id", "mailing", ["course_id"])
    op.create_table(
        "mailing_addressee",
        sa.Column("mailing_id", sa.String(length=22), nullable=False),
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name="fk_mailing_addressee_mailing_id"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_mailing_addressee_registration_id"
        ),
        sa.PrimaryKeyConstraint("mailing_id", "registration_id", name="pk_mailing_addressee"),
    )
    op.create_index(
        "ix_mailing_addressee_registration_id", "mailing_addressee", ["registration_id"]
    )


def downgrade() -> None:
    op.drop_table("mailing_addressee")
    op.drop_table("mailing")
