"""Messages that wait for a second organiser."""

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, Moment
from trainings.course_mails.message_rules import Recipients


class WaitingMessage(Model):
    """A message to many people, as one organiser wrote it, until another sends or deletes it.

    Subjects and texts are sealed: whoever writes may name somebody. The row is deleted then; what
    is left of it is in the audit trail, without its text.
    """

    __tablename__ = "waiting_message"

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Moment]
    recipients: Mapped[Recipients] = mapped_column(Choice(Recipients, 16))
    countries: Mapped[list[str]] = mapped_column(JSON)
    functions: Mapped[list[str]] = mapped_column(JSON)
    files: Mapped[list[str]] = mapped_column(JSON)
    said: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: waiting_message|said|<id>
