"""What an organiser types and ticks about registrations: checks its shape only."""

from __future__ import annotations

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from trainings.core.i18n import LANGUAGES, _l
from trainings.registrations.forms import Cleaned
from trainings.web.fields import DATE_WRONG, Day, OneOf
from trainings.web.forms import Form, PlainForm


class FindForm(PlainForm):
    """The filters of the list; sent by POST, because a name must never appear in an address."""

    state = StringField()
    country = StringField()
    function = StringField()
    problem = StringField()
    answer = StringField()
    sort = StringField()
    columns = SelectMultipleField(validate_choice=False)
    text = StringField()


class ChooseForm(PlainForm):
    """The ticked candidates, and what to do with them."""

    act = StringField()  # the pressed button's value
    back = StringField()
    numbers = SelectMultipleField(validate_choice=False)


class DecisionForm(Form):
    """The decision to be confirmed: for whom, and the reason if one is required."""

    numbers = SelectMultipleField(validate_choice=False)
    reason = TextAreaField(
        _l("Reason"),
        validators=[Cleaned("reason")],
        description=_l("For people who work on the course. It is not emailed."),
    )


class NameForm(Form):
    """Somebody's name for the certificate, as the organiser reads it in their document."""

    printed_name = StringField(
        _l("Name on the certificate"),
        validators=[
            InputRequired(_l("Enter the name as it should be printed.")),
            Cleaned("printed_name"),
        ],
    )
    language = RadioField(_l("Language of the certificate"), choices=LANGUAGES)
    reason = TextAreaField(
        _l("Reason"),
        validators=[InputRequired(_l("Give a reason.")), Cleaned("reason")],
        description=_l(
            "For people who work on the course: why you confirm it, and in which document you "
            "read the name. It is not emailed."
        ),
    )


class LeavingForm(Form):
    """Why somebody is withdrawn, and who gets the seat if they have one."""

    seat_to = OneOf(_l("Who gets the seat"), validate_choice=False)

    reason = TextAreaField(
        _l("Reason"),
        validators=[InputRequired(_l("Give a reason.")), Cleaned("reason")],
        description=_l("For people who work on the course. It is not emailed."),
    )


class DeadlineForm(Form):
    """The deadline for somebody's answer."""

    until = Day(_l("Reply by the end of"), validators=[InputRequired(DATE_WRONG)])
