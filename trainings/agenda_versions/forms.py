"""The form that publishes an agenda."""

from __future__ import annotations

from wtforms import HiddenField

from trainings.web.forms import Form


class PublishForm(Form):
    """A button; with it goes which agenda was looked at."""

    looked_at = HiddenField()
