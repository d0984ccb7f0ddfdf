"""The button that makes a link to one's own calendar."""

from __future__ import annotations

from trainings.core.web import Form


class ButtonForm(Form):
    """A form with only a button."""
