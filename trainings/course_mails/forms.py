"""What organisers type into emails: checks its shape only."""

from __future__ import annotations

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from trainings.core.i18n import LANGUAGES, Texts, _l, texts_from
from trainings.course_mails.message_rules import MessageTo, Recipients
from trainings.courses.forms import Ticks
from trainings.mail.text_rules import OwnText
from trainings.web.fields import OneOf, Whole
from trainings.web.forms import Form


class MessageForm(Form):
    """A message in the languages of the application; first previewed, then sent."""

    recipients = RadioField(
        _l("To"),
        choices=[SelectChoice(str(one), one.label) for one in Recipients],
        validators=[InputRequired(_l("Choose to whom the message goes."))],
    )
    countries = SelectMultipleField(_l("Only from these countries"), validate_choice=False)
    functions = Ticks(_l("Only with these functions"), validate_choice=False)
    files = Ticks(_l("Attached files"), validate_choice=False)
    step = OneOf(default="write", validate_choice=False)  # the pressed button's value

    @property
    def to(self) -> MessageTo:
        """The chosen group."""
        countries, functions = self.countries.data or (), self.functions.data or ()
        return MessageTo(Recipients(self.recipients.data), tuple(countries), tuple(functions))

    @property
    def subjects(self) -> Texts:
        """The typed subjects, by language."""
        return texts_from(self.data, "subject")

    @property
    def texts(self) -> Texts:
        """The typed texts, by language."""
        return texts_from(self.data, "text")


for _code, _own_name in LANGUAGES.items():
    setattr(MessageForm, f"subject_{_code}", StringField(_own_name))
    setattr(MessageForm, f"text_{_code}", TextAreaField(_own_name))


class TextForm(Form):
    """The subject and the text of one email in one language."""

    subject = StringField(_l("Subject"))
    text = TextAreaField(_l("Text"))
    step = OneOf(default="save", validate_choice=False)  # the pressed button's value

    @property
    def own(self) -> OwnText:
        """What was typed."""
        return OwnText(self.subject.data or "", self.text.data or "")


class ReleaseForm(Form):
    """Sending all emails on hold: how many the page said there are."""

    held = Whole()
