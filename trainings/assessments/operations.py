"""What organisers do about a trainer's path: each in its own transaction."""

from __future__ import annotations

from trainings.assessments import queries
from trainings.assessments.models import Assessment
from trainings.assessments.rules import LONGEST, Found, NotOneself, NotYet
from trainings.audit.writes import record
from trainings.core import clock, sealed
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import programme_queries
from trainings.rosters import queries as rosters
from trainings.rosters.identity_queries import in_reach
from trainings.rosters.models import Trainer
from trainings.rosters.rules import ModuleUnknown

_FIRST_TO_HAVE_A_DAY = "Pacific/Kiritimati"  # nowhere is it a later date


def _locked(trainer_id: str, by: Viewer) -> Trainer:
    """A trainer whom the viewer may assess, the row locked. Raises ``NotFound``."""
    trainer = rosters.trainer_for(by, Permission.ROSTER_EDIT, trainer_id)
    if not in_reach(by, trainer):
        raise NotFound
    return rosters.trainer_for_update(trainer.id)


def assess(trainer_id: str, found: Found, by: Viewer) -> str:
    """Say for what a trainer is able, in one module; gives the assessment's id.

    Raises ``NotFound``, ``NotOneself``, ``NotYet``, ``ModuleUnknown``.
    """
    with transaction() as session:
        trainer = _locked(trainer_id, by)
        if trainer.account_id == by.account_id:
            raise NotOneself
        if found.assessed_on > clock.today(_FIRST_TO_HAVE_A_DAY):
            raise NotYet
        if not programme_queries.modules([found.module_id]):
            raise ModuleUnknown
        made = Assessment(
            id=new_key(),
            trainer_id=trainer.id,
            module_id=found.module_id,
            role=found.role,
            assessed_on=found.assessed_on,
            account_id=by.account_id,
            at=clock.now(),
        )
        remark = clean(found.remark, LONGEST, lines=True)
        made.remark = sealed.seal(remark, queries.label(made)) if remark else None
        session.add(made)
        record(
            session,
            "trainer.assess",
            "trainer",
            trainer.id,
            by=by.account_id,
            module=found.module_id,
            role=str(found.role),
        )
        return made.id


def take_back(trainer_id: str, assessment_id: str, by: Viewer) -> None:
    """Take an assessment back that was entered by mistake. Raises ``NotFound``."""
    with transaction() as session:
        trainer = _locked(trainer_id, by)
        found = queries.one_of(trainer.id, assessment_id)
        record(
            session,
            "trainer.assess_back",
            "trainer",
            trainer.id,
            by=by.account_id,
            module=found.module_id,
            role=str(found.role),
        )
        session.delete(found)
