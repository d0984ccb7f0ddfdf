"""tables in the room, and who sits where"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_layout",
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("tables > 0 AND places > 0", name=op.f("ck_table_layout_some")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_table_layout_course_id")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_table_layout")),
    )
    op.create_table(
        "table_place",
        sa.Column("registration_id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("table_no", sa.Integer(), nullable=False),
        sa.Column("place_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_table_place_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_table_place_registration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_table_place")),
        sa.UniqueConstraint(
            "course_id",
            "table_no",
            "place_no",
            name=op.f("uq_table_place_course_id_table_no_place_no"),
        ),
    )


def downgrade() -> None:
    op.drop_table("table_place")
    op.drop_table("table_layout")
