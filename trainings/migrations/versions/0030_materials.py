"""files of sessions and modules"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "material",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=True),
        sa.Column("session_id", sa.String(length=22), nullable=True),
        sa.Column("module_id", sa.String(length=22), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("file_key", sa.LargeBinary(), nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(course_id IS NULL) <> (module_id IS NULL)", name="ck_material_place"),
        sa.CheckConstraint("size > 0", name="ck_material_size"),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_material_course_id"),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name="fk_material_module_id"),
        sa.PrimaryKeyConstraint("id", name="pk_material"),
        sa.UniqueConstraint("file", name="uq_material_file"),
    )
    op.create_index("ix_material_course_id", "material", ["course_id"])
    op.create_index("ix_material_module_id", "material", ["module_id"])


def downgrade() -> None:
    op.drop_table("material")
