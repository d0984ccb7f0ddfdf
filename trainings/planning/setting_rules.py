"""The rules for each section of a course's settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from trainings.agencies.rules import agencies_of
from trainings.core import addresses
from trainings.core.errors import Refusal, refuse
from trainings.core.i18n import _l
from trainings.core.permissions import Viewer
from trainings.core.text import TextRefused
from trainings.core.zones import check_zone
from trainings.courses.rules import DATES, CourseDates, check_code, date_faults
from trainings.planning.section_rules import Section, dates_from, is_filled

LONGEST_DAYS = 60
MOST_SEATS = 100_000


class CourseTitleMissing(Refusal):
    """A course without a title in any language."""

    sentence = _l("Enter the title of the course in at least one language.")
    field = "title_en"


class LeadMissing(Refusal):
    """A course needs a lead agency."""

    sentence = _l("Choose the lead agency of the course.")
    field = "lead_agency_id"


class SourceNotYours(Refusal):
    """The viewer may no longer read the course that a plan is like."""

    sentence = _l(
        "You no longer have access to the course that this plan is based on. Discard the plan and "
        "start a new one."
    )


class LeadNotYours(Refusal):
    """The viewer does not organise for the agency that would lead the course."""

    sentence = _l(
        "You can only plan courses that your own agency leads. Choose your agency as lead agency."
    )
    field = "lead_agency_id"


class LanguagesMissing(Refusal):
    """A course needs at least one language."""

    sentence = _l("Choose at least one language for the course.")
    field = "languages"


class CityMissing(Refusal):
    """A course without a place."""

    sentence = _l("Enter the city where the course is held.")
    field = "city"


class CourseTooLong(Refusal):
    """More days than a course may have."""

    sentence = _l("The course would last %(days)s days. Check the first and last day.")
    field = "ends_on"


class StartsInPast(Refusal):
    """The first day is in the past, which is seldom meant."""

    sentence = _l("The first day, %(day)s, is in the past. Correct it, or confirm below.")
    field = "in_past"


class ClosesInPast(Refusal):
    """Registration would be over already, which is seldom meant."""

    sentence = _l(
        "The last day of registration, %(day)s, is in the past. Correct it, or confirm below."
    )
    field = "in_past"


class DatesMissing(Refusal):
    """The registration dates are not yet set."""

    sentence = _l("Enter the days on which registration opens and closes.")
    field = "registration_opens_on"


class CountriesMissing(Refusal):
    """No country is invited."""

    sentence = _l("Choose at least one country.")
    field = "countries"


class FunctionsMissing(Refusal):
    """No function is invited."""

    sentence = _l("Choose at least one function.")
    field = "functions"


class CapacityRefused(Refusal):
    """A course with no seats, or with too many."""

    sentence = _l("Enter how many people can take part: a number from 1 to %(most)s.")
    field = "capacity"


class OfferDaysRefused(Refusal):
    """Too little or too much time to answer an offer."""

    sentence = _l("Give people 1 to 60 days to reply to an offer.")
    field = "offer_days"


class ThresholdRefused(Refusal):
    """An impossible share of hours."""

    sentence = _l("Enter the share of hours as a number from 1 to 100.")
    field = "threshold"


class SignatoryAgencyMissing(Refusal):
    """A signatory's title without an agency."""

    sentence = _l("Choose the agency of each signatory.")


class SignatoryTitleMissing(Refusal):
    """A signing agency without a signatory's title."""

    sentence = _l("Enter the title of each signatory in at least one language.")


class SignatoryElsewhere(Refusal):
    """Somebody would sign for an agency that is not on the course."""

    sentence = _l(
        "The agency of each signatory must be one of the agencies of the course. Add it to the "
        "course first, or remove the signatory."
    )


class ContactRefused(Refusal):
    """The contact is not an email address."""

    sentence = _l("Enter the contact's full email address, such as course@example.org.")
    field = "contact"


class SectionMissing(Refusal):
    """A course cannot be created before all its sections are filled in."""

    sentence = _l("Complete “%(section)s”.")


class StillNeeded(Refusal):
    """The country or function is still used by candidates or seats of the course."""

    sentence = _l("%(what)s has candidates or seats in this course, so you cannot remove it.")


class CodeOfCourseTaken(Refusal):
    """Another course already has the code."""

    sentence = _l("The code %(code)s is already used by another course. Choose another one.")
    field = "code"


def agree_at_once(by: Viewer, values: Mapping[str, Any], *, template: bool) -> list[str]:
    """The agencies that agree to organise and to sign by the act of setting them: the setter's own.

    A template asks nobody: it never opens, and each course that is planned from it asks anew.
    """
    if not template:
        return agencies_of(by)
    signing = [one["agency_id"] for one in values.get("signatories") or ()]
    return [*values.get("agency_ids", ()), values.get("lead_agency_id") or "", *signing]


