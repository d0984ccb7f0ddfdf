"""Looks up background work."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from trainings.core.db import db
from trainings.jobs.models import Job
from trainings.jobs.rules import Work


def work() -> Work:
    """The tasks that this installation's worker can run; ``wiring.py`` lists them."""
    found: Work = current_app.extensions["work"]
    return found


def _due(at: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Job.state == "waiting", Job.run_at <= at),
        and_(Job.state == "running", Job.leased_until < at),
    )


def is_due(at: datetime) -> bool:
    """Whether any job is due now, or was abandoned by a worker that died."""
    return db.session.scalar(select(Job.id).where(_due(at)).limit(1)) is not None


def next_due_for_update(session: Session, at: datetime) -> Job | None:
    """The job that has been due longest, locked; one that another worker holds is skipped."""
    return session.scalar(
        select(Job)
        .where(_due(at))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def held_for_update(session: Session, job_id: int, lease: str) -> Job | None:
    """The job that still holds this lease, locked."""
    return session.scalar(select(Job).where(Job.id == job_id, Job.lease == lease).with_for_update())


def in_hand(unique_key: str, at: datetime) -> bool:
    """Whether work with this key is waiting or being done by a live worker."""
    alive = or_(Job.state == "waiting", and_(Job.state == "running", Job.leased_until >= at))
    return db.session.scalar(select(Job.id).where(Job.unique_key == unique_key, alive)) is not None


def lag(at: datetime) -> float:
    """How many seconds the oldest due job has been waiting; 0 if there is none."""
    oldest = db.session.scalar(
        select(func.min(Job.run_at)).where(Job.state == "waiting", Job.run_at <= at)
    )
    return 0.0 if oldest is None else (at - oldest).total_seconds()


def failed() -> int:
    """How many jobs have failed for good."""
    return db.session.scalar(select(func.count()).where(Job.state == "failed")) or 0
