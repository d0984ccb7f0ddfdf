"""Who reaches a course: what a grant covers, who may see its page, whether one may apply."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.core.permissions import LEAD_ONLY, Grant, Permission, Role, Viewer
from trainings.courses.rules import CourseDates, CourseState, Visibility, is_open


class RegistrationNotOpen(Refusal):
    """Someone applies outside the days of registration."""

    sentence = _l("Registration for this course is not open at the moment.")


class RegistrationOver(RegistrationNotOpen):
    """The last day of registration has passed."""

    sentence = _l("Registration for this course has closed.")


class RegistrationToCome(RegistrationNotOpen):
    """The first day of registration has not come."""

    sentence = _l("Registration for this course has not opened yet.")


class ByNominationOnly(RegistrationNotOpen):
    """A course that takes nominated candidates only."""

    sentence = _l("Candidates for this course are nominated by the focal point of their country.")


class Standing(IntEnum):
    """How near someone who is not staff stands to a course; each step shows more of it."""

    STRANGER = 0
    INVOLVED = 1  # nominated, applied, invited as a trainer
    CONFIRMED = 2  # has confirmed a seat: sees the venue and the exact days


@dataclass(frozen=True)
class Reach:
    """What of a course decides over whom it lies within."""

    course_id: str
    lead: str
    agencies: frozenset[str]
    countries: Collection[str]
    functions: Collection[str]
    published: bool


def reaches(viewer: Viewer, permission: Permission, course: Reach) -> bool:
    """Whether some grant of the viewer carries the permission and covers the course."""
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
    """Whether a link carries the key of a course, compared without telling how near it is."""
    return bool(given) and hmac.compare_digest(kept.encode(), given.encode())


def check_may_apply(visibility: Visibility) -> None:
    """Whether a course takes those who were not nominated. Raises ``ByNominationOnly``."""
    if visibility is Visibility.NOMINATION_ONLY:
        raise ByNominationOnly


def check_open(state: CourseState, dates: CourseDates, zone: str, now: datetime) -> None:
    """Whether registration is open now: the course is published and its days run."""
    if state is not CourseState.PUBLISHED:
        raise RegistrationToCome if state is CourseState.DRAFT else RegistrationOver
    if not is_open(dates, zone, now):
        opens = dates.registration_opens_on
        to_come = opens is not None and now.astimezone(ZoneInfo(zone)).date() < opens
        raise RegistrationToCome if to_come else RegistrationOver
