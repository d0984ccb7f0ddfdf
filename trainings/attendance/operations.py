"""What trainers and organisers do with attendance: mark one, many or the rest, and undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from trainings.agenda.rules import SessionKind
from trainings.attendance import queries, writes
from trainings.attendance.queries import Marking
from trainings.attendance.rules import NOTHING, Mark, changes, check_open
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.courses.rules import ENDED


def mark(session_id: str, registration_id: str, mark: Mark | None, by: Viewer) -> None:
    """Mark one person in a session; None removes the mark.

    Raises ``AttendanceClosed``, ``NotYet``, ``NotTaken``; ``NotFound`` if the viewer does not take
    attendance in this course, or for people who are not in it.
    """
    mark_many(session_id, {registration_id: mark}, by)


def mark_many(
    session_id: str,
    marks: Mapping[str, Mark | None],
    by: Viewer,
    seen: Mapping[str, Mark | None] = NOTHING,
) -> Mapping[str, Mark | None]:
    """Mark several people in a session at once; returns the earlier marks of those who changed.

    ``seen``: the marks that the viewer's page showed. Raises like ``mark``, and
    ``ChangedMeanwhile`` where somebody else changed one of them; then nobody is marked.
    """
    with transaction() as session:
        found = _open(queries.for_marking(by, session_id, set(marks)))
        changed = changes(marks, found.before, seen)
        if not changed:
            return {}
        gone = [key for key, new in changed.items() if new is None]
        if gone:
            writes.clear_marks(session, session_id, gone)
        kept = {key: new for key, new in changed.items() if new is not None}
        writes.set_marks(session, session_id, kept, by=by.account_id, at=clock.now())
        record(
            session,
            "attendance.mark",
            "session",
            session_id,
            by=by.account_id,
            course_id=found.course.id,
            marks={key: str(new) if new else None for key, new in sorted(changed.items())},
        )
        return {key: found.before[key] for key in changed}


def mark_rest(session_id: str, by: Viewer) -> tuple[list[str], datetime]:
    """Mark everyone present who has no mark yet; returns their registrations and the moment.

    Raises like ``mark``. A mark that someone else sets at the same moment is kept.
    """
    with transaction() as session:
        found = _open(queries.for_marking(by, session_id))
        rest = sorted(key for key, before in found.before.items() if before is None)
        at = clock.now()
        if rest:
            marks = dict.fromkeys(rest, Mark.PRESENT)
            writes.set_marks(session, session_id, marks, by=by.account_id, at=at, over=False)
            record(
                session,
                "attendance.mark_rest",
                "session",
                session_id,
                by=by.account_id,
                course_id=found.course.id,
                registrations=rest,
            )
        return rest, at


def take_back(session_id: str, moment: datetime, by: Viewer) -> int:
    """Undo the viewer's own “mark the rest present” of a moment; returns how many marks it removed.

    Marks changed by anyone since then are kept. Raises like ``mark``.
    """
    with transaction() as session:
        found = _open(queries.for_marking(by, session_id))
        made = queries.made_present(session_id, moment, by.account_id or "")
        if made:
            writes.clear_marks(session, session_id, made)
            record(
                session,
                "attendance.take_back",
                "session",
                session_id,
                by=by.account_id,
                course_id=found.course.id,
                registrations=made,
            )
        return len(made)


def _open(found: Marking[Mark]) -> Marking[Mark]:
    """The marking, if marks may change now; otherwise raises a refusal."""
    check_open(
        found.session.kind is SessionKind.BREAK,
        found.course.state in ENDED,
        found.session.day,
        clock.today(found.course.zone),
    )
    return found
