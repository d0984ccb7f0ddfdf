"""Forms for materials; they check only the shape of what people type."""

from __future__ import annotations

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.materials.rules import AUDIENCE_LABELS, Audience
from trainings.uploads.rules import LONGEST_NAME, FileMissing
from trainings.web.fields import Line, OneOf
from trainings.web.forms import Form


def _audience() -> RadioField:
    return RadioField(
        _l("Who may have it"),
        choices=[SelectChoice(str(one), label) for one, label in AUDIENCE_LABELS.items()],
        default=str(Audience.PARTICIPANTS),
        validators=[InputRequired(_l("Choose who may have it."))],
    )


class UploadForm(Form):
    """A file to send."""

    file = FileField(_l("File"))

    def upload(self) -> FileStorage:
        """The file that was sent. Raises ``FileMissing``."""
        found = self.file.data
        if not isinstance(found, FileStorage) or not found.filename:
            raise FileMissing
        return found


class AddForm(UploadForm):
    """A file with who may have it; of a course, the session to which it belongs."""

    session_id = OneOf(
        _l("Session"),
        validators=[InputRequired(_l("Choose the session."))],
        invalid_choice_message=_l("Choose from the list."),
    )
    audience = _audience()


class ChangeForm(Form):
    """A file's name and who may have it."""

    name = Line(_l("Name"), maximum=LONGEST_NAME)
    audience = _audience()


class ButtonForm(Form):
    """A form with only a button."""
