"""When the waves are sent, and what somebody answers: forms that check shapes only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from trainings.core.i18n import _l, countries
from trainings.courses.forms import Ticks
from trainings.networks.models import ContactWave
from trainings.networks.rules import (
    Cell,
    ContactOutcome,
    Contacts,
    ContactWay,
    Often,
    WaveKind,
    WaveState,
)
from trainings.web.fields import Day, OneOf
from trainings.web.forms import Form

_NO_CONTACT = _l("No contact")


class NetworkPlanForm(Form):
    """The days on which people are asked; without a day they are not."""

    start = Day(WaveKind.START.label, [Optional()])
    end = Day(WaveKind.END.label, [Optional()])
    three = Day(WaveKind.THREE.label, [Optional()])
    six = Day(WaveKind.SIX.label, [Optional()])

    @staticmethod
    def begin(
        there: Mapping[WaveKind, ContactWave], usual: Mapping[WaveKind, date] | None
    ) -> dict[str, Any]:
        """The days that are planned; ``usual``: those proposed where nothing is planned yet."""
        if not there and usual is not None:
            return {str(kind): day for kind, day in usual.items()}
        return {
            str(kind): there[kind].sends_on if kind in there else None
            for kind in WaveKind
            if kind not in there or there[kind].state is WaveState.PLANNED
        }

    def without_sent(self, there: Mapping[WaveKind, ContactWave]) -> None:
        """Leave out what was sent already."""
        for kind, one in there.items():
            if one.state is not WaveState.PLANNED and str(kind) in self:
                del self[str(kind)]

    def days(self) -> dict[WaveKind, date | None]:
        """The days that were entered."""
        return {kind: self[str(kind)].data for kind in WaveKind if str(kind) in self}


class _AnswerForm(Form):
    """How people were in contact, and what came of it; the groups are added by ``answer_form``."""

    ways = Ticks(
        _l("How were you in contact?"),
        choices=[SelectChoice(str(one), one.label) for one in ContactWay],
    )
    outcomes = Ticks(
        _l("What came of it?"),
        choices=[SelectChoice(str(one), one.label) for one in ContactOutcome],
        description=_l("Never write or tell here which case: this is no channel for it."),
    )


class Asking(NamedTuple):
    """The form by which somebody answers, its fields by country."""

    form: Any
    rows: Sequence[tuple[str, Sequence[Any]]]
    names: Mapping[str, Cell]

    def contacts(self) -> Contacts:
        """What was entered."""
        return Contacts(
            {
                cell: Often(self.form[name].data)
                for name, cell in self.names.items()
                if self.form[name].data
            },
            frozenset(map(ContactWay, self.form.ways.data or [])),
            frozenset(map(ContactOutcome, self.form.outcomes.data or [])),
        )


def answer_form(
    cells: Iterable[Cell], functions: Mapping[str, str], said: Contacts | None
) -> Asking:
    """The form for these groups, with what was answered before."""
    names = {f"group_{country}_{function}": (country, function) for country, function in cells}
    choices = [SelectChoice("", _NO_CONTACT), *(SelectChoice(str(o), o.label) for o in Often)]
    fields = {
        name: OneOf(functions.get(cell[1], cell[1]), choices=choices)
        for name, cell in names.items()
    }
    kept: dict[str, Any] = {}
    if said is not None:
        kept = {
            name: str(said.named[cell]) if cell in said.named else ""
            for name, cell in names.items()
        }
        kept["ways"] = sorted(map(str, said.ways))
        kept["outcomes"] = sorted(map(str, said.outcomes))
    form = type("NetworkAnswerForm", (_AnswerForm,), fields)(data=kept)
    of: dict[str, list[Any]] = {}
    for name, (country, _function) in names.items():
        of.setdefault(country, []).append(form[name])
    return Asking(form, [(shown, of[code]) for code, shown in countries([*of])], names)
