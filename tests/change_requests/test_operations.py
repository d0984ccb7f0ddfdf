"""Changes after selection need an organiser: asked, approved, refused, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, racing
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.change_requests import operations, queries
from trainings.change_requests.models import ChangeRequest
from trainings.change_requests.rules import APPROVED, ChangesOver, NoLongerAsked, last_day
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.participants import operations as person_operations
from trainings.people import reading
from trainings.registrations import locked_queries
from trainings.registrations import queries as registrations
from trainings.registrations.rules import LIVE, ActRefused, ReasonMissing, State
from trainings.seats import answer_operations
from trainings.selection import operations as selection

TRUE = {"given_name": "Rosa", "family_name": "Ejemplo", "born": "1980-03-27", "sex": "F"}
ASKED = {
    "given_name": "Rosa María",
    "family_name": "Ejemplo",
    "born": "1981-03-27",
    "sex": "X",
    "unit": "Court 7",
}


class Seat:
    """A course, and somebody whose details are complete."""

    def __init__(self, state: State = State.CONFIRMED, **course: Any) -> None:
        self.course = factories.course(**{"agencies": ("IOM", "INTERPOL"), **course})
        self.by = acting.organiser()
        self.number, self.person = acting.standing(self.course, state)
        self.send()

    def send(self, **details: Any) -> bool:
        """The person sends their details; returns whether a change waits."""
        given = acting.details(**{**TRUE, "phone": "+591 2 1", **details})
        return person_operations.complete_details(self.number, given, self.person)

    def kept(self) -> dict[str, str]:
        """The details as they are kept now."""
        db.session.close()
        row = acting.registration(self.number)
        return queries.kept(row, reading.opened([row.person_id])[row.person_id])

    def asked(self) -> ChangeRequest | None:
        """What waits."""
        db.session.close()
        return db.session.scalars(select(ChangeRequest)).one_or_none()

    def seen(self) -> str:
        """The id of what waits."""
        row = self.asked()
        assert row is not None
        return row.id

    def approve(self, seen: str | None = None) -> None:
        """An organiser approves what waits."""
        operations.approve(self.course, self.number, seen or self.seen(), self.by)

    def refuse(self, reason: str = "The letter is out") -> None:
        """An organiser refuses what waits."""
        operations.refuse(self.course, self.number, self.seen(), reason, self.by)


def acts() -> list[str]:
    db.session.close()
    wanted = (
        select(AuditEntry.act).where(AuditEntry.act.like("%_change")).order_by(AuditEntry.number)
    )
    return list(db.session.scalars(wanted.order_by(AuditEntry.number)))


@pytest.fixture
def seat(each_app: Flask) -> Seat:
    return Seat()


@pytest.mark.parametrize("state", sorted(LIVE))
def test_only_who_has_a_seat_needs_approval(app: Flask, state: State) -> None:
    seat = Seat(state)
    waits = seat.send(**ASKED)
    assert waits == (state in (State.OFFERED, State.CONFIRMED))
    assert (seat.kept() == ASKED) is not waits


def test_what_was_never_given_needs_none(app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.CONFIRMED)
    assert not person_operations.complete_details(number, acting.details(**ASKED), person)


def test_all_that_needs_no_approval_is_changed_at_once(seat: Seat) -> None:
    before = seat.kept()
    assert seat.send(**ASKED, phone="+591 2 2", document="BO-2", needs="A ramp")
    row = acting.registration(seat.number)
    identity = reading.opened([row.person_id])[row.person_id]
    known = registrations.as_given(row, identity)
    assert (known.phone, known.document, registrations.needs(row)) == ("+591 2 2", "BO-2", "A ramp")
    assert seat.kept() == before
    assert queries.wanted(row) == {k: v for k, v in ASKED.items() if v != before[k]}


def test_it_lies_sealed(seat: Seat) -> None:
    seat.send(**ASKED)
    row = seat.asked()
    assert row is not None and b"Court 7" not in row.wanted


def test_an_approved_change_is_made_and_told(seat: Seat) -> None:
    seat.send(**ASKED, needs="A ramp")
    seat.approve()
    assert seat.kept() == ASKED
    row = acting.registration(seat.number)
    own = reading.own_record(row.person_id)
    assert (own.born, own.unit, own.name) == ("1981-03-27", "Court 7", "Rosa María Ejemplo")
    assert registrations.needs(row) == "A ramp" and row.complete, "the rest stays"
    assert seat.asked() is None
    (told,) = factories.mails("registration_changed")
    assert "have approved" in told.body or "han aprobado" in told.body
    assert acts() == ["registration.ask_change", "registration.approve_change"]


@pytest.mark.parametrize("name", list(APPROVED))
def test_each_detail_is_changed_alone(app: Flask, name: str) -> None:
    seat = Seat()
    before = seat.kept()
    seat.send(**{name: ASKED[name], "unit": ASKED["unit"] if name == "unit" else "Court"})
    if ASKED[name] == before[name]:
        assert seat.asked() is None
        return
    seat.approve()
    assert seat.kept() == {**before, name: ASKED[name]}


def test_an_emptied_detail_is_a_change_too(app: Flask) -> None:
    seat = Seat()
    assert seat.send(born="", sex=None)
    seat.approve()
    assert (seat.kept()["born"], seat.kept()["sex"]) == ("", "")


def test_a_refused_change_leaves_all_as_it_was_and_its_reason_is_told(seat: Seat) -> None:
    before = seat.kept()
    seat.send(**ASKED)
    with pytest.raises(ReasonMissing):
        seat.refuse("  ")
    seat.refuse()
    assert seat.kept() == before and seat.asked() is None
    (told,) = factories.mails("registration_unchanged")
    assert "The letter is out" in told.body
    assert acts() == ["registration.ask_change", "registration.refuse_change"]


def test_taken_back_by_a_button_or_by_sending_what_is_there(seat: Seat) -> None:
    seat.send(**ASKED)
    operations.take_back(seat.number, seat.person)
    assert seat.asked() is None
    with pytest.raises(NoLongerAsked):
        operations.take_back(seat.number, seat.person)
    seat.send(**ASKED)
    assert not seat.send(unit="Court")
    assert seat.asked() is None
    asked, back = "registration.ask_change", "registration.take_back_change"
    assert acts() == [asked, back, asked, back]


def test_nobody_approves_what_they_have_not_seen(seat: Seat) -> None:
    seat.send(**ASKED)
    seen = seat.seen()
    seat.send(**ASKED)
    assert seat.seen() == seen, "the same again is the same request"
    seat.send(**{**ASKED, "unit": "Court 8"})
    with pytest.raises(NoLongerAsked):
        seat.approve(seen)
    seat.approve()
    assert seat.kept()["unit"] == "Court 8"
    with pytest.raises(NoLongerAsked):
        seat.approve(seen)


def test_organisers_are_told_of_the_first_that_waits(seat: Seat) -> None:
    seat.send(**ASKED)
    assert len(factories.mails("change_asked")) == 1
    other, person = acting.standing(seat.course, State.CONFIRMED)
    for unit in ("Court 1", "Court 2"):
        person_operations.complete_details(other, acting.details(unit=unit), person)
    assert len(factories.mails("change_asked")) == 1


def test_only_organisers_of_the_course_decide(app: Flask) -> None:
    seat = Seat()
    seat.send(**ASKED)
    strangers = [
        acting.focal_point("BO"),
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=seat.course),
        seat.person,
        Viewer(),
    ]
    for stranger in strangers:
        with pytest.raises(NotFound):
            operations.approve(seat.course, seat.number, seat.seen(), stranger)
        with pytest.raises(NotFound):
            operations.refuse(seat.course, seat.number, seat.seen(), "No", stranger)
    _number, other = acting.standing(seat.course, State.CONFIRMED)
    with pytest.raises(NotFound):
        operations.take_back(seat.number, other)


def test_of_somebody_who_left_nothing_is_approved(app: Flask) -> None:
    seat = Seat()
    seat.send(**ASKED)
    answer_operations.withdraw(seat.number, "Ill", seat.person)
    assert not queries.waiting(seat.by, seat.course) and not queries.how_many(seat.course)
    with pytest.raises(ActRefused):
        seat.approve()


def test_what_waited_goes_when_a_seat_was_taken_back_and_the_person_changes_it(app: Flask) -> None:
    seat = Seat(State.OFFERED)
    seat.send(**ASKED)
    selection.unselect(seat.course, [seat.number], seat.by)
    assert not seat.send(unit="Court 9"), "without a seat it is changed at once"
    assert seat.kept()["unit"] == "Court 9" and seat.asked() is None


@pytest.mark.parametrize(("days", "ends"), [(None, 3), (0, 0), (10, -10)])
def test_until_which_day(days: int | None, ends: int) -> None:
    first = clock.now().date()
    assert last_day(days, first, first + timedelta(days=3)) == first + timedelta(days=ends)


def test_after_the_day_nothing_is_changed_but_gaps_are_still_filled(app: Flask) -> None:
    seat = Seat()
    number, person = acting.standing(seat.course, State.CONFIRMED)
    with transaction() as session:
        row = session.get_one(Course, seat.course, execution_options={"scope": "operation"})
        row.changes_days = (row.starts_on - clock.today(row.zone)).days + 1
    with pytest.raises(ChangesOver):
        seat.send(phone="+591 2 3")
    person_operations.complete_details(number, acting.details(), person)
    with pytest.raises(ChangesOver):
        person_operations.complete_details(number, acting.details(phone="+1"), person)


def decided_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One organiser approves a change while another refuses it."""
    seat = Seat()
    seat.send(**ASKED)
    seen = seat.seen()
    both: list[Callable[[], object]] = [
        partial(seat.approve, seen),
        partial(operations.refuse, seat.course, seat.number, seen, "Too late", acting.organiser()),
    ]
    found = racing.both_look(app, monkeypatch, queries, "request_of", both)
    return sorted(type(one).__name__ for one in found)


def test_a_change_is_decided_once(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert decided_twice(each_app, monkeypatch) == ["NoLongerAsked", "NoneType"]


def test_without_the_locks_it_is_decided_twice(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses, locked_queries)
    assert decided_twice(each_app, monkeypatch) != ["NoLongerAsked", "NoneType"]
