"""findings and lessons of programmes: source, owner, state, what came of them, their changes"""

import secrets
from itertools import zip_longest

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

KEY = "VARCHAR(22)"
COLUMNS = (  # with their references as part of the column: SQLite would else write the table anew
    ("kind", "VARCHAR(10) NOT NULL DEFAULT 'lesson'", ""),
    ("phase_id", KEY, "phase (id)"),
    ("state", "VARCHAR(10) NOT NULL DEFAULT 'open'", ""),
    ("note", "TEXT NOT NULL DEFAULT ''", ""),
    ("course_id", KEY, "course (id)"),
    ("topic", "VARCHAR(40)", ""),
    ("source", "VARCHAR(20) NOT NULL DEFAULT 'by_hand'", ""),
    ("source_course_id", KEY, "course (id)"),
    ("source_titles", "JSON NOT NULL DEFAULT '{}'", ""),
    ("owner_id", KEY, "account (id)"),
    ("agency_id", KEY, "agency (id)"),
)
INDEXED = ("course_id", "owner_id")
PHASE = sa.table(
    "phase",
    *(sa.column(name) for name in ("id", "programme_id", "position")),
    sa.column("texts", sa.JSON),
)
LESSON = sa.table(
    "lesson",
    *(sa.column(name) for name in ("id", "programme_id", "position", "kind", "phase_id")),
    *(sa.column(name, sa.JSON) for name in ("texts", "source_titles")),
    *(sa.column(name) for name in ("state", "module_id", "note", "source")),
)


def _column(table: str, name: str, kind: str, target: str = "") -> None:
    reference = f" CONSTRAINT fk_{table}_{name} REFERENCES {target}" if target else ""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}{reference}")


def upgrade() -> None:
    """Each line of a phase's findings becomes a finding; a lesson with a module is taken up."""
    _column("programme", "follows_id", KEY, "programme (id)")
    for name, kind, target in COLUMNS:
        _column("lesson", name, kind, target)
    op.add_column("lesson", sa.Column("opened_at", sa.DateTime(), nullable=True))
    for name in INDEXED:
        op.create_index(f"ix_lesson_{name}", "lesson", [name])
    op.execute("UPDATE lesson SET state = 'taken_up' WHERE module_id IS NOT NULL")
    op.execute("ALTER TABLE phase RENAME COLUMN findings TO texts")
    _findings_apart()
    op.create_table(
        "lesson_step",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("lesson_id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=22), nullable=True),
        sa.Column("agency_id", sa.String(length=22), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name="fk_lesson_step_lesson_id"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_lesson_step_by"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_lesson_step_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_step"),
        sa.UniqueConstraint("lesson_id", "number", name="uq_lesson_step_lesson_id_number"),
    )
    op.create_table(
        "lesson_left",
        sa.Column("lesson_id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name="fk_lesson_left_lesson_id"),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_lesson_left_course_id"),
        sa.PrimaryKeyConstraint("lesson_id", "course_id", name="pk_lesson_left"),
    )


def _findings_apart() -> None:
    """A finding for each line; where languages have not as many lines, one finding for all."""
    connection = op.get_bind()
    counts = sa.select(LESSON.c.programme_id, sa.func.max(LESSON.c.position)).group_by(
        LESSON.c.programme_id
    )
    last = dict(connection.execute(counts).all())
    for phase in connection.execute(sa.select(PHASE).order_by(PHASE.c.position)).all():
        lines = {
            code: [line.strip() for line in text.split("\n") if line.strip()]
            for code, text in (phase.texts or {}).items()
        }
        if len({len(some) for some in lines.values() if some}) > 1:
            found = [{code: text for code, text in phase.texts.items() if text}]
        else:
            found = [
                {code: line for code, line in zip(lines, row, strict=True) if line}
                for row in zip_longest(*lines.values())
            ]
        for texts in found:
            last[phase.programme_id] = last.get(phase.programme_id, -1) + 1
            connection.execute(
                sa.insert(LESSON).values(
                    id=secrets.token_urlsafe(16),
                    programme_id=phase.programme_id,
                    position=last[phase.programme_id],
                    kind="finding",
                    phase_id=phase.id,
                    texts=texts,
                    state="open",
                    note="",
                    source="by_hand",
                    source_titles={},
                )
            )
        connection.execute(sa.update(PHASE).where(PHASE.c.id == phase.id).values(texts={}))


def downgrade() -> None:
    """Findings become lines of their phases again; what came of them, and of lessons, is lost."""
    connection = op.get_bind()
    op.drop_table("lesson_left")
    op.drop_table("lesson_step")
    found = sa.select(LESSON.c.phase_id, LESSON.c.texts).where(LESSON.c.kind == "finding")
    lines: dict[str, list[dict[str, str]]] = {}
    for one in connection.execute(found.order_by(LESSON.c.position)).all():
        if one.phase_id is not None:
            lines.setdefault(one.phase_id, []).append(one.texts)
    for phase in connection.execute(sa.select(PHASE)).all():
        texts = [phase.texts or {}, *lines.get(phase.id, [])]
        codes = {code for some in texts for code in some}
        joined = {code: "\n".join(some[code] for some in texts if some.get(code)) for code in codes}
        connection.execute(sa.update(PHASE).where(PHASE.c.id == phase.id).values(texts=joined))
    connection.execute(sa.delete(LESSON).where(LESSON.c.kind == "finding"))
    op.execute("ALTER TABLE phase RENAME COLUMN texts TO findings")
    for name in INDEXED:
        op.drop_index(f"ix_lesson_{name}", "lesson")
    op.drop_column("lesson", "opened_at")
    for name, _kind, _target in reversed(COLUMNS):
        op.drop_column("lesson", name)
    op.drop_column("programme", "follows_id")
