"""What a focal point or an organiser types about a candidate: checks its shape only."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    Field,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired
from wtforms.widgets import DateInput

from trainings.core.fields import MailLine, Named
from trainings.core.i18n import LANGUAGES, _l
from trainings.core.text import TextRefused
from trainings.core.web import Form
from trainings.registrations.candidate_rules import (
    Candidate,
    MailMissing,
    NameMissing,
    SameMail,
    cleaned_text,
)

SEXES = {"": _l("Not given"), "F": _l("Woman"), "M": _l("Man"), "X": _l("Other")}
_COUNTRY = _l("Choose the country.")
_FUNCTION = _l("Choose the function.")
SHARED = _l("This is another person who shares the mailbox")


class Cleaned:
    """A text cleaned for storage; if it is refused, the field keeps what was typed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, _form: Form, field: Field) -> None:
        """Clean the field's text. Raises ``ValidationError`` with the refusal's sentence."""
        try:
            field.data = cleaned_text(self.name, field.data or "")
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from None


class SharedMailbox(Form):
    """An email address, and the answer to the question whether a mailbox is shared."""

    mail = MailLine(_l("Email address"), validators=[InputRequired(MailMissing.sentence)])
    same_mail = BooleanField(SHARED)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked = bool(self.same_mail.data)
        self.numbers: tuple[str, ...] = ()

    def ask(self, refusal: SameMail) -> None:
        """Ask the question, listing the registrations that have the address."""
        self.asked, self.numbers = True, refusal.numbers


class MailForm(SharedMailbox):
    """The corrected email address of a person."""


class CandidateForm(SharedMailbox):
    """Everything known about a candidate; choices come from the view."""

    given_name = StringField(_l("Given name"), validators=[Cleaned("given_name")])
    family_name = StringField(
        _l("Family name"), validators=[Named(NameMissing.sentence), Cleaned("family_name")]
    )
    country = SelectField(
        _l("Country"), validators=[InputRequired(_COUNTRY)], invalid_choice_message=_COUNTRY
    )
    function = SelectField(
        _l("Function"), validators=[InputRequired(_FUNCTION)], invalid_choice_message=_FUNCTION
    )
    unit = StringField(_l("Unit or office"), validators=[Cleaned("unit")])
    phone = TelField(_l("Phone"), validators=[Cleaned("phone")])
    document = StringField(_l("Passport or identity card number"), validators=[Cleaned("document")])
    born = StringField(_l("Date of birth"), widget=DateInput(), validators=[Cleaned("born")])
    sex = SelectField(
        _l("Sex"), choices=[SelectChoice(code, word) for code, word in SEXES.items()], default=""
    )
    language = SelectField(_l("Language of emails"), choices=LANGUAGES)
    needs = TextAreaField(
        _l("Support needs"),
        validators=[Cleaned("needs")],
        description=_l("For example, food, access or interpreting."),
    )

    def candidate(self, priority: int | None = None) -> Candidate:
        """The candidate described by the form."""
        return Candidate(
            given_name=self.given_name.data,
            family_name=self.family_name.data,
            mail=self.mail.data,
            country=self.country.data,
            function=self.function.data,
            unit=self.unit.data or "",
            phone=self.phone.data or "",
            document=self.document.data or "",
            born=self.born.data or "",
            sex=self.sex.data or None,
            language=self.language.data,
            needs=self.needs.data or "",
            priority=priority,
        )


class OrderForm(Form):
    """One step in a manual order: who moves, and how."""

    up = StringField()
    down = StringField()
    first = StringField()
