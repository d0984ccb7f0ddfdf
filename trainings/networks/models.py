"""The waves of a course, who was asked, and the answers until a wave closes.

An answer names nobody: its key is a keyed hash of the wave and the registration, so that only the
software can find it again, for the person's link and for erasing it. SQLite keeps the table in the
order of these keys (WITHOUT ROWID). When a wave closes, sums stay and the answers are deleted.

See docs/decisions/2026-11-29-networks.md.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainings.core.db import Choice, Key, Model, UTCDateTime
from trainings.networks.rules import WaveKind, WaveState


class ContactWave(Model):
    """One time at which the people of a course are asked about their working contacts."""

    __tablename__ = "contact_wave"
    __table_args__ = (UniqueConstraint("course_id", "kind"),)
    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[WaveKind] = mapped_column(Choice(WaveKind, 12))
    sends_on: Mapped[date]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_on: Mapped[date | None]  # the last day on which it can be answered
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked: Mapped[int] = mapped_column(default=0)
    counted: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def state(self) -> WaveState:
        """Where it is."""
        if self.closed_at is not None:
            return WaveState.CLOSED
        return WaveState.PLANNED if self.sent_at is None else WaveState.OPEN


class ContactAsk(Model):
    """That somebody was asked in a wave; of the link a keyed hash is kept, never an answer."""

    __tablename__ = "contact_ask"
    wave_id: Mapped[str] = mapped_column(ForeignKey("contact_wave.id"), primary_key=True)
    registration_id: Mapped[str] = mapped_column(
        ForeignKey("registration.id"), primary_key=True, index=True
    )
    token_index: Mapped[str] = mapped_column(String(32), unique=True)


class ContactAnswer(Model):
    """What somebody answered in a wave that is open."""

    __tablename__ = "contact_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wave_id: Mapped[str] = mapped_column(ForeignKey("contact_wave.id"), index=True)
    said: Mapped[bytes] = mapped_column(LargeBinary)  # JSON, sealed: contact_answer|said|<id>
