"""Forms for questions and answers; they check only the shape of what people type."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from trainings.core.i18n import LANGUAGES, Texts, _, _l, localized, texts_from
from trainings.courses.forms import Ticks, per_language
from trainings.questions.answer_rules import Typed, as_typed, choices_of
from trainings.questions.change_rules import options_from
from trainings.questions.models import CourseQuestion
from trainings.questions.rules import (
    ASKED_LABELS,
    KEPT_LABELS,
    KIND_LABELS,
    LONGEST_HELP,
    LONGEST_LONG,
    LONGEST_OPTION,
    LONGEST_SHORT,
    LONGEST_TITLE,
    MOST_OPTIONS,
    SEEN_LABELS,
    WITH_OPTIONS,
    AskedOf,
    Asking,
    KeptFor,
    Option,
    QuestionKind,
    SeenBy,
)
from trainings.questions.usual_rules import SET_LABELS, UsualSet
from trainings.uploads.rules import FileMissing, Upload
from trainings.web.fields import Day, Line, OneOf, Paragraphs, Whole
from trainings.web.forms import Form


class KindForm(Form):
    """What kind of question comes next."""

    kind = OneOf(
        _l("Kind of question"),
        choices=[SelectChoice(str(one), label) for one, label in KIND_LABELS.items()],
    )


class UsualForm(Form):
    """Which usual questions a course asks."""

    sets = Ticks(
        _l("Usual questions"),
        choices=[SelectChoice(str(one), label) for one, label in SET_LABELS.items()],
    )

    @property
    def chosen(self) -> list[UsualSet]:
        """The ticked sets."""
        return [UsualSet(one) for one in self.sets.data or []]


@per_language("title", maximum=LONGEST_TITLE)
@per_language("hint", maximum=LONGEST_HELP, lines=True)
@per_language("follow", maximum=LONGEST_TITLE)
@per_language("options", maximum=MOST_OPTIONS * (LONGEST_OPTION + 1), lines=True)
class QuestionForm(Form):
    """A question: its words in the languages of the course, who is asked, who sees, until when."""

    asked_of = RadioField(
        _l("Who is asked"),
        choices=[SelectChoice(str(one), label) for one, label in ASKED_LABELS.items()],
        default=str(AskedOf.CANDIDATE),
    )
    required = BooleanField(
        _l("The answer is required"),
        description=_l("It is saved without, and those whose answers are missing are emailed."),
    )
    seen_by = RadioField(
        _l("Who sees the answers"),
        choices=[SelectChoice(str(one), label) for one, label in SEEN_LABELS.items()],
        default=str(SeenBy.ORGANISERS),
    )
    kept_for = OneOf(
        _l("When the answers are erased"),
        choices=[SelectChoice(str(one), label) for one, label in KEPT_LABELS.items()],
        default=str(KeptFor.MONTH),
    )
    going_on = BooleanField(
        _l("Ask this question now"),
        default=True,
        description=_l("Without the tick nobody is asked. What was answered stays until its date."),
    )
    fits = BooleanField(_l("The answers still fit"))

    def shown(self, kind: QuestionKind, languages: Collection[str], *, answered: bool) -> Self:
        """Only what this kind of question needs, in these languages."""
        codes = [code for code in LANGUAGES if code in languages] or list(LANGUAGES)
        prefixes = {"title", "hint"}
        if kind in WITH_OPTIONS:
            prefixes.add("options")
        if kind is QuestionKind.YES_NO:
            prefixes.add("follow")
        for prefix in ("title", "hint", "follow", "options"):
            for code in LANGUAGES:
                if prefix not in prefixes or code not in codes:
                    del self[f"{prefix}_{code}"]
        if not answered:
            del self.fits
        self.codes = codes
        return self

    def asking(self, kind: QuestionKind, before: Asking | None = None) -> Asking:
        """The question as it was written. Raises what is wrong with its options."""
        lines = texts_from(self.data, "options")
        options: tuple[Option, ...] = ()
        if kind in WITH_OPTIONS:
            written = {
                code: [one[:LONGEST_OPTION] for line in text.splitlines() if (one := line.strip())]
                for code, text in lines.items()
            }
            options = options_from(written, before.options if before else ())
        return Asking(
            kind,
            AskedOf(self.asked_of.data),
            SeenBy(self.seen_by.data),
            KeptFor(self.kept_for.data),
            self._texts("title", before.titles if before else {}),
            self._texts("hint", before.hints if before else {}),
            bool(self.required.data),
            bool(self.going_on.data),
            self._options(options, before),
            self._texts("follow", (before.follow_ups or {}) if before else {}),
        )

    def _texts(self, prefix: str, before: Mapping[str, str]) -> Texts:
        """What was typed; texts of other languages stay as long as they say the same."""
        typed = texts_from(self.data, prefix)
        shown = {code: text for code, text in before.items() if code in self.codes and text}
        return dict(before) if typed == shown else typed

    def _options(self, options: tuple[Option, ...], before: Asking | None) -> tuple[Option, ...]:
        """The same for each option."""
        known = {one.code: one.texts for one in before.options} if before else {}
        return tuple(
            Option(one.code, {**_elsewhere(known.get(one.code, {}), one.texts), **one.texts})
            for one in options
        )


def _elsewhere(before: Mapping[str, str], now: Mapping[str, str]) -> Mapping[str, str]:
    """An option's texts in languages that are not shown, if those that are did not change."""
    same = all(before.get(code) == text for code, text in now.items())
    return before if same else {}


