"""Puts certificates into the register: what they say is composed here, once, and frozen.

Their files follow by a job.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from trainings.agenda import queries as agenda
from trainings.certificates import document, look_queries, queries, writes
from trainings.certificates.models import Certificate
from trainings.certificates.rules import Kind
from trainings.certificates.serial_rules import new_serial
from trainings.certificates.standing_queries import Standing
from trainings.core.db import new_key
from trainings.core.i18n import LANGUAGES
from trainings.core.web import external_url
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.jobs.writes import enqueue
from trainings.people import queries as people
from trainings.people import reading
from trainings.printing.rules import CertificateDocument
from trainings.registrations import queries as registrations

FLUSHED = 250  # certificates written at once


def rendering_of(course_id: str) -> str:
    """What the work of making a course's files is called in the queue."""
    return f"certificates.render {course_id}"


def enqueue_rendering(session: Session, course_id: str) -> None:
    """Ask for the files of a course's certificates; once, while the asking waits."""
    key = rendering_of(course_id)
    enqueue(session, "certificates.render", unique_key=key, course_id=course_id)


def issue(
    session: Session, course: Course, kind: Kind, standings: Sequence[Standing], by: str | None,
    *, name: str = "", replaces: str = "",
) -> Iterator[Certificate]:  # fmt: skip
    """A certificate for each of these people, as course and registration are now.

    ``course`` comes with modules and signatories. A corrected one takes another ``name``, and
    the serial of what it ``replaces`` stands on it.
    """
    planned = agenda.planned_minutes(course.id)
    modules = agenda.minutes_by_module(course.id) if kind is not Kind.TRAINER else {}
    taught = agenda.minutes_by_trainer(course.id) if kind is Kind.TRAINER else {}
    look = look_queries.look_of(course.id, kind)
    serials = _fresh_serials(course)
    alike: dict[tuple[object, ...], CertificateDocument] = {}  # but for name and serial
    for number, (one, holder) in enumerate(
        zip(standings, _holders(kind, standings, name), strict=True), 1
    ):
        token, serial = secrets.token_urlsafe(16), next(serials)
        marks, language = proof(token, serial), _language(one, course)
        minutes = taught[one.course_trainer.id] if one.course_trainer else planned
        sort = (language, minutes, holder.country, *sorted(holder.function.items()))
        if sort not in alike:
            alike[sort] = document.compose(
                kind, course, document.Hours(minutes, modules), holder, marks, look, language
            )
            writes.keep_pictures(session, document.pictures(alike[sort]))
        paper = replace(
            alike[sort], holder_name=holder.name, serial=serial, verify_url=marks.verify_url
        )
        if replaces:
            paper = document.superseding(paper, replaces)
        yield writes.add(
            session, key=new_key(), kind=kind, course_id=course.id, person_id=one.person.id,
            registration_id=one.registration.id if one.registration else None,
            course_trainer_id=one.course_trainer.id if one.course_trainer else None,
            language=language, token=token, serial=serial, course_titles=dict(course.titles),
            agencies=[dict(row.agency.short_names) for row in course.organising],
            ended_on=course.ends_on, minutes=minutes, frozen=document.freeze(paper), by=by,
        )  # fmt: skip
        if number % FLUSHED == 0:
            session.flush()  # thousands are not kept in memory


def issue_like(
    session: Session, old: Certificate, paper: CertificateDocument, by: str | None, *, name: str
) -> Certificate:
    """A corrected certificate for the same holder: as the old ``paper``, with another name."""
    token, serial = secrets.token_urlsafe(16), next(_fresh_serials(courses.by_id(old.course_id)))
    marks = proof(token, serial)
    corrected = replace(
        paper, holder_name=name or paper.holder_name, serial=serial,
        verify_url=marks.verify_url, short_url=marks.short_url,
        template_version=paper.template.version,
    )  # fmt: skip
    writes.keep_pictures(session, document.pictures(paper))
    return writes.add(
        session, key=new_key(), kind=old.kind, course_id=old.course_id,
        person_id=old.person_id or "", registration_id=old.registration_id,
        course_trainer_id=old.course_trainer_id, language=old.language, token=token,
        serial=serial, course_titles=dict(old.course_titles),
        agencies=[dict(row) for row in old.agencies], ended_on=old.ended_on, minutes=old.minutes,
        frozen=document.freeze(document.superseding(corrected, old.serial)), by=by,
    )  # fmt: skip


def _fresh_serials(course: Course) -> Iterator[str]:
    """Serials that no certificate of the course has, one after another; the course is locked.

    Six characters are few enough that chance draws one twice among ten thousand.
    """
    taken = queries.serial_keys(course.id)
    while True:
        serial = new_serial(course.code)
        key = serial.replace("-", "")
        if key not in taken:
            taken.add(key)
            yield serial


def _holders(kind: Kind, standings: Sequence[Standing], name: str) -> list[document.Holder]:
    """For whom: participants by the name they confirmed, trainers by the roster's."""
    if kind is Kind.TRAINER:
        names = reading.opened([one.person.id for one in standings])
        return [
            document.Holder(
                name or names[one.person.id].name,
                one.course_trainer.trainer.agency.names if one.course_trainer else {},
                one.country,
            )
            for one in standings
        ]
    functions = {function.code: function.names for function in people.functions()}
    return [
        document.Holder(
            name or registrations.printed_name(row), functions[row.function], row.country
        )
        for row in (one.registration for one in standings)
        if row is not None
    ]


def _language(one: Standing, course: Course) -> str:
    chosen = one.registration.certificate_language if one.registration else ""
    wished = (chosen, one.person.language, *course.languages)
    return next((code for code in wished if code in LANGUAGES), "en")


def proof(token: str, serial: str) -> document.Proof:
    """Serial, the address in the code, and the short one that a human types."""
    page = urlsplit(external_url("certificates_check.start"))
    return document.Proof(
        serial=serial,
        verify_url=external_url("certificates_check.show", token=token),
        short_url=f"{page.netloc}{page.path}",
    )
