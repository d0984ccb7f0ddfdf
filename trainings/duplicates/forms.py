"""What people choose about two entries of the roster: shape only."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.duplicates.rules import FIELDS, Chosen, From
from trainings.web.forms import Form

_NOT_THERE = _l("Choose from the list.")


def _choice(name: str) -> RadioField:
    return RadioField(
        FIELDS[name], validators=[InputRequired(_NOT_THERE)], invalid_choice_message=_NOT_THERE
    )


class MergeForm(Form):
    """Which entry stays, and from which each value is taken; the view sets the choices."""

    seen = HiddenField()
    stays = RadioField(
        _l("Which entry stays, with its account?"),
        validators=[InputRequired(_l("Choose which entry stays."))],
        invalid_choice_message=_NOT_THERE,
    )
    name = _choice("name")
    mail = _choice("mail")
    agency = _choice("agency")
    station = _choice("station")
    languages = _choice("languages")
    modules = _choice("modules")
    notes = _choice("notes")
    same = BooleanField(_l("I have checked that both entries are the same person."))

    def chosen(self) -> Chosen:
        """What was chosen, in the form the operation takes."""
        return Chosen(From(self.stays.data), {name: From(self[name].data) for name in FIELDS})
