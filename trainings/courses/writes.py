"""Adds and changes courses, programmes, modules and rooms within the caller's transaction.

Also emails people who are not candidates of a course: its trainers, focal points and staff.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.core import clock, files
from trainings.core.db import new_key
from trainings.core.i18n import Texts
from trainings.courses.models import (
    Course,
    CourseAgency,
    CourseModule,
    Lesson,
    Module,
    Phase,
    Programme,
    Room,
    Signatory,
)
from trainings.courses.rules import CourseState, check_code
from trainings.mail.text_rules import OwnText
from trainings.mail.writes import Letter, enqueue_each
from trainings.people import reading


def add_course(
    session: Session,
    *,
    code: str,
    lead_agency_id: str,
    agency_ids: Sequence[str],
    module_ids: Sequence[str] = (),
    signatories: Sequence[tuple[str, Texts]] = (),
    agreeing: Collection[str] = (),
    **values: Any,
) -> Course:
    """Add a draft course with its agencies (the lead first), modules and signatories.

    ``agreeing``: the agencies that agree by this act; the others are asked.
    """
    course = Course(
        id=new_key(),
        code=check_code(code),
        lead_agency_id=lead_agency_id,
        link_key=new_key(),
        state=CourseState.DRAFT,
        state_at=clock.now(),
        created_at=clock.now(),
        **values,
    )
    session.add(course)
    session.flush()
    set_agencies(session, course, lead_agency_id, agency_ids, agreeing)
    set_modules(session, course, module_ids)
    set_signatories(session, course, signatories, agreeing)
    return course


def set_values(course: Course, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change columns of a course; returns the old values of those that differ."""
    before: dict[str, Any] = {}
    for name, value in values.items():
        old = getattr(course, name)
        if old != value:
            before[name] = old
            setattr(course, name, value)
    return before


def set_agencies(
    session: Session,
    course: Course,
    lead: str,
    others: Sequence[str],
    agreeing: Collection[str] = (),
) -> list[str]:
    """Set the agencies of a course, the lead first; returns those that are newly asked.

    An agency that stays keeps its answer; a new one organises at once only where it is among
    ``agreeing``. One that goes takes its signatories along.
    """
    before = {
        row.agency_id: row
        for row in session.scalars(
            select(CourseAgency).where(CourseAgency.course_id == course.id)
        ).all()
    }
    course.lead_agency_id = lead
    ordered = [lead, *(agency for agency in dict.fromkeys(others) if agency != lead)]
    asked = []
    for position, agency_id in enumerate(ordered):
        row = before.pop(agency_id, None)
        if row is not None:
            row.position = position
            if agency_id == lead and agency_id in agreeing:  # who takes the lead agrees by it
                row.agreed_at = row.agreed_at or clock.now()
            continue
        agreed_at = clock.now() if agency_id in agreeing else None
        session.add(
            CourseAgency(
                course_id=course.id, agency_id=agency_id, position=position, agreed_at=agreed_at
            )
        )
        if agreed_at is None:
            asked.append(agency_id)
    for gone in before.values():
        leave(session, gone)
    return asked


def leave(session: Session, row: CourseAgency) -> None:
    """Take an agency off a course, with its signatories and their signatures."""
    session.delete(row)
    for signatory in session.scalars(
        select(Signatory).where(
            Signatory.course_id == row.course_id, Signatory.agency_id == row.agency_id
        )
    ).all():
        remove_signatory(session, signatory)


def remove_signatory(session: Session, signatory: Signatory) -> None:
    """Remove a signatory with the scanned signature; issued certificates have their own copy."""
    if signatory.picture_file is not None:
        files.remove_with(session, signatory.picture_file)
    session.delete(signatory)


def set_modules(session: Session, course: Course, module_ids: Sequence[str]) -> None:
    """Set the modules of a course, in this order; those that stay keep their planned minutes."""
    of_course = CourseModule.course_id == course.id
    planned = {
        one.module_id: one.planned_minutes
        for one in session.scalars(select(CourseModule).where(of_course))
    }
    session.execute(delete(CourseModule).where(of_course))
    for position, module_id in enumerate(dict.fromkeys(module_ids)):
        session.add(
            CourseModule(
                course_id=course.id,
                module_id=module_id,
                position=position,
                planned_minutes=planned.get(module_id),
            )
        )


def plan_minutes(session: Session, course: Course, module_id: str, minutes: int | None) -> None:
    """Set how many minutes a course means to teach one of its modules, or that it is not said."""
    session.execute(
        update(CourseModule)
        .where(CourseModule.course_id == course.id, CourseModule.module_id == module_id)
        .values(planned_minutes=minutes)
    )


