"""Secret links to the screens of courses."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Codes, Model, Moment


class ScreenLink(Model):
    """The link by which a screen shows a course; only a keyed hash of it is kept."""

    __tablename__ = "screen_link"
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    token_index: Mapped[str] = mapped_column(String(32), unique=True)
    languages: Mapped[Codes]  # shown in turn
    created_at: Mapped[Moment]
