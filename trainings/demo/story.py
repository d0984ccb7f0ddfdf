"""The demo from its first day to today: every action in order, at its own time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from trainings.core import clock, config
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses.rules import CourseMove
from trainings.demo import candidate_story as people
from trainings.demo import closing_story as course
from trainings.demo import (
    course_story,
    directory_story,
    house_story,
    law_story,
    lesson_story,
    network_story,
    operations,
    programme_story,
    queries,
)
from trainings.demo import question_story as questions
from trainings.demo.candidate_story import Call
from trainings.demo.course_story import House
from trainings.demo.rules import NotInProduction, moment
from trainings.mail.writes import holding_mail
from trainings.networks.rules import WaveKind
from trainings.seats import operations as seat_operations

ZONE = "America/Argentina/Buenos_Aires"
_PAST, _AHEAD = "BUE01", "BUE02"


def tell() -> bool:
    """Load the demo; returns whether there was anything left to load.

    A load that was interrupted resumes where it stopped. Raises ``NotInProduction``.
    """
    if config.settings().production:
        raise NotInProduction
    if queries.is_loaded():
        return False
    first = operations.begin(clock.today(ZONE))
    with _mails_held(), operations.hurried():
        house, staff = _furnish(first)
        past = _hold_past_course(first, house, staff)
        _call_for_next_course(first, house, staff, past)
    operations.finish(clock.today(ZONE))
    return True


@contextmanager
def _mails_held() -> Iterator[None]:
    """Within this block emails are kept and never sent: the addresses are invented."""
    mark = holding_mail.set(True)
    try:
        yield
    finally:
        holding_mail.reset(mark)


@contextmanager
def _on(first: date, days: int, hour: str = "10:00") -> Iterator[None]:
    with clock.at(moment(first + timedelta(days=days), hour, ZONE)):
        yield


def _furnish(first: date) -> tuple[House, Mapping[str, str]]:
    """Agencies, staff, modules, programmes, rooms, trainers."""
    with _on(first, -440):
        administrator = house_story.employ_administrator()
        agencies = house_story.found_agencies(administrator)
        staff = house_story.employ_staff(agencies, administrator)
    organiser = staff["organiser-iom"]
    with _on(first, -430):
        modules = programme_story.write_modules(_organisers(staff))
        rooms = programme_story.furnish_rooms(organiser)
    with _on(first, -410):
        law_story.enter_laws()
    with _on(first, -400):
        law_story.confirm_laws("CO", queries.viewer(staff["focal-co"]))
    with _on(first, -185):
        programme_story.write_programme("SPARTACUS", first, modules, queries.viewer(organiser))
    with _on(first, -175):
        trainers = course_story.enlist_trainers(agencies, modules, queries.viewer(organiser))
    return House(agencies, modules, rooms, trainers), staff


def _keep_laws(first: date, staff: Mapping[str, str]) -> None:
    """The laws of nine countries: entered, confirmed by most, changed by one and by another."""
    keepers = _focal_points(staff)
    with _on(first, -78):
        law_story.enter_laws()
    with _on(first, -78, "12:00"):
        named = law_story.name_correspondent(keepers["BO"])
    with _on(first, -77):
        for country in queries.data("laws")["confirmed"]:
            law_story.confirm_laws(country, keepers[country])
    with _on(first, -77, "16:00"):
        law_story.change_law("changed", keepers["BO"], named)


def _plan(code: str, first: date, days: int, house: House, staff: Mapping[str, str]) -> Call:
    """Create a course, invite its trainers, write its agenda and open registration."""
    organiser = queries.viewer(staff["organiser-iom"])
    with _on(first, days):
        course_id = course_story.plan_course(code, first, house, organiser)
        course_story.ask_trainers(course_id, code, house.trainers, organiser)
    with _on(first, days, "16:00"):
        course_story.agree_for_agencies(_organisers(staff).values())
    with _on(first, days + 1, "18:00"):
        course_story.answer_for_trainers(course_id, code, house.trainers)
    with _on(first, days + 2):
        course_story.write_agenda(course_id, code, house, organiser)
        course_story.publish_agenda(course_id, organiser)
    call = Call(course_id, code, ZONE, first, organiser, _focal_points(staff))
    published = course_story.course_data(code)["published"]["days"]
    course.move_course(call, CourseMove.PUBLISH, published)
    return call


def _organisers(staff: Mapping[str, str]) -> dict[str, Viewer]:
    """The organiser of each agency, by its code."""
    return {
        one["agency"]: queries.viewer(staff[one["code"]])
        for one in queries.data("people")["staff"]
        if one["role"] == "organiser"
    }


def _focal_points(staff: Mapping[str, str]) -> dict[str, Viewer]:
    return {
        one["country"]: queries.viewer(staff[one["code"]])
        for one in queries.data("people")["staff"]
        if one["role"] == "focal_point"
    }


def _who(entries: Any, *becomes: str, **marks: Any) -> list[Mapping[str, Any]]:
    """The entries that become one of these (all if none is given) and match the marks."""
    return [
        one
        for one in entries
        if (not becomes or one["becomes"] in becomes)
        and all(one.get(name) == value for name, value in marks.items())
    ]


def _hold_past_course(first: date, house: House, staff: Mapping[str, str]) -> Call:
    """The course in Buenos Aires, from the call for candidates to the certificates."""
    everybody = queries.data("people")["past"]
    call = _plan(_PAST, first, -166, house, staff)
    with _on(first, -159):
        lesson_story.answer_for(call.course_id, _PAST, house.modules, call.organiser)
    with _on(first, -158):
        lesson_story.hand_over(call.organiser, _organisers(staff))
    people.nominate(call, everybody, {c: -148 + 4 * i for i, c in enumerate(call.focal_points)})
    people.withdraw(call, _who(everybody, "withdrawn_nomination"), -112)
    people.complete(call, _who(everybody, "attended", "declined", "withdrawn", "reserve"), -108)
    people.reject(call, _who(everybody, "rejected"), -105)
    course.move_course(call, CourseMove.CLOSE_REGISTRATION, -99)
    seated = _who(everybody, "attended", from_reserve=None)
    leaving = _who(everybody, "declined", "expired", "withdrawn")
    people.select(call, [*seated, *leaving], -98, "10:00")
    people.select(call, _who(everybody, "attended", from_reserve=True), -98, "10:30")
    people.select(call, _who(everybody, "reserve"), -98, "11:00")
    people.accept(call, [*seated, *_who(everybody, "withdrawn")], -96)
    people.decline(call, _who(everybody, "declined"), -95)
    people.withdraw(call, _who(everybody, "withdrawn"), -90)
    people.expire(call, _who(everybody, "expired"), -87)
    people.accept(call, _who(everybody, "attended", from_reserve=True), -86)
    with _on(first, -79, "00:05"):
        seat_operations.release(call.course_id)
    _keep_laws(first, staff)
    people.confirm_names(call, _who(everybody, "attended"), -76)
    words = course_story.course_data(_PAST)
    course.write_to_confirmed(call, words, -74)
    with _on(first, -73):
        law_story.plan_comparison(call.course_id, call.organiser)
    network_story.plan_waves(call, -72)
    network_story.ask(call, WaveKind.START, -72, "12:00")
    network_story.answer(call, WaveKind.START, -72, "14:00")
    _hold(call, everybody)
    held_on = courses.by_id(call.course_id).ends_on
    with _on(held_on, 1):
        course_story.assess_trainers(held_on, house, call.organiser)
    alumni = _who(everybody, "attended")
    agreed = (held_on - first).days + 2
    directory_story.agree(call, alumni, agreed)
    directory_story.propose(call, alumni, agreed, call.organiser)
    network_story.close(call, WaveKind.END, -55, "21:00")
    with _on(first, -55, "22:00"):  # the course has ended on one of the days -63 to -57
        lesson_story.open_from_course(call.course_id, _organisers(staff))
    directory_story.write(call, alumni, -54, -45)
    return call


def _hold(call: Call, everybody: Any) -> None:
    """The four days of the course, and the certificates at the end."""
    held = courses.by_id(call.course_id)
    opening, last = ((day - call.first).days for day in (held.starts_on, held.ends_on))
    network_story.remind(call, opening - 2, "18:00")
    network_story.close(call, WaveKind.START, opening - 1, "15:00")
    course.set_tables(call, opening - 1)
    with _on(call.first, opening - 1, "17:00"):
        law_story.freeze_comparison(call.course_id, call.organiser)
    course.move_course(call, CourseMove.START, opening)
    course.take_attendance(call, everybody)
    course.evaluate(call, _who(everybody, "attended"), last, "18:20")
    course.move_course(call, CourseMove.COMPLETE, last, "18:25")
    course.catch_up(call, last, "18:28")
    course.issue_certificates(call, last, "18:30")
    network_story.ask(call, WaveKind.END, last, "19:00")
    network_story.answer(call, WaveKind.END, last, "20:00")


def _ask_again(past: Call) -> None:
    """What is left of the contacts, eight weeks after the course; a finding of it."""
    network_story.ask(past, WaveKind.THREE, -8, "10:00")
    network_story.answer(past, WaveKind.THREE, -8, "12:00")
    network_story.close(past, WaveKind.THREE, -5, "17:00")
    network_story.note_finding(past, WaveKind.THREE, -5, "18:00")


def _call_for_next_course(first: date, house: House, staff: Mapping[str, str], past: Call) -> None:
    """Spartacus II: nominated, applied, endorsed, selected in two waves; most is still to come."""
    with _on(first, -45):
        programme_story.write_programme(
            "SPARTACUS-II", first, house.modules, queries.viewer(staff["organiser-iom"])
        )
    alumni = _who(queries.data("people")["past"], "attended")
    directory_story.write(past, alumni, -45, -36)
    call = _plan(_AHEAD, first, -36, house, staff)
    with _on(first, -31):
        lesson_story.answer_for(call.course_id, _AHEAD, house.modules, call.organiser)
    with _on(first, -31, "12:00"):
        lesson_story.drop(call.organiser)
    with _on(first, -30):
        questions.ask(call)
    directory_story.fall_silent(call, -29)
    nominations = queries.data("nominations")
    nominated, applied = nominations["nominated"], nominations["applied"]
    everybody = [*nominated, *applied]
    people.nominate(call, nominated, {"AR": -27, "BO": -25, "BR": -24, "CO": -22, "EC": -20})
    people.apply(call, applied, {"CL": -19, "PE": -18, "PY": -17})
    people.complete(call, _who(nominated, "confirmed", "promoted", "withdrawn", "offered"), -16)
    waiting = [one for one in everybody if one["becomes"] in ("nominated", "applied", "rejected")]
    people.reject(call, _who(everybody, "rejected"), -15)
    people.endorse(call, [one for one in everybody if one not in waiting], -14)
    chosen = _who(everybody, "confirmed", "offered", "declined", "withdrawn", "promoted", "reserve")
    first_wave = _who(chosen, wave=None)
    people.select(call, first_wave, -12)
    directory_story.write(call, alumni, -12, 0)
    people.accept(call, _who(first_wave, "confirmed", "withdrawn"), -10)
    people.decline(call, _who(first_wave, "declined"), -9)
    _ask_again(past)
    second = _who(chosen, wave=2)
    people.select(call, _who(second, "confirmed", "offered"), -4, "10:00")
    people.select(call, _who(second, "promoted"), -4, "10:30")
    people.select(call, _who(second, "reserve"), -4, "11:00")
    people.accept(call, _who(second, "confirmed"), -3)
    people.apply(call, applied, {"UY": -2})
    people.withdraw(call, _who(first_wave, "withdrawn"), -1)
    questions.answer(call, _who(first_wave, "confirmed"), -1)
    people.confirm_names(call, _who(everybody, "confirmed")[::2], -1)
    with _on(first, -1, "22:00"):
        law_story.change_law("waiting", _focal_points(staff)["CL"], None)
        law_story.plan_comparison(call.course_id, call.organiser)
    people.remind(call, _who(first_wave, "offered"), 0, 1)
