"""What an assessment says, what is refused, and which of several counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.rosters.rules import TrainerRole

LONGEST = 1000  # characters of a remark


class Found(NamedTuple):
    """What an assessment says, as it was typed."""

    module_id: str
    role: TrainerRole
    assessed_on: date
    remark: str = ""


class Assessed(NamedTuple):
    """An assessment, opened."""

    id: str
    module_id: str
    role: TrainerRole
    assessed_on: date
    account_id: str | None
    remark: str


class NotOneself(Refusal):
    """Somebody who wants to assess themselves."""

    sentence = _l("You cannot assess yourself. Ask another organiser to do it.")


class NotYet(Refusal):
    """An assessment of a day that has not come."""

    sentence = _l("The date of an assessment cannot be in the future.")
    field = "assessed_on"


class Step(Struct):
    """How far a trainer is with one module: sessions in each role, and the assessment that counts.

    The sessions are those that are over, in all courses; nothing says where.
    """

    sessions: dict[TrainerRole, int] = field(default_factory=dict)
    assessed: Assessed | None = None

    def in_role(self, role: TrainerRole) -> int:
        """How many sessions in this role."""
        return self.sessions.get(role, 0)


def counts(assessments: Iterable[Assessed]) -> dict[str, Assessed]:
    """The assessment that counts for each module: the last of the last day."""
    found: dict[str, Assessed] = {}
    for one in sorted(assessments, key=lambda each: each.assessed_on):
        found[one.module_id] = one
    return found


def path(
    taught: Mapping[tuple[str, TrainerRole], int], assessments: Iterable[Assessed]
) -> dict[str, Step]:
    """A trainer's steps by module; ``taught``: sessions by module and role."""
    steps: dict[str, Step] = {}
    for (module_id, role), number in taught.items():
        steps.setdefault(module_id, Step()).sessions[role] = number
    for module_id, one in counts(assessments).items():
        steps.setdefault(module_id, Step()).assessed = one
    return steps


def beyond(role: TrainerRole, assessed: TrainerRole | None) -> bool:
    """Whether a trainer takes on more than they were assessed for; never where nobody did."""
    order = list(TrainerRole)
    return assessed is not None and order.index(role) < order.index(assessed)
