"""What is typed to find a person and to erase them."""

from __future__ import annotations

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from trainings.core.i18n import _l
from trainings.privacy.rules import REASON_LABELS
from trainings.web.forms import Form


class FindForm(Form):
    """How to find the person to be erased."""

    sought = StringField(
        _l("Who is it about?"),
        [
            InputRequired(
                _l("Enter an email address, a name, a registration number or a serial number.")
            ),
            Length(max=320),
        ],
        description=_l(
            "The exact email address, the full name, a registration number or a certificate serial "
            "number."
        ),
    )


class EraseForm(Form):
    """Why the person is erased, and the typed confirmation."""

    reason = RadioField(
        _l("Why?"),
        [InputRequired(_l("Choose why you are erasing this person."))],
        choices=[SelectChoice(str(reason), label) for reason, label in REASON_LABELS.items()],
    )
    typed = StringField(
        _l("Type it to confirm"),
        [InputRequired(_l("Type what the page asks for.")), Length(max=320)],
    )
