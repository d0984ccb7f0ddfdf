"""Rows of nominations that wait to be finished by hand, and how somebody read a layout before."""

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.core.db import Codes, Key, Model, Moment


class WaitingRow(Model):
    """A row with questions, for the account that sent the list, a week at most.

    Without content it was finished or dropped; the same row of the same list is not asked again.
    """

    __tablename__ = "nomination_row"
    __table_args__ = (UniqueConstraint("account_id", "course_id", "digest"),)

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(32))  # blind index of what the row says
    mail_index: Mapped[str | None] = mapped_column(String(32), index=True)  # whom it names
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  # JSON: nomination_row|content|id
    place: Mapped[int]  # in the list
    kept_at: Mapped[Moment] = mapped_column(index=True)


class ColumnLayout(Model):
    """What the columns of lists with these names hold, as an account has said before."""

    __tablename__ = "nomination_layout"
    __table_args__ = (UniqueConstraint("account_id", "layout"),)

    id: Mapped[Key]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    layout: Mapped[str] = mapped_column(String(32))  # blind index of the columns' names
    columns: Mapped[Codes] = mapped_column(JSON)
    used_at: Mapped[Moment]
