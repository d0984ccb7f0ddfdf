"""Changes to a participant's own details and printed name."""

from __future__ import annotations

from trainings.audit.writes import record
from trainings.change_requests import queries as change_queries
from trainings.change_requests import writes as change_requests
from trainings.change_requests.rules import SELECTED, check_changes
from trainings.core import clock, versions
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES
from trainings.core.permissions import Viewer
from trainings.people.writes import change_identity, keep_consents
from trainings.questions import writes as question_writes
from trainings.questions.answer_rules import Unsent
from trainings.register import queries as register
from trainings.register.rules import NameIssued
from trainings.registrations import locked_queries, queries
from trainings.registrations.candidate_rules import (
    Details,
    PrintedNameMissing,
    UnitMissing,
    agreed,
    check_consent,
    check_going,
    cleaned,
    cleaned_text,
)
from trainings.registrations.rules import HOLDS_SEAT, LIVE, ActRefused
from trainings.registrations.writes import keep_given, keep_printed_name


def complete_details(
    number: str, details: Details, by: Viewer, *, answers: Unsent | None = None
) -> bool:
    """Enter or correct your own details, and agree to the use of your data.

    Returns whether a change waits for an organiser: what the selection rests on is changed only
    with their approval once somebody has a seat; all else is changed at once. Raises
    ``ConsentMissing``, ``NameMissing``, ``UnitMissing``, ``ChangesOver``.
    """
    details = cleaned(details)
    check_consent(details.consents)
    if not details.unit:
        raise UnitMissing
    with transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        check_going(course.state)
        if registration.state not in LIVE:
            raise ActRefused(state=registration.state.label)
        waits: dict[str, str] = {}
        if registration.complete:
            check_changes(change_queries.last_day(course), clock.today(course.zone))
            if registration.state in SELECTED:
                details, waits = change_requests.ask(session, course, registration, details, by)
            else:  # made at once: what waited from when they had a seat is answered by it
                change_requests.drop(session, [registration.id])
        person = registration.person
        change_identity(
            person,
            given_name=details.given_name,
            family_name=details.family_name,
            phone=details.phone,
            document=details.document,
            born=details.born,
            unit=details.unit,
        )
        person.sex = details.sex
        if details.language in LANGUAGES:
            person.language = details.language
        keep_given(registration, details)
        keep_consents(session, person.id, agreed(details.consents))
        if answers:
            question_writes.take_over(session, course, registration, answers, by)
        registration.complete = True
        draft = queries.draft(by, course.id)
        if draft is not None:
            session.delete(draft)
        record(
            session,
            "registration.details",
            "registration",
            registration.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
            consents=sorted(details.consents),
        )
    return bool(waits)


def confirm_name(number: str, printed_name: str, language: str, by: Viewer) -> None:
    """Confirm your name as the certificate will print it, and the certificate's language.

    Raises ``PrintedNameMissing``, ``ActRefused``, and ``NameIssued`` once a certificate prints it.
    """
    name = cleaned_text("printed_name", printed_name)
    if not name:
        raise PrintedNameMissing
    with transaction() as session:
        course, registration = locked_queries.own_for_update(by, number)
        versions.check()
        if registration.state not in LIVE | HOLDS_SEAT:
            raise ActRefused(state=registration.state.label)
        if register.name_is_issued(registration.id):
            raise NameIssued
        keep_printed_name(registration, name, language if language in LANGUAGES else "en")
        record(
            session,
            "registration.name",
            "registration",
            registration.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
            language=registration.certificate_language,
        )
