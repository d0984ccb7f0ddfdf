"""A course that moves to other days, another place or zone: asked first, told to everyone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from tests import factories, teaching
from tests.planning.test_settings import course, organiser, place
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.agenda.rules import SessionKind
from trainings.core import clock
from trainings.core.dates import with_weekday
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.rules import CourseState
from trainings.networks import operations as networks
from trainings.networks import queries as waves
from trainings.networks.rules import WaveKind, WaveState
from trainings.planning import setting_operations
from trainings.planning.rescheduling_rules import (
    Consequences,
    Schedule,
    release_passes,
    shortened_dates,
)
from trainings.planning.section_rules import Section
from trainings.registrations.models import SeatBlock, Vacancy
from trainings.registrations.rules import State
from trainings.seats import operations as seats
from trainings.seats import queries as seat_queries
from trainings.seats.offer_rules import CourseBegun, moved_last_day
from trainings.selection import operations as selection

DAY = timedelta(days=1)
START = date(2031, 5, 5)


@pytest.mark.parametrize(
    ("last_day", "starts_on", "today", "moved"),
    [
        (date(2031, 4, 1), START, date(2031, 3, 1), date(2031, 4, 1)),
        (date(2031, 5, 4), START, date(2031, 3, 1), date(2031, 5, 4)),
        (date(2031, 5, 5), START, date(2031, 3, 1), date(2031, 5, 4)),
        (date(2031, 6, 1), START, date(2031, 5, 5), date(2031, 5, 5)),  # it starts today
        (date(2031, 3, 1), START, date(2031, 3, 2), date(2031, 3, 1)),  # it was over
    ],
)
def test_an_offer_ends_on_its_day_but_before_the_course(
    last_day: date, starts_on: date, today: date, moved: date
) -> None:
    assert moved_last_day(last_day, starts_on, today) == moved


def test_registration_dates_are_shortened_to_the_eve() -> None:
    values = {"starts_on": START, "registration_closes_on": START, "release_on": START - DAY}
    assert shortened_dates(values) == {"registration_closes_on": START - DAY}


def test_a_release_passes_where_the_zone_alone_moves_it_into_the_past() -> None:
    before = {"release_on": START, "zone": "Pacific/Honolulu"}
    after = {"release_on": START, "zone": "Pacific/Auckland"}
    now = clock.end_of(START, "UTC")
    assert release_passes(before, after, now)
    assert not release_passes(after, before, now)
    assert not release_passes(before, before, now)


def save(by: Viewer, agreed: str = "", **changed: Any) -> Consequences | None:
    return setting_operations.change_section(
        by, "BUE27", Section.PLACE, place(**changed), agreed=agreed
    )


def offered_until(number: str) -> datetime:
    until = acting.registration(number).offered_until
    assert until is not None
    return until


def peopled() -> tuple[Viewer, str, str]:
    """A published course with one confirmed, one offered, one trainer, one focal point."""
    by = organiser()
    course_id = factories.course(starts_on=clock.today("UTC") + 60 * DAY)
    agenda.add_session(course_id, teaching.slot(course_id, kind=SessionKind.TEST), by)
    _confirmed, _ = acting.standing(course_id, State.CONFIRMED)
    endorsed, _ = acting.standing(course_id, State.ENDORSED)
    selection.select(course_id, [endorsed], by)
    teaching.course_trainer(course_id, teaching.trainer(by), by)
    factories.account(Role.FOCAL_POINT, country="BO")
    return by, course_id, endorsed


def test_nothing_moves_until_it_was_agreed_to(each_app: Flask) -> None:
    by, _course_id, offered = peopled()
    before = course()
    until = offered_until(offered)
    mails = len(factories.mails())
    moved = {"starts_on": before.starts_on + 30 * DAY, "ends_on": before.ends_on + 30 * DAY}

    asked = save(by, **moved)
    assert asked is not None
    assert (asked.confirmed, asked.offers, asked.trainers, asked.focal_points) == (1, 1, 1, 1)
    assert (asked.sessions, asked.offers_shortened, asked.releases) == (1, 0, False)
    assert course().starts_on == before.starts_on
    assert len(factories.mails()) == mails

    other = {**moved, "ends_on": moved["ends_on"] - DAY}
    again = save(by, agreed=asked.mark, **other)
    assert again is not None, "other days were agreed to"
    assert save(by, agreed=asked.mark, **moved) is None
    assert course().starts_on == before.starts_on + 30 * DAY
    assert offered_until(offered) == until
    told = factories.mails("registration_rescheduled")
    assert len(told) == 2
    assert sum("Please confirm or decline by" in one.body for one in told) == 1
    assert sum("Your seat stays confirmed." in one.body for one in told) == 1
    assert len(factories.mails("course_rescheduled")) == 2
    staff = " ".join(one.body for one in factories.mails("course_rescheduled"))
    assert "Las sesiones se han movido con el curso." in staff  # the trainer reads Spanish
    assert "We have told the people from your country" in staff


def test_offers_keep_their_local_deadline_and_end_before_an_earlier_start(each_app: Flask) -> None:
    by, _course_id, offered = peopled()
    until = offered_until(offered)
    tokyo = {"zone": "Asia/Tokyo", "city": "Tokyo", "country": "JP"}
    asked = save(by, **tokyo)
    assert asked is not None
    assert (asked.sessions, asked.offers_shortened) == (1, 0)
    assert save(by, agreed=asked.mark, **tokyo) is None
    assert until - offered_until(offered) == timedelta(hours=12)  # Buenos Aires -3, Tokyo +9
    assert (
        "All times of the course are now Tokyo time."
        in factories.mails("registration_rescheduled")[0].body
    )

    start = clock.today("Asia/Tokyo") + 3 * DAY
    sooner = {"starts_on": start, "ends_on": start + 3 * DAY}
    asked = save(by, **sooner)
    assert asked is not None
    assert (asked.offers_shortened, asked.offers_until) == (1, start - DAY)
    assert set(asked.shortened) == {"registration_closes_on", "release_on"}
    assert save(by, agreed=asked.mark, **sooner) is None
    assert offered_until(offered) == clock.end_of(start - DAY, "Asia/Tokyo")
    assert course().registration_closes_on == course().release_on == start - DAY


def hold(course_id: str, *days: date) -> None:
    """Seats that people left, held for Bolivia until these days."""
    block_id = new_key()
    with transaction() as session:
        session.add(SeatBlock(id=block_id, course_id=course_id, country="BO", seats=len(days)))
    with transaction() as session:
        session.add_all(
            Vacancy(
                id=new_key(),
                course_id=course_id,
                block_id=block_id,
                country="BO",
                function="judge",
                until=clock.end_of(day, factories.ZONE),
            )
            for day in days
        )


def test_held_seats_move_with_the_course(each_app: Flask) -> None:
    """Held until the same day there, but not into the course."""
    by, course_id, _offered = peopled()
    day = clock.today(course().zone) + 5 * DAY
    hold(course_id, day)

    def held_until() -> list[datetime]:
        db.session.close()
        return [one.until for one in seat_queries.vacancies(course_id)]

    def moved(**values: Any) -> Consequences:
        asked = save(by, **values)
        assert asked is not None and save(by, agreed=asked.mark, **values) is None
        return asked

    asked = moved(zone="Asia/Tokyo", city="Tokyo", country="JP")
    assert held_until() == [clock.end_of(day, "Asia/Tokyo")]
    assert asked.held_shortened == 0
    start = clock.today("Asia/Tokyo") + 3 * DAY
    asked = moved(starts_on=start, ends_on=start + 3 * DAY)
    assert held_until() == [clock.end_of(start - DAY, "Asia/Tokyo")]
    assert (asked.held_shortened, asked.held_until) == (1, start - DAY)


def test_seats_held_less_long_are_asked_about_by_themselves() -> None:
    """Even where nobody is emailed and no date is shortened."""
    before = Schedule(START, START, "Venue", "La Paz", "BO", "America/La_Paz")
    moved = replace(before, starts_on=START - DAY)
    assert not Consequences(before, moved).must_be_agreed
    asked = Consequences(before, moved, held_shortened=1)
    assert asked.must_be_agreed and asked.mark != Consequences(before, moved).mark


def test_another_venue_is_told_to_who_sees_it_alone(app: Flask) -> None:
    by, _course_id, _offered = peopled()
    asked = save(by, venue="Casa de la Moneda")
    assert asked is not None
    assert (asked.confirmed, asked.offers, asked.trainers, asked.focal_points) == (1, 0, 0, 0)
    assert save(by, agreed=asked.mark, venue="Casa de la Moneda") is None
    (told,) = factories.mails("registration_rescheduled")
    assert "Now: " in told.body
    assert "Casa de la Moneda" in told.body
    assert factories.mails("course_rescheduled") == []


def test_a_draft_moves_without_a_question(app: Flask) -> None:
    by = organiser()
    factories.course(state=CourseState.DRAFT)
    moved = {"starts_on": course().starts_on + DAY, "ends_on": course().ends_on + DAY}
    assert save(by, **moved) is None
    assert factories.mails() == []


def test_a_release_that_passes_gives_nothing_away_unasked(each_app: Flask) -> None:
    by = organiser()
    today = clock.today("America/Argentina/Buenos_Aires")
    course_id = factories.course(starts_on=today + 30 * DAY, release_on=today + 20 * DAY)
    acting.share_out(course_id, {("PE", "police"): 3})
    waiting, _ = acting.standing(course_id, State.RESERVE, country="BO", function="police")
    kept = course()
    values = {
        name: getattr(kept, name)
        for name in ("registration_opens_on", "offer_days", "separate_endorsement")
    }
    values |= {
        "registration_closes_on": today,
        "visibility": str(kept.visibility),
        "placing": str(kept.placing),
        "days_shown_to": str(kept.days_shown_to),
        "release_on": today - DAY,
    }

    def save_release(agreed: str = "") -> Consequences | None:
        return setting_operations.change_section(
            by, "BUE27", Section.REGISTRATION, values, agreed=agreed, meant=True
        )

    asked = save_release()
    assert asked is not None
    assert (asked.releases, asked.seats_released, asked.waiting) == (True, 3, 1)
    factories.run_jobs(each_app)
    assert acting.state(waiting) is State.RESERVE
    assert save_release(asked.mark) is None
    factories.run_jobs(each_app)
    assert acting.state(waiting) is State.OFFERED


def test_nobody_is_offered_a_seat_once_the_course_has_begun(each_app: Flask) -> None:
    by = organiser()
    today = clock.today("America/Argentina/Buenos_Aires")
    course_id = factories.course(starts_on=today + 30 * DAY)
    endorsed, _ = acting.standing(course_id, State.ENDORSED)
    waiting, _ = acting.standing(course_id, State.RESERVE)
    asked = save(by, starts_on=today, ends_on=today + 3 * DAY)
    if asked is not None:
        save(by, agreed=asked.mark, starts_on=today, ends_on=today + 3 * DAY)
    assert course().starts_on == today
    with pytest.raises(CourseBegun):
        selection.select(course_id, [endorsed], by)
    with pytest.raises(CourseBegun):
        selection.invite(course_id, acting.candidate(), by)
    seats.promote(course_id)
    assert (acting.state(endorsed), acting.state(waiting)) == (State.ENDORSED, State.RESERVE)


def test_the_page_says_how_many_seats_are_held_less_long(client: FlaskClient) -> None:
    by, course_id, _offered = peopled()
    today = clock.today(factories.ZONE)
    hold(course_id, today + DAY, today + 8 * DAY, today + 9 * DAY)
    factories.sign_in(client, by)
    values = place(starts_on=today + 5 * DAY, ends_on=today + 8 * DAY)
    typed = {name: str(value) for name, value in values.items()}
    page = client.post("/courses/BUE27/settings/place", data=typed)
    assert (
        "2 seats that people left are held less long for their countries: "
        f"until {with_weekday(today + 4 * DAY)} at the latest."
    ) in page.text


def test_the_page_says_what_happens_and_asks_once(client: FlaskClient) -> None:
    by, _course_id, _offered = peopled()
    factories.sign_in(client, by)
    kept = course()
    typed = {
        **{name: str(value) for name, value in place().items()},
        "starts_on": str(kept.starts_on + DAY),
        "ends_on": str(kept.ends_on + DAY),
    }
    here = "/courses/BUE27/settings/place"
    page = client.post(here, data=typed)
    assert page.status_code == 200
    for said in (
        "Nothing is saved yet.",
        "1 session of the agenda moves with the course.",
        "1 participant who confirmed a seat",
        "1 person with an open offer",
        "1 trainer<",
        "1 focal point<",
        f'value="{typed["starts_on"]}"',
    ):
        assert said in page.text, said
    mark = re.search(r'name="agreed" value="([^"]+)"', page.text)
    assert mark is not None
    saved = client.post(here, data={**typed, "agreed": mark[1]}, follow_redirects=True)
    assert "Saved." in saved.text
    assert course().starts_on == kept.starts_on + DAY


def moved_by(by: Viewer, days: int) -> None:
    """Move the course by so many days, as agreed."""
    now = course()
    dates = {"starts_on": now.starts_on + days * DAY, "ends_on": now.ends_on + days * DAY}
    asked = save(by, **dates)
    assert asked is not None
    assert save(by, agreed=asked.mark, **dates) is None


def test_waves_that_were_not_sent_move_with_the_course(each_app: Flask) -> None:
    by, course_id, _offered = peopled()
    held, today = course(), clock.today(course().zone)
    first, last = today + 20 * DAY, held.ends_on + 90 * DAY
    networks.plan(course_id, {WaveKind.START: first, WaveKind.THREE: last}, by)
    moved_by(by, 30)
    days = {kind: one.sends_on for kind, one in waves.waves(course_id).items()}
    assert days == {WaveKind.START: first + 30 * DAY, WaveKind.THREE: last + 30 * DAY}
    moved_by(by, -60)
    assert waves.waves(course_id)[WaveKind.START].sends_on == today, "never into the past"


def test_an_open_first_wave_ends_before_a_course_that_begins_earlier(each_app: Flask) -> None:
    by, course_id, _offered = peopled()
    networks.send(course_id, WaveKind.START, by)
    until = waves.waves(course_id)[WaveKind.START].last_on
    moved_by(by, 10)
    assert waves.waves(course_id)[WaveKind.START].last_on == until, "it stays as it was told"
    moved_by(by, -65)
    assert waves.waves(course_id)[WaveKind.START].last_on == course().starts_on - DAY
    assert waves.waves(course_id)[WaveKind.START].state is WaveState.OPEN
