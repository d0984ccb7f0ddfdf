"""Who can reach a course: what a grant covers, who sees its page, days and venue, who may apply."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.permissions import LEAD_ONLY, Grant, Permission, Role, Viewer
from trainings.courses.rules import CourseDates, CourseState, Visibility, is_open


class RegistrationNotOpen(Refusal):
    """An application outside the registration period."""

    sentence = _l("Registration for this course is not open at the moment.")


class RegistrationOver(RegistrationNotOpen):
    """The last day of registration has passed."""

    sentence = _l("Registration for this course has closed.")


class RegistrationToCome(RegistrationNotOpen):
    """The first day of registration is still ahead."""

    sentence = _l("Registration for this course has not opened yet.")


class ByNominationOnly(RegistrationNotOpen):
    """A course that takes nominated candidates only."""

    sentence = _l("Candidates for this course are nominated by the focal point of their country.")


class Nearness(IntEnum):
    """How closely a person who is not staff is involved in a course; each step shows them more."""

    STRANGER = 0
    INVOLVED = 1  # has begun an application, is nominated
    OFFERED = 2  # has to answer: a seat is held for them, or they are invited to teach
    CONFIRMED = 3  # has confirmed a seat, teaches


class DaysShownTo(StrEnum):
    """Who can see the exact days of a course; everyone else sees the month."""

    EVERYONE = "everyone"
    INVOLVED = "involved"
    CONFIRMED = "confirmed"

    @property
    def label(self) -> LazyText:
        """The choice, for display."""
        return DAYS_SHOWN_TO_LABELS[self]


DAYS_SHOWN_TO_LABELS: Mapping[DaysShownTo, LazyText] = {
    DaysShownTo.EVERYONE: _l("Everyone who sees the course"),
    DaysShownTo.INVOLVED: _l("Candidates, trainers and staff"),
    DaysShownTo.CONFIRMED: _l("Confirmed participants, trainers and staff"),
}


def sees_days(shown_to: DaysShownTo, near: Nearness) -> bool:
    """Whether somebody sees the exact days of a course; who must answer an offer always does."""
    if shown_to is DaysShownTo.CONFIRMED:
        return near >= Nearness.OFFERED
    return shown_to is DaysShownTo.EVERYONE or near >= Nearness.INVOLVED


def sees_venue(near: Nearness) -> bool:
    """Whether somebody sees the venue of a course; everyone else sees the city."""
    return near >= Nearness.CONFIRMED


class Reach(Struct, frozen=True):
    """The facts about a course that decide who can reach it."""

    course_id: str
    lead: str
    agencies: frozenset[str]
    countries: Collection[str]
    functions: Collection[str]
    published: bool


def reaches(viewer: Viewer, permission: Permission, course: Reach) -> bool:
    """Whether any of the viewer's grants carries the permission and covers the course."""
    return any(_covers(grant, permission, course) for grant in viewer.grants_with(permission))


def _covers(grant: Grant, permission: Permission, course: Reach) -> bool:
    if grant.course_id is not None:
        return grant.course_id == course.course_id
    if grant.role is Role.ORGANISER and grant.agency_id is not None:
        leads = grant.agency_id == course.lead
        return leads or (permission not in LEAD_ONLY and grant.agency_id in course.agencies)
    if grant.role is Role.FOCAL_POINT and grant.country is not None:
        invited = grant.country in course.countries and (
            not grant.functions or bool(grant.functions & set(course.functions))
        )
        return invited and course.published
    return False


def same_key(kept: str, given: str) -> bool:
    """Whether a link carries the course's key, compared in constant time."""
    return bool(given) and hmac.compare_digest(kept.encode(), given.encode())


def check_may_apply(visibility: Visibility) -> None:
    """Check that a course accepts people who were not nominated. Raises ``ByNominationOnly``."""
    if visibility is Visibility.NOMINATION_ONLY:
        raise ByNominationOnly


def check_open(state: CourseState, dates: CourseDates, zone: str, now: datetime) -> None:
    """Check that registration is open now: the course is published and the dates allow it."""
    if state is not CourseState.PUBLISHED:
        raise RegistrationToCome if state is CourseState.DRAFT else RegistrationOver
    if not is_open(dates, zone, now):
        opens = dates.registration_opens_on
        to_come = opens is not None and now.astimezone(ZoneInfo(zone)).date() < opens
        raise RegistrationToCome if to_come else RegistrationOver
