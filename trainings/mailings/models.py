"""Mailings, and who is still to be written to."""

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, Moment
from trainings.mailings.rules import MailingState


class Mailing(Model):
    """Emails to so many people of a course that the worker writes them, some at a time.

    What it says is sealed as emails are, and wiped once all are written or it is stopped. A
    fortnight later the row goes, too; what is left is in the trail and in the emails themselves.
    """

    __tablename__ = "mailing"

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    at: Mapped[Moment]
    event: Mapped[str] = mapped_column(String(40))
    group: Mapped[dict[str, object] | None] = mapped_column("meant", JSON(none_as_null=True))
    total: Mapped[int]
    written: Mapped[int] = mapped_column(default=0)
    state: Mapped[MailingState] = mapped_column(
        Choice(MailingState, 10), default=MailingState.UNDER_WAY
    )
    said: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: mailing|said|<id>


class Addressee(Model):
    """Somebody whose email of a mailing is still to be written: ids alone, no name, no address.

    The row goes in the transaction that writes the email, and when the person is erased.
    """

    __tablename__ = "mailing_addressee"

    mailing_id: Mapped[str] = mapped_column(ForeignKey("mailing.id"), primary_key=True)
    registration_id: Mapped[str] = mapped_column(
        ForeignKey("registration.id"), primary_key=True, index=True
    )
    said: Mapped[int] = mapped_column(default=0)  # which of what the mailing says
