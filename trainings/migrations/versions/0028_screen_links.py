"""secret links to the screens in the lobbies of courses"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screen_link",
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("token_index", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_screen_link_course_id"),
        sa.PrimaryKeyConstraint("course_id", name="pk_screen_link"),
        sa.UniqueConstraint("token_index", name="uq_screen_link_token_index"),
    )


def downgrade() -> None:
    op.drop_table("screen_link")
