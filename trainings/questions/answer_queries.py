"""Opens answers: of one registration, of a whole list, and by what was chosen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from trainings.core import sealed
from trainings.core.errors import NotFound
from trainings.core.i18n import localized, with_colon
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.questions import queries
from trainings.questions.answer_rules import choices_in, choices_of, said
from trainings.questions.models import CourseQuestion, QuestionAnswer
from trainings.questions.rules import FILTERED, AskedOf, QuestionKind, erased_on
from trainings.registrations import listing_rules
from trainings.registrations.listing_rules import Filters
from trainings.registrations.models import Registration

MISSING = "missing"  # the filter of who has not answered
_TOGETHER = attrgetter("asked_of", "seen_by", "kept_for")


def place(answer_id: str, column: str = "value") -> str:
    """What a part of an answer is sealed for."""
    return f"answer|{column}|{answer_id}"


def sealed_value(answer_id: str, value: Any) -> bytes:
    """An answer, as it is kept."""
    return sealed.seal(json.dumps(value), place(answer_id))


def value_of(row: QuestionAnswer) -> Any:
    """An answer, opened."""
    return json.loads(sealed.unseal(row.value, place(row.id)))


class Answered(Struct, frozen=True):
    """A question with what one person answered, as pages show it."""

    question: CourseQuestion
    value: Any  # None: not answered
    words: str
    erased_on: date

    @property
    def file(self) -> bool:
        """Whether the answer is a file that can be fetched."""
        return self.question.kind is QuestionKind.FILE and self.value is not None


def answered(
    questions: Collection[CourseQuestion], course: Course, registration: Registration
) -> list[Answered]:
    """The answers to these questions for one registration found within the viewer's scope."""
    rows = queries.answers_of(registration.id) if questions else {}
    found = []
    for one in questions:
        value = value_of(rows[one.id]) if one.id in rows else None
        day = erased_on(one.kept_for, course.ends_on)
        found.append(Answered(one, value, said(one.asking, value), day))
    return found


def chosen(question: CourseQuestion) -> Counter[str]:
    """How many chose each option of a question."""
    rows = queries.answers_to([question.id]) if question.options else ()
    asking = question.asking
    return Counter(code for row in rows for code in choices_in(asking, value_of(row)))


def file_answer(question: CourseQuestion, registration_id: str) -> QuestionAnswer:
    """The file that was sent as an answer. Raises ``NotFound``."""
    row = queries.answers_of(registration_id).get(question.id)
    if row is None or row.file is None:
        raise NotFound
    return row


def filters(questions: Collection[CourseQuestion]) -> dict[str, str]:
    """By which answers to these a list of candidates can be narrowed down, in words."""
    return {
        f"{one.id}.{code}": f"{with_colon(localized(one.titles))} {words}"
        for one in questions
        if one.kind in FILTERED
        for code, words in choices_of(one.asking).items()
    }


def in_groups(rows: Iterable[CourseQuestion], course: Course) -> list[dict[str, Any]]:
    """Questions in order, those together that the same people see until the same day."""
    return [
        {
            "seen_by": seen_by,
            "day": erased_on(kept_for, course.ends_on),
            "late": asked_of is AskedOf.SELECTED,
            "questions": list(found),
        }
        for (asked_of, seen_by, kept_for), found in groupby(rows, key=_TOGETHER)
    ]


def filters_of(viewer: Viewer, course: Course, kept: Mapping[str, str]) -> Filters:
    """The filters that the address of a list says, with who answered as one of them says."""
    found, answer = listing_rules.filters_of(kept), kept.get("answer", "")
    if answer == MISSING:
        return replace(found, lacking=True)
    return replace(found, only=_narrowed(viewer, course, answer)) if answer else found


def _narrowed(viewer: Viewer, course: Course, chosen_filter: str) -> frozenset[str] | None:
    """The registrations that a filter keeps; None where it is none that the viewer has."""
    question_id, _point, code = chosen_filter.partition(".")
    for one in queries.seen(viewer, queries.READ, course):
        if one.id == question_id and code in choices_of(one.asking):
            asking = one.asking
            return frozenset(
                row.registration_id
                for row in queries.answers_to([one.id])
                if code in choices_in(asking, value_of(row))
            )
    return None
