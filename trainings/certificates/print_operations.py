"""Gives out stored files: to the printer in the room, to the holder, to a folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from trainings.audit.writes import record
from trainings.certificates import queries, writes
from trainings.certificates.models import Certificate
from trainings.certificates.rules import VALID, NothingToPrint, NotReady, Status
from trainings.core import files
from trainings.core.db import transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import folded, language, localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.printing import joining


def print_file(course_id: str, by: Viewer) -> bytes:
    """All certificates of a course that can be had, in order of name, as one unsigned PDF.

    The look at the names and the print are logged. Raises ``NothingToPrint``.
    """
    course = courses.course_by_id(by, Permission.CERTIFICATE_PRINT, course_id)
    ready = _ready(course)
    if not ready:
        raise NothingToPrint
    names = reading.open(
        [row.person_id for row in ready if row.person_id], by=by.account_id, purpose="print"
    )

    def place(row: Certificate) -> tuple[str, str]:
        known = names.get(row.person_id or "")
        return (folded(known.sorting) if known else "", row.serial)

    ordered = sorted(ready, key=place)
    _note("certificate.print", course, by, number=len(ordered))
    title = f"{localized(course.titles)} ({course.code})"
    return joining.join((content(row) for row in ordered), title, language().replace("_", "-"))


def one_file(course_id: str, certificate_id: str, by: Viewer) -> tuple[bytes, str]:
    """One stored certificate of a course and its serial; the look is logged; or ``NotFound``."""
    course = courses.course_by_id(by, Permission.CERTIFICATE_PRINT, course_id)
    row = next((one for one in _ready(course) if one.id == certificate_id), None)
    if row is None:
        raise NotFound
    if row.person_id:
        reading.log([row.person_id], by=by.account_id, purpose="print")
    _note("certificate.print", course, by, number=1, serial=row.serial)
    return content(row), row.serial


def own_file(certificate_id: str, by: Viewer) -> tuple[bytes, str]:
    """The holder's own file and its serial. Raises ``NotFound``, ``NotReady``."""
    row = queries.own(by, certificate_id)
    if row.status not in VALID:
        raise NotFound
    if row.file_name is None:
        raise NotReady
    return content(row), row.serial


def export(course_code: str, folder: Path) -> int:
    """Write every stored certificate of a course into a folder, named by serial; gives how many."""
    course = courses.by_code(course_code)
    ready = _ready(course)
    if ready:
        reading.log([row.person_id for row in ready if row.person_id], by=None, purpose="export")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for row in ready:
        path = folder / f"{re.sub(r'[^A-Z0-9-]', '', row.serial)}.pdf"
        path.touch(0o600)
        path.chmod(0o600)  # before there is anything in it
        path.write_bytes(content(row))
    _note("certificate.export", course, Viewer(), number=len(ready))
    return len(ready)


def _ready(course: Course) -> Sequence[Certificate]:
    return [row for row in queries.of_course(course, scope="viewer") if row.status is Status.READY]


def content(row: Certificate) -> bytes:
    """The stored file of a certificate. Raises ``NotFound`` where its key was destroyed."""
    key = writes.data_key(row)
    if key is None or row.file_name is None:
        raise NotFound
    return files.read(row.file_name, key)


def _note(act: str, course: Course, by: Viewer, **details: object) -> None:
    with transaction() as session:
        record(session, act, "course", course.id, by=by.account_id, course_id=course.id, **details)
