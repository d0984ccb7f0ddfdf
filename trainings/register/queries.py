"""Looks up the register of certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select, true
from sqlalchemy.orm import Session, defer

from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.register.look_rules import DEFAULT_LOOKS, Look
from trainings.register.models import Certificate, CertificateLook, Picture, Waiver
from trainings.register.rules import ENDED, VALID, Kind, Status
from trainings.registrations.models import Registration


def own_certificates(viewer: Viewer) -> Sequence[Certificate]:
    """The viewer's own certificates, the latest first.

    Those that are valid, and those that were revoked with none in their place.
    """
    if viewer.person_id is None:
        return []
    found = db.session.scalars(
        select(Certificate)
        .where(
            Certificate.person_id == viewer.person_id,
            Certificate.status.in_((*VALID, Status.REVOKED)),
        )
        .order_by(Certificate.issued_at.desc(), Certificate.id)
        .execution_options(scope="own")
    ).all()
    shown: dict[tuple[str, Kind], Certificate] = {}
    for one in sorted(found, key=lambda one: one.status not in VALID):
        shown.setdefault((one.course_id, one.kind), one)
    return [one for one in found if one in shown.values()]


def own(viewer: Viewer, certificate_id: str) -> Certificate:
    """One of the viewer's own certificates. Raises ``NotFound``."""
    found = db.session.scalar(
        select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.person_id == viewer.person_id)
        .execution_options(scope="own")
    )
    if found is None or viewer.person_id is None:
        raise NotFound
    return found


def name_is_issued(registration_id: str) -> bool:
    """Whether a certificate that is valid prints the name of a registration."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Certificate.registration_id == registration_id, Certificate.status.in_(VALID)
                )
            ).execution_options(scope="count")
        )
    )


def progress(course_id: str, kind: Kind | None = None) -> tuple[int, int, int]:
    """How many certificates of a course are ready, failed, and there at all."""

    def there(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        whose = [Certificate.course_id == course_id, Certificate.kind == kind if kind else true()]
        return select(func.count()).where(*whose, *conditions).scalar_subquery()

    ready = there(Certificate.status == Status.READY)  # an index has them: no row is read
    # whose holder was erased before there was a file gets none any more
    waiting = [Certificate.status == Status.ISSUED, Certificate.data_key.is_not(None)]
    counted = select(ready, there(*waiting, Certificate.failed.is_(True)), ready + there(*waiting))
    row = db.session.execute(counted.execution_options(scope="count")).one()
    return row[0], row[1], row[2]


def unrendered(course_id: str, pace: int = 20) -> Iterator[Certificate]:
    """The issued certificates of a course that have no file yet, read a few at a time."""
    last = ""
    while True:
        batch = db.session.scalars(
            select(Certificate)
            .where(
                Certificate.course_id == course_id,
                Certificate.status == Status.ISSUED,
                Certificate.failed.is_(False),
                Certificate.data_key.is_not(None),
                Certificate.id > last,
            )
            .order_by(Certificate.id)
            .limit(pace)
            .execution_options(scope="job")
        ).all()
        if not batch:
            return
        last = batch[-1].id
        db.session.expunge_all()
        yield from batch


def courses_unrendered() -> Sequence[str]:
    """The courses with issued certificates that have no file yet, nor failed."""
    return db.session.scalars(
        select(Course.id)
        .where(
            exists().where(  # for each course by the index, not through the whole register
                Certificate.course_id == Course.id,
                Certificate.status == Status.ISSUED,
                Certificate.failed.is_(False),
                Certificate.data_key.is_not(None),
            )
        )
        .execution_options(scope="job")
    ).all()


def for_update_by_id(session: Session, certificate_id: str) -> Certificate | None:
    """A certificate, locked."""
    found: Certificate | None = session.scalar(
        for_update(
            select(Certificate)
            .where(Certificate.id == certificate_id)
            .execution_options(scope="operation")
        )
    )
    return found


def failed_for_update(session: Session, course_id: str) -> Sequence[Certificate]:
    """The certificates of a course whose rendering was given up, locked."""
    return session.scalars(
        for_update(
            select(Certificate)
            .where(
                Certificate.course_id == course_id,
                Certificate.status == Status.ISSUED,
                Certificate.failed,
                Certificate.data_key.is_not(None),
            )
            .execution_options(scope="operation")
        )
    ).all()


def by_token(token: str) -> Certificate | None:
    """The register's row behind a link or code."""
    return db.session.scalar(
        select(Certificate).where(Certificate.token == token).execution_options(scope="token")
    )


