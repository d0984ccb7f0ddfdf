"""What trainers and organisers do with test results: enter some, or pass the rest, and undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from trainings.attendance import queries, result_queries, writes
from trainings.attendance.queries import Marking
from trainings.attendance.result_rules import Result, check_enterable
from trainings.attendance.rules import NOTHING, changes
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import transaction
from trainings.core.permissions import Viewer
from trainings.courses.rules import CourseState


def enter(
    session_id: str,
    results: Mapping[str, Result | None],
    by: Viewer,
    seen: Mapping[str, Result | None] = NOTHING,
) -> Mapping[str, Result | None]:
    """Enter test results, None removes one; returns the earlier results of those that changed.

    ``seen``: the results that the viewer's page showed. Raises ``ResultsNotYet``,
    ``ResultsClosed``, ``ChangedMeanwhile``, and then nothing is entered; ``NotFound`` if the
    viewer does not take attendance in this course, for people who are not in it, and if the session
    is not a test.
    """
    with transaction() as session:
        found = _open(queries.for_results(by, session_id, set(results)))
        changed = changes(results, found.before, seen)
        if not changed:
            return {}
        gone = [key for key, new in changed.items() if new is None]
        if gone:
            writes.clear_results(session, session_id, gone)
        kept = {key: new for key, new in changed.items() if new is not None}
        writes.set_results(session, session_id, kept, by=by.account_id, at=clock.now())
        record(
            session,
            "test.result",
            "session",
            session_id,
            by=by.account_id,
            course_id=found.course.id,
            results={key: str(new) if new else None for key, new in sorted(changed.items())},
        )
        return {key: found.before[key] for key in changed}


def pass_rest(session_id: str, by: Viewer) -> tuple[list[str], datetime]:
    """Enter *passed* for everyone present without a result; returns whom, and the moment.

    Raises like ``enter``. A result that someone else enters at the same moment is kept.
    """
    with transaction() as session:
        found = _open(queries.for_results(by, session_id))
        there = result_queries.there(session_id)
        rest = sorted(key for key, old in found.before.items() if old is None and key in there)
        at = clock.now()
        if rest:
            results = dict.fromkeys(rest, Result.PASSED)
            writes.set_results(session, session_id, results, by=by.account_id, at=at, over=False)
            record(
                session,
                "test.pass_rest",
                "session",
                session_id,
                by=by.account_id,
                course_id=found.course.id,
                registrations=rest,
            )
        return rest, at


def take_back(session_id: str, moment: datetime, by: Viewer) -> int:
    """Undo the viewer's own ``pass_rest`` of a moment; returns how many results it removed.

    Results changed by anyone since then are kept. Raises like ``enter``.
    """
    with transaction() as session:
        found = _open(queries.for_results(by, session_id))
        made = queries.made_passed(session_id, moment, by.account_id or "")
        if made:
            writes.clear_results(session, session_id, made)
            record(
                session,
                "test.take_back",
                "session",
                session_id,
                by=by.account_id,
                course_id=found.course.id,
                registrations=made,
            )
        return len(made)


def _open(found: Marking[Result]) -> Marking[Result]:
    """The test, if results may be entered now; otherwise raises a refusal."""
    check_enterable(
        found.course.state is CourseState.CANCELLED,
        found.session.day,
        clock.today(found.course.zone),
    )
    return found
