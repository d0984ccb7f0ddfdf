"""Forms for sessions; they check only the shape of what people type."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import RadioField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from trainings.agenda.rules import KIND_LABELS, SessionData, SessionKind
from trainings.core.i18n import _l
from trainings.courses.forms import Ticks, per_language, texts_of
from trainings.web.fields import Line, OneOf
from trainings.web.forms import Form

_NOT_THERE = _l("Choose from the list.")


class Clock(TimeField):  # type: ignore[misc]
    """A time of day; a wrong one gets our own error message."""

    data: Any  # a time once it is valid

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time, or say how to write one."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_l("Enter a time as hours and minutes, such as 09:30."))) from None


@per_language("title")
class SessionForm(Form):
    """A session; the view sets the days, modules, rooms and trainers to choose from."""

    day = OneOf(
        _l("Day"),
        validators=[InputRequired(_l("Choose the day."))],
        invalid_choice_message=_NOT_THERE,
    )
    starts_at = Clock(_l("Starts"), validators=[InputRequired(_l("Enter when it starts."))])
    ends_at = Clock(_l("Ends"), validators=[InputRequired(_l("Enter when it ends."))])
    kind = RadioField(
        _l("Kind"),
        choices=[SelectChoice(str(kind), label) for kind, label in KIND_LABELS.items()],
        default=str(SessionKind.MODULE),
        validators=[InputRequired(_l("Choose the kind."))],
    )
    module_id = OneOf(_l("Module"), validators=[Optional()], invalid_choice_message=_NOT_THERE)
    room_id = OneOf(_l("Room"), validators=[Optional()], invalid_choice_message=_NOT_THERE)
    new_room = Line(_l("Or a room that is not on the list"), maximum=80)
    trainers = Ticks(_l("Lead trainers"), invalid_choice_message=_NOT_THERE)
    co_trainers = Ticks(_l("Co-trainers"), invalid_choice_message=_NOT_THERE)
    observers = Ticks(_l("Observers"), invalid_choice_message=_NOT_THERE)
    languages = Ticks(_l("Held in"), invalid_choice_message=_NOT_THERE)
    interpreted = Ticks(_l("Interpreted into"), invalid_choice_message=_NOT_THERE)

    def session(self) -> SessionData:
        """What was typed, in the form the operation takes."""
        return SessionData(
            day=date.fromisoformat(self.day.data),
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            kind=SessionKind(self.kind.data),
            titles=texts_of(self, "title"),
            module_id=self.module_id.data or None,
            room_id=self.room_id.data or None,
            new_room=self.new_room.data,
            trainers=tuple(self.trainers.data),
            co_trainers=tuple(self.co_trainers.data),
            observers=tuple(self.observers.data),
            languages=tuple(self.languages.data),
            interpreted=tuple(self.interpreted.data),
        )

    def offer_trainers(self, trainers: list[tuple[str, str]]) -> None:
        """Offer these trainers, each with a name, in every role."""
        for field in (self.trainers, self.co_trainers, self.observers):
            field.choices = list(trainers)

    def refuse_titles(self, sentence: str) -> None:
        """Show a refusal about the titles at the first of them."""
        field: Any = self["title_en"]
        field.errors = [*field.errors, sentence]


class ButtonForm(Form):
    """A form with only a button."""
