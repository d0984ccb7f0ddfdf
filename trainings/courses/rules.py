"""What a course may be and become: its states, who sees it, how it gives seats, its dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class CourseState(StrEnum):
    """Where a course stands between the first draft and its certificates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REGISTRATION_CLOSED = "registration_closed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> LazyText:
        """The state as people read it."""
        return STATE_LABELS[self]


class Visibility(StrEnum):
    """Who finds a course: those who are nominated, those who hold the link, or anyone."""

    NOMINATION_ONLY = "nomination_only"
    BY_LINK = "by_link"
    PUBLIC = "public"

    @property
    def label(self) -> LazyText:
        """The visibility as people read it."""
        return VISIBILITY_LABELS[self]


class Placing(StrEnum):
    """How a course gives its seats: an organiser selects, or who applies is placed at once."""

    BY_SELECTION = "by_selection"
    AT_ONCE = "at_once"

    @property
    def label(self) -> LazyText:
        """The way of placing as people read it."""
        return PLACING_LABELS[self]


STATE_LABELS: Mapping[CourseState, LazyText] = {
    CourseState.DRAFT: _l("Draft"),
    CourseState.PUBLISHED: _l("Registration open"),
    CourseState.REGISTRATION_CLOSED: _l("Registration closed"),
    CourseState.RUNNING: _l("Under way"),
    CourseState.COMPLETED: _l("Completed"),
    CourseState.CANCELLED: _l("Cancelled"),
}
VISIBILITY_LABELS: Mapping[Visibility, LazyText] = {
    Visibility.NOMINATION_ONLY: _l("By nomination only"),
    Visibility.BY_LINK: _l("Whoever has the link"),
    Visibility.PUBLIC: _l("Public"),
}
PLACING_LABELS: Mapping[Placing, LazyText] = {
    Placing.BY_SELECTION: _l("The organiser selects"),
    Placing.AT_ONCE: _l("Who applies is placed at once"),
}


class CourseMove(StrEnum):
    """What an organiser does to the state of a course."""

    PUBLISH = "publish"
    CLOSE_REGISTRATION = "close_registration"
    REOPEN_REGISTRATION = "reopen_registration"
    START = "start"
    COMPLETE = "complete"
    REOPEN = "reopen"
    CANCEL = "cancel"

    @property
    def label(self) -> LazyText:
        """The move as the button says it."""
        return MOVE_LABELS[self]


MOVE_LABELS: Mapping[CourseMove, LazyText] = {
    CourseMove.PUBLISH: _l("Open registration"),
    CourseMove.CLOSE_REGISTRATION: _l("Close registration"),
    CourseMove.REOPEN_REGISTRATION: _l("Open registration again"),
    CourseMove.START: _l("Start the course"),
    CourseMove.COMPLETE: _l("Complete the course"),
    CourseMove.REOPEN: _l("Reopen the course"),
    CourseMove.CANCEL: _l("Cancel the course"),
}

ENDED = frozenset({CourseState.COMPLETED, CourseState.CANCELLED})
MOVES: Mapping[CourseMove, tuple[frozenset[CourseState], CourseState]] = {
    CourseMove.PUBLISH: (frozenset({CourseState.DRAFT}), CourseState.PUBLISHED),
    CourseMove.CLOSE_REGISTRATION: (
        frozenset({CourseState.PUBLISHED}),
        CourseState.REGISTRATION_CLOSED,
    ),
    CourseMove.REOPEN_REGISTRATION: (
        frozenset({CourseState.REGISTRATION_CLOSED}),
        CourseState.PUBLISHED,
    ),
    CourseMove.START: (frozenset({CourseState.REGISTRATION_CLOSED}), CourseState.RUNNING),
    CourseMove.COMPLETE: (frozenset({CourseState.RUNNING}), CourseState.COMPLETED),
    CourseMove.REOPEN: (frozenset({CourseState.COMPLETED}), CourseState.RUNNING),
    CourseMove.CANCEL: (frozenset(CourseState) - ENDED, CourseState.CANCELLED),
}


class MoveRefused(Refusal):
    """The course is not in the state from which this leads on."""

    sentence = _l("This is not possible now: the course is in the state “%(state)s”.")


def check_move(move: CourseMove, state: CourseState) -> CourseState:
    """The state a move leads to from here; its conditions are another matter. Or a refusal."""
    before, after = MOVES[move]
    if state not in before:
        raise MoveRefused(state=state.label)
    return after


def moves_from(state: CourseState) -> list[CourseMove]:
    """The moves that a course in this state can make, in their usual order."""
    return [move for move in CourseMove if state in MOVES[move][0]]


# Dates


class DatesRefused(Refusal):
    """The dates of a course contradict each other."""


class EndsBeforeStart(DatesRefused):
    """The last day is before the first."""

    sentence = _l("The course cannot end before it starts.")
    field = "ends_on"


class RegistrationClosesBeforeOpening(DatesRefused):
    """Registration would close before it opens."""

    sentence = _l("Registration cannot close before it opens.")
    field = "registration_closes_on"


class RegistrationClosesAfterStart(DatesRefused):
    """Registration would still be open when the course has begun."""

    sentence = _l("Registration must close before the course starts.")
    field = "registration_closes_on"


class ReleaseAfterStart(DatesRefused):
    """Seats kept for countries would be released when it is too late to fill them."""

    sentence = _l("Seats kept for countries must be released before the course starts.")
    field = "release_on"


@dataclass(frozen=True)
class CourseDates:
    """The days of a course, as the calendar in its zone shows them."""

    starts_on: date
    ends_on: date
    registration_opens_on: date | None = None
    registration_closes_on: date | None = None
    release_on: date | None = None


def check_dates(dates: CourseDates) -> None:
    """Whether the days of a course agree with each other; raises the first refusal."""
    if dates.ends_on < dates.starts_on:
        raise EndsBeforeStart
    opens, closes = dates.registration_opens_on, dates.registration_closes_on
    if opens is not None and closes is not None and closes < opens:
        raise RegistrationClosesBeforeOpening
    if any(day is not None and day >= dates.starts_on for day in (opens, closes)):
        raise RegistrationClosesAfterStart
    if dates.release_on is not None and dates.release_on >= dates.starts_on:
        raise ReleaseAfterStart


_LAST_SECOND = time(23, 59, 59, fold=1)  # where the hour comes twice, the later one ends the day


def deadline(day: date, zone: str) -> datetime:
    """When a deadline given as a date runs out: 23:59:59 in the course's zone, as UTC."""
    return datetime.combine(day, _LAST_SECOND, ZoneInfo(zone)).astimezone(UTC)


def is_open(dates: CourseDates, zone: str, now: datetime) -> bool:
    """Whether registration is open at a moment by its dates.

    Without a first day it is open at once, without a last one until the eve of the course.
    """
    opens, closes = dates.registration_opens_on, dates.registration_closes_on
    if opens is not None and now.astimezone(ZoneInfo(zone)).date() < opens:
        return False
    last = closes if closes is not None else dates.starts_on - timedelta(days=1)
    return now <= deadline(last, zone)


# The code


class CodeRefused(Refusal):
    """A course code that could not be printed, typed and read out."""

    sentence = _l(
        "A course code has 3 to 16 characters: capital letters A to Z, digits, "
        "and dashes between them."
    )
    field = "code"


_CODE = re.compile(r"(?=.{3,16}\Z)[A-Z0-9]+(?:-[A-Z0-9]+)*\Z")


def check_code(code: str) -> str:
    """A course code as it may be kept, or a refusal; it also begins every serial."""
    if _CODE.match(code) is None:
        raise CodeRefused
    return code
