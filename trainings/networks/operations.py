"""Asking a course's people about their working contacts: plan, send, answer, remind, close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from trainings.audit.writes import record
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound, Refusal, refuse
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.mail.writes import Letter, enqueue_each
from trainings.mailings import rules as mailing_rules
from trainings.mailings import writes as mailings
from trainings.networks import queries, writes
from trainings.networks.count_rules import counted, division_of
from trainings.networks.models import ContactWave
from trainings.networks.rules import (
    ASKED,
    GOING,
    Contacts,
    CourseNotGoing,
    NobodyToAsk,
    WaveInThePast,
    WaveKind,
    WaveNotOpen,
    WaveSent,
    WaveState,
    check_day,
    last_day,
    reminder_at,
)
from trainings.people import reading
from trainings.registrations import locked_queries
from trainings.registrations.mail_writes import language_of
from trainings.registrations.models import Registration
from trainings.web.responses import external_url

# Waves belong to the days of a course, like the agenda: organisers of all its agencies see to them.
EDIT = Permission.AGENDA_EDIT


def plan(course_id: str, days: Mapping[WaveKind, date | None], by: Viewer) -> None:
    """Say on which days a course's people are asked; a wave without a day is not sent by itself.

    What was sent already stays as it is. Raises ``WaveInThePast``, ``WaveTooLate``,
    ``WaveTooEarly``, each with the field it belongs to; ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        versions.check()
        there = queries.waves(course.id)
        faults: list[Refusal] = []
        for kind, day in days.items():
            wave = there.get(kind)
            if wave is not None and (wave.state is not WaveState.PLANNED or wave.sends_on == day):
                continue
            try:
                _plan_one(session, course, kind, day, wave)
            except Refusal as refusal:
                refusal.field = str(kind)
                faults.append(refusal)
        refuse(faults)
        record(
            session,
            "network.plan",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            days={str(kind): day.isoformat() for kind, day in days.items() if day},
        )


def _plan_one(
    session: Session, course: Course, kind: WaveKind, day: date | None, wave: ContactWave | None
) -> None:
    if day is None:
        if wave is not None:
            session.delete(wave)
        return
    if day < clock.today(course.zone):
        raise WaveInThePast
    check_day(kind, day, course.starts_on, course.ends_on)
    if wave is None:
        writes.add_wave(session, course.id, kind, day)
    else:
        wave.sends_on = day


def send(course_id: str, kind: WaveKind, by: Viewer) -> int:
    """Ask everybody who takes part now, before the day that was planned; returns how many.

    Raises ``WaveSent``, ``CourseNotGoing``, ``WaveTooLate``, ``WaveTooEarly``, ``NobodyToAsk``,
    ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        today = clock.today(course.zone)
        wave = queries.wave(course.id, kind)
        if wave is None:
            wave = writes.add_wave(session, course.id, kind, today)
            session.flush()
        if wave.state is not WaveState.PLANNED:
            raise WaveSent
        return _send(session, course, wave, by.account_id)


def _send(session: Session, course: Course, wave: ContactWave, by: str | None) -> int:
    today = clock.today(course.zone)
    if course.state not in GOING:
        raise CourseNotGoing
    check_day(wave.kind, today, course.starts_on, course.ends_on)
    there = locked_queries.with_persons(course.id, ASKED)
    wave.sends_on, wave.sent_at = today, clock.now()
    wave.last_on = last_day(wave.kind, today, course.starts_on)
    wave.asked = len(there)
    session.flush()
    told = _tell(session, course, wave, there, "network_asked")
    if not told:
        raise NobodyToAsk
    writes.keep_asked(session, wave.id, [one.id for one in there])
    record(
        session,
        "network.send",
        "course",
        course.id,
        by=by,
        course_id=course.id,
        wave=str(wave.kind),
        asked=wave.asked,
    )
    return told


def _tell(
    session: Session, course: Course, wave: ContactWave, people: Sequence[Registration], event: str
) -> int:
    """Email these people about a wave, many of them by the worker; returns how many."""
    if len(people) > mailing_rules.PORTION:
        keys = [one.id for one in people]
        return mailings.tell_about(session, course, event, wave.id, keys)
    return len(enqueue_each(session, _letters(course, wave, people, event)))


def letters(
    course: Course, event: str, wave_id: str, people: Sequence[Registration]
) -> Sequence[Letter]:
    """What is still to be written to these people about a wave; nothing once it is over."""
    found = [one for one in queries.waves(course.id).values() if one.id == wave_id]
    return [
        letter
        for wave in found
        if wave.state is WaveState.OPEN
        for letter in _letters(course, wave, people, event)
    ]


def _letters(
    course: Course, wave: ContactWave, people: Sequence[Registration], event: str
) -> list[Letter]:
    """An email with a link of their own to each of these who has an address."""
    known = reading.opened([one.person_id for one in people]) if people else {}
    return [
        Letter(
            event,
            to=known[one.person_id].mail,
            language=language_of(one),
            person_id=one.person_id,
            course_id=course.id,
            context={
                "course": course,
                "name": known[one.person_id].name,
                "question": wave.kind.question,
                "last_on": wave.last_on,
                "link": external_url(
                    "networks_answer.answer", token=queries.token(wave.id, one.id)
                ),
            },
        )
        for one in people
        if known[one.person_id].mail
    ]


def answer(secret: str, said: Contacts) -> None:
    """Answer by one's link, or change one's answer while the wave is open.

    Groups that the course does not ask about, and one's own, are left out. Raises ``WaveNotOpen``,
    ``NotFound``.
    """
    course_id = queries.asked_with(secret).course.id
    with transaction() as session:
        course = courses.course_for_update(course_id)
        asked = queries.asked_with(secret)
        if not _answerable(course, asked.wave):
            raise WaveNotOpen
        known = set(queries.cells_of(course)) - {asked.cell}
        named = {cell: often for cell, often in said.named.items() if cell in known}
        kept = Contacts(named, said.ways, said.outcomes)
        first = writes.keep_answer(session, asked.wave.id, asked.registration_id, kept)
        session.flush()
        if first:  # the trail counts answers without names, as it does evaluations
            record(
                session,
                "network.answer",
                "course",
                course.id,
                by=None,
                course_id=course.id,
                wave=str(asked.wave.kind),
            )


def _answerable(course: Course, wave: ContactWave) -> bool:
    """Whether a wave can be answered today."""
    today = clock.today(course.zone)
    return wave.state is WaveState.OPEN and wave.last_on is not None and today <= wave.last_on


def close(course_id: str, kind: WaveKind, by: Viewer) -> int:
    """Close an open wave before its last day and count it; returns how many answered.

    Raises ``WaveNotOpen``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, EDIT, course_id)
        wave = queries.wave(course.id, kind)
        if wave is None or wave.state is not WaveState.OPEN:
            raise WaveNotOpen
        return _close(session, course, wave, by.account_id)


