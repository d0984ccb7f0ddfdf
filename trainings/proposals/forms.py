"""The form in which a timetable is asked for."""

from __future__ import annotations

from wtforms.fields.choices import SelectChoice

from trainings.core.i18n import _l
from trainings.proposals.rules import Wish
from trainings.scheduling.forms import DaysFrameForm
from trainings.web.fields import OneOf

_WEIGHTS = (
    SelectChoice("0", _l("does not matter")),
    SelectChoice("1", _l("where it can")),
    SelectChoice("3", _l("matters much")),
)


def _weight(label: str) -> OneOf:
    return OneOf(label, choices=list(_WEIGHTS), default="1")


class ProposalForm(DaysFrameForm):
    """The days, how they are laid out, and how much each wish matters."""

    order = _weight(_l("Modules in their order"))
    morning = _weight(_l("Tests in the morning"))
    days_alike = _weight(_l("As much on each day"))
    room_changes = _weight(_l("Few changes of room"))
    agencies = _weight(_l("As many hours from each agency"))

    def weights(self) -> dict[Wish, int]:
        """How much each wish matters, from 0 to 3."""
        return {
            Wish.ORDER: int(self.order.data),
            Wish.MORNING: int(self.morning.data),
            Wish.DAYS: int(self.days_alike.data),
            Wish.ROOM_CHANGES: int(self.room_changes.data),
            Wish.AGENCIES: int(self.agencies.data),
        }
