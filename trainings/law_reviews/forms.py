"""Which countries and topics a course lays side by side."""

from __future__ import annotations

from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.courses.forms import Ticks
from trainings.web.forms import Form


class CourseLawsForm(Form):
    """Which countries and topics a course lays side by side; the view supplies the choices."""

    countries = Ticks(
        _l("Countries"), validators=[InputRequired(_l("Choose at least two countries."))]
    )
    topics = Ticks(_l("Topics"), validators=[InputRequired(_l("Choose at least one topic."))])
