"""for what trainers are able, as somebody found who knows"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("trainer_id", sa.String(length=22), nullable=False),
        sa.Column("module_id", sa.String(length=22), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=True),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["trainer_id"], ["trainer.id"], name="fk_assessment_trainer_id"),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name="fk_assessment_module_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_assessment_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
    op.create_index("ix_assessment_trainer_id", "assessment", ["trainer_id"])
    op.create_index("ix_assessment_module_id", "assessment", ["module_id"])


def downgrade() -> None:
    op.drop_table("assessment")