def set_signatories(
    session: Session,
    course: Course,
    signatories: Sequence[tuple[str, Texts]],
    agreeing: Collection[str] = (),
) -> list[str]:
    """Set the signatories (agency, title per language) of a course's certificates.

    An unchanged entry keeps its answer and its scanned signature; a new title means a different
    signatory, who signs at once only for an agency among ``agreeing``. Returns the agencies of
    those who are newly proposed.
    """
    proposed = []
    before = list(session.scalars(select(Signatory).where(Signatory.course_id == course.id)))
    for position, (agency_id, titles) in enumerate(signatories):
        same = next(
            (one for one in before if one.agency_id == agency_id and one.titles == titles), None
        )
        if same is not None:
            before.remove(same)
            same.position = position
            continue
        agreed_at = clock.now() if agency_id in agreeing else None
        session.add(
            Signatory(
                course_id=course.id,
                agency_id=agency_id,
                position=position,
                titles=titles,
                agreed_at=agreed_at,
            )
        )
        if agreed_at is None:
            proposed.append(agency_id)
    for gone in before:
        remove_signatory(session, gone)
    return proposed


def set_state(course: Course, state: CourseState) -> None:
    """Set the state of a course; the caller has checked that the move is allowed."""
    course.state = state
    course.state_at = clock.now()


def add_programme(
    session: Session,
    *,
    code: str,
    agency_id: str | None,
    titles: Texts,
    texts: Texts,
    copied_from_id: str | None = None,
) -> Programme:
    """Add a programme that an agency owns."""
    programme = Programme(
        id=new_key(),
        code=code,
        agency_id=agency_id,
        titles=titles,
        texts=texts,
        copied_from_id=copied_from_id,
    )
    session.add(programme)
    session.flush()
    return programme


def copy_programme(session: Session, source: Programme, *, code: str, agency_id: str) -> Programme:
    """Copy a programme to an agency, with its phases, and with its lessons as open ones."""
    made = add_programme(
        session,
        code=code,
        agency_id=agency_id,
        titles=source.titles,
        texts=source.texts,
        copied_from_id=source.id,
    )
    copies: dict[str | None, str] = {}
    for phase in source.phases:
        values = ("titles", "texts", "starts_on", "ends_on")
        copied = {name: getattr(phase, name) for name in values}
        copies[phase.id] = add_phase(session, made.id, phase.position, **copied).id
    session.flush()
    for lesson in source.lessons:
        add_lesson(
            session,
            made.id,
            lesson.position,
            lesson.texts,
            kind=lesson.kind,
            phase_id=copies.get(lesson.phase_id),
            agency_id=agency_id,
        )
    return made


def add_phase(session: Session, programme_id: str, position: int, **values: Any) -> Phase:
    """Add a phase to a programme."""
    phase = Phase(id=new_key(), programme_id=programme_id, position=position, **values)
    session.add(phase)
    return phase


def forget_phase(session: Session, phase: Phase) -> None:
    """Remove a phase; what was found and learned in it stays in the programme."""
    session.execute(update(Lesson).where(Lesson.phase_id == phase.id).values(phase_id=None))
    session.delete(phase)


def add_lesson(
    session: Session, programme_id: str, position: int, texts: Texts, **values: Any
) -> Lesson:
    """Add a finding or lesson to a programme, open."""
    lesson = Lesson(
        id=new_key(),
        programme_id=programme_id,
        position=position,
        texts=texts,
        opened_at=clock.now(),
        **values,
    )
    session.add(lesson)
    return lesson


def add_module(
    session: Session,
    *,
    code: str,
    agency_id: str | None,
    titles: Texts,
    objectives: dict[str, list[str]],
    exploitation: list[str],
    copied_from_id: str | None = None,
) -> Module:
    """Add a module that an agency owns, with its objectives, one per line in each language."""
    module = Module(
        id=new_key(),
        code=code,
        agency_id=agency_id,
        titles=titles,
        objectives=objectives,
        exploitation=exploitation,
        copied_from_id=copied_from_id,
    )
    session.add(module)
    session.flush()
    return module


def forget_source(session: Session, module: Module) -> None:
    """Let the copies of a module forget where they come from: it is removed."""
    session.execute(
        update(Module).where(Module.copied_from_id == module.id).values(copied_from_id=None)
    )


def add_room(session: Session, *, venue: str, name: str, seats: int) -> Room:
    """Add a room to a venue."""
    room = Room(id=new_key(), venue=venue, name=name, seats=seats)
    session.add(room)
    session.flush()
    return room


def tell(
    session: Session,
    course: Course,
    event: str,
    people: Mapping[str, str],
    *,
    own: Callable[[str], OwnText] | None = None,
    files: Sequence[str] = (),
    **context: Any,
) -> int:
    """Email people, given as person id and language; returns how many could be reached.

    ``own``: what an organiser wrote, in a language; ``files`` as in ``Letter``.
    """
    letters = [
        Letter(
            event,
            to=one.mail,
            language=people[one.id] or "en",
            person_id=one.id,
            course_id=course.id,
            context={"course": course, "name": one.name, **context},
            own=own(people[one.id] or "en") if own else None,
            files=files,
        )
        for one in reading.opened(people).values()
        if one.mail
    ]
    return len(enqueue_each(session, letters))


def tell_staff(
    session: Session, course: Course, event: str, account_ids: Collection[str], **context: Any
) -> int:
    """Email staff, each in the language of their account; returns how many could be reached."""
    return tell(session, course, event, accounts.languages_of(account_ids), **context)
