"""The button that makes a link to one's own calendar."""

from __future__ import annotations

from trainings.web.forms import Form


class ButtonForm(Form):
    """A form with only a button."""
