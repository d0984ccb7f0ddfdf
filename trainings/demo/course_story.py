"""Plans the demo's courses: trainers, seats, agenda; each step skips what already exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from msgspec import Struct

from trainings.accounts import queries as accounts
from trainings.agenda import operations as agenda
from trainings.agenda import queries as agenda_queries
from trainings.agenda.rules import SessionData, SessionKind
from trainings.agenda_versions import operations as versions
from trainings.agenda_versions import queries as version_queries
from trainings.agreements import operations as agreements
from trainings.agreements import queries as agreement_queries
from trainings.assessments import operations as assessments
from trainings.assessments import queries as assessed
from trainings.assessments.rules import Found
from trainings.core.permissions import Viewer
from trainings.courses import programme_queries
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.demo import queries
from trainings.demo.rules import day
from trainings.people.queries import mail_index
from trainings.planning import creation_operations
from trainings.rosters import operations as rosters
from trainings.rosters import queries as roster_queries
from trainings.rosters.rules import Invitation, TrainerData, TrainerRole
from trainings.seats import operations as seat_operations
from trainings.seats import queries as seat_queries


class House(Struct, frozen=True):
    """What the demo's courses need for planning: ids by the codes in the data."""

    agencies: Mapping[str, str]
    modules: Mapping[str, str]
    rooms: Mapping[str, str]
    trainers: Mapping[str, str]


def course_data(code: str) -> Mapping[str, Any]:
    """The data about a course from the data files."""
    found: Mapping[str, Any] = next(
        one for one in queries.data("courses")["courses"] if one["code"] == code
    )
    return found


def enlist_trainers(
    agencies: Mapping[str, str], modules: Mapping[str, str], by: Viewer
) -> dict[str, str]:
    """Add the trainers to the roster; returns their ids by code."""
    return {
        one["code"]: _enlisted(one["email"])
        or rosters.add_trainer(_trainer(one, agencies, modules), by)
        for one in queries.data("people")["trainers"]
    }


def _enlisted(mail: str) -> str | None:
    for account in accounts.accounts_with_mail(mail_index(mail) or ""):
        found = roster_queries.of_account(account.id)
        if found is not None:
            return found.id
    return None


def _trainer(
    one: Mapping[str, Any], agencies: Mapping[str, str], modules: Mapping[str, str]
) -> TrainerData:
    return TrainerData(
        given_name=one["given"],
        family_name=one["family"],
        mail=one["email"],
        agency_id=agencies[one["agency"]],
        station_city=one["duty_station"],
        station_country=one["country"],
        languages=tuple(one["languages"]),
        module_ids=tuple(modules[code] for code in one["modules"]),
        notes=one["notes"],
        sex=one["sex"],
    )


def plan_course(code: str, first: date, house: House, by: Viewer) -> str:
    """Create a course as a draft with its seats; returns its id."""
    if not courses.code_taken(code):
        creation_operations.create_course(by, _values(course_data(code), first, house))
    course_id = courses.by_code(code).id
    if not seat_queries.blocks(course_id):
        seats = {
            (block["country"], block["function"]): block["seats"]
            for block in course_data(code)["blocks"]
        }
        seat_operations.set_blocks(course_id, seats, by)
    return course_id


def _values(one: Mapping[str, Any], first: date, house: House) -> dict[str, Any]:
    starts = day(first, one["starts"])
    same = (
        "code",
        "languages",
        "venue",
        "city",
        "country",
        "zone",
        "offer_days",
        "visibility",
        "placing",
        "countries",
        "functions",
        "capacity",
        "contact",
    )
    return {
        **{name: one[name] for name in same},
        "titles": one["title"],
        "texts": one["description"],
        "programme_id": programme_queries.programme(one["programme"]).id,
        "lead_agency_id": house.agencies[one["lead"]],
        "agency_ids": [house.agencies[agency] for agency in one["agencies"]],
        "module_ids": list(house.modules.values()),
        "starts_on": starts,
        "ends_on": starts + timedelta(days=one["days"] - 1),
        "registration_opens_on": day(first, one["opens"]),
        "registration_closes_on": day(first, one["closes"]),
        "release_on": day(first, one["release"]),
        "separate_endorsement": one["endorsement"],
        "threshold": one["rule"]["threshold"],
        "needs_test": False,
        "needs_evaluation": one["rule"]["evaluation"],
        "signatories": [
            {"agency_id": house.agencies[who["agency"]], "titles": who["title"]}
            for who in one["signatories"]
        ],
        "instructions": "\n\n".join(one["joining"][language] for language in one["languages"]),
    }


