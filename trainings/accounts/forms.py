"""Forms for accounts; they check only the shape of what people type."""

from __future__ import annotations

from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from trainings.accounts.password_rules import PASSWORD_MINIMUM
from trainings.accounts.rules import Scope
from trainings.core.i18n import LANGUAGES, LazyText, _l
from trainings.core.permissions import Role
from trainings.web.fields import Line, MailLine, Named, NameLine, OneOf
from trainings.web.forms import Form, PlainForm

_MAIL_MISSING = _l("Enter an email address.")
_NOT_THERE = _l("Choose one from the list.")


NAME_MISSING = _l("Enter the name.")
STAY = _l("Keep me signed in on this device today")


def text(label: LazyText, missing: LazyText, maximum: int = 100) -> Line:
    """A line of text that must be filled in."""
    return Line(label, maximum=maximum, validators=[InputRequired(missing)])


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _mail(label: LazyText) -> MailLine:
    return MailLine(label, validators=[InputRequired(_MAIL_MISSING)])


def _password(label: LazyText, missing: LazyText) -> PasswordField:
    # no length here: the rule checks it, with the same message for every form
    return PasswordField(label, validators=[InputRequired(missing)])


class SignInForm(PlainForm):
    """Email and password; accepts any text, so that every wrong one gets the same answer."""

    mail = EmailField(
        _l("Email address"), filters=[_stripped], validators=[InputRequired(_MAIL_MISSING)]
    )
    password = _password(_l("Password"), _l("Enter your password."))
    own = BooleanField(
        STAY,
        description=_l(
            "For trainers, on a device that only you use. Organisers and other staff are always "
            "signed out after 30 minutes without use."
        ),
    )


class AskForLinkForm(PlainForm):
    """The address to send a sign-in link to."""

    mail = _mail(_l("Your email address"))


class EnterForm(Form):
    """Signing in by an emailed link."""

    own = BooleanField(
        STAY,
        description=_l(
            "Only on a device that nobody else uses. You are signed out after 8 hours without use."
        ),
    )


class ButtonForm(Form):
    """A form with only a button."""


class NewPasswordForm(Form):
    """The first password, or a new one, set through an emailed link."""

    password = _password(_l("New password"), _l("Enter a new password."))
    repeated = _password(_l("Repeat the new password"), _l("Enter the new password again."))
    minimum = PASSWORD_MINIMUM


class ChangePasswordForm(NewPasswordForm):
    """A new password for someone who gives the present one."""

    present = _password(_l("Current password"), _l("Enter your current password."))


class DetailsForm(Form):
    """The user's own name and language."""

    given_name = NameLine(_l("Given name"))
    family_name = NameLine(_l("Family name"), validators=[Named(_l("Enter your name."))])
    language = RadioField(
        _l("Language of pages and emails"), choices=LANGUAGES, invalid_choice_message=_NOT_THERE
    )


class LanguageForm(Form):
    """The language of someone without a staff account."""

    language = RadioField(
        _l("Language of pages and emails"), choices=LANGUAGES, invalid_choice_message=_NOT_THERE
    )


class _WhoForm(Form):
    given_name = NameLine(_l("Given name"))
    family_name = NameLine(_l("Family name"), validators=[Named(NAME_MISSING)])
    mail = _mail(_l("Email address"))
    language = OneOf(
        _l("Language of the invitation"),
        choices=LANGUAGES,
        invalid_choice_message=_NOT_THERE,
        default="en",
    )


class GrantForm(Form):
    """A role and the scope it applies to; the view sets the choices."""

    role = RadioField(
        _l("Role"),
        validators=[InputRequired(_l("Choose a role."))],
        invalid_choice_message=_NOT_THERE,
    )
    agency = OneOf(_l("Agency"), default="", invalid_choice_message=_NOT_THERE)
    course = Line(_l("Course code"), maximum=20)
    country = OneOf(_l("Country"), default="", invalid_choice_message=_NOT_THERE)
    functions = SelectMultipleField(
        _l("Only for these functions"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def scope(self, course_id: str | None) -> Scope:
        """The chosen scope of the role."""
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
