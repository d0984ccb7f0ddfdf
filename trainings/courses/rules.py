"""Rules of a course: its states, who can see it, how seats are given, its dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from trainings.core.clock import end_of
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.states import Tone, Worded


class CourseState(Worded):
    """The state of a course between first draft and certificates."""

    DRAFT = "draft", _lp("course", "Draft")
    PUBLISHED = "published", _lp("course", "Published"), Tone.GREEN
    REGISTRATION_CLOSED = "registration_closed", _lp("course", "Registration closed"), Tone.AMBER
    RUNNING = "running", _lp("course", "Running"), Tone.BLUE
    COMPLETED = "completed", _lp("course", "Completed"), Tone.TEAL
    CANCELLED = "cancelled", _lp("course", "Cancelled"), Tone.RED


class Agreement(Worded):
    """Whether an agency's own organisers agreed that it organises a course, or that it signs."""

    WAITING = "waiting", _lp("agreement", "Waiting"), Tone.AMBER
    AGREED = "agreed", _lp("agreement", "Agreed"), Tone.GREEN


class Visibility(StrEnum):
    """Who can find a course: nominated people, people with the link, or anyone."""

    NOMINATION_ONLY = "nomination_only"
    BY_LINK = "by_link"
    PUBLIC = "public"

    @property
    def label(self) -> LazyText:
        """The name of the visibility, for display."""
        return VISIBILITY_LABELS[self]


class Placing(StrEnum):
    """How a course gives seats: an organiser selects, or each applicant is placed at once."""

    BY_SELECTION = "by_selection"
    AT_ONCE = "at_once"

    @property
    def label(self) -> LazyText:
        """The name of the way of placing, for display."""
        return PLACING_LABELS[self]


VISIBILITY_LABELS: Mapping[Visibility, LazyText] = {
    Visibility.NOMINATION_ONLY: _l("By nomination only"),
    Visibility.BY_LINK: _l("Anyone with the link"),
    Visibility.PUBLIC: _l("Public"),
}
PLACING_LABELS: Mapping[Placing, LazyText] = {
    Placing.BY_SELECTION: _l("Organisers select"),
    Placing.AT_ONCE: _l("Applicants get a seat at once"),
}


class CourseMove(StrEnum):
    """An action of an organiser that changes the state of a course."""

    PUBLISH = "publish"
    CLOSE_REGISTRATION = "close_registration"
    REOPEN_REGISTRATION = "reopen_registration"
    START = "start"
    COMPLETE = "complete"
    REOPEN = "reopen"
    CANCEL = "cancel"

    @property
    def label(self) -> LazyText:
        """The text of the move's button."""
        return MOVE_LABELS[self]


MOVE_LABELS: Mapping[CourseMove, LazyText] = {
    CourseMove.PUBLISH: _l("Open registration"),
    CourseMove.CLOSE_REGISTRATION: _l("Close registration"),
    CourseMove.REOPEN_REGISTRATION: _l("Reopen registration"),
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
    """The course is not in a state that allows this move."""

    sentence = _l("This is not possible while the course is “%(state)s”.")


def check_move(move: CourseMove, state: CourseState) -> CourseState:
    """The state a move leads to, or a refusal; its conditions are checked elsewhere."""
    before, after = MOVES[move]
    if state not in before:
        raise MoveRefused(state=state.label)
    return after


def moves_from(state: CourseState) -> list[CourseMove]:
    """The moves allowed from a state, in their usual order."""
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
    """Registration would still be open after the course has begun."""

    sentence = _l("Registration must close before the course starts.")
    field = "registration_closes_on"


class ReleaseAfterStart(DatesRefused):
    """Seats reserved for countries would be released too late to be filled."""

    sentence = _l("Seats kept for countries must be released before the course starts.")
    field = "release_on"


class CourseDates(Struct, frozen=True):
    """The dates of a course, in its time zone."""

    starts_on: date
    ends_on: date
    registration_opens_on: date | None = None
    registration_closes_on: date | None = None
    release_on: date | None = None


def date_faults(dates: CourseDates) -> list[Refusal]:
    """All that is inconsistent in the dates of a course; a date that is missing is not."""
    faults: list[Refusal] = []
    starts: date | None = dates.starts_on
    ends: date | None = dates.ends_on
    if starts is not None and ends is not None and ends < starts:
        faults.append(EndsBeforeStart())
    opens, closes = dates.registration_opens_on, dates.registration_closes_on
    if opens is not None and closes is not None and closes < opens:
        faults.append(RegistrationClosesBeforeOpening())
    if starts is None:
        return faults
    if any(day is not None and day >= starts for day in (opens, closes)):
        faults.append(RegistrationClosesAfterStart())
    if dates.release_on is not None and dates.release_on >= starts:
        faults.append(ReleaseAfterStart())
    return faults


def is_open(dates: CourseDates, zone: str, now: datetime) -> bool:
    """Whether the dates say that registration is open at a moment.

    Without a first day it is open at once; without a last day, until the eve of the course.
    """
    opens, closes = dates.registration_opens_on, dates.registration_closes_on
    if opens is not None and now.astimezone(ZoneInfo(zone)).date() < opens:
        return False
    last = closes if closes is not None else dates.starts_on - timedelta(days=1)
    return now <= end_of(last, zone)


# The code


class CodeRefused(Refusal):
    """A course code that could not be printed, typed or read aloud."""

    sentence = _l(
        "Use a course code of 3 to 16 characters: capital letters A to Z, digits, and hyphens "
        "between them."
    )
    field = "code"


_CODE = re.compile(r"(?=.{3,16}\Z)[A-Z0-9]+(?:-[A-Z0-9]+)*\Z")


def check_code(code: str) -> str:
    """A course code, normalised, or a refusal; every serial number begins with it."""
    if _CODE.match(code) is None:
        raise CodeRefused
    return code


DATES = ("starts_on", "ends_on", "registration_opens_on", "registration_closes_on", "release_on")
