"""Sets the design of a course's certificates before they are issued."""

from __future__ import annotations

from trainings.agenda import queries as agenda
from trainings.audit.writes import record
from trainings.certificates import listing_queries, standing_queries
from trainings.core import versions
from trainings.core.db import transaction
from trainings.core.i18n import LANGUAGES, Texts, country_name, localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.printing import cage
from trainings.printing.rules import CertificateDocument, Failure
from trainings.register import document
from trainings.register.look_rules import Look, Style, look
from trainings.register.models import CertificateLook
from trainings.register.rules import Kind
from trainings.web.responses import external_url


def choose(course_id: str, kind: Kind, style: Style, beside: str, by: Viewer) -> None:
    """Store the design of a kind of certificate in a course; issued certificates keep their own.

    Raises ``BesideMissing``, ``NotFound``.
    """
    chosen = look(style, beside)
    with transaction() as session:
        courses.course_locked(by, Permission.CERTIFICATE_ISSUE, course_id)
        versions.check()
        session.merge(
            CertificateLook(
                course_id=course_id, kind=kind, style=chosen.style, beside=chosen.beside
            )
        )
        record(
            session,
            "certificate.look",
            "course",
            course_id,
            by=by.account_id,
            course_id=course_id,
            kind=str(kind),
            style=str(chosen.style),
            beside=chosen.beside,
        )


_LONG_NAME = "María de los Ángeles Fernández de Córdova y Villavicencio Mamani"


PIXELS = 1120  # width of the picture


def preview(course_id: str, kind: Kind, look: Look, language: str, by: Viewer) -> bytes | Failure:
    """A specimen of a course's certificate as a PDF, with the longest name, function and country.

    Nothing is issued; the read of the name used is logged. Raises ``NotFound``.
    """
    return cage.draw(_specimen_of(course_id, kind, look, language, by))


def picture(course_id: str, kind: Kind, look: Look, language: str, by: Viewer) -> bytes | Failure:
    """The same as a PNG picture for the screen. Raises ``NotFound``."""
    return cage.picture(_specimen_of(course_id, kind, look, language, by), PIXELS)


def _specimen_of(
    course_id: str, kind: Kind, look: Look, language: str, by: Viewer
) -> CertificateDocument:
    course = courses.course_by_id(
        by, Permission.CERTIFICATE_ISSUE, course_id, load=("modules", "signatories")
    )
    return specimen(course, kind, look, language if language in LANGUAGES else "en", by)


def specimen(
    course: Course, kind: Kind, look: Look, language: str, by: Viewer
) -> CertificateDocument:
    """The content of the specimen."""
    page = external_url("verification.start")
    holder = _longest(course, kind, language, by)
    proof = document.Proof(f"{course.code}-SPECIMEN", page, page.partition("://")[2])
    return document.as_specimen(
        document.compose(kind, course, _hours(course, kind), holder, proof, look, language)
    )


def _hours(course: Course, kind: Kind) -> document.Hours:
    """The planned hours; for trainers, those of the trainer with the most."""
    if kind is Kind.TRAINER:
        return document.Hours(max(agenda.minutes_by_trainer(course.id).values(), default=0), {})
    return document.Hours(agenda.planned_minutes(course.id), agenda.minutes_by_module(course.id))


def _longest(course: Course, kind: Kind, language: str, by: Viewer) -> document.Holder:
    longest = listing_queries.longest_name(course, kind)
    known = reading.open([longest] if longest else [], by=by.account_id, purpose="preview")
    lines, countries = _said_of(course, kind)
    return document.Holder(
        name=max((one.name for one in known.values()), key=len, default=_LONG_NAME),
        function=max(lines, key=lambda names: len(localized(names, language)), default={}),
        country=max(countries, key=lambda code: len(country_name(code, language)), default=""),
    )


def _said_of(course: Course, kind: Kind) -> tuple[list[Texts], list[str]]:
    """The lines below the names: functions and countries; for trainers, agencies and countries."""
    if kind is not Kind.TRAINER:
        functions = [one.names for one in people.functions() if one.code in course.functions]
        return functions, list(course.countries)
    trainers = standing_queries.teachers(course, scope="viewer")
    agencies = [one.course_trainer.trainer.agency.names for one in trainers if one.course_trainer]
    return agencies, [one.country for one in trainers]
