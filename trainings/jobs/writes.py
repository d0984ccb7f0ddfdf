"""Adds work to the queue, in the transaction that causes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, update
from sqlalchemy.orm import Session

from trainings.core import clock
from trainings.core.db import insert_rows, upsert
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
    """Queue a task to run once (soon or at a given time), with a payload of ids and codes.

    Work with a ``unique_key`` is not queued twice while it waits: the existing job stays, and
    moves forward if the new time is earlier.
    """
    row = _row(task, at or clock.now(), payload, unique_key, max_attempts)
    if unique_key is None:
        insert_rows(session, Job, [row])
        return
    waiting = (Job.unique_key == unique_key) & (Job.state == "waiting")
    sooner = update(Job).where(waiting, Job.run_at > row["run_at"]).values(run_at=row["run_at"])
    session.execute(sooner.execution_options(synchronize_session=False))
    session.execute(upsert(session, Job).values(**row).on_conflict_do_nothing())


def forget(session: Session, task: str, **payload: str) -> None:
    """Remove all jobs of a task queued with this payload, whatever their state."""
    meant = [Job.payload[name].as_string() == value for name, value in payload.items()]
    session.execute(
        delete(Job).where(Job.task == task, *meant).execution_options(synchronize_session=False)
    )


def forget_each(
    session: Session, task: str, name: str, values: Collection[str] | Select[str]
) -> None:
    """Remove all jobs of a task in whose payload ``name`` has one of these values, or is found."""
    found = values if isinstance(values, Select) else list(values)
    meant = Job.payload[name].as_string().in_(found)
    session.execute(
        delete(Job).where(Job.task == task, meant).execution_options(synchronize_session=False)
    )


def enqueue_each(
    session: Session, asked: Sequence[tuple[str, datetime, Mapping[str, Any]]]
) -> None:
    """Queue several tasks in one statement, each to run once at its time."""
    if asked:
        insert_rows(session, Job, [_row(task, at, payload) for task, at, payload in asked])


def _row(
    task: str,
    at: datetime,
    payload: Mapping[str, Any],
    unique_key: str | None = None,
    max_attempts: int = 5,
) -> dict[str, Any]:
    return {
        "task": task,
        "payload": dict(payload),
        "unique_key": unique_key,
        "run_at": at,
        "max_attempts": max_attempts,
        "created_at": clock.now(),
        "state": "waiting",
        "attempts": 0,
    }
