"""The upload of an agency's mark."""

from __future__ import annotations

from flask_wtf.file import FileField

from trainings.core.i18n import _l
from trainings.core.web import Form


class MarkForm(Form):
    """A picture, to be drawn anew."""

    picture = FileField(_l("Picture of the mark"))
