"""The form that makes the link of a screen."""

from __future__ import annotations

from wtforms.fields.choices import SelectChoice

from trainings.core.i18n import LANGUAGES, _l
from trainings.courses.forms import Ticks
from trainings.web.forms import Form


class ScreenForm(Form):
    """In which languages a screen shows its course, in turn."""

    languages = Ticks(
        _l("Languages"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )
