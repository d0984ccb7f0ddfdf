"""What issuing and re-issuing share: serials, the addresses on the paper, the job."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from trainings.certificates import document, queries
from trainings.certificates.serial_rules import new_serial
from trainings.core.web import external_url
from trainings.courses.models import Course
from trainings.jobs.writes import enqueue


def rendering_of(course_id: str) -> str:
    """What the work of making a course's files is called in the queue."""
    return f"certificates.render {course_id}"


def enqueue_rendering(session: Session, course_id: str) -> None:
    """Ask for the files of a course's certificates; once, while the asking waits."""
    key = rendering_of(course_id)
    enqueue(session, "certificates.render", unique_key=key, course_id=course_id)


def fresh_serials(course: Course) -> Iterator[str]:
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


def proof(token: str, serial: str) -> document.Proof:
    """Serial, the address in the code, and the short one that a human types."""
    page = urlsplit(external_url("certificates_check.start"))
    return document.Proof(
        serial=serial,
        verify_url=external_url("certificates_check.show", token=token),
        short_url=f"{page.netloc}{page.path}",
    )
