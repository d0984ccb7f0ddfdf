"""bookings: which room or trainer each session needs, from when to when"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking",
        sa.Column("session_id", sa.String(length=22), nullable=False),
        sa.Column("resource_id", sa.String(length=22), nullable=False),
        sa.Column("starts_utc", sa.DateTime(), nullable=False),
        sa.Column("ends_utc", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["agenda_session.id"], name="fk_booking_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "resource_id", name="pk_booking"),
    )
    op.create_index("ix_booking_resource", "booking", ["resource_id", "starts_utc"])
    op.execute(
        "INSERT INTO booking (session_id, resource_id, starts_utc, ends_utc) "
        "SELECT one.id, one.room_id, one.starts_utc, one.ends_utc FROM agenda_session AS one "
        "JOIN course ON course.id = one.course_id WHERE one.room_id IS NOT NULL "
        "AND course.state <> 'cancelled' AND NOT course.template"
    )
    op.execute(
        "INSERT INTO booking (session_id, resource_id, starts_utc, ends_utc) "
        "SELECT one.id, gives.trainer_id, one.starts_utc, one.ends_utc "
        "FROM agenda_session AS one JOIN course ON course.id = one.course_id "
        "JOIN assignment ON assignment.session_id = one.id "
        "JOIN course_trainer AS gives ON gives.id = assignment.course_trainer_id "
        "WHERE gives.state IN ('invited', 'accepted') "
        "AND course.state <> 'cancelled' AND NOT course.template"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE booking ADD CONSTRAINT ex_booking_twice EXCLUDE USING gist "
            "(resource_id WITH =, tsrange(starts_utc, ends_utc) WITH &&) "
            "DEFERRABLE INITIALLY DEFERRED"
        )


def downgrade() -> None:
    op.drop_table("booking")
