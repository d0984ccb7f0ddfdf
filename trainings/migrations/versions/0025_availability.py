"""when trainers can teach: periods, and busy times of a calendar"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "availability_period",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("trainer_id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=True),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["trainer.id"], name="fk_availability_period_trainer_id"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name="fk_availability_period_course_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_availability_period"),
    )
    op.create_index("ix_availability_period_trainer_id", "availability_period", ["trainer_id"])
    op.create_table(
        "busy_calendar",
        sa.Column("trainer_id", sa.String(length=22), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainer.id"], name="fk_busy_calendar_trainer_id"),
        sa.PrimaryKeyConstraint("trainer_id", name="pk_busy_calendar"),
    )


def downgrade() -> None:
    op.drop_table("busy_calendar")
    op.drop_table("availability_period")
