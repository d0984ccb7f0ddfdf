"""Puts work into the queue, inside the transaction of its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
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
    run_at = at or clock.now()
    if unique_key is not None:
        waiting = session.scalar(
            select(Job).where(Job.unique_key == unique_key, Job.state == "waiting")
        )
        if waiting is not None:
            waiting.run_at = min(waiting.run_at, run_at)
            return
    session.add(
        Job(task=task, payload=payload, unique_key=unique_key, run_at=run_at,
            max_attempts=max_attempts, created_at=clock.now())
    )  # fmt: skip
