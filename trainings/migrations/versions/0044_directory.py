"""the directory of alumni: consents, looks, contacts; erasures count what goes of it"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

LIVE, OPEN = sa.text("ended_at IS NULL"), sa.text("state IN ('accepted', 'waiting')")


def upgrade() -> None:
    op.create_table(
        "directory_entry",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("alias", sa.String(length=30), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("function", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("to_others", sa.Boolean(), nullable=False),
        sa.Column("by_fields", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_directory_entry_person_id"),
        sa.ForeignKeyConstraint(
            ["function"], ["function.code"], name="fk_directory_entry_function"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_directory_entry"),
    )
    op.create_index("ix_directory_entry_person_id", "directory_entry", ["person_id"])
    op.create_index("ix_directory_entry_alias", "directory_entry", ["alias"])
    op.create_index("ix_directory_entry_found", "directory_entry", ["country", "function", "id"])
    op.create_index("ix_directory_entry_until", "directory_entry", ["until"])
    op.create_index(
        "uq_directory_entry_live",
        "directory_entry",
        ["person_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    for name, column in (("circle", "circle"), ("word", "word")):
        op.create_table(
            f"directory_{name}",
            sa.Column(column, sa.String(length=22), nullable=False),
            sa.Column("entry_id", sa.String(length=22), nullable=False),
            sa.ForeignKeyConstraint(
                ["entry_id"], ["directory_entry.id"], name=f"fk_directory_{name}_entry_id"
            ),
            sa.PrimaryKeyConstraint(column, "entry_id", name=f"pk_directory_{name}"),
        )
        op.create_index(f"ix_directory_{name}_entry_id", f"directory_{name}", ["entry_id"])
    op.create_table(
        "directory_field",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("proposed", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_by", sa.String(length=22), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name="fk_directory_field_proposed_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_directory_field"),
    )
    op.create_index("ix_directory_field_state", "directory_field", ["state"])
    op.create_table(
        "directory_opening",
        sa.Column("programme_id", sa.String(length=22), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name="fk_directory_opening_programme_id"
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_directory_opening_by"),
        sa.PrimaryKeyConstraint("programme_id", name="pk_directory_opening"),
    )
    op.create_table(
        "directory_exclusion",
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_directory_exclusion_person_id"
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_directory_exclusion_by"),
        sa.PrimaryKeyConstraint("person_id", name="pk_directory_exclusion"),
    )
    op.create_table(
        "directory_look",
        sa.Column("by_person_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.String(length=22), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("function", sa.String(length=20), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name="fk_directory_look_by_person_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_directory_look_person_id"),
        sa.ForeignKeyConstraint(["function"], ["function.code"], name="fk_directory_look_function"),
        sa.PrimaryKeyConstraint("by_person_id", "person_id", name="pk_directory_look"),
    )
    op.create_index("ix_directory_look_person_id", "directory_look", ["person_id"])
    _contacts()
    with op.batch_alter_table("erasure") as table:
        for column in ("entries", "contacts"):
            table.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("erasure") as table:
        for column in ("entries", "contacts"):
            table.alter_column(column, server_default=None)


def _contacts() -> None:
    op.create_table(
        "directory_contact",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("pair", sa.String(length=45), nullable=False),
        sa.Column("sender_id", sa.String(length=22), nullable=False),
        sa.Column("recipient_id", sa.String(length=22), nullable=False),
        sa.Column("sender_alias", sa.String(length=30), nullable=False),
        sa.Column("sender_country", sa.String(length=2), nullable=False),
        sa.Column("sender_function", sa.String(length=20), nullable=False),
        sa.Column("recipient_alias", sa.String(length=30), nullable=False),
        sa.Column("recipient_country", sa.String(length=2), nullable=False),
        sa.Column("recipient_function", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.Column("sender_card", sa.LargeBinary(), nullable=True),
        sa.Column("recipient_card", sa.LargeBinary(), nullable=True),
        sa.Column("reported_at", sa.DateTime(), nullable=True),
        sa.Column("reported_by", sa.String(length=22), nullable=True),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("report_closed_at", sa.DateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_directory_contact_{column}")
            for column, target in (
                ("sender_id", "person.id"),
                ("recipient_id", "person.id"),
                ("sender_function", "function.code"),
                ("recipient_function", "function.code"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_directory_contact"),
    )
    op.create_index(
        "uq_directory_contact_open",
        "directory_contact",
        ["pair"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_directory_contact_sender_id", "directory_contact", ["sender_id"])
    op.create_index("ix_directory_contact_recipient_id", "directory_contact", ["recipient_id"])
    op.create_index("ix_directory_contact_state", "directory_contact", ["state", "at"])
    op.create_table(
        "directory_carried",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("origin", sa.String(length=2), nullable=False),
        sa.Column("destination", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_carried"),
    )
    op.create_index(
        "ix_directory_carried_month", "directory_carried", ["month", "origin", "destination"]
    )


def downgrade() -> None:
    with op.batch_alter_table("erasure") as table:
        for column in ("entries", "contacts"):
            table.drop_column(column)
    for name in (
        "carried",
        "contact",
        "look",
        "exclusion",
        "opening",
        "field",
        "word",
        "circle",
        "entry",
    ):
        op.drop_table(f"directory_{name}")
