"""Shows what the certificates of a course will look like, with the longest values there are."""

from __future__ import annotations

from dataclasses import replace

from trainings.agenda import queries as agenda
from trainings.certificates import document, queries
from trainings.certificates.rules import Kind
from trainings.core.i18n import LANGUAGES, _, country_name, localized, speaking
from trainings.core.permissions import Permission, Viewer
from trainings.core.web import external_url
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import queries as people
from trainings.people import reading
from trainings.printing.rules import CertificateDocument, Failure
from trainings.printing.warm import draw

_LONG_NAME = "María de los Ángeles Fernández de Córdova y Villavicencio Mamani"


def preview(course_id: str, kind: Kind, language: str, by: Viewer) -> bytes | Failure:
    """A specimen of a course's certificate as a PDF, with the longest name, function and country.

    Nothing is issued; the look at whoever has that name is logged. Raises ``NotFound``.
    """
    course = courses.course_by_id(
        by, Permission.CERTIFICATE_ISSUE, course_id, load=("modules", "signatories")
    )
    return draw(specimen(course, kind, language if language in LANGUAGES else "en", by))


def specimen(course: Course, kind: Kind, language: str, by: Viewer) -> CertificateDocument:
    """The specimen's words."""
    page = external_url("certificates_check.start")
    paper = document.compose(
        kind, course, agenda.minutes_by_module(course.id), agenda.planned_minutes(course.id),
        _longest(course, kind, language, by),
        document.Proof(f"{course.code}-SPECIMEN", page, page.partition("://")[2]), language,
    )  # fmt: skip
    with speaking(language):
        return replace(paper, first=replace(paper.first, notes=_("Specimen, not a certificate")))


def _longest(course: Course, kind: Kind, language: str, by: Viewer) -> document.Holder:
    known = reading.open(
        [one.person.id for one in queries.earners(course, kind, scope="viewer")],
        by=by.account_id, purpose="preview",
    )  # fmt: skip
    functions = [one.names for one in people.functions() if one.code in course.functions]
    return document.Holder(
        name=max((one.name for one in known.values()), key=len, default=_LONG_NAME),
        function=max(functions, key=lambda names: len(localized(names, language)), default={}),
        country=max(course.countries, key=lambda code: len(country_name(code, language)),
                    default=""),
    )  # fmt: skip
