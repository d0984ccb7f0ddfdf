"""What is typed about a candidate, by a focal point or an organiser: shape only."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import DateInput

from trainings.core.i18n import LANGUAGES, _l
from trainings.core.text import TextRefused
from trainings.core.web import Form
from trainings.registrations.candidate_rules import (
    Candidate,
    DetailsRefused,
    MailMissing,
    SameMail,
    cleaned_mail,
    cleaned_text,
)

SEXES = {"": _l("Not said"), "F": _l("Woman"), "M": _l("Man"), "X": _l("Other")}
_COUNTRY = _l("Choose the country.")
_FUNCTION = _l("Choose the function.")
SHARED = _l("This is another person who shares the mailbox")


class Cleaned:
    """A text as it may be kept; what was typed stays where it is refused."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, _form: Form, field: Field) -> None:
        """Clean the field's text. Raises ``ValidationError`` with the refusal's sentence."""
        try:
            field.data = cleaned_text(self.name, field.data or "")
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from None


def mail_address(_form: Form, field: Field) -> None:
    """A mail address, or a sentence that shows one."""
    try:
        field.data = cleaned_mail(field.data or "")
    except (DetailsRefused, TextRefused) as refusal:
        raise ValidationError(str(refusal)) from None


class SharedMailbox(Form):
    """A mail address, and the answer to whether a mailbox is shared once that was asked."""

    mail = EmailField(
        _l("Mail address"), validators=[InputRequired(MailMissing.sentence), mail_address]
    )
    same_mail = BooleanField(SHARED)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked = bool(self.same_mail.data)
        self.numbers: tuple[str, ...] = ()

    def ask(self, refusal: SameMail) -> None:
        """Show the question, with the registrations that have the address."""
        self.asked, self.numbers = True, refusal.numbers


class MailForm(SharedMailbox):
    """The corrected mail address of a person."""


class CandidateForm(SharedMailbox):
    """All that is known of a candidate; choices come from the view."""

    given_name = StringField(
        _l("Given name"),
        validators=[Cleaned("given_name")],
    )
    family_name = StringField(
        _l("Family name"),
        validators=[DataRequired(_l("Enter the family name.")), Cleaned("family_name")],
    )
    country = SelectField(
        _l("Country"),
        validators=[InputRequired(_COUNTRY)],
        invalid_choice_message=_COUNTRY,
    )
    function = SelectField(
        _l("Function"),
        validators=[InputRequired(_FUNCTION)],
        invalid_choice_message=_FUNCTION,
    )
    unit = StringField(_l("Unit or office"), validators=[Cleaned("unit")])
    phone = TelField(_l("Phone"), validators=[Cleaned("phone")])
    document = StringField(
        _l("Number of passport or identity card"), validators=[Cleaned("document")]
    )
    born = StringField(_l("Date of birth"), widget=DateInput(), validators=[Cleaned("born")])
    sex = SelectField(
        _l("Sex"), choices=[SelectChoice(code, word) for code, word in SEXES.items()], default=""
    )
    language = SelectField(_l("Language of mails"), choices=LANGUAGES)
    needs = TextAreaField(
        _l("Needs"), validators=[Cleaned("needs")],
        description=_l("For example food, access, interpreting."),
    )  # fmt: skip

    def candidate(self, priority: int | None = None) -> Candidate:
        """Whom the form describes."""
        return Candidate(
            given_name=self.given_name.data, family_name=self.family_name.data,
            mail=self.mail.data, country=self.country.data, function=self.function.data,
            unit=self.unit.data or "", phone=self.phone.data or "",
            document=self.document.data or "", born=self.born.data or "",
            sex=self.sex.data or None, language=self.language.data, needs=self.needs.data or "",
            priority=priority,
        )  # fmt: skip
