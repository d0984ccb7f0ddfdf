"""What trainers say about when they can teach."""

from datetime import date, datetime, time

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainings.availability.rules import PeriodKind
from trainings.core.db import Choice, Key, Model, UTCDateTime


class AvailabilityPeriod(Model):
    """Days and hours on which a trainer cannot teach, or outside of which they cannot."""

    __tablename__ = "availability_period"
    id: Mapped[Key]
    trainer_id: Mapped[str] = mapped_column(ForeignKey("trainer.id"), index=True)
    course_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"))  # none: every course
    kind: Mapped[PeriodKind] = mapped_column(Choice(PeriodKind, 5))
    first: Mapped[date]
    last: Mapped[date]
    weekdays: Mapped[list[int]] = mapped_column(JSON)  # 0 is Monday; none: each
    starts_at: Mapped[time | None]  # none: the whole day
    ends_at: Mapped[time | None]
    zone: Mapped[str] = mapped_column(String(64))


class BusyCalendar(Model):
    """When a trainer is busy by the calendar they gave us: times alone, not what or where."""

    __tablename__ = "busy_calendar"
    trainer_id: Mapped[str] = mapped_column(ForeignKey("trainer.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    times: Mapped[list[list[str]]] = mapped_column(JSON)  # start and end, in UTC, in order
