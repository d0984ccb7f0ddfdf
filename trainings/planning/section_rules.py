"""The settings of a course, section by section, and how a plan stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from trainings.core.i18n import LazyText, _l
from trainings.courses.rules import DATES, CourseDates


class Section(StrEnum):
    """A section of a course's settings; a step in planning, a page afterwards."""

    BASICS = "basics"
    PLACE = "place"
    REGISTRATION = "registration"
    INVITED = "invited"
    CERTIFICATES = "certificates"

    @property
    def label(self) -> LazyText:
        """The section's name, for display."""
        return SECTION_LABELS[self]


SECTION_LABELS: Mapping[Section, LazyText] = {
    Section.BASICS: _l("What it is and who organises it"),
    Section.PLACE: _l("Place and days"),
    Section.REGISTRATION: _l("Registration"),
    Section.INVITED: _l("Who is invited"),
    Section.CERTIFICATES: _l("Certificates and contact"),
}

FIELDS: Mapping[Section, tuple[str, ...]] = {
    Section.BASICS: (
        "code",
        "titles",
        "texts",
        "programme_id",
        "lead_agency_id",
        "agency_ids",
        "module_ids",
        "languages",
    ),
    Section.PLACE: ("venue", "city", "country", "zone", "starts_on", "ends_on"),
    Section.REGISTRATION: (
        "registration_opens_on",
        "registration_closes_on",
        "release_on",
        "offer_days",
        "visibility",
        "days_shown_to",
        "placing",
        "separate_endorsement",
        "changes_days",
        "second_sender",
    ),
    Section.INVITED: ("countries", "functions", "capacity"),
    Section.CERTIFICATES: (
        "threshold",
        "needs_test",
        "needs_evaluation",
        "signatories",
        "contact",
        "instructions",
    ),
}
DEFAULTS: Mapping[str, Any] = {
    "texts": {},
    "programme_id": None,
    "agency_ids": [],
    "module_ids": [],
    "venue": "",
    "offer_days": 7,
    "visibility": "nomination_only",
    "days_shown_to": "involved",
    "placing": "by_selection",
    "separate_endorsement": False,
    "changes_days": None,
    "second_sender": False,
    "threshold": 80,
    "needs_test": False,
    "needs_evaluation": False,
    "signatories": [],
    "contact": "",
    "instructions": "",
}


def is_filled(section: Section, values: Mapping[str, Any]) -> bool:
    """Whether a section was filled in."""
    return all(name in values for name in FIELDS[section])


def dates_from(values: Mapping[str, Any]) -> CourseDates:
    """The dates among the values of a course."""
    return CourseDates(*(values.get(name) for name in DATES))  # type: ignore[arg-type]


def suggested_registration(
    starts_on: date, today: date, like: Mapping[str, Any]
) -> dict[str, date]:
    """Suggested registration dates for a course's start, like another course's or the usual ones.

    Dates after the start or before today are not suggested.
    """
    before = like.get("starts_on")
    shift = starts_on - before if before is not None else None
    usual = {
        "registration_opens_on": today,
        "registration_closes_on": starts_on - timedelta(days=30),
        "release_on": starts_on - timedelta(days=21),
    }
    found: dict[str, date] = {}
    for name, day in usual.items():
        kept = like.get(name)
        wanted = kept + shift if kept is not None and shift is not None else day
        found[name] = max(min(wanted, starts_on - timedelta(days=1)), today)
    found["registration_closes_on"] = max(
        found["registration_closes_on"], found["registration_opens_on"]
    )
    return found


def to_answers(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in the form a plan stores: dates as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def from_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The values restored from that form."""
    return {
        name: date.fromisoformat(value) if name in DATES and value else value
        for name, value in answers.items()
        if name != TYPED
    }


# Among a plan's answers, by section: the fields of a page that was left with *Back*, unchecked.
TYPED = "typed"


def typed_without(answers: Mapping[str, Any], section: Section) -> dict[str, Any]:
    """What was typed on other pages than this one and is not checked yet."""
    return {name: kept for name, kept in answers.get(TYPED, {}).items() if name != section}


Choices = Sequence[tuple[str, Any]]


class Options(Struct, frozen=True):
    """The choices of a section's form, in the reader's language."""

    programmes: Choices = ()
    leads: Choices = ()
    agencies: Choices = ()
    modules: Choices = ()
    languages: Choices = ()
    countries: Choices = ()
    functions: Choices = ()
