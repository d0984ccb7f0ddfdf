"""Views of a course's candidates that an organiser saved."""

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Key, Model, Moment


class SavedView(Model):
    """Filters and columns under a name, for whoever saved them or for the course; no people."""

    __tablename__ = "saved_view"
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    shared: Mapped[bool]
    name: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: saved_view|name|<id>
    asked: Mapped[dict[str, str]] = mapped_column(JSON)  # codes only
    at: Mapped[Moment]
