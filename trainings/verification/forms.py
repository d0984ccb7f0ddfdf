"""What is typed or dropped on the check page: checks its shape only."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from trainings.core.i18n import _l
from trainings.web.forms import PlainForm


class SerialForm(PlainForm):
    """The serial printed on the paper: the first of two steps."""

    serial = StringField(
        _l("Serial number"),
        [InputRequired(_l("Enter the serial number printed under the code.")), Length(max=60)],
    )


class NameForm(PlainForm):
    """The name on the paper; may be sent again after a typing error.

    ``serial`` is what was typed in the step before; empty for who came by a link.
    """

    serial = HiddenField()
    name = StringField(
        _l("Name on the certificate"),
        [InputRequired(_l("Enter the name as it is printed on the certificate.")), Length(max=200)],
    )


class FileForm(PlainForm):
    """A PDF to be checked; it is read, never stored."""

    file = FileField(_l("PDF file of the certificate"))
