"""Forms of the register of laws: an entry, a list as a file, a legal correspondent."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from trainings.core.i18n import LANGUAGES, _l, texts_from
from trainings.courses.forms import per_language
from trainings.legislation.rules import (
    LABELS,
    LONGEST_ADDRESS,
    LONGEST_LINE,
    LONGEST_NOTE,
    LONGEST_TEXT,
    PICTURES,
    LawText,
)
from trainings.web.fields import Line, MailLine, Named, NameLine, OneOf, Paragraphs, Whole
from trainings.web.forms import Form

_NOT_THERE = _l("Choose from the list.")


@per_language("said", maximum=LONGEST_TEXT, lines=True)
class EntryForm(Form):
    """What the law of a country says on a topic, and where that stands."""

    law = Line(LABELS["law"], maximum=LONGEST_LINE, validators=[Optional()])
    article = Line(LABELS["article"], maximum=200, validators=[Optional()])
    year = Whole(LABELS["year"], validators=[Optional()])
    in_force = Line(LABELS["in_force"], maximum=10, validators=[Optional()])
    source_title = Line(LABELS["source_title"], maximum=LONGEST_LINE, validators=[Optional()])
    source_url = Line(LABELS["source_url"], maximum=LONGEST_ADDRESS, validators=[Optional()])
    source_date = Line(LABELS["source_date"], maximum=10, validators=[Optional()])
    note = Paragraphs(LABELS["note"], maximum=LONGEST_NOTE, validators=[Optional()])

    def text(self) -> LawText:
        """What was typed, as a plain value."""
        return LawText(
            said=texts_from(self.data, "said"),
            law=self.law.data or "",
            article=self.article.data or "",
            year=self.year.data,
            in_force=self.in_force.data or "",
            source_title=self.source_title.data or "",
            source_url=self.source_url.data or "",
            source_date=self.source_date.data or "",
            note=self.note.data or "",
        )


@per_language("title", maximum=100)
@per_language("question", maximum=LONGEST_LINE, lines=True)
class TopicForm(Form):
    """A topic on which laws are compared: its title, the question it asks, how it is drawn."""

    code = Line(_l("Code"), maximum=40, validators=[InputRequired(_l("Enter a code."))])
    picture = RadioField(
        _l("How it is drawn"),
        choices=[SelectChoice(str(one), label) for one, label in PICTURES.items()],
        default="",
        invalid_choice_message=_NOT_THERE,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A title and a question in one language at least."""
        well = bool(super().validate(extra_validators))
        for prefix, word in (
            ("title", _l("Enter a title in at least one language.")),
            ("question", _l("Enter the question in at least one language.")),
        ):
            if not texts_from(self.data, prefix):
                field = self[f"{prefix}_en"]
                field.errors = [*field.errors, str(word)]
                well = False
        return well


class LawFileForm(Form):
    """A list of laws as a file."""

    file = FileField(_l("File with the laws"))


class LawRowsForm(Form):
    """The rows of a list that was read, to be entered."""

    cells = HiddenField()


class CorrespondentForm(Form):
    """A prosecutor or judge who keeps the entries of their country."""

    given_name = NameLine(_l("Given name"))
    family_name = NameLine(_l("Family name"), validators=[Named(_l("Enter their name."))])
    mail = MailLine(
        _l("Email address"), validators=[InputRequired(_l("Enter their email address."))]
    )
    country = OneOf(_l("Country"), invalid_choice_message=_NOT_THERE)
    language = OneOf(
        _l("Language of the invitation"),
        choices=[SelectChoice(*one) for one in LANGUAGES.items()],
        default="en",
        invalid_choice_message=_NOT_THERE,
    )
