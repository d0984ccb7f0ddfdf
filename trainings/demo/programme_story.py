"""Adds the demo's modules, programmes and rooms; each step skips what already exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trainings.agencies.rules import agencies_of
from trainings.core.i18n import LANGUAGES
from trainings.core.permissions import Viewer
from trainings.courses import operations, programme_queries
from trainings.demo import lesson_story, queries
from trainings.demo.rules import day


def write_modules(by: Mapping[str, Viewer]) -> dict[str, str]:
    """Add the modules, each of the agency that owns it; returns their ids by code."""
    there = {module.code: module.id for module in programme_queries.modules()}
    for one in queries.data("programme")["modules"]:
        if one["code"] not in there:
            objectives = {
                language: [objective[language] for objective in one["objectives"]]
                for language in LANGUAGES
            }
            there[one["code"]] = operations.add_module(
                one["code"],
                one["title"],
                objectives,
                one["exploitation"],
                agency_id=_agency_of(by[one["agency"]]),
                by=by[one["agency"]],
            )
    return {one["code"]: there[one["code"]] for one in queries.data("programme")["modules"]}


def write_programme(code: str, first: date, modules: Mapping[str, str], by: Viewer) -> None:
    """Add a programme with its phases, findings, and the lessons for the modules."""
    if programme_queries.programme_code_taken(code):
        return
    entry = next(one for one in queries.data("programme")["programmes"] if one["code"] == code)
    agency_id = _agency_of(by)
    operations.add_programme(code, entry["title"], entry["description"], agency_id=agency_id, by=by)
    for phase in entry["phases"]:
        phase_id = operations.keep_phase(
            code,
            None,
            phase["title"],
            phase["text"],
            day(first, phase["starts"]),
            day(first, phase["ends"]),
            by=by,
        )
        lesson_story.open_in_phase(code, phase, phase_id, modules, by)
    if "follows" in entry:
        followed = programme_queries.programme(entry["follows"])
        operations.change_programme(
            code, entry["title"], entry["description"], by=by, follows_id=followed.id
        )


def _agency_of(organiser: Viewer) -> str:
    """The one agency for which somebody of the demo organises."""
    (agency_id,) = agencies_of(organiser)
    return agency_id


def furnish_rooms(by: str) -> dict[str, str]:
    """Add the rooms of the venue; returns their ids by the codes in the data."""
    installation = queries.data("installation")
    venue = installation["venue"]["name"]
    there = {room.name: room.id for room in programme_queries.rooms(venue)}
    return {
        one["code"]: there.get(one["name"])
        or operations.keep_room(None, venue, one["name"], one["capacity"], by=by)
        for one in installation["rooms"]
    }
