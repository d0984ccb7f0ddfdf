"""Books rooms and trainers for sessions, inside the caller's transaction; nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainings.agenda import clash_queries
from trainings.agenda.clash_rules import (
    Busy,
    Clash,
    RoomBusy,
    RoomBusyElsewhere,
    Slot,
    TakenMeanwhile,
    TrainerBusy,
    TrainerBusyElsewhere,
    What,
    clashes,
)
from trainings.agenda.models import TWICE, AgendaSession, Booking
from trainings.agenda.rules import shown_title
from trainings.core.db import upsert
from trainings.core.errors import Refusal
from trainings.core.i18n import _
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading


@contextmanager
def naming_clashes(by: Viewer | None) -> Iterator[None]:
    """Wrap a transaction that may find a trainer busy: the refusal is raised with their name.

    The name is opened (and the read logged) after the transaction is rolled back.
    """
    try:
        yield
    except Busy as busy:
        raise named(busy, by) from None
    except IntegrityError as error:
        if TWICE not in str(error.orig):
            raise
        raise TakenMeanwhile from None


def named(refusal: Refusal, by: Viewer | None) -> Refusal:
    """The same refusal; where a trainer is busy, with their name, whose reading is logged.

    Not inside a transaction.
    """
    trainer_id = refusal.values.get("trainer_id")
    if trainer_id is None or by is None:
        return refusal
    person = clash_queries.person_of(trainer_id)
    name = reading.open([person], by=by.account_id, purpose="agenda")[person].name
    return type(refusal)(**{**refusal.values, "trainer": name})


def check_free(
    slots: Sequence[Slot], by: Viewer | None, *, course: Course, titles: Mapping[str, str]
) -> None:
    """Refuse sessions that need a room or a trainer that is busy at the time, in any course.

    Call it once trainers and rooms are locked (``queries.lock``). ``course``: theirs; ``titles``:
    what to call each. Raises ``Busy``; a session that ``by`` may not see is called “in another
    course”.
    """
    if not slots:
        return
    rooms = {slot.room for slot in slots if slot.room is not None}
    trainers = {trainer for slot in slots for trainer in slot.trainers}
    own = {slot.session: slot for slot in slots}
    others = clash_queries.busy(
        min(slot.starts for slot in slots),
        max(slot.ends for slot in slots),
        rooms,
        trainers,
        but=own.keys(),
    )
    known = {one.id: one for one in others}
    for clash in clashes([*slots, *map(clash_queries.slot, others)]):
        mine = own.keys() & {clash.first, clash.second}
        if mine:
            other = clash.second if clash.first in mine else clash.first
            if other in known:
                row = known[other]
                seen = by is not None and courses.may(by, Permission.AGENDA_READ, row.course)
                raise _refusal(clash, clash_queries.slot(row), row.course, title_of(row), seen)
            raise _refusal(clash, own[other], course, titles.get(other, ""), seen=True)


def title_of(row: AgendaSession) -> str:
    """What a stored session is called."""
    return shown_title(row.titles, row.module.titles if row.module else None, row.kind)


def _refusal(clash: Clash, other: Slot, course: Course, title: str, seen: bool) -> Busy:
    """The refusal that says what is needed twice, and by which session; ``seen``: by the reader."""
    zone = ZoneInfo(course.zone)
    values = {
        "day": other.starts.astimezone(zone).date(),
        "start": f"{other.starts.astimezone(zone):%H:%M}",
        "end": f"{other.ends.astimezone(zone):%H:%M}",
        "other": title,
    }
    if clash.what is What.ROOM:
        values["room"] = clash_queries.room_name(clash.id)
        return RoomBusy(**values) if seen else RoomBusyElsewhere(**values)
    values |= {"trainer": _("One of the trainers"), "trainer_id": clash.id}
    return TrainerBusy(**values) if seen else TrainerBusyElsewhere(**values)


def book(session: Session, slots: Collection[Slot], before: Collection[Slot] = ()) -> None:
    """Book the rooms and trainers of sessions that are stored.

    ``before``: what these sessions needed until now; what they no longer need is free again. A
    session that is deleted frees all by itself. PostgreSQL looks once more at the end of the
    transaction that nothing is booked twice.
    """
    needed = {(slot.session, one): slot for slot in slots for one in slot.needs}
    gone = {(slot.session, one) for slot in before for one in slot.needs} - needed.keys()
    if gone:
        _drop(session, tuple_(Booking.session_id, Booking.resource_id).in_(sorted(gone)))
    if not needed:
        return
    statement = upsert(session, Booking)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "resource_id"],
            set_={
                "starts_utc": statement.excluded.starts_utc,
                "ends_utc": statement.excluded.ends_utc,
            },
        ),
        [
            {
                "session_id": key,
                "resource_id": one,
                "starts_utc": slot.starts,
                "ends_utc": slot.ends,
            }
            for (key, one), slot in needed.items()
        ],
    )


def hand_over(session: Session, goes: str, stays: str) -> None:
    """Book for one trainer what is booked for another, who is the same person.

    The sessions of both do not overlap, but that they may give one together.
    """
    both = select(Booking.session_id).where(Booking.resource_id == stays)
    _drop(session, (Booking.resource_id == goes) & Booking.session_id.in_(both))
    session.execute(
        update(Booking)
        .where(Booking.resource_id == goes)
        .values(resource_id=stays)
        .execution_options(synchronize_session=False)
    )


def free_all(session: Session, course_id: str) -> None:
    """Free all rooms and trainers of a course, which is cancelled."""
    of_course = select(AgendaSession.id).where(AgendaSession.course_id == course_id)
    _drop(session, Booking.session_id.in_(of_course))


def _drop(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(delete(Booking).where(which).execution_options(synchronize_session=False))
