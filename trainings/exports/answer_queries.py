"""The answers to a course's questions, as columns of its lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from trainings.core.db import db
from trainings.core.i18n import _, localized
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.exports.models import ExportRequest
from trainings.exports.rules import (
    ANSWER,
    USUAL,
    WITH_ANSWERS,
    AnswerColumn,
    Column,
    Heading,
    Listing,
)
from trainings.exports.rules import in_order as in_order_of
from trainings.questions import answer_queries, queries
from trainings.questions.answer_rules import said
from trainings.questions.models import CourseQuestion
from trainings.questions.rules import Asking, QuestionKind
from trainings.spreadsheets.taking_rules import Value

Answers = Mapping[tuple[str, str], Value]  # by registration and column


def asked(viewer: Viewer, course: Course, listing: Listing) -> tuple[AnswerColumn, ...]:
    """The questions whose answers the viewer may have in a list; files stay where they are."""
    if listing not in WITH_ANSWERS:
        return ()
    return tuple(
        AnswerColumn(one.id, localized(one.titles))
        for one in queries.seen(viewer, queries.READ, course)
        if one.kind is not QuestionKind.FILE
    )


def columns_of(rows: Iterable[ExportRequest]) -> dict[str, tuple[Heading, ...]]:
    """The columns of these requests, by the request's number; of removed questions it says so."""
    rows = list(rows)
    ids = {
        code.removeprefix(ANSWER) for row in rows for code in row.columns if code.startswith(ANSWER)
    }
    titles: dict[str, dict[str, str]] = {}
    if ids:
        found = select(CourseQuestion.id, CourseQuestion.titles).where(CourseQuestion.id.in_(ids))
        titles = {key: words for key, words in db.session.execute(found)}  # noqa: C416
    gone = _("removed question")
    columns = [AnswerColumn(key, localized(titles.get(key)) or gone) for key in sorted(ids)]
    return {row.number: in_order_of(row.listing, row.columns, columns) for row in rows}


def answers(course: Course, viewer: Viewer, columns: Collection[Heading]) -> Answers:
    """The answers in these columns that the viewer may have, in one statement for all."""
    wanted: dict[str, list[str]] = {}
    known: dict[str, Asking] = {}
    usual = {USUAL[one]: str(one) for one in columns if isinstance(one, Column) and one in USUAL}
    own = {one.question_id: str(one) for one in columns if isinstance(one, AnswerColumn)}
    if not usual and not own:
        return {}
    for one in queries.seen(viewer, queries.READ, course):
        found = [usual[one.usual]] if one.usual in usual else []
        found += [own[one.id]] if one.id in own else []
        if found:
            wanted[one.id], known[one.id] = found, one.asking
    return {
        (row.registration_id, column): _value(known[row.question_id], answer_queries.value_of(row))
        for row in (queries.answers_to(wanted) if wanted else ())
        for column in wanted[row.question_id]
    }


def _value(asking: Asking, value: Any) -> Value:
    """An answer as a cell: days and numbers stay what they are."""
    if asking.kind is QuestionKind.DATE:
        return date.fromisoformat(value)
    if asking.kind is QuestionKind.NUMBER:
        return int(value)
    return said(asking, value)


def nights(found: Answers, registration_id: str) -> Value:
    """How many nights somebody stays, where they said when they arrive and leave."""
    arrives = found.get((registration_id, "arrives"))
    leaves = found.get((registration_id, "leaves"))
    if not isinstance(arrives, date) or not isinstance(leaves, date):
        return None
    return max(0, (leaves - arrives).days)
