"""What an organiser says about readers, and what a reader thinks: checks its shape only."""

from __future__ import annotations

from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from trainings.candidate_reviews.rules import LONGEST, SCORES, SHOWN_WORDS, Shown
from trainings.core.i18n import _l
from trainings.web.fields import Paragraphs
from trainings.web.forms import Form


class _Ticks(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, each to be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReadersForm(Form):
    """Who reads the candidates of a course, and what they see of them."""

    readers = _Ticks(_l("Readers"), validate_choice=False)
    shown = _Ticks(
        _l("What readers see, besides country and function"),
        choices=[SelectChoice(str(one), SHOWN_WORDS[one]) for one in Shown],
    )

    @property
    def seen(self) -> list[Shown]:
        """What readers see of a candidate."""
        return [Shown(one) for one in self.shown.data or []]


class ReviewForm(Form):
    """A score, and a note."""

    score = RadioField(
        _l("Score"),
        choices=[SelectChoice(str(one), str(one)) for one in SCORES],
        validators=[InputRequired(_l("Choose a score from 1 to 5."))],
    )
    note = Paragraphs(_l("Note"), maximum=LONGEST)
