"""Watches what the house records: each act has words, and none that changes numbers is left out.

Where the code says an act in full, tests/audit/test_rules.py finds it; one that is put together is
known only once it is recorded. Numbers of people and of what they have are kept until the trail of
their course goes on (``registrations/headcount_queries.py``, ``desk/counted_queries.py``), so
whatever changes them records an act in that course.
The order of names is kept until an act of ``order_queries.RENAMING``, so whatever changes a name
records one of these. What tests themselves write is not watched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from tests import scope_watch
from trainings.audit.models import AuditEntry
from trainings.audit.rules import ACTS, OBJECTS
from trainings.people.order_queries import RENAMING

faults: list[str] = []

_COUNTED = ("registration", "seat_block", "vacancy", "question", "answer", "candidate_review")
_COUNTED += ("certificate_waiver", "change_request", "table_layout", "table_place")
_COLUMNS = ("course_id", "state", "country", "function", "block_id", "seats", "until")
_COLUMNS += ("reserve_place", "priority", "selected_at", "state_at")
_COLUMNS += ("asked_of", "going_on", "required", "score", "person_id", "account_id")
_COLUMNS += ("complete", "name_confirmed_at", "approved_at")
# adds to, removes from, or changes a column of what is counted
_CHANGES = re.compile(
    rf"(?:INSERT INTO|DELETE FROM) (?:{'|'.join(_COUNTED)})\b"
    rf"|UPDATE (?:{'|'.join(_COUNTED)}) SET (?:(?! WHERE ).)*\b(?:{'|'.join(_COLUMNS)})="
    r"|(?:INSERT INTO|DELETE FROM) certificate\b|UPDATE certificate SET (?:(?! WHERE ).)*\bstatus=",
    re.DOTALL,
)
_RENAMES = re.compile(
    r"UPDATE person SET (?:(?! WHERE ).)*\b(?:given_name|family_name|erased_at)=", re.DOTALL
)
_UNCOUNTED = re.compile(
    r"row_number\(\) OVER"  # people are numbered as they stand: nobody changes place
    r"|UPDATE certificate SET .*\bready_at="  # its file was made: it was valid before
)
_MIGRATIONS = "trainings/migrations/"
_OF_COURSES = ("registration", "seat_block", "vacancy", "question", "candidate_review")
_OF_COURSES += ("certificate", "change_request")
_RECORDS = f"INSERT INTO {AuditEntry.__tablename__} ("
_KEY = re.compile(r"[\w-]{22}")  # as every id is written
_MOVED, _RECORDED, _LINE = "moved", "recorded", "line"
_ACTS, _RENAMED = "acts", "renamed"


def _before(
    connection: Connection, _cursor: Any, text: str, params: Any, _context: Any, many: bool
) -> None:
    if text.startswith(_RECORDS):
        for row in params if many else [params]:
            values = _by_column(text, row)
            if values["act"] not in ACTS or values["object_type"] not in OBJECTS:
                faults.append(f"{values['act']} ({values['object_type']}) has no words")
            connection.info.setdefault(_RECORDED, set()).add(values["course_id"])
            connection.info.setdefault(_ACTS, set()).add(values["act"])
    elif _CHANGES.match(text) and not _UNCOUNTED.search(text):
        line = scope_watch.asked_by()
        if line is not None:
            connection.info[_LINE] = line
            # now: a row that is deleted says no longer of which course it was
            found = _courses(connection, set(_keys(params)))
            connection.info.setdefault(_MOVED, set()).update(found)
    elif _RENAMES.match(text):
        line = scope_watch.asked_by()
        if line is not None and _MIGRATIONS not in line:  # after one, all workers start anew
            connection.info[_RENAMED] = line


def _by_column(text: str, row: Any) -> dict[str, Any]:
    """What is inserted, by column."""
    if isinstance(row, dict):
        return row
    names = text[text.index("(") + 1 : text.index(")")].replace('"', "").split(", ")
    return dict(zip(names, row, strict=False))


def _keys(params: Any) -> Iterator[str]:
    """All ids among the values of a statement."""
    if isinstance(params, str):
        if _KEY.fullmatch(params):
            yield params
    elif isinstance(params, dict):
        yield from _keys(list(params.values()))
    elif isinstance(params, list | tuple):
        for one in params:
            yield from _keys(one)


def _commit(connection: Connection) -> None:
    moved, recorded = connection.info.pop(_MOVED, set()), connection.info.pop(_RECORDED, set())
    if moved - recorded:
        line = connection.info.pop(_LINE)
        faults.append(f"{line} changes numbers of people and records nothing of their course")
    acts, renamed = connection.info.pop(_ACTS, set()), connection.info.pop(_RENAMED, None)
    if renamed and not acts & RENAMING:
        faults.append(f"{renamed} changes a name and records {sorted(acts)}, none of RENAMING")


def _courses(connection: Connection, keys: set[str]) -> set[str]:
    """The courses that these ids are of, or of whose registrations and blocks."""
    if not keys:
        return set()
    given = ", ".join(f"'{key}'" for key in sorted(keys))
    parts = [f"SELECT id FROM course WHERE id IN ({given})"]
    parts += [f"SELECT course_id FROM {one} WHERE id IN ({given})" for one in _OF_COURSES]
    answers = f"SELECT registration_id FROM answer WHERE id IN ({given})"
    parts.append(f"SELECT course_id FROM registration WHERE id IN ({answers})")
    cursor = connection.connection.cursor()  # beside the events that count statements
    try:
        cursor.execute(" UNION ".join(parts))
        return {row[0] for row in cursor.fetchall()}
    finally:
        cursor.close()


def _rollback(connection: Connection) -> None:
    if connection.invalidated:  # the server went away, and what was noted with it
        return
    for noted in (_MOVED, _RECORDED, _ACTS, _RENAMED):
        connection.info.pop(noted, None)


def start() -> None:
    """Watch from now on; what is found lies in ``faults``."""
    event.listen(Engine, "before_cursor_execute", _before)
    event.listen(Engine, "commit", _commit)
    event.listen(Engine, "rollback", _rollback)
