"""a stamp that changes in every transaction that changes what visitors are shown"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# What the pages of visitors are read from. SQLite loses the triggers of a table that a later
# migration writes anew ("batch"): it has to make them again (tests/web/test_shown_stamp.py).
SHOWN = ("agency", "course", "course_agency", "course_module", "function", "module", "programme")
CHANGES = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "shown_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=36), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_shown_stamp_one"),
        sa.PrimaryKeyConstraint("id", name="pk_shown_stamp"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _watch_on_postgresql()
    else:
        _watch_on_sqlite()


def _watch_on_postgresql() -> None:
    """The stamp is changed when a transaction commits: its row is the last lock that is taken."""
    op.execute("INSERT INTO shown_stamp (id, value) VALUES (1, gen_random_uuid()::text)")
    op.execute(
        "CREATE FUNCTION change_shown_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE shown_stamp SET value = gen_random_uuid()::text; RETURN NULL; END $$"
    )
    for table in SHOWN:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER shown_{table} AFTER {' OR '.join(CHANGES)} ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_shown_stamp()"
        )


def _watch_on_sqlite() -> None:
    """There is one writer: the stamp is changed with the row."""
    op.execute("INSERT INTO shown_stamp (id, value) VALUES (1, lower(hex(randomblob(16))))")
    for table in SHOWN:
        for change in CHANGES:
            op.execute(
                f"CREATE TRIGGER shown_{table}_{change.lower()} AFTER {change} ON {table} "  # noqa: S608
                "BEGIN UPDATE shown_stamp SET value = lower(hex(randomblob(16))); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in SHOWN:
            op.execute(f"DROP TRIGGER shown_{table} ON {table}")
        op.execute("DROP FUNCTION change_shown_stamp()")
    else:
        for table in SHOWN:
            for change in CHANGES:
                op.execute(f"DROP TRIGGER shown_{table}_{change.lower()}")
    op.drop_table("shown_stamp")
