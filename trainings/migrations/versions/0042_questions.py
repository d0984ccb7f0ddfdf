"""questions of courses, and the answers"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("asked_of", sa.String(length=12), nullable=False),
        sa.Column("seen_by", sa.String(length=12), nullable=False),
        sa.Column("kept_for", sa.String(length=12), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("going_on", sa.Boolean(), nullable=False),
        sa.Column("usual", sa.String(length=20), nullable=True),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("follow_ups", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_question_course_id"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.UniqueConstraint("course_id", "usual", name="uq_question_course_id_usual"),
    )
    op.create_index("ix_question_place", "question", ["course_id", "place"])
    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("question_id", sa.String(length=22), nullable=False),
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name="fk_answer_question_id"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_answer_registration_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        sa.UniqueConstraint(
            "question_id", "registration_id", name="uq_answer_question_id_registration_id"
        ),
    )
    op.create_index("ix_answer_registration_id", "answer", ["registration_id"])


def downgrade() -> None:
    op.drop_table("answer")
    op.drop_table("question")
