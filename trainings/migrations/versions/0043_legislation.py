"""the register of laws: topics, versions, what was frozen for a course"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CURRENT, PROPOSED = sa.text("standing = 'current'"), sa.text("standing = 'proposed'")


def upgrade() -> None:
    op.create_table(
        "law_topic",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("picture", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_law_topic"),
    )
    op.create_table(
        "law_version",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("law", sa.String(length=300), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("in_force", sa.String(length=10), nullable=False),
        sa.Column("source_title", sa.String(length=300), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("source_date", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("keeper", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_as", sa.String(length=20), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_as", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["topic"], ["law_topic.code"], name="fk_law_version_topic"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_law_version_by"),
        sa.PrimaryKeyConstraint("id", name="pk_law_version"),
        sa.UniqueConstraint(
            "country", "topic", "number", name="uq_law_version_country_topic_number"
        ),
    )
    for name, condition in (("current", CURRENT), ("proposed", PROPOSED)):
        op.create_index(
            f"uq_law_version_{name}",
            "law_version",
            ["country", "topic"],
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    op.create_table(
        "law_review",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=True),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("worded", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_law_review_course_id"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_law_review_by"),
        sa.PrimaryKeyConstraint("id", name="pk_law_review"),
        sa.UniqueConstraint("course_id", "number", name="uq_law_review_course_id_number"),
    )


def downgrade() -> None:
    op.drop_table("law_review")
    op.drop_table("law_version")
    op.drop_table("law_topic")
