"""The answer of an agency: it checks shape only."""

from __future__ import annotations

from trainings.agreements.rules import REASON
from trainings.core.i18n import _l
from trainings.web.fields import Paragraphs
from trainings.web.forms import Form


class AnswerForm(Form):
    """An answer is the button that was pressed; with some of them goes a reason."""

    reason = Paragraphs(_l("Reason"), maximum=REASON)


class SignForm(Form):
    """Whether somebody signs: nothing but the button."""
