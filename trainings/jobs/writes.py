"""Puts work into the queue, inside the transaction of its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from trainings.core import clock
from trainings.jobs.models import Job


def enqueue(
    session: Session,
    task: str,
    *,
    at: datetime | None = None,
    unique_key: str | None = None,
    max_attempts: int = 5,
    **payload: Any,
) -> None:
    """Ask for a task to be run once (soon, or at a moment), with a payload of ids and codes.

    With a ``unique_key`` the same work is not queued twice while it waits: the earlier stays,
    moved forward where the new moment is sooner.
    """
    row = {
        "task": task, "payload": payload, "unique_key": unique_key, "run_at": at or clock.now(),
        "max_attempts": max_attempts, "created_at": clock.now(), "state": "waiting", "attempts": 0,
    }  # fmt: skip
    if unique_key is None:
        session.execute(insert(Job).values(**row))
        return
    waiting = (Job.unique_key == unique_key) & (Job.state == "waiting")
    sooner = update(Job).where(waiting, Job.run_at > row["run_at"]).values(run_at=row["run_at"])
    session.execute(sooner.execution_options(synchronize_session=False))
    on = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(on.insert(Job).values(**row).on_conflict_do_nothing())


def forget(session: Session, task: str, **payload: str) -> None:
    """Remove the work of a kind that was queued for somebody, whatever became of it."""
    meant = [Job.payload[name].as_string() == value for name, value in payload.items()]
    session.execute(
        delete(Job).where(Job.task == task, *meant).execution_options(synchronize_session=False)
    )
