"""Forms in which trainers say when they can teach."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from trainings.agenda.forms import Clock
from trainings.availability.rules import Period, PeriodKind
from trainings.core.dates import weekday_name, zone_name
from trainings.core.i18n import _l
from trainings.core.zones import zone_choices
from trainings.courses.forms import Ticks
from trainings.web.fields import Day, OneOf
from trainings.web.forms import Form

_NOT_THERE = _l("Choose from the list.")


class ZonedForm(Form):
    """A form whose times are by the clock of a zone."""

    zone = OneOf(_l("Times are those of"), invalid_choice_message=_NOT_THERE)

    def offer_zones(self, country: str) -> None:
        """All zones, those of a country first."""
        choices = zone_choices(country)
        kept = self.zone.data
        if kept and kept not in dict(choices):
            choices = [(kept, zone_name(kept)), *choices]
        self.zone.choices = choices


class PeriodForm(ZonedForm):
    """A period in which a trainer cannot teach, or can teach only then."""

    kind = RadioField(
        _l("In this period"),
        choices=[
            SelectChoice(str(PeriodKind.AWAY), _l("I am not available")),
            SelectChoice(str(PeriodKind.ONLY), _l("I can teach only then")),
        ],
        default=str(PeriodKind.AWAY),
        validators=[InputRequired(_l("Choose one."))],
    )
    first = Day(_l("First day"), validators=[InputRequired(_l("Enter the first day."))])
    last = Day(_l("Last day"), validators=[InputRequired(_l("Enter the last day."))])
    weekdays = Ticks(_l("Only on"), invalid_choice_message=_NOT_THERE)
    starts_at = Clock(_l("From"), validators=[Optional()])
    ends_at = Clock(_l("Until"), validators=[Optional()])
    course = OneOf(_l("For"), validators=[Optional()], invalid_choice_message=_NOT_THERE)

    def offer(self, courses: list[tuple[str, str]], country: str) -> None:
        """Weekdays, the trainer's courses, and time zones."""
        self.weekdays.choices = [(str(number), weekday_name(number)) for number in range(7)]
        self.course.choices = [("", _l("Every course")), *courses]
        self.offer_zones(country)

    def period(self) -> Period:
        """What was typed."""
        data: Any = self.data
        return Period(
            kind=PeriodKind(data["kind"]),
            first=data["first"],
            last=data["last"],
            zone=data["zone"],
            weekdays=frozenset(map(int, data["weekdays"] or ())),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            course_id=data["course"] or None,
        )


class CalendarForm(ZonedForm):
    """A trainer's own calendar, as a file."""

    file = FileField(_l("File of your calendar"), validators=[FileRequired(_l("Choose the file."))])


class ButtonForm(Form):
    """A form with only a button."""
