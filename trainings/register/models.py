"""The register of certificates."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.core.db import Choice, Key, Localized, Model, Moment, UTCDateTime
from trainings.register.look_rules import Style
from trainings.register.rules import EndReason, Kind, Status

_CURRENT = text("status IN ('issued', 'ready')")


class Certificate(Model):
    """One issued certificate: its content is frozen and sealed under a data key of its own.

    ``token`` is in the link and the QR code, ``serial`` is printed. What the check page shows
    (course title, month, agencies, hours) is in clear; the name only in ``content``.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_current",
            "registration_id",
            "kind",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index(
            "uq_certificate_trainer",
            "course_trainer_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        # what lists and counts what can be printed reads it alone, in order of serial
        Index(
            "ix_certificate_course",
            "course_id",
            "status",
            "kind",
            "serial",
            "file_name",
            "person_id",
            "registration_id",
        ),
    )

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(22), unique=True)
    serial: Mapped[str] = mapped_column(String(30), unique=True)
    serial_key: Mapped[str] = mapped_column(String(30), unique=True)  # the serial without dashes
    kind: Mapped[Kind] = mapped_column(Choice(Kind, 12))
    status: Mapped[Status] = mapped_column(Choice(Status, 12))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    registration_id: Mapped[str | None] = mapped_column(ForeignKey("registration.id"))
    course_trainer_id: Mapped[str | None] = mapped_column(ForeignKey("course_trainer.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(String(5))
    # shown on the check page
    course_titles: Mapped[Localized]
    agencies: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # short names per language
    ended_on: Mapped[date]
    minutes: Mapped[int]
    # sealed
    data_key: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # certificate|data_key|id; none: erased
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  # under the data key
    file_name: Mapped[str | None] = mapped_column(String(40))
    digest: Mapped[str | None] = mapped_column(String(64), index=True)  # SHA-256 of the PDF
    signed: Mapped[bool] = mapped_column(default=False)
    acts: Mapped[int]  # how many acts the trail has on it
    acts_mac: Mapped[str] = mapped_column(String(64))  # the last link of their chain
    mac: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[Moment]
    issued_by: Mapped[str | None] = mapped_column(String(22))
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed: Mapped[bool] = mapped_column(default=False)  # the rendering was given up
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # revoked or superseded
    ended_reason: Mapped[EndReason | None] = mapped_column(Choice(EndReason, 20))
    ended_note: Mapped[bytes | None] = mapped_column(LargeBinary)  # certificate|ended_note|id
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("certificate.id"))


class Picture(Model):
    """Marks and scanned signatures on issued certificates, stored once for all of them.

    The certificates' own content names them by their digest; nobody changes or removes them.
    """

    __tablename__ = "certificate_picture"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256
    content: Mapped[bytes] = mapped_column(LargeBinary)  # certificate_picture|content|digest


class Waiver(Model):
    """An exception from the required hours: requested with a reason, approved by someone else."""

    __tablename__ = "certificate_waiver"
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    reason: Mapped[bytes] = mapped_column(LargeBinary)  # certificate_waiver|reason|registration_id
    asked_by: Mapped[str] = mapped_column(String(22))
    asked_at: Mapped[Moment]
    approved_by: Mapped[str | None] = mapped_column(String(22))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CertificateLook(Model):
    """The look of a kind of certificate in a course, where it differs from the default."""

    __tablename__ = "certificate_look"
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(Choice(Kind, 12), primary_key=True)
    style: Mapped[Style] = mapped_column(Choice(Style, 12))
    beside: Mapped[str] = mapped_column(String(5), default="")  # second language, or empty
