"""The name of a view, and for whom it is."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.saved_views.rules import LONGEST_NAME
from trainings.web.fields import Line
from trainings.web.forms import Form

ME, COURSE = "me", "course"


class ViewForm(Form):
    """A view: its name, and for whom it is."""

    name = Line(
        _l("Name of the view"),
        maximum=LONGEST_NAME,
        validators=[InputRequired(_l("Enter a name for the view."))],
    )
    whose = RadioField(
        _l("For whom"),
        choices=[
            SelectChoice(ME, _l("Only for me")),
            SelectChoice(COURSE, _l("For everyone who organises this course")),
        ],
        default=ME,
    )

    @property
    def shared(self) -> bool:
        """Whether it is for everyone who organises the course."""
        return bool(self.whose.data == COURSE)
