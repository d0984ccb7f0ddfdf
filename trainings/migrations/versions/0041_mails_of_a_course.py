"""own texts of emails, their files, messages that wait, who sends a large one"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_text",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_text"),
        sa.UniqueConstraint(
            "course_id", "event", "language", name="uq_mail_text_course_id_event_language"
        ),
    )
    op.create_table(
        "waiting_message",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("recipients", sa.String(length=16), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_waiting_message_course_id"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_waiting_message_by"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_message"),
    )
    op.create_index("ix_waiting_message_course_id", "waiting_message", ["course_id"])
    op.add_column("outbox_mail", sa.Column("files", sa.JSON(), nullable=True))
    op.add_column(
        "course", sa.Column("own_texts", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "course",
        sa.Column("second_sender", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("course", "second_sender")
    op.drop_column("course", "own_texts")
    op.drop_column("outbox_mail", "files")
    op.drop_table("waiting_message")
    op.drop_table("mail_text")
