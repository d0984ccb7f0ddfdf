"""What an act on the timetable is sent with; they check only its shape."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from trainings.agenda.act_rules import Entry
from trainings.agenda.forms import Clock
from trainings.agenda.rules import SessionKind
from trainings.core.i18n import _, _l, language
from trainings.courses.forms import Ticks
from trainings.rosters.rules import TrainerRole
from trainings.scheduling.frame_rules import Frame
from trainings.scheduling.rules import moved
from trainings.web.fields import Day, Line, OneOf, Whole
from trainings.web.forms import Form

DAY_MISSING = _l("Choose the day.")
TIME_MISSING = _l("Enter the time.")
_LENGTH = NumberRange(0, 24 * 60, _l("Enter minutes as a whole number, such as 90."))


class Several(SelectMultipleField):  # type: ignore[misc]
    """Several values of one name; whether they exist is asked under the lock."""

    def __init__(self, label: Any = None, validators: Any = None, **given: Any) -> None:
        super().__init__(label, validators, choices=[], validate_choice=False, default=(), **given)


class Minutes(Whole):
    """A number of minutes; a wrong one gets our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say how to write one."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter minutes as a whole number, such as 90.")) from None


class SessionsForm(Form):
    """Which sessions an act is about, each with the version that the page showed."""

    session = Several()
    version = Several()

    def shown(self) -> dict[str, int]:
        """The versions by session; one that came without says 0, which none has."""
        numbers = [int(one) if one.isdecimal() and len(one) < 9 else 0 for one in self.version.data]
        numbers += [0] * len(self.session.data)
        return dict(zip(self.session.data, numbers, strict=False))


class AssignForm(SessionsForm):
    """Another room (empty: none), trainers who come, in which role, and who go."""

    room = StringField(_l("Room"))
    new_room = Line(_l("Name of the room"), maximum=80)
    add = Several(_l("Trainers"))
    release = Several()
    role = OneOf(
        _l("Role"),
        [Optional()],
        choices=[SelectChoice("", ""), *(SelectChoice(str(one), one.label) for one in TrainerRole)],
        invalid_choice_message=_l("Choose from the list."),
    )

    def chosen_role(self) -> TrainerRole | None:
        """The role of those who come; none where it stays as it is."""
        return TrainerRole(self.role.data) if self.role.data else None


class MoveForm(AssignForm):
    """Where sessions are moved to."""

    day = Day(_l("Day"), [InputRequired(DAY_MISSING)])
    start = Clock(_l("Starts"), [InputRequired(TIME_MISSING)])

    def moment(self) -> datetime:
        """The day and time."""
        return datetime.combine(self.day.data, self.start.data)

    def entry_of(self, now: Entry) -> Entry:
        """What a session is to become."""
        chosen = (self.room.data, self.add.data, self.release.data, self.chosen_role())
        return moved({"": now}, self.moment(), *chosen)[""]


class CopyForm(SessionsForm):
    """Where a copy of a session goes: to a day and time, or nowhere yet."""

    day = Day(_l("Day"), [Optional()])
    start = Clock(_l("Starts"), [Optional()])

    def moment(self) -> datetime | None:
        """The day and time; none where the copy is to wait."""
        if self.day.data is None or self.start.data is None:
            return None
        return datetime.combine(self.day.data, self.start.data)


class ResizeForm(MoveForm):
    """A session's new start and end."""

    end = Clock(_l("Ends"), [InputRequired(TIME_MISSING)])

    def until(self) -> datetime:
        """When it ends, on the same day."""
        return datetime.combine(self.day.data, self.end.data)


class SplitForm(SessionsForm):
    """The moment at which a session is split."""

    at = Clock(_l("Second part starts"), [InputRequired(TIME_MISSING)])


class NameForm(SessionsForm):
    """A session's title in the reader's language."""

    title = Line(_l("Title"), maximum=200)


class AddForm(MoveForm):
    """A new session: of a module, or with a title of its own."""

    minutes = Minutes(_l("Minutes"), [InputRequired(_l("Enter how long it lasts.")), _LENGTH])
    module = StringField(_l("Module"), [Optional(), Length(max=22)])
    title = Line(_l("Title"), maximum=200)

    def entry(self) -> Entry:
        """The new session."""
        return Entry(
            kind=SessionKind.MODULE if self.module.data else SessionKind.OTHER,
            minutes=self.minutes.data,
            day=self.day.data,
            starts_at=self.start.data,
            titles={language(): self.title.data} if self.title.data else {},
            module_id=self.module.data or None,
            room_id=self.room.data or None,
            trainers=tuple(sorted(set(self.add.data))),
        )


class ShiftForm(Form):
    """From when on a day everything moves, and by how much."""

    day = Day(_l("Day"), [InputRequired(DAY_MISSING)])
    since = Clock(_l("From"), [InputRequired(TIME_MISSING)])
    minutes = Minutes(
        _l("Minutes later (earlier: with a minus)"),
        [
            InputRequired(_l("Enter by how many minutes.")),
            NumberRange(-24 * 60, 24 * 60, _l("Enter minutes as a whole number, such as 90.")),
        ],
    )


class BreaksForm(Form):
    """The day whose breaks are copied, and to which days."""

    day = Day(_l("Breaks of"), [InputRequired(DAY_MISSING)])
    days = Ticks(_l("Copy them to"), [InputRequired(_l("Choose at least one day."))])


class DaysFrameForm(Form):
    """Days, and how each is divided into sessions and breaks."""

    days = Ticks(_l("Days"), [InputRequired(_l("Choose at least one day."))])
    starts_at = Clock(_l("Day starts"), [InputRequired(TIME_MISSING)])
    ends_at = Clock(_l("Day ends"), [InputRequired(TIME_MISSING)])
    length = Minutes(_l("Minutes of a session"), [InputRequired(), NumberRange(5, 24 * 60)])
    pause = Minutes(_l("Minutes of a break"), [Optional(), _LENGTH])
    lunch_at = Clock(_l("Lunch starts"), [InputRequired(TIME_MISSING)])
    lunch = Minutes(_l("Minutes of lunch"), [Optional(), _LENGTH])

    def frame(self) -> Frame:
        """What was typed."""
        return Frame(
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            session=self.length.data,
            pause=self.pause.data or 0,
            lunch_at=self.lunch_at.data,
            lunch=self.lunch.data or 0,
        )


class FrameForm(DaysFrameForm):
    """How days are laid out."""

    fill = BooleanField(_l("Put in what is not scheduled yet, in its order"))


class PlanForm(Form):
    """How long a module is meant to be taught."""

    module = StringField(_l("Module"), [InputRequired(), Length(max=22)])
    minutes = Minutes(_l("Planned minutes"), [Optional(), _LENGTH])


def dates(chosen: list[str]) -> list[date]:
    """The days among what was chosen; the choices themselves are those of the course."""
    return [date.fromisoformat(one) for one in chosen]
