"""The outbox."""

from datetime import datetime

from sqlalchemy import JSON, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, Moment, UTCDateTime
from trainings.mail.rules import FAULTS, MailState


class OutboxMail(Model):
    """An email to one recipient, stored in the transaction of the action that caused it.

    Recipient, subject, body and links are encrypted; all but the recipient are wiped once it is
    sent. The links stand apart from the body, so that it can be shown to staff.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index("ix_outbox_mail_state", "state", "created_at"),
        Index("ix_outbox_mail_course", "course_id", "state"),
        Index("ix_outbox_mail_listed", "course_id", "created_at"),
    )

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    event: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    recipient: Mapped[bytes] = mapped_column(LargeBinary)
    subject: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    links: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # one a line, for the marks in the body
    state: Mapped[MailState] = mapped_column(Choice(MailState, 10), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fault: Mapped[str | None] = mapped_column(String(120))
    person_id: Mapped[str | None] = mapped_column(String(22), index=True)
    # set where no person is known, so that erasing somebody need not decrypt all other emails
    address_index: Mapped[str | None] = mapped_column(String(32), index=True)
    course_id: Mapped[str | None] = mapped_column(String(22))
    files: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))  # attached at sending

    @property
    def words(self) -> str:
        """What went wrong, in words; empty if nothing did."""
        return str(FAULTS.get(self.fault or "", self.fault or ""))


class MailText(Model):
    """A text that organisers put in the place of a standard one, for a course and a language.

    It names nobody: what differs from reader to reader stands in it as a word in brackets.
    """

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("course_id", "event", "language"),)

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(String(22))
    event: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