def written(asking: Asking) -> dict[str, Any]:
    """A question as the initial values of its form."""
    found: dict[str, Any] = {
        "asked_of": str(asking.asked_of),
        "seen_by": str(asking.seen_by),
        "kept_for": str(asking.kept_for),
        "required": asking.required,
        "going_on": asking.going_on,
    }
    for code in LANGUAGES:
        found[f"title_{code}"] = asking.titles.get(code, "")
        found[f"hint_{code}"] = asking.hints.get(code, "")
        found[f"follow_{code}"] = (asking.follow_ups or {}).get(code, "")
        lines = [one.texts.get(code, "") for one in asking.options]
        found[f"options_{code}"] = "\n".join(lines).strip("\n")
    return found


class RemoveForm(Form):
    """Removing a question: how many answers the page said would be lost."""

    answered = Whole(validators=[InputRequired()])


class ButtonForm(Form):
    """A single button."""


class FileForm(Form):
    """A file as an answer."""

    file = FileField(_l("File"))

    def upload(self) -> Upload:
        """The file that was sent. Raises ``FileMissing``."""
        found = self.file.data
        if not isinstance(found, FileStorage) or not found.filename:
            raise FileMissing
        return Upload(found.filename, found.stream)


class AnswersForm(Form):
    """Answers to the questions of a course; its fields are made for what is asked."""

    def given(self, questions: Iterable[CourseQuestion]) -> dict[str, Typed]:
        """What was typed, by question."""
        found = {}
        for one in questions:
            if f"answer_{one.id}" in self:
                more = self[f"more_{one.id}"].data if f"more_{one.id}" in self else ""
                found[one.id] = Typed(self[f"answer_{one.id}"].data, more or "")
        return found


# Kept for a while, so that what is typed into them is known (web/typed.py:written).
_recent: deque[type[AnswersForm]] = deque(maxlen=200)


def form_for(questions: Sequence[CourseQuestion]) -> type[AnswersForm]:
    """The form of these questions, in the reader's language."""
    fields: dict[str, Any] = {}
    for one in questions:
        if one.kind is QuestionKind.FILE:
            continue
        fields[f"answer_{one.id}"] = _field(one.asking)
        if one.kind is QuestionKind.YES_NO and any(one.follow_ups.values()):
            label = _("If yes: %(question)s", question=localized(one.follow_ups))
            fields[f"more_{one.id}"] = Line(label, maximum=LONGEST_SHORT)
    made = type("AnswersForm", (AnswersForm,), fields)
    _recent.append(made)
    return made


def typed_of(questions: Sequence[CourseQuestion], values: Mapping[str, Any]) -> dict[str, Any]:
    """The kept answers as the values of that form, by field."""
    found: dict[str, Any] = {}
    for one in questions:
        if one.kind is not QuestionKind.FILE:
            answer, more = as_typed(one.asking, values.get(one.id))
            found[f"answer_{one.id}"] = answer
            if any(one.follow_ups.values()):
                found[f"more_{one.id}"] = more
    return found


def _field(asking: Asking) -> Field:
    """The field in which a question is answered."""
    label, hint = localized(asking.titles), localized(asking.hints)
    if asking.kind is QuestionKind.LONG:
        return Paragraphs(label, maximum=LONGEST_LONG, description=hint)
    if asking.kind is QuestionKind.NUMBER:
        return Whole(label, [Optional()], description=hint)
    if asking.kind is QuestionKind.DATE:
        return Day(label, [Optional()], description=hint)
    if asking.kind is QuestionKind.SEVERAL:
        options = [SelectChoice(code, words) for code, words in choices_of(asking).items()]
        return Ticks(label, choices=options, description=hint)
    if asking.kind in (QuestionKind.ONE, QuestionKind.YES_NO):
        options = [SelectChoice(code, words) for code, words in choices_of(asking).items()]
        if not asking.required:
            options.append(SelectChoice("", _("No answer")))
        return RadioField(label, [Optional()], choices=options, description=hint)
    return Line(label, maximum=LONGEST_SHORT, description=hint)
