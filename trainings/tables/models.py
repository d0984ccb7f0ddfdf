"""Tables of a course, and who sits where."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Model


class TableLayout(Model):
    """The number of tables in a course, and of places at each."""

    __tablename__ = "table_layout"
    __table_args__ = (CheckConstraint("tables > 0 AND places > 0", name="some"),)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    tables: Mapped[int]
    places: Mapped[int]


class TablePlace(Model):
    """One person's place. It belongs to the registration, and counts only while that is live."""

    __tablename__ = "table_place"
    __table_args__ = (UniqueConstraint("course_id", "table_no", "place_no"),)
    registration_id: Mapped[str] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True
    )
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    table_no: Mapped[int]
    place_no: Mapped[int]
