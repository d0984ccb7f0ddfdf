"""What people type about trainers: shape only."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.validators import InputRequired

from trainings.accounts.forms import NAME_MISSING
from trainings.core.i18n import _l
from trainings.courses.forms import Ticks
from trainings.rosters.rules import TrainerData
from trainings.web.fields import Line, MailLine, Named, NameLine, OneOf, Paragraphs
from trainings.web.forms import Form

_NOT_THERE = _l("Choose from the list.")


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class TrainerForm(Form):
    """A trainer on the roster; the choices come from the view."""

    given_name = NameLine(_l("Given name"))
    family_name = NameLine(_l("Family name"), validators=[Named(NAME_MISSING)])
    mail = MailLine(_l("Email address"), validators=[InputRequired(_l("Enter an email address."))])
    agency_id = RadioField(
        _l("Agency"),
        validators=[InputRequired(_l("Choose the agency."))],
        invalid_choice_message=_NOT_THERE,
    )
    station_city = Line(
        _l("Duty station"), maximum=100, validators=[InputRequired(_l("Enter the city."))]
    )
    station_country = OneOf(
        _l("Country"),
        validators=[InputRequired(_l("Choose the country."))],
        invalid_choice_message=_NOT_THERE,
    )
    languages = Ticks(
        _l("Languages"),
        validators=[InputRequired(_l("Choose at least one language they teach in."))],
        invalid_choice_message=_NOT_THERE,
    )
    module_ids = Ticks(_l("Modules they teach"), invalid_choice_message=_NOT_THERE)
    notes = Paragraphs(_l("Notes"), maximum=2000)

    def trainer(self) -> TrainerData:
        """The typed data, in the form the operation takes."""
        return TrainerData(
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            mail=self.mail.data,
            agency_id=self.agency_id.data,
            station_city=self.station_city.data,
            station_country=self.station_country.data,
            languages=tuple(self.languages.data),
            module_ids=tuple(self.module_ids.data),
            notes=self.notes.data,
        )


class InviteForm(Form):
    """The trainers to invite, ticked in the table; the operation checks which of them exist."""


class ButtonForm(Form):
    """A form with nothing but its button."""