def _close(session: Session, course: Course, wave: ContactWave, by: str | None) -> int:
    """Count a wave and delete its answers: from here on only sums are left."""
    replies = queries.replies(wave.id)
    before = queries.in_order_of_closing(queries.waves(course.id))
    division = division_of(one.counted for one in before)
    kept = counted(replies, queries.cells_of(course), division)
    writes.close(session, wave, kept, len(queries.asked_in(wave.id)))
    record(
        session,
        "network.close",
        "course",
        course.id,
        by=by,
        course_id=course.id,
        wave=str(wave.kind),
        answered=len(replies),
    )
    return len(replies)


def turn() -> None:
    """Send the waves that are due, remind once who has not answered, close what is over; a round.

    A wave that cannot be sent is tried again: nobody may have confirmed a seat yet.
    """
    for course_id in queries.in_motion(clock.now().date() + timedelta(days=1)):
        with transaction() as session:
            try:
                course = courses.course_for_update(course_id)
            except NotFound:
                continue
            for wave in queries.waves(course_id).values():
                _turn_one(session, course, wave)


def _turn_one(session: Session, course: Course, wave: ContactWave) -> None:
    today = clock.today(course.zone)
    if wave.state is WaveState.PLANNED and wave.sends_on <= today and _due(course, wave, today):
        _send(session, course, wave, None)
    elif wave.state is WaveState.OPEN and not _answerable(course, wave):
        _close(session, course, wave, None)
    elif wave.state is WaveState.OPEN and wave.reminded_at is None and _halfway(course, wave):
        _remind(session, course, wave)


def _halfway(course: Course, wave: ContactWave) -> bool:
    """Whether half of the time to answer is over."""
    if wave.sent_at is None or wave.last_on is None:
        return False
    return clock.now() >= reminder_at(wave.sent_at, clock.end_of(wave.last_on, course.zone))


def _due(course: Course, wave: ContactWave, today: date) -> bool:
    """Whether a planned wave can be sent: the course goes on, and there is somebody to ask."""
    try:
        check_day(wave.kind, today, course.starts_on, course.ends_on)
    except Refusal:
        return False
    there = locked_queries.with_persons(course.id, ASKED)
    known = reading.opened([one.person_id for one in there]) if there else {}
    return course.state in GOING and any(one.mail for one in known.values())


def _remind(session: Session, course: Course, wave: ContactWave) -> None:
    """Email those who have not answered, once."""
    wave.reminded_at = clock.now()
    silent = queries.silent_in(wave.id)
    people = locked_queries.with_persons(course.id, ASKED, silent) if silent else []
    reminded = _tell(session, course, wave, people, "network_reminded")
    record(
        session,
        "network.remind",
        "course",
        course.id,
        by=None,
        course_id=course.id,
        wave=str(wave.kind),
        reminded=reminded,
    )
