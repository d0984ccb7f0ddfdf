"""The form for the design of a certificate."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from trainings.core.i18n import LANGUAGES, _l
from trainings.register.look_rules import STYLE_LABELS
from trainings.web.fields import OneOf
from trainings.web.forms import Form

_LANGUAGES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]


class LookForm(Form):
    """Style and second language; ``shown`` is the specimen's main language and is not stored."""

    style = RadioField(
        _l("Style"),
        choices=[SelectChoice(str(style), label) for style, label in STYLE_LABELS.items()],
    )
    beside = OneOf(
        _l("Second language"),
        choices=[SelectChoice("", _l("None")), *_LANGUAGES],
        description=_l("Only for two languages side by side."),
    )
    shown = OneOf(
        _l("Preview for a holder whose language is"),
        choices=_LANGUAGES,
        description=_l("Only for this page. Each certificate is in its holder's language."),
    )
