"""What is typed when a certificate is revoked or corrected, or an exception asked for."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from trainings.certificates.rules import END_LABELS
from trainings.core.i18n import _l
from trainings.core.web import Form


class RevokeForm(Form):
    """Why a certificate is no longer valid."""

    reason = RadioField(
        _l("Why?"), [InputRequired(_l("Choose a reason."))],
        choices=[SelectChoice(str(reason), label) for reason, label in END_LABELS.items()],
    )  # fmt: skip
    note = TextAreaField(_l("Note"), [Length(max=1000)])


class ReissueForm(RevokeForm):
    """The corrected name, and why."""

    printed_name = StringField(
        _l("Name on the certificate"),
        [InputRequired(_l("Enter the name as it shall be printed.")), Length(max=160)],
    )
    afresh = BooleanField(
        _l("Take everything else anew from the course and the registration, as they are now"),
        description=_l(
            "Title, dates, modules, signatories, function, country, language and look. Leave it "
            "off where only the name was wrong."
        ),
    )


class WaiverForm(Form):
    """Why somebody gets a certificate although hours are missing."""

    reason = TextAreaField(
        _l("Reason for the exception"),
        [InputRequired(_l("Give the reason; the organiser who approves it reads it."))],
    )
