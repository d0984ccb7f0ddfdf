"""Looks up requests for lists with names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from trainings.core import sealed
from trainings.core.db import db, for_update
from trainings.core.errors import NotFound
from trainings.core.i18n import _, localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.exports.models import ExportRequest
from trainings.exports.rules import ANSWER, AnswerColumn, Heading, Listing, in_order
from trainings.people.models import IdentityRead
from trainings.questions.models import CourseQuestion
from trainings.registrations.models import Registration

APPROVE = Permission.REGISTRATION_SELECT  # of the second organiser
OFFICER = Permission.AUDIT_READ
_TAKEN = "list."


class Words(NamedTuple):
    """What was said when a list was asked for, opened."""

    words: str
    reason: str = ""
    receiver: str = ""
    plain_reason: str = ""


def place(request_id: str, column: str) -> str:
    """Where a sealed part of a request belongs."""
    return f"export_request|{column}|{request_id}"


def sealed_words(request_id: str, words: Words) -> bytes:
    """What was said, as it is kept."""
    return sealed.seal(json.dumps(words), place(request_id, "words"))


def words_of(row: ExportRequest) -> Words:
    """What was said when a list was asked for."""
    return Words(*json.loads(sealed.unseal(row.words, place(row.id, "words"))))


def sealed_filters(request_id: str, filters: dict[str, str]) -> bytes:
    """How the list was narrowed down, as it is kept."""
    return sealed.seal(json.dumps(filters), place(request_id, "filters"))


def filters_of(row: ExportRequest) -> dict[str, str]:
    """How the list was narrowed down; nothing once the request has ended."""
    if row.filters is None:
        return {}
    found: dict[str, str] = json.loads(sealed.unseal(row.filters, place(row.id, "filters")))
    return found


def of_course(viewer: Viewer, course: Course, limit: int = 20) -> Sequence[ExportRequest]:
    """The latest requests of a course: one's own, and all for those who may approve them."""
    statement = select(ExportRequest).where(ExportRequest.course_id == course.id)
    if not courses.may(viewer, APPROVE, course):
        statement = statement.where(ExportRequest.by == viewer.account_id)
    order = (ExportRequest.asked_at.desc(), ExportRequest.id)
    return db.session.scalars(statement.order_by(*order).limit(limit)).all()


def request_for(viewer: Viewer, course: Course, number: str) -> ExportRequest:
    """One request of a course: one's own, or one that one may approve. Raises ``NotFound``."""
    found = db.session.scalar(
        select(ExportRequest).where(
            ExportRequest.course_id == course.id, ExportRequest.number == number
        )
    )
    if found is None:
        raise NotFound
    if found.by != viewer.account_id and not courses.may(viewer, APPROVE, course):
        raise NotFound
    return found


def own_request(viewer: Viewer, course_id: str, number: str) -> ExportRequest:
    """A request of one's own. Raises ``NotFound``."""
    found = db.session.scalar(
        select(ExportRequest).where(
            ExportRequest.course_id == course_id,
            ExportRequest.number == number,
            ExportRequest.by == viewer.account_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def for_officer(viewer: Viewer, limit: int = 100) -> list[tuple[ExportRequest, str]]:
    """The latest requests of all courses with their codes, for the data protection officer."""
    if not viewer.can(OFFICER):
        raise NotFound
    rows = db.session.execute(
        select(ExportRequest, Course.code)
        .join(Course, Course.id == ExportRequest.course_id)
        .order_by(ExportRequest.asked_at.desc(), ExportRequest.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def purpose_of(listing: Listing) -> str:
    """How the read log says that a list left the house."""
    return f"{_TAKEN}{listing}"


def lately(viewer: Viewer, course_id: str, since: datetime) -> set[str]:
    """The people of a course in all lists that the viewer asked for, or took out, since a moment.

    They count together: many small lists are a large one. Who was taken out is in the read log: a
    file that was made again may hold others than the one before.
    """
    asked = db.session.scalars(
        select(ExportRequest.persons).where(
            ExportRequest.course_id == course_id,
            ExportRequest.by == viewer.account_id,
            ExportRequest.asked_at >= since,
        )
    )
    found = {person for persons in asked for person in persons}
    taken = db.session.scalars(
        select(IdentityRead.persons).where(
            IdentityRead.by == viewer.account_id,
            IdentityRead.at >= since,
            IdentityRead.purpose.startswith(_TAKEN),
        )
    )
    others = {person for persons in taken for person in persons} - found
    if others:
        there = select(Registration.person_id).where(Registration.course_id == course_id)
        found |= others.intersection(db.session.scalars(there.execution_options(scope="operation")))
    return found


def course_of(number: str) -> str:
    """The course of a request, to lock it first. Raises ``NotFound``."""
    found: str | None = db.session.scalar(
        select(ExportRequest.course_id).where(ExportRequest.number == number)
    )
    if found is None:
        raise NotFound
    return found


def for_update_with(session: Session, number: str) -> ExportRequest:
    """A request with its row locked. Raises ``NotFound``."""
    found: ExportRequest | None = session.scalar(
        for_update(select(ExportRequest).where(ExportRequest.number == number)),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFound
    return found


def is_taken(number: str) -> bool:
    """Whether a request has this number."""
    return (
        db.session.scalar(select(ExportRequest.id).where(ExportRequest.number == number))
        is not None
    )


def ended(session: Session, now: datetime) -> Sequence[ExportRequest]:
    """The requests that have ended and of which a file or filters are still kept, locked."""
    found: Sequence[ExportRequest] = session.scalars(
        for_update(
            select(ExportRequest)
            .where(
                ExportRequest.ends_at <= now,
                or_(ExportRequest.file_name.is_not(None), ExportRequest.filters.is_not(None)),
            )
            .order_by(ExportRequest.id)
        )
    ).all()
    return found


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
    return {row.number: in_order(row.listing, row.columns, columns) for row in rows}
