"""requests for lists with names: who asked for what, who approved it, and the file for a day"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_request",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("listing", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("second", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(length=22), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("filters", sa.LargeBinary(), nullable=True),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.String(length=40), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_export_request_course_id"),
        sa.PrimaryKeyConstraint("id", name="pk_export_request"),
        sa.UniqueConstraint("number", name="uq_export_request_number"),
    )
    op.create_index("ix_export_request_course", "export_request", ["course_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("export_request")
