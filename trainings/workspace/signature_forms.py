"""The upload of a scanned signature."""

from __future__ import annotations

from flask_wtf.file import FileField

from trainings.core.i18n import _l
from trainings.core.web import Form


class SignatureForm(Form):
    """A picture, to be drawn anew."""

    picture = FileField(_l("Picture of the signature"))
