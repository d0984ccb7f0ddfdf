"""The settings of a course as lines to read through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainings.accounts import queries as accounts
from trainings.core.dates import day_in_brief, days, zone_name
from trainings.core.i18n import (
    LANGUAGES,
    _,
    countries,
    country_name,
    language_name,
    localized,
    ngettext,
)
from trainings.courses import programme_queries
from trainings.courses.access_rules import DaysShownTo
from trainings.courses.rules import PLACING_LABELS, VISIBILITY_LABELS, Placing, Visibility
from trainings.people import queries as people
from trainings.planning.section_rules import Options, Section

Lines = list[tuple[str, str]]


def summary(section: Section, values: Mapping[str, Any]) -> Lines:
    """The lines of one section: label and chosen value."""
    return {
        Section.BASICS: _basics,
        Section.PLACE: _place,
        Section.REGISTRATION: _registration,
        Section.INVITED: _invited,
        Section.CERTIFICATES: _certificates,
    }[section](values)


def _named(chosen: list[str], names: Mapping[str, Any]) -> str:
    return ", ".join(str(names[one]) for one in chosen if one in names)


def _in(texts: Mapping[str, str]) -> str:
    return ", ".join(name for code, name in LANGUAGES.items() if texts.get(code))


def _basics(values: Mapping[str, Any]) -> Lines:
    found = options(Section.BASICS, [])
    agencies = dict(found.agencies)
    lead = values["lead_agency_id"]
    others = [one for one in values["agency_ids"] if one != lead]
    return [
        (_("Code"), values["code"]),
        (_("Title"), localized(values["titles"])),
        (_("Title languages"), _in(values["titles"])),
        (_("Description languages"), _in(values["texts"])),
        (_("Programme"), dict(found.programmes).get(values["programme_id"] or "", "")),
        (_("Lead agency"), _named([lead], agencies)),
        (_("Other agencies"), _named(others, agencies)),
        (_("Modules"), _named(values["module_ids"], dict(found.modules))),
        (_("Languages of the course"), ", ".join(map(language_name, values["languages"]))),
    ]


def _place(values: Mapping[str, Any]) -> Lines:
    return [
        (_("City"), f"{values['city']}, {country_name(values['country'])}"),
        (_("Venue"), values["venue"]),
        (_("Days"), days(values["starts_on"], values["ends_on"])),
        (_("Time zone"), zone_name(values["zone"])),
    ]


def _registration(values: Mapping[str, Any]) -> Lines:
    return [
        (
            _("Registration"),
            days(values["registration_opens_on"], values["registration_closes_on"]),
        ),
        (_("Seats kept for countries are released after"), day_in_brief(values["release_on"])),
        (_("Days to reply to an offer"), str(values["offer_days"])),
        (_("Who can find the course"), str(VISIBILITY_LABELS[Visibility(values["visibility"])])),
        (_("Who sees the exact days"), str(DaysShownTo(values["days_shown_to"]).label)),
        (_("How seats are allocated"), str(PLACING_LABELS[Placing(values["placing"])])),
        (_("Endorsed in a separate step"), _("Yes") if values["separate_endorsement"] else _("No")),
        (_("Participants can change their details"), _changes(values["changes_days"])),
        (
            _("Messages to more than 50 people"),
            _("sent by a second organiser") if values["second_sender"] else _("sent at once"),
        ),
    ]


def _changes(changes_days: int | None) -> str:
    if changes_days is None:
        return _("until the last day")
    return ngettext(
        "until one day before the first day",
        "until %(num)s days before the first day",
        changes_days,
    )


def _invited(values: Mapping[str, Any]) -> Lines:
    functions = dict(options(Section.INVITED, []).functions)
    return [
        (_("Functions"), _named(values["functions"], functions)),
        (_("Countries"), ", ".join(name for _code, name in countries(values["countries"]))),
        (_("Total seats"), str(values["capacity"])),
    ]


def _certificates(values: Mapping[str, Any]) -> Lines:
    agencies = dict(options(Section.CERTIFICATES, []).agencies)
    asked = [_("%(share)s%% of the planned hours", share=values["threshold"])]
    if values["needs_test"]:
        asked.append(_("the test passed"))
    if values["needs_evaluation"]:
        asked.append(_("the evaluation completed"))
    return [
        (_("Required for a certificate"), ", ".join(asked)),
        (
            _("Signed by"),
            "; ".join(
                f"{localized(one['titles'])} ({agencies.get(one['agency_id'], '')})"
                for one in values["signatories"]
            ),
        ),
        (_("Contact"), values["contact"]),
        (_("Joining instructions"), values["instructions"]),
    ]


COURSE_LANGUAGES = ("es", "pt_BR", "en", "fr", "ar", "ru", "zh")


def options(section: Section, leads: list[str]) -> Options:
    """The choices of one section; ``leads`` are the agencies that may lead."""
    if section is Section.BASICS:
        agencies = [(one.id, localized(one.short_names)) for one in accounts.agencies()]
        return Options(
            programmes=[("", _("None")), *programme_queries.programme_choices()],
            leads=[pair for pair in agencies if pair[0] in leads],
            agencies=agencies,
            modules=[(one.id, localized(one.titles)) for one in programme_queries.modules()],
            languages=[(code, language_name(code)) for code in COURSE_LANGUAGES],
        )
    if section is Section.PLACE:
        return Options(countries=countries())
    if section is Section.INVITED:
        functions = [*people.function_names().items()]
        return Options(countries=countries(), functions=functions)
    if section is Section.CERTIFICATES:
        return Options(
            agencies=[(one.id, localized(one.short_names)) for one in accounts.agencies()]
        )
    return Options()
