"""Lists trainers as tables show them: names opened for the reader, codes in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import select

from trainings.core.i18n import language_name, localized
from trainings.core.names import folded
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries
from trainings.people import order_queries, reading
from trainings.people.sealed_rules import Identity
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.queries import OnRoster


class Line(Struct, frozen=True):
    """One trainer as a table shows them."""

    trainer: Trainer
    who: Identity
    languages: str
    modules: str
    asked: CourseTrainer | None = None

    @property
    def id(self) -> str:
        return self.trainer.id

    @property
    def name(self) -> str:
        return self.who.name


SIZE = 60  # trainers on a page
_ROSTER = "roster"  # whose order of names this is


def by_name(trainers: Sequence[OnRoster]) -> list[OnRoster]:
    """Trainers in order of name; of those that a worker has put in order before none is opened."""
    if len(trainers) <= SIZE:  # all are shown, and put in order where they are
        return list(trainers)
    by_id = {one.id: one for one in trainers}
    everyone = select(Trainer.id, Trainer.person_id)
    ordered = order_queries.in_order(everyone, _ROSTER, whole=True, wanted=by_id)
    return [by_id[key] for key in ordered]


def lines(
    trainers: Iterable[Trainer],
    viewer: Viewer,
    purpose: str,
    asked: Mapping[str, CourseTrainer] | None = None,
    modules: Mapping[str, str] | None = None,
) -> list[Line]:
    """Trainers with their names opened and logged, in the order of their names.

    ``modules``: what all modules are called, where that is known already.
    """
    found = list(trainers)
    persons = reading.open([one.person_id for one in found], by=viewer.account_id, purpose=purpose)
    if modules is None:
        modules = {module.id: localized(module.titles) for module in programme_queries.modules()}
    made = [
        Line(
            one,
            persons[one.person_id],
            ", ".join(map(language_name, one.languages)),
            ", ".join(modules[key] for key in one.module_ids if key in modules),
            (asked or {}).get(one.id),
        )
        for one in found
    ]
    return sorted(made, key=lambda line: (folded(line.who.sorting), line.id))
