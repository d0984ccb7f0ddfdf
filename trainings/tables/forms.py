"""What an organiser types about tables: checks its shape only."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.web.fields import Whole
from trainings.web.forms import Form

_NEEDED = _l("Enter a whole number in digits.")


class TablesForm(Form):
    """The number of tables, and of places at each."""

    tables = Whole(_l("Tables"), validators=[InputRequired(_NEEDED)])
    places = Whole(_l("Places at each table"), validators=[InputRequired(_NEEDED)])


class MoveForm(Form):
    """The place somebody moves to, as ``rules.written`` writes it."""

    to = StringField()


class SureForm(Form):
    """The confirmation to seat everybody again or to remove the tables."""
