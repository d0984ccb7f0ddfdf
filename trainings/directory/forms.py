"""Forms of the directory: consent, a first message, an answer, what keeps the list."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from trainings.core.i18n import _l
from trainings.courses.forms import Ticks, per_language
from trainings.directory.contact_rules import REPORT, WORDS, ContactCard, ContactSubject
from trainings.directory.rules import FIELD, UNIT, Consenting
from trainings.web.fields import Line, MailLine, Paragraphs
from trainings.web.forms import Form


class ConsentForm(Form):
    """To what somebody agrees, use by use; the view supplies fields and languages."""

    agreed = BooleanField(
        _l(
            "Alumni of my programmes may find me, and send me a first message through this site. "
            "They see my function, my country and an alias."
        ),
        [InputRequired(_l("Tick this box to be listed: without it, nobody can find you."))],
    )
    to_others = BooleanField(
        _l("Alumni of other programmes may find me too, where the organisers allow it.")
    )
    by_fields = BooleanField(
        _l("I can be found by my fields and languages below, and they are shown.")
    )
    fields = Ticks(_l("Fields"))
    spoken = Ticks(_l("Languages"))
    unit = Line(_l("Unit, as others see it"), maximum=UNIT)

    def given(self) -> Consenting:
        """What was agreed to."""
        return Consenting(
            to_others=self.to_others.data,
            by_fields=self.by_fields.data,
            unit=self.unit.data or "",
            words=(*self.fields.data, *self.spoken.data),
        )


class ProposalForm(Form):
    """A field of work that is missing in the list."""

    proposed = Line(
        _l("Field that is missing"),
        maximum=FIELD,
        validators=[InputRequired(_l("Enter the field in a few words."))],
    )


class MessageForm(Form):
    """A first message to somebody who was found."""

    subject = RadioField(
        _l("What is it about?"),
        [InputRequired(_l("Choose what it is about."))],
        choices=[SelectChoice(str(one), one.label) for one in ContactSubject],
    )
    words = Paragraphs(
        _l("Your message"), maximum=WORDS, validators=[InputRequired(_l("Enter your message."))]
    )


class CardForm(Form):
    """What the other may see of oneself."""

    shows_name = BooleanField(_l("My name, if the other agrees to it as well"))
    mail = MailLine(_l("Email address"))
    phone = Line(_l("Phone"), maximum=40)
    unit = Line(_l("Unit"), maximum=UNIT)

    def card(self) -> ContactCard:
        """What was agreed to."""
        return ContactCard(
            name=self.shows_name.data,
            mail=self.mail.data or "",
            phone=self.phone.data or "",
            unit=self.unit.data or "",
        )


class AnswerForm(CardForm):
    """Accepting a first message, with a few words and what the other may see."""

    reply = Paragraphs(_l("Your answer"), maximum=WORDS)


class ReportForm(Form):
    """What was wrong with a message or a contact."""

    words = Paragraphs(
        _l("What happened?"),
        maximum=REPORT,
        validators=[InputRequired(_l("Say in a few words what happened."))],
    )


@per_language("title", maximum=FIELD)
class FieldForm(Form):
    """A field of the list, in each language."""


class KeepOutForm(Form):
    """Who is to be protected."""

    number = Line(
        _l("Registration number"),
        maximum=20,
        validators=[InputRequired(_l("Enter the registration number, such as R-7F3K9Q."))],
    )


class ActForm(Form):
    """A form with nothing but its button."""


def card_values(card: ContactCard) -> dict[str, Any]:
    """What a card form shows of what is kept."""
    return {"shows_name": card.name, "mail": card.mail, "phone": card.phone, "unit": card.unit}
