"""What an organiser types about tables: shape only."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.core.web import Form
from trainings.courses.forms import Whole

_NEEDED = _l("Enter a whole number in digits.")


class TablesForm(Form):
    """How many tables there are, and how many places each."""

    tables = Whole(_l("Tables"), validators=[InputRequired(_NEEDED)])
    places = Whole(_l("Places at each table"), validators=[InputRequired(_NEEDED)])


class MoveForm(Form):
    """Where somebody shall sit, as ``rules.written`` writes it."""

    to = StringField()


class SureForm(Form):
    """Only that it shall be done: seat everybody anew, remove the tables."""
