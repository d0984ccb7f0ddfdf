"""The shapes of what is typed on the check page and the certificates page."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired, Length

from trainings.core.i18n import _l
from trainings.core.web import Form


class IssueForm(Form):
    """One button."""

    submit = SubmitField(_l("Issue certificates"))


class SerialForm(FlaskForm):  # type: ignore[misc]
    """The serial and the name, as printed on the paper; sent again when it was mistyped."""

    serial = StringField(
        _l("Serial number"),
        [InputRequired(_l("Enter the serial number printed under the code.")), Length(max=60)],
    )
    name = StringField(
        _l("Name on the certificate"),
        [InputRequired(_l("Enter the name as it is printed on the certificate.")), Length(max=200)],
    )


class NameForm(FlaskForm):  # type: ignore[misc]
    """The name on the paper; sent again when it was mistyped."""

    name = StringField(
        _l("Name on the certificate"),
        [InputRequired(_l("Enter the name as it is printed on the certificate.")), Length(max=200)],
    )


class FileForm(FlaskForm):  # type: ignore[misc]
    """A PDF to be checked; it is read, never kept."""

    file = FileField(_l("PDF file of the certificate"))
