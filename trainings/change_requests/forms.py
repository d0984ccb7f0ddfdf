"""What an organiser decides about a change, and a participant about their own."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.registrations.forms import Cleaned
from trainings.web.forms import Form

APPROVE, REFUSE = "approve", "refuse"


class ChangeForm(Form):
    """Whether a change is made; ``seen``: which request was looked at."""

    seen = HiddenField()
    decision = RadioField(
        _l("Your decision"),
        choices=[
            SelectChoice(APPROVE, _l("Approve: change the details")),
            SelectChoice(REFUSE, _l("Do not approve: the details stay as they are")),
        ],
        validators=[InputRequired(_l("Choose one of the two."))],
    )
    reason = TextAreaField(
        _l("Reason, if you do not approve"),
        validators=[Cleaned("reason")],
        description=_l("We email it to the person."),
    )


class TakeBackForm(Form):
    """Takes back a change; there is nothing to fill in."""
