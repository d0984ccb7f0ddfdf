"""What concerns the person behind a registration: address, details, printed name, messages."""

from __future__ import annotations

from collections.abc import Mapping

from trainings.audit.writes import record
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import LANGUAGES, localized
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people.rules import Identity
from trainings.people.writes import change_identity, keep_consents
from trainings.registrations import acting_queries, message_rules, notice_writes, queries
from trainings.registrations.candidate_rules import (
    AddressTheirs,
    Details,
    PrintedNameMissing,
    TextMissing,
    UnitMissing,
    agreed,
    check_consent,
    check_going,
    cleaned,
    cleaned_mail,
    cleaned_text,
)
from trainings.registrations.candidate_writes import change_mail, check_mail
from trainings.registrations.models import Registration
from trainings.registrations.rules import HOLDS_SEAT, LIVE, ActRefused, State
from trainings.registrations.writes import keep_needs, keep_printed_name

SELECT = Permission.REGISTRATION_SELECT
NOMINATE = Permission.REGISTRATION_NOMINATE
SUBJECT, TEXT = 120, 6000  # characters that fit


def correct_mail(number: str, mail: str, by: Viewer, *, same_mail_confirmed: bool = False) -> None:
    """Correct a mistyped mail address: links sent before are void, an open offer is sent again.

    For organisers of the course, and for the focal point of the country until the person has
    come by the address. It opens all their registrations, so nobody changes it who does not
    reach each of these. Raises ``SameMail``, ``StaffAddress``, ``AddressTheirs``.
    """
    mail = cleaned_mail(mail)
    with transaction() as session:
        course, registration, permission = _for_organiser_or_focal_point(number, by)
        if registration.state not in LIVE:
            raise ActRefused(state=registration.state.label)
        if permission is NOMINATE and acting_queries.came_themselves(registration.person_id):
            raise AddressTheirs
        if acting_queries.registered_beyond(by, permission, registration.person_id):
            raise AddressTheirs  # it also opens what whoever would change it does not reach
        check_mail(registration.person, mail, same_mail_confirmed=same_mail_confirmed)
        change_mail(session, registration.person, mail)
        if registration.state is State.OFFERED:
            notice_writes.offer(session, course, registration)
        else:
            event = "applied" if registration.applied else "nominated"
            event = "confirmed" if registration.state is State.CONFIRMED else event
            notice_writes.tell(session, event, course, registration)
        record(
            session, "registration.mail", "registration", registration.id, by=by.account_id,
            course_id=course.id, number=number,
        )  # fmt: skip


def _for_organiser_or_focal_point(
    number: str, by: Viewer
) -> tuple[Course, Registration, Permission]:
    for permission in (SELECT, NOMINATE):
        try:
            course_id = acting_queries.course_of(by, permission, number)
        except NotFound:
            continue
        course = courses.course_for_update(course_id)
        (registration,) = acting_queries.for_acting(by, permission, course.id, [number])
        return course, registration, permission
    raise NotFound


def complete_details(number: str, details: Details, by: Viewer) -> None:
    """Give or correct one's own details, and agree to the use of one's data.

    Raises ``ConsentMissing``, ``NameMissing``, ``UnitMissing``.
    """
    details = cleaned(details)
    check_consent(details.consents)
    if not details.unit:
        raise UnitMissing
    with transaction() as session:
        course, registration = acting_queries.own_for_update(by, number)
        check_going(course.state)
        if registration.state not in LIVE:
            raise ActRefused(state=registration.state.label)
        person = registration.person
        change_identity(
            person, given_name=details.given_name, family_name=details.family_name,
            phone=details.phone, document=details.document, born=details.born, unit=details.unit,
        )  # fmt: skip
        person.sex = details.sex
        if details.language in LANGUAGES:
            person.language = details.language
        keep_needs(registration, details.needs)
        keep_consents(session, person.id, agreed(details.consents))
        registration.complete = True
        draft = queries.draft(by, course.id)
        if draft is not None:
            session.delete(draft)
        record(
            session, "registration.details", "registration", registration.id, by=by.account_id,
            course_id=course.id, number=number, consents=sorted(details.consents),
        )  # fmt: skip


def confirm_name(number: str, printed_name: str, language: str, by: Viewer) -> None:
    """Confirm one's name as the certificate shall print it, and the certificate's language."""
    name = cleaned_text("printed_name", printed_name)
    if not name:
        raise PrintedNameMissing
    with transaction() as session:
        course, registration = acting_queries.own_for_update(by, number)
        if registration.state not in LIVE | HOLDS_SEAT:
            raise ActRefused(state=registration.state.label)
        keep_printed_name(registration, name, language if language in LANGUAGES else "en")
        record(
            session, "registration.name", "registration", registration.id, by=by.account_id,
            course_id=course.id, number=number, language=registration.certificate_language,
        )  # fmt: skip


def message_confirmed(
    course_id: str, subjects: Mapping[str, str], texts: Mapping[str, str], by: Viewer
) -> int:
    """Write to everyone confirmed, each in their language (else English, else what there is).

    Subject and text may hold the tokens of ``message_rules``; a subject names nobody. Gives to
    how many it went.
    """
    subjects = {code: clean(text, SUBJECT) for code, text in subjects.items() if text.strip()}
    texts = {code: clean(text, TEXT, lines=True) for code, text in texts.items() if text.strip()}
    if not subjects or not texts:
        raise TextMissing
    message_rules.check_subjects(subjects.values())
    message_rules.check_texts(texts.values())
    with transaction() as session:
        course = courses.course_locked(by, Permission.MESSAGE_SEND, course_id)
        check_going(course.state)
        confirmed = acting_queries.with_persons(course.id, {State.CONFIRMED})
        people = notice_writes.identities(confirmed)
        told = 0
        for registration in confirmed:
            who = people[registration.person_id]
            if not who.mail:
                continue
            values = notice_writes.token_values(course, registration, who)
            language = registration.person.language
            notice_writes.tell(
                session, "message", course, registration, with_link=False, identity=who,
                subject=message_rules.replaced(localized(subjects, language), values),
                text=message_rules.replaced(localized(texts, language), values),
            )  # fmt: skip
            told += 1
        record(
            session, "registration.message", "course", course.id, by=by.account_id,
            course_id=course.id, told=told,
        )  # fmt: skip
    return told


def message_preview(
    course: Course, registration: Registration, who: Identity, subject: str, text: str
) -> tuple[str, str]:
    """What a message would say to one person: subject and text with its tokens replaced."""
    message_rules.check_subjects([subject])
    message_rules.check_texts([text])
    values = notice_writes.token_values(course, registration, who)
    return message_rules.replaced(subject, values), message_rules.replaced(text, values)
