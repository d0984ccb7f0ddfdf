"""What is chosen and said when a list is taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from trainings.core.i18n import _l
from trainings.courses.forms import Ticks
from trainings.exports.request_rules import PURPOSE_LABELS, WORDS, Asked, Purpose
from trainings.exports.rules import (
    FILE_LABELS,
    AnswerColumn,
    FileKind,
    Heading,
    Offer,
    in_order,
    tells_more,
)
from trainings.exports.rules import Listing as List
from trainings.web.fields import Line, OneOf, Paragraphs
from trainings.web.forms import Form, PlainForm, untouched

_KINDS = [SelectChoice(str(kind), label) for kind, label in FILE_LABELS.items()]


class TakeForm(PlainForm):
    """One click: a list without names, as a workbook or as text."""

    kind = RadioField(_l("File"), choices=_KINDS, default=str(FileKind.XLSX))


class AskForm(Form):
    """What a list with names is for, which columns it has, and how the file is given."""

    kind = RadioField(_l("File"), choices=_KINDS, default=str(FileKind.XLSX))
    purpose = OneOf(
        _l("What is it for?"),
        [Optional()],
        choices=[
            SelectChoice("", _l("Choose")),
            *(SelectChoice(str(one), label) for one, label in PURPOSE_LABELS.items()),
        ],
    )
    words = Paragraphs(_l("In your own words: what for, and who will use it?"), maximum=WORDS)
    columns = Ticks(_l("Columns"))
    reason = Paragraphs(
        _l("Why do you need the columns that tell more about people?"),
        maximum=WORDS,
        description=_l(
            "Only if you ticked a phone number, date of birth, document number, needs or answers."
        ),
    )
    plain = BooleanField(
        _l("The receiver cannot open an encrypted file"),
        description=_l(
            "The file is then not encrypted. The data protection officer sees who receives it and "
            "why."
        ),
    )
    receiver = Line(_l("Who receives the plain file?"), maximum=WORDS)
    plain_reason = Paragraphs(_l("Why can they not open an encrypted file?"), maximum=WORDS)

    def offer(
        self, offer: Offer, asked: Sequence[AnswerColumn] = (), *, everything: bool = False
    ) -> None:
        """Offer the columns of a list; ticked at first are those on screen, or all but a few.

        ``asked``: columns of answers to questions of the course, which have to be ticked.
        """
        columns: tuple[Heading, ...] = (*offer.columns, *asked)
        self.columns.choices = [SelectChoice(str(one), one.label) for one in columns]
        if untouched(self.columns):
            first = offer.columns if everything else offer.shown
            self.columns.data = [str(one) for one in first if not tells_more(one)]
        if not any(map(tells_more, columns)):
            del self.reason

    def asked(
        self, listing: List, filters: Mapping[str, str], asked: Sequence[AnswerColumn] = ()
    ) -> Asked:
        """What is asked for."""
        return Asked(
            FileKind(self.kind.data),
            Purpose(self.purpose.data) if self.purpose.data else None,
            self.words.data or "",
            in_order(listing, self.columns.data or (), asked),
            (self.reason.data or "") if "reason" in self else "",
            bool(self.plain.data),
            self.receiver.data or "",
            self.plain_reason.data or "",
            filters,
        )


class ButtonForm(Form):
    """A single button."""
