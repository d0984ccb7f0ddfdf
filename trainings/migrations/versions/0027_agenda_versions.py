"""versions of agendas; what participants and trainers can see today is each course's first"""

import json
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TAKES_PART = ("confirmed", "attended")
_TEACHING = ("invited", "accepted")


def upgrade() -> None:
    table = op.create_table(
        "agenda_version",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("course_id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.JSON(), nullable=False),
        sa.Column("cancelled", sa.JSON(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=22), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_agenda_version_course_id"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_agenda_version_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_version"),
        sa.UniqueConstraint("course_id", "number", name="uq_agenda_version_course_id_number"),
    )
    op.create_index("ix_agenda_version_account_id", "agenda_version", ["account_id"])
    _publish_what_is_seen(table)


def downgrade() -> None:
    op.drop_table("agenda_version")


def _publish_what_is_seen(table: sa.Table) -> None:
    """Make the agenda of each course that somebody beside its organisers reads its version 1."""
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = []
    for course in _seen_courses():
        sessions = _sessions(course.id)
        if sessions:
            rows.append(
                {
                    "id": secrets.token_urlsafe(16),
                    "course_id": course.id,
                    "number": 1,
                    "sessions": sessions,
                    "cancelled": {},
                    "changes": len(sessions),
                    "told": 0,
                    "acts": course.acts or 0,
                    "moves": 0,
                    "account_id": None,
                    "published_at": now,
                    "changed_at": now,
                }
            )
    if rows:
        op.bulk_insert(table, rows)


def _seen_courses() -> list[sa.Row]:
    statement = sa.text(
        """
        SELECT course.id AS id,
               (SELECT max(number) FROM agenda_act WHERE course_id = course.id) AS acts
        FROM course
        WHERE NOT course.template
          AND (EXISTS (SELECT 1 FROM registration
                       WHERE registration.course_id = course.id
                         AND registration.state IN :taking)
               OR EXISTS (SELECT 1 FROM course_trainer
                          WHERE course_trainer.course_id = course.id
                            AND course_trainer.state IN :teaching)
               OR EXISTS (SELECT 1 FROM account_grant
                          WHERE account_grant.course_id = course.id
                            AND account_grant.role = 'trainer'))
        """
    ).bindparams(
        sa.bindparam("taking", _TAKES_PART, expanding=True),
        sa.bindparam("teaching", _TEACHING, expanding=True),
    )
    return list(op.get_bind().execute(statement))


def _sessions(course_id: str) -> dict[str, object]:
    """The sessions of a course as versions keep them (``agenda.act_rules.to_plain``)."""
    bind = op.get_bind()
    found: dict[str, dict[str, object]] = {}
    session = sa.table(
        "agenda_session",
        *(
            sa.column(name, kind)
            for name, kind in (
                ("id", sa.String),
                ("course_id", sa.String),
                ("kind", sa.String),
                ("module_id", sa.String),
                ("titles", sa.JSON),
                ("day", sa.Date),
                ("starts_at", sa.Time),
                ("ends_at", sa.Time),
                ("room_id", sa.String),
            )
        ),
    )
    for row in bind.execute(sa.select(session).where(session.c.course_id == course_id)):
        ends = row.ends_at.hour * 60 + row.ends_at.minute
        titles = row.titles if isinstance(row.titles, dict) else json.loads(row.titles)
        found[row.id] = {
            "kind": row.kind,
            "minutes": ends - (row.starts_at.hour * 60 + row.starts_at.minute),
            "day": row.day.isoformat(),
            "start": f"{row.starts_at:%H:%M}",
            "titles": titles,
            "module": row.module_id,
            "room": row.room_id,
            "trainers": [],
        }
    given = sa.text(
        "SELECT assignment.session_id, assignment.course_trainer_id FROM assignment"
        " JOIN agenda_session ON agenda_session.id = assignment.session_id"
        " WHERE agenda_session.course_id = :course"
    )
    for session_id, trainer in bind.execute(given, {"course": course_id}):
        found[session_id]["trainers"].append(trainer)  # type: ignore[attr-defined]
    for entry in found.values():
        entry["trainers"] = sorted(entry["trainers"])  # type: ignore[call-overload]
    return found