def serial_keys(course_id: str) -> set[str]:
    """Every serial that was ever given in a course, by letters and digits."""
    return set(
        db.session.scalars(
            select(Certificate.serial_key)
            .where(Certificate.course_id == course_id)
            .execution_options(scope="operation")
        )
    )


def by_serial(key: str) -> Certificate | None:
    """The register's row of a serial, by its letters and digits."""
    return db.session.scalar(
        select(Certificate).where(Certificate.serial_key == key).execution_options(scope="token")
    )


def by_digest(digest: str) -> Certificate | None:
    """The register's row of a file, by its SHA-256."""
    return db.session.scalar(
        select(Certificate).where(Certificate.digest == digest).execution_options(scope="token")
    )


def one_of_course(course: Course, certificate_id: str) -> Certificate:
    """A certificate of a course that was found within the viewer's reach. Raises ``NotFound``."""
    found = db.session.scalar(
        select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.course_id == course.id)
        .execution_options(scope="viewer")
    )
    if found is None:
        raise NotFound
    return found


def earlier(certificate: Certificate) -> Sequence[Certificate]:
    """What its holder had of the same kind before this one, the latest first.

    The certificate was found within the viewer's reach.
    """
    taught = certificate.registration_id is None
    column = Certificate.course_trainer_id if taught else Certificate.registration_id
    owner = certificate.course_trainer_id if taught else certificate.registration_id
    return db.session.scalars(
        select(Certificate)
        .where(
            Certificate.course_id == certificate.course_id,
            column == owner,
            Certificate.kind == certificate.kind,
            Certificate.id != certificate.id,
            Certificate.status.in_(ENDED),
        )
        .options(defer(Certificate.content))
        .order_by(Certificate.issued_at.desc(), Certificate.id)
        .execution_options(scope="viewer")
    ).all()


def is_kept(digest: str) -> bool:
    """Whether there are pictures under a digest; they stay closed."""
    return db.session.scalar(select(Picture.digest).where(Picture.digest == digest)) is not None


def kept(digest: str) -> bytes:
    """The pictures kept under a digest, opened; empty where there are none."""
    content = db.session.scalar(select(Picture.content).where(Picture.digest == digest))
    if content is None:
        return b""
    return sealed.open_bytes(content, f"certificate_picture|content|{digest}")


def look_of(course_id: str, kind: Kind) -> Look:
    """The look chosen for a kind of certificate in a course, or the one each kind begins with."""
    kept = db.session.get(CertificateLook, (course_id, kind))
    return Look(kept.style, kept.beside) if kept else DEFAULT_LOOKS[kind]


def of_person_for_update(session: Session, person_id: str) -> Sequence[Certificate]:
    """Every certificate of a person, whatever its status, locked."""
    return session.scalars(
        for_update(
            select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.id)
            .execution_options(scope="operation", populate_existing=True)
        )
    ).all()


def waivers_of_person_for_update(session: Session, person_id: str) -> Sequence[Waiver]:
    """The exceptions asked for the registrations of a person, locked."""
    mine = select(Registration.id).where(Registration.person_id == person_id)
    return session.scalars(
        for_update(
            select(Waiver).where(Waiver.registration_id.in_(mine)).order_by(Waiver.registration_id)
        )
    ).all()


def of_person(person_id: str) -> Sequence[Certificate]:
    """Every certificate of a person, the latest first."""
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person_id)
        .order_by(Certificate.issued_at.desc(), Certificate.id)
        .execution_options(scope="operation")
    ).all()


def of_course_for_update(
    session: Session, course_id: str, certificate_id: str, by: Viewer
) -> tuple[Course, Certificate]:
    """A course that the viewer may issue for and a certificate of it, both locked, in one go.

    Raises ``NotFound``.
    """
    certificate = session.scalar(
        for_update(
            select(Certificate)
            .join(Course, Course.id == Certificate.course_id)
            .where(Certificate.id == certificate_id, Course.id == course_id),
            Course,
            Certificate,
        ).execution_options(scope="operation", populate_existing=True)
    )
    course = courses.course_by_id(by, Permission.CERTIFICATE_ISSUE, course_id)
    if certificate is None:
        raise NotFound
    return course, certificate
