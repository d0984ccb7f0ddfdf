"""What a course is set up with, as lines to read through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_date

from trainings.core.i18n import LANGUAGES, _, country_name, days, language_name, localized
from trainings.courses.rules import PLACING_LABELS, VISIBILITY_LABELS, Placing, Visibility
from trainings.courses.section_rules import Section
from trainings.workspace.option_queries import options

Lines = list[tuple[str, str]]


def summary(section: Section, values: Mapping[str, Any]) -> Lines:
    """The lines of one section: what it is called, what was chosen."""
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
        (_("Title in"), _in(values["titles"])),
        (_("Description in"), _in(values["texts"])),
        (_("Programme"), dict(found.programmes).get(values["programme_id"] or "", "")),
        (_("Lead agency"), _named([lead], agencies)),
        (_("Further agencies"), _named(others, agencies)),
        (_("Modules"), _named(values["module_ids"], dict(found.modules))),
        (_("Languages of the course"), ", ".join(map(language_name, values["languages"]))),
    ]


def _place(values: Mapping[str, Any]) -> Lines:
    return [
        (_("City"), f"{values['city']}, {country_name(values['country'])}"),
        (_("Venue"), values["venue"]),
        (_("Days"), days(values["starts_on"], values["ends_on"])),
        (_("Time zone"), values["zone"].replace("_", " ")),
    ]


def _registration(values: Mapping[str, Any]) -> Lines:
    return [
        (_("Registration"), days(values["registration_opens_on"],
                                 values["registration_closes_on"])),
        (_("Seats kept for countries are released after"), format_date(values["release_on"])),
        (_("Days to answer an offer"), str(values["offer_days"])),
        (_("Who finds the course"), str(VISIBILITY_LABELS[Visibility(values["visibility"])])),
        (_("How seats are given"), str(PLACING_LABELS[Placing(values["placing"])])),
        (_("Endorsed in a separate step"),
         _("Yes") if values["separate_endorsement"] else _("No")),
    ]  # fmt: skip


def _invited(values: Mapping[str, Any]) -> Lines:
    functions = dict(options(Section.INVITED, []).functions)
    return [
        (_("Functions"), _named(values["functions"], functions)),
        (_("Countries"), ", ".join(sorted(map(country_name, values["countries"])))),
        (_("Seats in all"), str(values["capacity"])),
    ]


def _certificates(values: Mapping[str, Any]) -> Lines:
    agencies = dict(options(Section.CERTIFICATES, []).agencies)
    asked = [_("%(share)s %% of the planned hours", share=values["threshold"])]
    if values["needs_test"]:
        asked.append(_("the test passed"))
    if values["needs_evaluation"]:
        asked.append(_("the evaluation filled in"))
    return [
        (_("Asked for a certificate"), ", ".join(asked)),
        (_("Signed by"), "; ".join(
            f"{localized(one['titles'])} ({agencies.get(one['agency_id'], '')})"
            for one in values["signatories"]
        )),
        (_("Contact"), values["contact"]),
        (_("Joining instructions"), values["instructions"]),
    ]  # fmt: skip
