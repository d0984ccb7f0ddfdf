"""Looks up how far trainers are: what they were assessed for, and what they did so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from trainings.agenda import service_queries
from trainings.assessments.models import Assessment
from trainings.assessments.rules import Assessed, Step, path
from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.rosters.rules import TrainerRole


def label(row: Assessment) -> str:
    """What a remark is sealed for."""
    return f"assessment|remark|{row.id}"


def opened(row: Assessment) -> Assessed:
    """An assessment with its remark opened."""
    return Assessed(
        row.id,
        row.module_id,
        row.role,
        row.assessed_on,
        row.account_id,
        sealed.unseal(row.remark, label(row)) if row.remark else "",
    )


def of_trainer(trainer_id: str) -> list[Assessed]:
    """All assessments of a trainer whom the viewer may see, in order of their days."""
    rows = db.session.scalars(
        select(Assessment)
        .where(Assessment.trainer_id == trainer_id)
        .order_by(Assessment.assessed_on, Assessment.at, Assessment.id)
    )
    return [opened(row) for row in rows]


def one_of(trainer_id: str, assessment_id: str) -> Assessment:
    """One assessment of a trainer. Raises ``NotFound``."""
    found = db.session.get(Assessment, assessment_id)
    if found is None or found.trainer_id != trainer_id:
        raise NotFound
    return found


def path_of(trainer_id: str, assessments: Collection[Assessed]) -> dict[str, Step]:
    """A trainer's steps by module."""
    return path(service_queries.by_module(trainer_id), assessments)


def roles_of(trainer_ids: Collection[str]) -> Mapping[str, Mapping[str, TrainerRole]]:
    """As what each of these trainers was assessed, by trainer and module: what counts."""
    if not trainer_ids:
        return {}
    rows = db.session.execute(
        select(Assessment.trainer_id, Assessment.module_id, Assessment.role)
        .where(Assessment.trainer_id.in_(list(trainer_ids)))
        .order_by(Assessment.assessed_on, Assessment.at, Assessment.id)
    )
    found: dict[str, dict[str, TrainerRole]] = {}
    for trainer_id, module_id, role in rows:
        found.setdefault(trainer_id, {})[module_id] = role
    return found
