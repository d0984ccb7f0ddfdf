"""Forms to move a course and to give roles in it: they check shape only."""

from __future__ import annotations

from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.web.fields import Paragraphs
from trainings.web.forms import Form


class MoveForm(Form):
    """A move of a course that needs no further text."""


class CancelForm(Form):
    """The reason why a course is cancelled, which everyone is told."""

    reason = Paragraphs(
        _l("Reason"), maximum=1000, validators=[InputRequired(_l("Give a reason."))]
    )
