"""The pages of an application: they check shape only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.fields import TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import TextInput

from trainings.core.i18n import _, _l
from trainings.registrations.candidate_rules import LENGTHS
from trainings.web.fields import MailLine, OneOf
from trainings.web.forms import Form


class BirthField(Field):  # type: ignore[misc]
    """A birth date typed as day, month and year, one number each."""

    widget = TextInput()

    def parts(self) -> Sequence[str]:
        """Day, month and year as typed, or as already known."""
        if self.raw_data:
            return [str(part) for part in (*self.raw_data, "", "")][:3]
        if self.data:
            return [str(self.data.day), str(self.data.month), str(self.data.year)]
        return ["", "", ""]

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the date that was typed; None if all three parts are empty."""
        self.data = None
        typed = [part.strip() for part in valuelist]
        if not any(typed):
            return
        try:
            day, month, year = (int(part) for part in typed if part.isascii())
            self.data = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValueError(
                _("Enter the date of birth as day, month and year, such as 27 3 1980.")
            ) from None


class MailForm(Form):
    """The email address to send the link to."""

    mail = MailLine(
        _l("Your email address"),
        validators=[InputRequired(_l("Enter your email address, such as name@example.org."))],
    )


class FunctionForm(Form):
    """What the person does."""

    function = RadioField(
        _l("What is your function?"),
        [InputRequired(_l("Choose your function."))],
        description=_l("The function you have today."),
        invalid_choice_message=_l("Choose your function."),
    )


class CountryForm(Form):
    """The country the person represents."""

    country = OneOf(
        _l("Country where you work"),
        [InputRequired(_l("Choose the country where you work."))],
        description=_l("This may differ from your nationality."),
        invalid_choice_message=_l("Choose the country where you work."),
    )


class IdentityForm(Form):
    """Who the person is, as in the passport."""

    given_name = StringField(_l("Given names"), [Length(max=LENGTHS["given_name"])])
    family_name = StringField(_l("Family names"), [Length(max=LENGTHS["family_name"])])
    born = BirthField(_l("Date of birth"))
    sex = RadioField(
        _l("Sex"),
        [Optional()],
        choices=[
            SelectChoice("F", _l("Woman")),
            SelectChoice("M", _l("Man")),
            SelectChoice("X", _l("Other, or prefer not to say")),
        ],
    )
    document = StringField(
        _l("Passport or identity document number"), [Length(max=LENGTHS["document"])]
    )

    def validate_family_name(self, field: Field) -> None:
        """Accept a single name, but not none."""
        if not f"{self.given_name.data or ''}{field.data or ''}".strip():
            raise ValidationError(_("Enter your name as in your passport."))


class WorkForm(Form):
    """Where the person works."""

    unit = StringField(
        _l("Unit or office"),
        [InputRequired(_l("Enter the unit or office you work in.")), Length(max=LENGTHS["unit"])],
    )
    phone = TelField(_l("Phone"), [Length(max=LENGTHS["phone"])])


class NeedsForm(Form):
    """What would help the person to take part."""

    needs = TextAreaField(_l("What do you need to take part?"), [Length(max=LENGTHS["needs"])])


class NoticeForm(Form):
    """How the data are used, and the person's consent."""

    notice = BooleanField(_l("I have read how my data is used and I agree."))


class SendForm(Form):
    """A single button."""


STEPS: dict[str, type[Form]] = {
    "function": FunctionForm,
    "country": CountryForm,
    "identity": IdentityForm,
    "work": WorkForm,
    "needs": NeedsForm,
    "notice": NoticeForm,
}


def given_by(form: Form) -> dict[str, Any]:
    """What was typed, as plain values that can be stored in a draft."""
    values = {name: value for name, value in form.data.items() if name in _NAMES}
    born = values.get("born")
    return {**values, "born": born.isoformat()} if born else values


def wrong_in(form: Form) -> dict[str, str]:
    """What was typed and is wrong, by field, in one sentence each; a field left empty is not."""
    return {
        field.name: " ".join(map(str, field.errors))
        for field in form
        if field.errors and any(str(value).strip() for value in field.raw_data or ())
    }


_NAMES = frozenset(
    {
        "function",
        "country",
        "given_name",
        "family_name",
        "born",
        "sex",
        "document",
        "unit",
        "phone",
        "needs",
        "notice",
    }
)
