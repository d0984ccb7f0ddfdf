"""The trail: one row per act, each chained to the one before."""

from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from trainings.core.db import Model, Moment


class AuditEntry(Model):
    """Who did what to which object; ``mac`` chains it to the entry before."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_object", "object_type", "object_id"),
        Index("ix_audit_entry_course", "course_id", "number"),  # the last one of a course
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    by: Mapped[str | None] = mapped_column(String(22))  # an account; None: the system itself
    act: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(40))
    course_id: Mapped[str | None] = mapped_column(String(22))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # codes and ids, no names
    mac: Mapped[str] = mapped_column(String(64))


class AuditHead(Model):
    """The last entry's number and code; whoever writes to the trail locks it last."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))
