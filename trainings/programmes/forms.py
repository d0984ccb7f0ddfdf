"""What is typed about findings and lessons: it checks shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from trainings.core.i18n import Texts, _, _l, localized
from trainings.courses.forms import filled, per_language, texts_of
from trainings.courses.models import Lesson, Module, Phase
from trainings.courses.programme_rules import LessonKind, LessonState
from trainings.legislation.models import LawTopic
from trainings.programmes.rules import LONGEST_NOTE, LessonStanding
from trainings.web.fields import TEXT, OneOf, Paragraphs
from trainings.web.forms import Form

STAYS_OPEN = "-"  # no code of a module


@per_language("text", maximum=TEXT, lines=True)
class LessonForm(Form):
    """A finding or lesson: what it is, what it says, in which phase it was found."""

    kind = RadioField(
        _l("What is it?"),
        choices=[SelectChoice(one, one.label) for one in LessonKind],
        default=LessonKind.LESSON,
        validators=[InputRequired(_l("Choose whether it is a finding or a lesson."))],
    )
    phase_id = OneOf(_l("Phase in which it was found"), validators=[Optional()])

    def offer(self, phases: list[Phase]) -> None:
        """Offer the phases of the programme; where there is none, nothing is asked."""
        self.phase_id.choices = [("", _("None"))]
        self.phase_id.choices += [(one.id, localized(one.titles)) for one in phases]
        if not phases:
            del self.phase_id

    def phase(self) -> str | None:
        """The chosen phase."""
        return (self.phase_id.data or None) if "phase_id" in self else None

    def texts(self) -> Texts:
        """What it says, by language."""
        return texts_of(self, "text")

    @staticmethod
    def begin(lesson: Lesson) -> dict[str, Any]:
        """The kept values by field."""
        own = {"kind": lesson.kind, "phase_id": lesson.phase_id or ""}
        return {**own, **filled("text", lesson.texts)}


class LessonStateForm(Form):
    """Where a lesson is, why, and what came of it."""

    state = RadioField(
        _l("Status"),
        choices=[SelectChoice(one, one.label) for one in LessonState],
        validators=[InputRequired(_l("Choose a status."))],
    )
    module_id = OneOf(_l("Module that was changed"), validators=[Optional()])
    course_id = OneOf(_l("Course that takes it up"), validators=[Optional()])
    topic = OneOf(_l("Topic of law that was checked"), validators=[Optional()])
    note = Paragraphs(_l("Why, in a few words"), maximum=LONGEST_NOTE, validators=[Optional()])

    def offer(
        self,
        modules: list[Module],
        courses: Sequence[tuple[str, Mapping[str, str]]],
        topics: list[LawTopic],
    ) -> None:
        """Offer what can come of a lesson."""
        none = ("", _("None"))
        self.module_id.choices = [none, *((one.id, localized(one.titles)) for one in modules)]
        self.course_id.choices = [none, *((key, localized(titles)) for key, titles in courses)]
        self.topic.choices = [none, *((one.code, localized(one.titles)) for one in topics)]

    def standing(self) -> LessonStanding:
        """What was chosen."""
        return LessonStanding(
            LessonState(self.state.data),
            self.note.data or "",
            self.module_id.data or None,
            self.course_id.data or None,
            self.topic.data or None,
        )

    @staticmethod
    def begin(standing: LessonStanding) -> dict[str, Any]:
        """The kept values by field."""
        return {name: value or "" for name, value in standing._asdict().items()}


class AnswerForm(Form):
    """Which module of a course takes up a lesson."""

    module = RadioField(
        _l("Which module takes it up?"),
        validators=[InputRequired(_l("Choose a module, or leave the lesson open."))],
    )

    def offer(self, taught: list[Module], others: list[Module]) -> None:
        """Offer the modules of the course, then the others, which would be added to it."""
        self.module.choices = [
            *((one.code, localized(one.titles)) for one in taught),
            *(
                (one.code, _("%(module)s (is added to the course)", module=localized(one.titles)))
                for one in others
            ),
            (STAYS_OPEN, _("None: it stays open for a later course")),
        ]
