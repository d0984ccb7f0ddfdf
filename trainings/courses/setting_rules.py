"""What each section that a course is set up with must hold to."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from trainings.core.errors import Refusal
from trainings.core.i18n import _l
from trainings.courses.rules import CourseDates, check_code, check_dates
from trainings.courses.section_rules import DATES, Section, dates_from, is_filled

LONGEST_DAYS = 60
MOST_SEATS = 100_000


class CourseTitleMissing(Refusal):
    """A course without a title in any language."""

    sentence = _l("Enter the title of the course in at least one language.")
    field = "title_en"


class LeadMissing(Refusal):
    """A course needs one agency that leads it."""

    sentence = _l("Choose the agency that leads the course.")
    field = "lead_agency_id"


class LeadNotYours(Refusal):
    """Someone would plan a course that another agency leads."""

    sentence = _l("You can plan courses that your own agency leads. Choose your agency as lead.")
    field = "lead_agency_id"


class LanguagesMissing(Refusal):
    """In which languages a course is held must be said."""

    sentence = _l("Choose at least one language in which the course is held.")
    field = "languages"


class CityMissing(Refusal):
    """A course without a place."""

    sentence = _l("Enter the city where the course is held.")
    field = "city"


class ZoneUnknown(Refusal):
    """A time zone that the world's table does not have."""

    sentence = _l("Choose a time zone from the list, such as America/Lima.")
    field = "zone"


class CourseTooLong(Refusal):
    """More days than a course has."""

    sentence = _l("The course would last %(days)s days. Check the first and the last day.")
    field = "ends_on"


class DatesMissing(Refusal):
    """The days of registration are still to be set."""

    sentence = _l("Enter the days on which registration opens and closes.")
    field = "registration_opens_on"


class CountriesMissing(Refusal):
    """Nobody would be invited."""

    sentence = _l("Choose at least one country.")
    field = "countries"


class FunctionsMissing(Refusal):
    """Nobody would be invited."""

    sentence = _l("Choose at least one function.")
    field = "functions"


class CapacityRefused(Refusal):
    """A course without seats, or with more than there are people."""

    sentence = _l("Enter how many people can take part: a number from 1 to %(most)s.")
    field = "capacity"


class OfferDaysRefused(Refusal):
    """Too little or too much time to answer an offer."""

    sentence = _l("Give people from 1 to 60 days to answer an offer.")
    field = "offer_days"


class ThresholdRefused(Refusal):
    """A share of hours that cannot be."""

    sentence = _l("Enter the share of hours as a number from 1 to 100.")
    field = "threshold"


class SignatoryAgencyMissing(Refusal):
    """A signatory's title that no agency stands behind."""

    sentence = _l("Choose the agency of each signatory.")


class SignatoryTitleMissing(Refusal):
    """An agency that would sign without a title."""

    sentence = _l("Enter the title of each signatory in at least one language.")


class ContactRefused(Refusal):
    """A contact that is no mail address."""

    sentence = _l("Enter the contact's mail address in full, such as course@example.org.")
    field = "contact"


class SectionMissing(Refusal):
    """A course cannot be created before all its sections are filled in."""

    sentence = _l("“%(section)s” is still to be filled in.")


class StillNeeded(Refusal):
    """A country or function that candidates or seats of the course belong to."""

    sentence = _l("%(what)s has candidates or seats in this course and cannot be taken out.")


class CodeOfCourseTaken(Refusal):
    """Another course has the code."""

    sentence = _l("The code %(code)s is already used by another course. Choose another one.")
    field = "code"


_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}\Z")


def zones() -> list[str]:
    """Time zones by name, those that carry a region."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
               "Pacific/")  # fmt: skip
    return sorted(name for name in available_timezones() if name.startswith(regions))


def check_zone(zone: str) -> str:
    """A time zone as it may be kept, or a refusal."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknown from None
    return zone


def check_section(section: Section, values: Mapping[str, Any]) -> None:
    """Whether a section may be kept as it is; ``values`` may hold those of other sections too."""
    _CHECKS[section](values)


def _check_basics(values: Mapping[str, Any]) -> None:
    check_code(values.get("code") or "")
    if not any((values.get("titles") or {}).values()):
        raise CourseTitleMissing
    if not values.get("lead_agency_id"):
        raise LeadMissing
    if not values.get("languages"):
        raise LanguagesMissing


def _check_place(values: Mapping[str, Any]) -> None:
    if not values.get("city"):
        raise CityMissing
    check_zone(values.get("zone") or "")
    starts, ends = values["starts_on"], values["ends_on"]
    check_dates(CourseDates(starts, ends))
    if (ends - starts).days >= LONGEST_DAYS:
        raise CourseTooLong(days=(ends - starts).days + 1)


def _check_registration(values: Mapping[str, Any]) -> None:
    if any(values.get(name) is None for name in DATES[2:]):
        raise DatesMissing
    if not 1 <= values["offer_days"] <= LONGEST_DAYS:
        raise OfferDaysRefused
    if values.get("starts_on") is not None:
        check_dates(dates_from(values))


def _check_invited(values: Mapping[str, Any]) -> None:
    if not values.get("functions"):
        raise FunctionsMissing
    if not values.get("countries"):
        raise CountriesMissing
    if not 1 <= (values.get("capacity") or 0) <= MOST_SEATS:
        raise CapacityRefused(most=MOST_SEATS)


def _check_certificates(values: Mapping[str, Any]) -> None:
    if not 1 <= values["threshold"] <= 100:
        raise ThresholdRefused
    for signatory in values["signatories"]:
        if not signatory["agency_id"]:
            raise SignatoryAgencyMissing
        if not any(signatory["titles"].values()):
            raise SignatoryTitleMissing
    if values["contact"] and _MAIL.match(values["contact"]) is None:
        raise ContactRefused


_CHECKS = {
    Section.BASICS: _check_basics,
    Section.PLACE: _check_place,
    Section.REGISTRATION: _check_registration,
    Section.INVITED: _check_invited,
    Section.CERTIFICATES: _check_certificates,
}


def check_all(values: Mapping[str, Any]) -> None:
    """Whether a whole plan may become a course; raises the first refusal, in order of sections."""
    for section in Section:
        if not is_filled(section, values):
            raise SectionMissing(section=section.label)
        check_section(section, values)


def check_none_lost(
    before: Sequence[str], after: Collection[str], needed: Collection[str], names: Mapping[str, str]
) -> None:
    """Whether countries or functions may go: not those that seats or candidates belong to."""
    for code in before:
        if code not in after and code in needed:
            raise StillNeeded(what=names.get(code, code))
