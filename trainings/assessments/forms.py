"""The form in which an organiser says for what a trainer is able."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from trainings.assessments.rules import LONGEST, Found
from trainings.core.i18n import _l
from trainings.rosters.rules import TrainerRole
from trainings.web.fields import Day, OneOf, Paragraphs
from trainings.web.forms import Form


class AssessmentForm(Form):
    """A module, a role, a day, and a remark."""

    module_id = OneOf(
        _l("Module"),
        validators=[InputRequired(_l("Choose the module."))],
        invalid_choice_message=_l("Choose from the list."),
    )
    role = RadioField(
        _l("Able to take part as"),
        choices=[SelectChoice(str(one), one.label) for one in TrainerRole],
        validators=[InputRequired(_l("Choose the role."))],
    )
    assessed_on = Day(_l("Assessed on"), validators=[InputRequired(_l("Enter the date."))])
    remark = Paragraphs(_l("Remark"), maximum=LONGEST)

    def offer(self, modules: Sequence[tuple[str, str]]) -> None:
        """Offer these modules to choose from."""
        self.module_id.choices = [("", ""), *modules]

    def found(self) -> Found:
        """What was typed."""
        return Found(
            module_id=self.module_id.data,
            role=TrainerRole(self.role.data),
            assessed_on=self.assessed_on.data,
            remark=self.remark.data or "",
        )


class ButtonForm(Form):
    """A form with only a button."""
