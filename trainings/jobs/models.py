"""The table of background work."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.core.db import Model, Moment, UTCDateTime


class Job(Model):
    """One piece of work to be done once, at ``run_at`` or later, by whichever worker is free."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "state", "run_at"),
        # work is not queued twice while the first is waiting
        Index(
            "uq_job_waiting",
            "unique_key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    task: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default="waiting")  # waiting running done failed
    run_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=5)
    lease: Mapped[str | None] = mapped_column(String(22))
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fault: Mapped[str | None] = mapped_column(String(120))  # the exception's class, not its message
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
