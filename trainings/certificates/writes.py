"""Adds certificates to the register: their content is put together here once, and frozen.

A job makes their files afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace
from sqlalchemy.orm import Session

from trainings.agenda import queries as agenda
from trainings.certificates.standing_queries import Earner
from trainings.core.db import new_key
from trainings.core.i18n import LANGUAGES
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.jobs.writes import enqueue
from trainings.people import queries as people
from trainings.people import reading
from trainings.printing.rules import CertificateDocument
from trainings.register import document, queries, writes
from trainings.register.models import Certificate
from trainings.register.rules import Kind
from trainings.register.serial_rules import new_serial
from trainings.registrations import queries as registrations
from trainings.web.responses import external_url

FLUSHED = 250  # certificates written at once


def rendering_of(course_id: str) -> str:
    """The name in the queue of the job that makes a course's files."""
    return f"certificates.render {course_id}"


def enqueue_rendering(session: Session, course_id: str) -> None:
    """Queue the job that makes a course's files; only once while it is waiting."""
    key = rendering_of(course_id)
    enqueue(session, "certificates.render", unique_key=key, course_id=course_id)


def issue(
    session: Session,
    course: Course,
    kind: Kind,
    standings: Sequence[Earner],
    by: str | None,
    *,
    name: str = "",
    replaces: str = "",
) -> Iterator[Certificate]:
    """Issue a certificate to each of these people, as course and registration are now.

    ``course`` comes with modules and signatories. A corrected certificate has another ``name``, and
    shows the serial of the one it ``replaces``.
    """
    planned = agenda.planned_minutes(course.id)
    modules = agenda.minutes_by_module(course.id) if kind is not Kind.TRAINER else {}
    taught = agenda.minutes_by_trainer(course.id) if kind is Kind.TRAINER else {}
    look = queries.look_of(course.id, kind)
    serials = _fresh_serials(course)
    alike: dict[tuple[object, ...], CertificateDocument] = {}  # the same except for name and serial
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
            session,
            key=new_key(),
            kind=kind,
            course_id=course.id,
            person_id=one.person.id,
            registration_id=one.registration.id if one.registration else None,
            course_trainer_id=one.course_trainer.id if one.course_trainer else None,
            language=language,
            token=token,
            serial=serial,
            course_titles=dict(course.titles),
            agencies=[dict(row.agency.short_names) for row in course.organising],
            ended_on=course.ends_on,
            minutes=minutes,
            frozen=document.freeze(paper),
            by=by,
        )
        if number % FLUSHED == 0:
            session.flush()  # do not keep thousands in memory


def issue_like(
    session: Session, old: Certificate, paper: CertificateDocument, by: str | None, *, name: str
) -> Certificate:
    """Issue a corrected certificate to the same holder: the old ``paper`` with another name."""
    token, serial = secrets.token_urlsafe(16), next(_fresh_serials(courses.by_id(old.course_id)))
    marks = proof(token, serial)
    corrected = replace(
        paper,
        holder_name=name or paper.holder_name,
        serial=serial,
        verify_url=marks.verify_url,
        short_url=marks.short_url,
        template_version=paper.template.version,
    )
    writes.keep_pictures(session, document.pictures(paper))
    return writes.add(
        session,
        key=new_key(),
        kind=old.kind,
        course_id=old.course_id,
        person_id=old.person_id or "",
        registration_id=old.registration_id,
        course_trainer_id=old.course_trainer_id,
        language=old.language,
        token=token,
        serial=serial,
        course_titles=dict(old.course_titles),
        agencies=[dict(row) for row in old.agencies],
        ended_on=old.ended_on,
        minutes=old.minutes,
        frozen=document.freeze(document.superseding(corrected, old.serial)),
        by=by,
    )


def _fresh_serials(course: Course) -> Iterator[str]:
    """Serials that no certificate of the course has yet; the course is locked.

    With six characters, among ten thousand one is likely to be drawn twice.
    """
    taken = queries.serial_keys(course.id)
    while True:
        serial = new_serial(course.code)
        key = serial.replace("-", "")
        if key not in taken:
            taken.add(key)
            yield serial


def _holders(kind: Kind, standings: Sequence[Earner], name: str) -> list[document.Holder]:
    """The holders: participants by the name they confirmed, trainers by the roster's."""
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


def _language(one: Earner, course: Course) -> str:
    chosen = one.registration.certificate_language if one.registration else ""
    wished = (chosen, one.person.language, *course.languages)
    return next((code for code in wished if code in LANGUAGES), "en")


def proof(token: str, serial: str) -> document.Proof:
    """Serial, the address in the QR code, and the short address that people type."""
    page = urlsplit(external_url("verification.start"))
    return document.Proof(
        serial=serial,
        verify_url=external_url("verification.show", token=token),
        short_url=f"{page.netloc}{page.path}",
    )
