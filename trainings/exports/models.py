"""Requests for lists with names."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.core import clock
from trainings.core.db import Choice, Codes, Key, Model, Moment, UTCDateTime
from trainings.exports.request_rules import Purpose, RequestState, state_of
from trainings.exports.rules import FileKind, Listing


class ExportRequest(Model):
    """One request: who asked for which list and columns, what for, and what became of it.

    The file is kept under a data key of its own until the link ends; both are removed then.
    """

    __tablename__ = "export_request"
    __table_args__ = (Index("ix_export_request_course", "course_id", "asked_at"),)

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(12), unique=True)  # what people read: L-7F3K9Q
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    listing: Mapped[Listing] = mapped_column(Choice(Listing, 20))
    kind: Mapped[FileKind] = mapped_column(Choice(FileKind, 4))
    purpose: Mapped[Purpose] = mapped_column(Choice(Purpose, 20))
    columns: Mapped[Codes]
    people: Mapped[int]  # when it was asked for
    plain: Mapped[bool]
    second: Mapped[bool]  # whether another person has to approve
    by: Mapped[str] = mapped_column(String(22))  # an account
    asked_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    approved: Mapped[bool | None]
    decided_by: Mapped[str | None] = mapped_column(String(22))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # sealed under export_request|<column>|<id>: JSON
    words: Mapped[bytes] = mapped_column(LargeBinary)  # what for, why these columns, to whom
    filters: Mapped[bytes | None] = mapped_column(LargeBinary)
    persons: Mapped[list[str]] = mapped_column(JSON)  # who is in it, until it ends
    # the file, while it can be fetched
    file_name: Mapped[str | None] = mapped_column(String(40))
    data_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # export_request|data_key|id

    @property
    def state(self) -> RequestState:
        """How it stands now."""
        made = self.file_name is not None
        return state_of(clock.now(), self.ends_at, self.second, self.approved, made)
