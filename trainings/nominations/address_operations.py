"""Corrects a candidate's email address, for organisers and the focal point who nominated them."""

from __future__ import annotations

from collections.abc import Collection

from trainings.audit.writes import record
from trainings.core import versions
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.candidate_rules import AddressTheirs, cleaned_mail
from trainings.registrations.candidate_writes import Asker, change_mail, check_mail, set_apart
from trainings.registrations.models import Registration
from trainings.registrations.rules import LIVE, ActRefused, State

SELECT = Permission.REGISTRATION_SELECT


NOMINATE = Permission.REGISTRATION_NOMINATE


def correct_mail(number: str, mail: str, by: Viewer, *, others: Collection[str] = ()) -> None:
    """Correct a mistyped email address: earlier links become void, an open offer is sent again.

    For organisers of the course, and for the focal point of the country until the person has
    completed their details. Only registrations within the scope of whoever corrects it move to the
    new address. Raises ``SameMail``, ``StaffAddress``, ``AddressTheirs``.
    """
    mail = cleaned_mail(mail)
    with transaction() as session:
        course, registration, permission = _for_organiser_or_focal_point(number, by)
        versions.check()
        if registration.state not in LIVE:
            raise ActRefused(state=registration.state.label)
        asker = Asker(by, permission)
        if permission is NOMINATE and locked_queries.came_themselves(
            by, permission, registration.person_id
        ):
            raise AddressTheirs
        check_mail(registration.person, mail, asker, others=others)
        change_mail(session, set_apart(session, registration, asker), mail)
        if registration.state is State.OFFERED:
            mail_writes.offer(session, course, registration)
        else:
            event = "applied" if registration.applied else "nominated"
            event = "confirmed" if registration.state is State.CONFIRMED else event
            mail_writes.tell(session, event, course, registration)
        record(
            session,
            "registration.mail",
            "registration",
            registration.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
        )


def _for_organiser_or_focal_point(
    number: str, by: Viewer
) -> tuple[Course, Registration, Permission]:
    for permission in (SELECT, NOMINATE):
        try:
            course_id = locked_queries.course_of(by, permission, number)
        except NotFound:
            continue
        course = courses.course_for_update(course_id)
        (registration,) = locked_queries.for_acting(by, permission, course.id, [number])
        return course, registration, permission
    raise NotFound