def check_ahead(
    section: Section, before: Mapping[str, Any], values: Mapping[str, Any], today: date
) -> None:
    """Ask about a day that is newly set and lies in the past."""
    refuse(past_faults(section, before, values, today))


def past_faults(
    section: Section, before: Mapping[str, Any], values: Mapping[str, Any], today: date
) -> list[Refusal]:
    """The question about a day that is newly set and lies in the past."""
    if section is Section.PLACE and _newly_past("starts_on", before, values, today):
        return [StartsInPast(day=values["starts_on"])]
    closes = "registration_closes_on"
    if section is Section.REGISTRATION and _newly_past(closes, before, values, today):
        return [ClosesInPast(day=values[closes])]
    return []


def _newly_past(
    name: str, before: Mapping[str, Any], values: Mapping[str, Any], today: date
) -> bool:
    day = values.get(name)
    return day is not None and day < today and day != before.get(name)


def check_section(section: Section, values: Mapping[str, Any]) -> None:
    """Check that a section can be saved; ``values`` may include those of other sections.

    Raises all refusals at once.
    """
    refuse(section_faults(section, values))


def section_faults(section: Section, values: Mapping[str, Any]) -> list[Refusal]:
    """All that is wrong in a section, as far as its values are there."""
    return list(_FAULTS[section](values))


def _caught(check: Callable[..., object], *values: Any) -> Sequence[Refusal]:
    try:
        check(*values)
    except Refusal as refusal:
        return refusal.parts
    return ()


def _basics_faults(values: Mapping[str, Any]) -> Iterator[Refusal]:
    yield from _caught(check_code, values.get("code") or "")
    if not any((values.get("titles") or {}).values()):
        yield CourseTitleMissing()
    if not values.get("lead_agency_id"):
        yield LeadMissing()
    if not values.get("languages"):
        yield LanguagesMissing()


def _place_faults(values: Mapping[str, Any]) -> Iterator[Refusal]:
    if not values.get("city"):
        yield CityMissing()
    zone, country = values.get("zone") or "", values.get("country") or ""
    if zone or (values.get("city") and country):  # else it has nothing to follow from yet
        yield from _caught(check_zone, zone, country)
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts is not None and ends is not None:
        yield from date_faults(CourseDates(starts, ends))
        if (ends - starts).days >= LONGEST_DAYS:
            yield CourseTooLong(days=(ends - starts).days + 1)


def _registration_faults(values: Mapping[str, Any]) -> Iterator[Refusal]:
    if any(values.get(name) is None for name in DATES[2:]):
        yield DatesMissing()
    if not 1 <= (values.get("offer_days") or 0) <= LONGEST_DAYS:
        yield OfferDaysRefused()
    yield from date_faults(dates_from(values))


def _invited_faults(values: Mapping[str, Any]) -> Iterator[Refusal]:
    if not values.get("functions"):
        yield FunctionsMissing()
    if not values.get("countries"):
        yield CountriesMissing()
    if not 1 <= (values.get("capacity") or 0) <= MOST_SEATS:
        yield CapacityRefused(most=MOST_SEATS)


def _certificate_faults(values: Mapping[str, Any]) -> Iterator[Refusal]:
    if not 1 <= (values.get("threshold") or 0) <= 100:
        yield ThresholdRefused()
    signatories = values.get("signatories") or ()
    if not all(one["agency_id"] for one in signatories):
        yield SignatoryAgencyMissing()
    elif values.get("lead_agency_id") and any(
        one["agency_id"] not in (values["lead_agency_id"], *values.get("agency_ids", ()))
        for one in signatories
    ):
        yield SignatoryElsewhere()
    if not all(any(one["titles"].values()) for one in signatories):
        yield SignatoryTitleMissing()
    if values.get("contact"):
        try:
            addresses.checked(values["contact"])
        except TextRefused:
            yield ContactRefused()


_FAULTS: Mapping[Section, Callable[[Mapping[str, Any]], Iterator[Refusal]]] = {
    Section.BASICS: _basics_faults,
    Section.PLACE: _place_faults,
    Section.REGISTRATION: _registration_faults,
    Section.INVITED: _invited_faults,
    Section.CERTIFICATES: _certificate_faults,
}


def check_all(values: Mapping[str, Any]) -> None:
    """Check that a whole plan can become a course.

    Raises the refusals of the first section that has any.
    """
    for section in Section:
        if not is_filled(section, values):
            raise SectionMissing(section=section.label)
        check_section(section, values)


def check_none_lost(
    before: Sequence[str], after: Collection[str], needed: Collection[str], names: Mapping[str, str]
) -> None:
    """Check that countries or functions can be removed: not while seats or candidates use them."""
    for code in before:
        if code not in after and code in needed:
            raise StillNeeded(what=names.get(code, code))
