"""What is chosen of a certificate's look."""

from __future__ import annotations

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from trainings.certificates.look_rules import STYLE_LABELS
from trainings.core.i18n import LANGUAGES, _l
from trainings.core.web import Form

_LANGUAGES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]


class LookForm(Form):
    """Style and second language; ``shown`` is the holder's language of the specimen, not kept."""

    style = RadioField(
        _l("Style"),
        choices=[SelectChoice(str(style), label) for style, label in STYLE_LABELS.items()],
    )
    beside = SelectField(
        _l("Second language"), choices=[SelectChoice("", _l("None")), *_LANGUAGES],
        description=_l("Only for two languages side by side."),
    )  # fmt: skip
    shown = SelectField(
        _l("Show it for a holder whose language is"), choices=_LANGUAGES,
        description=_l("Only for this page; each certificate takes its holder's language."),
    )  # fmt: skip
