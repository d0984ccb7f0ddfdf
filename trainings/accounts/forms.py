"""What people type about accounts: shape only."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)  # fmt: skip
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from trainings.accounts.rules import PASSWORD_MINIMUM, Scope
from trainings.core.i18n import LANGUAGES, LazyText, Texts, _l, texts_from
from trainings.core.permissions import Role
from trainings.core.text import TextRefused, clean
from trainings.core.web import Form

_MAIL_LONGEST = 254
_MAIL_MISSING = _l("Enter a mail address.")
_NOT_THERE = _l("Choose one of the list.")
_MAIL_WRONG = _l("Enter the mail address in full, such as name@example.org.")


class Text(StringField):  # type: ignore[misc]
    """One line of text, cleaned on the way in."""

    def __init__(self, label: LazyText, *, maximum: int = 100, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.maximum = maximum

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed, and refuse what no name needs."""
        self.data: str = valuelist[0] if valuelist else ""
        try:
            self.data = clean(self.data, self.maximum)
        except TextRefused as refusal:
            raise ValueError(str(refusal)) from None


def _text(label: LazyText, missing: LazyText, maximum: int = 100) -> Text:
    return Text(label, maximum=maximum, validators=[InputRequired(missing)])


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _mail(label: LazyText) -> EmailField:
    return EmailField(
        label,
        filters=[_stripped],
        validators=[
            InputRequired(_MAIL_MISSING),
            Length(max=_MAIL_LONGEST, message=_MAIL_WRONG),
            Email(_MAIL_WRONG),
        ],
    )


def _password(label: LazyText, missing: LazyText) -> PasswordField:
    # no length here: the rule says it, and says it the same for every way in
    return PasswordField(label, validators=[InputRequired(missing)])


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Mail and password; any text is taken as it is, so that every wrong one is answered alike."""

    mail = EmailField(
        _l("Mail address"), filters=[_stripped], validators=[InputRequired(_MAIL_MISSING)]
    )
    password = _password(_l("Password"), _l("Enter your password."))


class AskForLinkForm(FlaskForm):  # type: ignore[misc]
    """The address a sign-in link goes to."""

    mail = _mail(_l("Your mail address"))


class ButtonForm(Form):
    """A form with nothing but its button."""


class NewPasswordForm(Form):
    """The first password, or a new one, by a mailed link."""

    password = _password(_l("New password"), _l("Enter a new password."))
    repeated = _password(_l("The same password again"), _l("Enter the new password again."))
    minimum = PASSWORD_MINIMUM


class ChangePasswordForm(NewPasswordForm):
    """A new password by who knows the present one."""

    present = _password(_l("Present password"), _l("Enter your present password."))


class DetailsForm(Form):
    """One's own name and language."""

    given_name = Text(_l("Given name"))
    family_name = _text(_l("Family name"), _l("Enter your family name."))
    language = RadioField(
        _l("Language of pages and mails"), choices=LANGUAGES, invalid_choice_message=_NOT_THERE
    )


class LanguageForm(Form):
    """The language of who has no staff account."""

    language = RadioField(
        _l("Language of pages and mails"), choices=LANGUAGES, invalid_choice_message=_NOT_THERE
    )


class _WhoForm(Form):
    given_name = Text(_l("Given name"))
    family_name = _text(_l("Family name"), _l("Enter the family name."))
    mail = _mail(_l("Mail address"))
    language = SelectField(
        _l("Language of the invitation"),
        choices=LANGUAGES,
        invalid_choice_message=_NOT_THERE,
        default="en",
    )


class GrantForm(Form):
    """A role, and in which part of the house it counts; choices come from the view."""

    role = RadioField(
        _l("Role"),
        validators=[InputRequired(_l("Choose a role."))],
        invalid_choice_message=_NOT_THERE,
    )
    agency = SelectField(_l("Agency"), default="", invalid_choice_message=_NOT_THERE)
    course = Text(_l("Course code"), maximum=20)
    country = SelectField(_l("Country"), default="", invalid_choice_message=_NOT_THERE)
    functions = SelectMultipleField(
        _l("Only for these functions"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def scope(self, course_id: str | None) -> Scope:
        """Where the role counts, as it was chosen."""
        return Scope(
            agency_id=self.agency.data or None,
            course_id=course_id,
            country=self.country.data or None,
            functions=tuple(self.functions.data or ()),
        )

    @property
    def chosen(self) -> Role:
        return Role(self.role.data)


class InviteForm(_WhoForm, GrantForm):
    """Who is invited, and with which role."""


class _WordsForm(Form):
    code = _text(_l("Code"), _l("Enter a code."), 20)
    position = IntegerField(
        _l("Place in the order"),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(0, 999, _l("Enter a number from 0 to 999.")),
        ],
    )

    def texts(self, prefix: str) -> Texts:
        """What was typed per language under a prefix (``name``)."""
        return texts_from(self.data, prefix)

    def by_language(self, prefix: str) -> list[Field]:
        """The fields of a text, one per language."""
        return [self[f"{prefix}_{code}"] for code in LANGUAGES]


def _in(language: str, maximum: int, missing: LazyText | None = None) -> Text:
    rules = [InputRequired(missing)] if missing is not None else [Optional()]
    return Text(LANGUAGES[language], maximum=maximum, validators=rules)


class AgencyForm(_WordsForm):
    """An agency's names per language, its colour, its place."""

    short_en = _in("en", 20, _l("Enter the short name in English."))
    short_es = _in("es", 20)
    short_fr = _in("fr", 20)
    short_pt_BR = _in("pt_BR", 20)
    name_en = _in("en", 150, _l("Enter the full name in English."))
    name_es = _in("es", 150)
    name_fr = _in("fr", 150)
    name_pt_BR = _in("pt_BR", 150)
    colour = _text(_l("Colour"), _l("Enter a colour, such as #0b5563."), 7)


class FunctionForm(_WordsForm):
    """A function's words per language, a hint for who chooses, its place."""

    name_en = _in("en", 60, _l("Enter the name in English."))
    name_es = _in("es", 60)
    name_fr = _in("fr", 60)
    name_pt_BR = _in("pt_BR", 60)
    hint_en = _in("en", 150)
    hint_es = _in("es", 150)
    hint_fr = _in("fr", 150)
    hint_pt_BR = _in("pt_BR", 150)
