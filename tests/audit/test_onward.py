"""The trail is verified onward as it grows, and all of it once a day; pages only read the note."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from tests import counting
from trainings.audit import anchor, operations
from trainings.audit.writes import record
from trainings.core import clock
from trainings.core.db import db, transaction


def _write(count: int) -> None:
    for number in range(count):
        with transaction() as session:
            record(session, "course.publish", "course", f"c{number}", by="a1", seats=number)


def _sql(statement: str) -> None:
    with transaction() as session:
        session.execute(text(statement))


def test_what_was_verified_is_not_read_again(each_app: Flask) -> None:
    _write(5)
    operations.verify_onward()
    standing = operations.standing()
    assert (standing.number, standing.fault, standing.whole_at) == (5, "", standing.at)
    _write(2)
    with counting.statements() as sent:
        operations.verify_onward()
    assert operations.standing().number == 7
    assert len(sent) == 4, sent  # is 5 as it was, what came after, nothing more, the head
    with counting.statements() as sent:
        operations.standing()
    assert sent == []


def test_a_long_trail_is_verified_in_parts(each_app: Flask) -> None:
    _write(7)
    found = []
    for _time in range(3):
        operations.verify_onward(most=3)
        standing = operations.standing()
        found.append((standing.number, standing.fault, standing.whole_at is not None))
    assert found == [(3, "", False), (6, "", False), (7, "", True)]


def test_a_change_of_what_is_new_is_found_at_once(each_app: Flask) -> None:
    _write(3)
    operations.verify_onward()
    _write(2)
    _sql("UPDATE audit_entry SET act = 'course.cancel' WHERE number = 4")
    operations.verify_onward()
    assert "4" in operations.standing().fault
    _write(1)
    operations.verify_onward()
    assert "4" in operations.standing().fault, "it does not go past it"


def test_a_tail_cut_after_it_was_verified_is_found(each_app: Flask) -> None:
    _write(5)
    operations.verify_onward()
    _sql("DELETE FROM audit_entry WHERE number = 5")
    _sql("UPDATE audit_head SET number = 4, mac = (SELECT mac FROM audit_entry WHERE number = 4)")
    operations.verify_onward()
    assert "5" in operations.standing().fault


def test_a_change_of_what_was_verified_is_found_within_a_day_and_by_hand(each_app: Flask) -> None:
    _write(5)
    operations.verify_onward()
    _sql("UPDATE audit_entry SET act = 'course.cancel' WHERE number = 2")
    operations.verify_onward()
    assert operations.standing().fault == "", "only the full check reads entry 2 again"
    assert operations.verify() is not None
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        operations.verify_onward()
        assert "2" in operations.standing().fault


def test_a_note_that_others_changed_counts_for_nothing(each_app: Flask) -> None:
    _write(3)
    operations.verify_onward()
    path = operations.checked_path()
    was, code = anchor.kept(path)
    _sql("UPDATE audit_entry SET act = 'course.cancel' WHERE number = 2")
    path.write_text(path.read_text().replace('"number": 3', '"number": 2'))
    assert "note" in operations.standing().fault
    operations.verify_onward()
    assert "2" in operations.standing().fault, "all of it is checked again"
    anchor.keep(path, was, code)


def test_before_the_worker_has_run_nothing_is_claimed(each_app: Flask) -> None:
    _write(1)
    standing = operations.standing()
    assert (standing.at, standing.fault, standing.late(clock.now())) == (None, "", False)
    operations.verify_onward()
    assert not operations.standing().late(clock.now())
    assert operations.standing().late(clock.now() + timedelta(hours=2))
    db.session.remove()