def agree_for_agencies(by: Iterable[Viewer]) -> None:
    """Agree for each organiser's own agency: to organise the course, and to who signs for it."""
    for organiser in by:
        for row in agreement_queries.unanswered(organiser):
            code, agency = row.course.code, row.agency.code
            if row.agreed_at is None:
                agreements.agree(organiser, code, agency)
            asked = agreement_queries.asked(organiser, code, agency)
            for who in agreement_queries.signatories(asked):
                if who.agreed_at is None:
                    agreements.sign(organiser, code, agency, who.id)


def ask_trainers(course_id: str, code: str, trainers: Mapping[str, str], by: Viewer) -> None:
    """Invite the trainers who teach a session, and those who are still to answer."""
    one = course_data(code)
    asked = {name for names in one["trainers"].values() for name in names}
    asked.update(one.get("unanswered", []))
    rosters.invite(course_id, [trainers[name] for name in sorted(asked)], by)


def answer_for_trainers(course_id: str, code: str, trainers: Mapping[str, str]) -> None:
    """Accept invitations for all trainers except those who are still to answer."""
    silent = {trainers[name] for name in course_data(code).get("unanswered", [])}
    for invited in roster_queries.course_trainers(course_id):
        if invited.state is Invitation.INVITED and invited.trainer_id not in silent:
            account = invited.trainer.account_id
            rosters.answer(invited.id, True, queries.viewer(account))


def write_agenda(course_id: str, code: str, house: House, by: Viewer) -> None:
    """Add the sessions to the agenda, with rooms and trainers."""
    course = courses.by_id(course_id)
    there = {(one.day, one.starts_at) for one in agenda_queries.sessions_of(course_id)}
    teaching = {
        one.trainer_id: one.id for one in roster_queries.course_trainers(course_id, teaching=True)
    }
    giving = course_data(code)["trainers"]
    for one in queries.data("courses")["agenda"]:
        names = [house.trainers[name] for name in giving.get(one["code"], [])]
        planned = _session(one, course, house, tuple(teaching[name] for name in names))
        if (planned.day, planned.starts_at) not in there:
            agenda.add_session(course_id, planned, by)


def publish_agenda(course_id: str, by: Viewer) -> None:
    """Publish the agenda, unless it is published as it is."""
    now = version_queries.standing(course_id)
    if now.changes:
        versions.publish(course_id, now.seen, by)


def _session(
    one: Mapping[str, Any], course: Course, house: House, course_trainers: tuple[str, ...]
) -> SessionData:
    return SessionData(
        day=course.starts_on + timedelta(days=one["day"] - 1),
        starts_at=time.fromisoformat(one["start"]),
        ends_at=time.fromisoformat(one["end"]),
        kind=SessionKind(one["kind"]),
        titles=one["title"],
        module_id=house.modules[one["module"]] if "module" in one else None,
        room_id=house.rooms[one["room"]],
        trainers=course_trainers[:1],
        co_trainers=course_trainers[1:],
    )


def assess_trainers(held_on: date, house: House, by: Viewer) -> None:
    """Say for what trainers of the past course were found able, unless that was said."""
    for one in queries.data("people")["assessments"]:
        trainer_id, module_id = house.trainers[one["trainer"]], house.modules[one["module"]]
        if module_id not in {known.module_id for known in assessed.of_trainer(trainer_id)}:
            found = Found(module_id, TrainerRole(one["role"]), held_on, one["remark"])
            assessments.assess(trainer_id, found, by)
