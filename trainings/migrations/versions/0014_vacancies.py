"""vacancies: seats that somebody left, held for their country and function until a date"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vacancy",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("block_id", sa.String(length=22), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("function", sa.String(length=20), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["seat_block.id"], name=op.f("fk_vacancy_block_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_vacancy_course_id")),
        sa.ForeignKeyConstraint(["function"], ["function.code"], name=op.f("fk_vacancy_function")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy")),
    )
    op.create_index("ix_vacancy_course_id", "vacancy", ["course_id"])


def downgrade() -> None:
    op.drop_table("vacancy")
