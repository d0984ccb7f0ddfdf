"""what trainers answer about their sessions, and what they need"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_reply",
        sa.Column("session_id", sa.String(length=22), nullable=False),
        sa.Column("course_trainer_id", sa.String(length=22), nullable=False),
        sa.Column("reply", sa.String(length=10), nullable=False),
        sa.Column("starts_local", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("proposed_local", sa.DateTime(), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("needs", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["agenda_session.id"],
            name="fk_session_reply_session_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_trainer_id"], ["course_trainer.id"], name="fk_session_reply_course_trainer_id"
        ),
        sa.PrimaryKeyConstraint("session_id", "course_trainer_id", name="pk_session_reply"),
    )
    op.create_index("ix_session_reply_course_trainer_id", "session_reply", ["course_trainer_id"])


def downgrade() -> None:
    op.drop_table("session_reply")
