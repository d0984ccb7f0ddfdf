"""What a focal point or an organiser types about a candidate: checks its shape only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectChoice,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired
from wtforms.widgets import DateInput

from trainings.core.i18n import LANGUAGES, _l
from trainings.core.text import TextRefused
from trainings.people.sealed_rules import Identity
from trainings.registrations.candidate_rules import (
    SEX_LABELS,
    Candidate,
    MailMissing,
    MaybeKnown,
    NameMissing,
    cleaned_text,
)
from trainings.web.fields import MailLine, Named, OneOf
from trainings.web.forms import Form

SEXES = {"": _l("Not given"), **SEX_LABELS}
_COUNTRY = _l("Choose the country.")
_FUNCTION = _l("Choose the function.")
ANOTHER = _l("This is another person")


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


class MaybeKnownForm(Form):
    """An email address, and the answer to the question whether this is another person."""

    mail = MailLine(_l("Email address"), validators=[InputRequired(MailMissing.sentence)])
    another = BooleanField(ANOTHER)
    asked_about = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known: list[str] = []

    @property
    def others(self) -> list[str]:
        """The numbers of the registrations that are of other people, as the viewer has said."""
        return str(self.asked_about.data or "").split() if self.another.data else []

    def ask(self, refusal: MaybeKnown, persons: Mapping[str, Identity]) -> None:
        """Ask the question, naming those who may be the same person."""
        self.asked_about.raw_data = None
        self.asked_about.data = " ".join([*self.others, *refusal.persons])
        self.another.data = False
        self.known = [
            f"{persons[person].name} ({number})" for number, person in refusal.persons.items()
        ]


class MailForm(MaybeKnownForm):
    """The corrected email address of a person."""


class CandidateForm(MaybeKnownForm):
    """Everything known about a candidate; choices come from the view."""

    given_name = StringField(_l("Given name"), validators=[Cleaned("given_name")])
    family_name = StringField(
        _l("Family name"), validators=[Named(NameMissing.sentence), Cleaned("family_name")]
    )
    country = OneOf(
        _l("Country"), validators=[InputRequired(_COUNTRY)], invalid_choice_message=_COUNTRY
    )
    function = OneOf(
        _l("Function"), validators=[InputRequired(_FUNCTION)], invalid_choice_message=_FUNCTION
    )
    unit = StringField(_l("Unit or office"), validators=[Cleaned("unit")])
    phone = TelField(_l("Phone"), validators=[Cleaned("phone")])
    document = StringField(_l("Passport or identity card number"), validators=[Cleaned("document")])
    born = StringField(_l("Date of birth"), widget=DateInput(), validators=[Cleaned("born")])
    sex = OneOf(
        _l("Sex"), choices=[SelectChoice(code, word) for code, word in SEXES.items()], default=""
    )
    language = OneOf(_l("Language of emails"), choices=LANGUAGES)
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
    place = StringField()  # who is dragged, and before whom: two numbers
