"""The outbox."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Key, Model, Moment, UTCDateTime


class OutboxMail(Model):
    """A mail that an act caused, kept in the transaction of the act; one recipient a mail.

    Recipient, subject and body are sealed; subject and body are wiped once it is sent.
    States: waiting, sent, failed (given up), bounced, held (never sent:
    a demo's, or to somebody who was erased meanwhile).
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_state", "state", "created_at"),)

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    event: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    recipient: Mapped[bytes] = mapped_column(LargeBinary)
    subject: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fault: Mapped[str | None] = mapped_column(String(120))
    person_id: Mapped[str | None] = mapped_column(String(22), index=True)
    # where no person is known, so that who is erased later is found without opening all the others
    address_index: Mapped[str | None] = mapped_column(String(32), index=True)
    course_id: Mapped[str | None] = mapped_column(String(22), index=True)
