"""What is typed to find a person and to erase them."""

from __future__ import annotations

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from trainings.core.i18n import _l
from trainings.core.web import Form
from trainings.privacy.rules import REASON_LABELS


class FindForm(Form):
    """Whom an erasure is about."""

    sought = StringField(
        _l("Who is it about?"),
        [InputRequired(_l("Type an address, a name, a number or a serial.")), Length(max=320)],
        description=_l(
            "The exact mail address, the whole name, the number of a registration, or the serial "
            "number of a certificate."
        ),
    )


class EraseForm(Form):
    """Why, and what only who means it types."""

    reason = RadioField(
        _l("Why?"), [InputRequired(_l("Choose why this person is erased."))],
        choices=[SelectChoice(str(reason), label) for reason, label in REASON_LABELS.items()],
    )  # fmt: skip
    typed = StringField(
        _l("Type it to confirm"),
        [InputRequired(_l("Type what the page asks for.")), Length(max=320)],
    )
