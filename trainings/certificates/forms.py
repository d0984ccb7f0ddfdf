"""Forms of the certificates pages; they check only the shape of what is typed."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from trainings.core.errors import NotFound
from trainings.core.i18n import _l
from trainings.register.rules import END_LABELS, Kind
from trainings.web.forms import Form


class IssueForm(Form):
    """A single button: issue the certificates of everyone who earned one."""


ORDER = (Kind.COMPLETION, Kind.ATTENDANCE, Kind.TRAINER)


def asked_kind() -> Kind:
    """The kind in the address, completion if there is none. Raises ``NotFound``."""
    try:
        return Kind(request.args.get("kind", Kind.COMPLETION))
    except ValueError:
        raise NotFound from None


def kind_tabs(endpoint: str, code: str, here: Kind) -> list[dict[str, Any]]:
    """A tab for each kind, linking to the same page for that kind."""
    return [
        {
            "label": kind.label,
            "url": url_for(endpoint, code=code, kind=kind),
            "active": kind is here,
        }
        for kind in ORDER
    ]


class RevokeForm(Form):
    """Why a certificate is no longer valid."""

    reason = RadioField(
        _l("Why?"),
        [InputRequired(_l("Choose a reason."))],
        choices=[SelectChoice(str(reason), label) for reason, label in END_LABELS.items()],
    )
    note = TextAreaField(_l("Note"), [Length(max=1000)])


class ReissueForm(RevokeForm):
    """The corrected name, and the reason."""

    printed_name = StringField(
        _l("Name on the certificate"),
        [InputRequired(_l("Enter the name as it should be printed.")), Length(max=160)],
    )
    afresh = BooleanField(
        _l("Update everything else from the course and the registration as they are now"),
        description=_l(
            "Title, dates, modules, signatories, function, country, language and design. Leave "
            "unticked if only the name was wrong."
        ),
    )


class WaiverForm(Form):
    """Why somebody should get a certificate although hours are missing."""

    reason = TextAreaField(
        _l("Reason for the exception"),
        [InputRequired(_l("Give the reason. The organiser who decides reads it."))],
    )
