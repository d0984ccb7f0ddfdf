"""Forms for a participant's own registration: they check shape only."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from trainings.core.i18n import LANGUAGES, _l
from trainings.registrations.candidate_rules import LENGTHS
from trainings.web.forms import Form


class ButtonForm(Form):
    """A single button."""


class NameForm(Form):
    """The name as the certificate will print it."""

    printed_name = StringField(
        _l("Name on the certificate"),
        [
            InputRequired(_l("Enter your name as it should be printed.")),
            Length(max=LENGTHS["printed_name"]),
        ],
    )
    language = RadioField(
        _l("Language of the certificate"),
        [InputRequired(_l("Choose the language."))],
        choices=LANGUAGES,
        invalid_choice_message=_l("Choose the language."),
    )


class WithdrawForm(Form):
    """The reason for withdrawing, which is optional."""

    reason = TextAreaField(_l("Reason"), [Length(max=LENGTHS["reason"])])
