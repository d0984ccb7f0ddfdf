"""acts on the agenda, to undo them; sessions that wait; planned minutes of a course's modules"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "agenda_session", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("course_module", sa.Column("planned_minutes", sa.Integer(), nullable=True))
    op.create_table(
        "waiting_session",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("module_id", sa.String(length=22), nullable=True),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.String(length=22), nullable=True),
        sa.Column("trainers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_waiting_session_course_id"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_waiting_session_module_id"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_waiting_session_room_id"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_session"),
    )
    op.create_index("ix_waiting_session_course_id", "waiting_session", ["course_id"])
    op.create_table(
        "agenda_act",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_agenda_act_course_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_agenda_act_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_act"),
        sa.UniqueConstraint("course_id", "number", name="uq_agenda_act_course_id_number"),
    )
    op.create_index("ix_agenda_act_account_id", "agenda_act", ["account_id"])


def downgrade() -> None:
    op.drop_table("agenda_act")
    op.drop_table("waiting_session")
    op.drop_column("course_module", "planned_minutes")
    op.drop_column("agenda_session", "version")
