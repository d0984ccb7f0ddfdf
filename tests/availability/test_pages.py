"""A trainer says when they can teach, on their page; organisers see it where they plan."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories, teaching
from tests.availability.test_reader import calendar
from trainings.agenda import operations as agenda
from trainings.availability import operations, queries, rules
from trainings.availability.models import AvailabilityPeriod, BusyCalendar
from trainings.availability.rules import Period, PeriodKind, Stretch
from trainings.core import clock
from trainings.core.dates import days
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.people.models import IdentityRead
from trainings.privacy import erasing_operations
from trainings.privacy.rules import Reason
from trainings.rosters import queries as rosters
from trainings.rosters import search_queries
from trainings.rosters.models import Trainer
from trainings.rosters.search_rules import Lack, Wanted
from trainings.rosters.search_rules import Reason as WhyNot
from trainings.scheduling import queries as scheduling

PAGE = "/my/availability"


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def ruth(by: Viewer) -> Viewer:
    row = db.session.get_one(Trainer, teaching.trainer(by))
    viewer = Viewer(account_id=row.account_id, person_id=row.person_id)
    db.session.close()
    return viewer


@pytest.fixture
def phone(each_app: Flask, ruth: Viewer) -> FlaskClient:
    client = each_app.test_client()
    factories.sign_in(client, ruth)
    return client


def typed(**changes: object) -> dict[str, object]:
    return {
        "kind": "away",
        "first": "2027-05-03",
        "last": "2027-05-07",
        "starts_at": "",
        "ends_at": "",
        "zone": "America/La_Paz",
        "course": "",
        **changes,
    }


def trainer_id() -> str:
    return db.session.scalars(select(Trainer.id)).one()


def test_entered_seen_and_removed(phone: FlaskClient) -> None:
    assert "Nothing entered" in phone.get(PAGE).text
    sent = phone.post(PAGE, data=typed(weekdays=["0", "2"], starts_at="09:00", ends_at="12:30"))
    assert sent.status_code == 303
    page = phone.get(PAGE).text
    for shown in (
        "Not available",
        days(date(2027, 5, 3), date(2027, 5, 7)),
        "Monday, Wednesday",
        "09:00–12:30",
        "La Paz",
    ):
        assert shown in page, shown
    (row,) = db.session.scalars(select(AvailabilityPeriod)).all()
    db.session.close()
    assert phone.post(f"{PAGE}/{row.id}/remove").status_code == 303
    assert "Nothing entered" in phone.get(PAGE).text


def test_what_was_typed_stays_where_it_is_refused(phone: FlaskClient) -> None:
    page = phone.post(PAGE, data=typed(last="2027-05-01", kind="only")).text
    assert "The end is before the start." in page
    assert 'value="2027-05-03"' in page
    assert re.search(r'<input[^>]*value="only"[^>]*checked|checked[^>]*value="only"', page)


def test_a_calendar_leaves_only_its_times(phone: FlaskClient) -> None:
    data = calendar("DTSTART:20270118T090000Z\nDTEND:20270118T100000Z\nSUMMARY:Secret")
    sent = phone.post(
        f"{PAGE}/calendar",
        data={"zone": "America/La_Paz", "file": (BytesIO(data), "me.ics")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303
    page = phone.get(PAGE).text
    assert "one busy time" in page and "Secret" not in page
    db.session.close()
    (row,) = db.session.scalars(select(BusyCalendar)).all()
    assert row.times == [["2027-01-18T09:00:00+00:00", "2027-01-18T10:00:00+00:00"]]
    db.session.close()
    assert phone.post(f"{PAGE}/calendar/forget").status_code == 303
    assert db.session.scalars(select(BusyCalendar)).all() == []


def test_no_calendar_is_said_and_the_one_before_stays(phone: FlaskClient) -> None:
    given = {"zone": "America/La_Paz", "file": (BytesIO(b"nothing"), "me.ics")}
    page = phone.post(f"{PAGE}/calendar", data=given, content_type="multipart/form-data").text
    assert "We could not read this file as a calendar." in page


def test_who_is_no_trainer_has_no_such_page(
    each_app: Flask, by: Viewer, phone: FlaskClient
) -> None:
    client = each_app.test_client()
    factories.sign_in(client, by)
    assert client.get(PAGE).status_code == 404
    operations_ = (
        lambda: operations.add_period(_may(), by),
        lambda: operations.drop_calendar(by),
        lambda: operations.take_calendar(b"", "UTC", by),
    )
    for act in operations_:
        with pytest.raises(NotFound):
            act()


def _may(**values: object) -> Period:
    first = clock.today(factories.ZONE) + timedelta(days=30)
    return Period(PeriodKind.AWAY, first, first, factories.ZONE, **values)  # type: ignore[arg-type]


def test_anothers_period_and_anothers_course_are_out_of_reach(by: Viewer, ruth: Viewer) -> None:
    luis = db.session.get_one(Trainer, teaching.trainer(by, name=("Luis", "Paz")))
    other = Viewer(account_id=luis.account_id, person_id=luis.person_id)
    db.session.close()
    kept = operations.add_period(_may(), ruth)
    with pytest.raises(NotFound):
        operations.remove_period(kept, other)
    with pytest.raises(NotFound):
        operations.add_period(_may(course_id=factories.course()), ruth)


def test_a_hundred_periods_are_enough(ruth: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST", 1)
    operations.add_period(_may(), ruth)
    with pytest.raises(rules.TooMany):
        operations.add_period(_may(), ruth)


def test_the_timetable_warns_and_offers_who_is_free(
    each_app: Flask, by: Viewer, ruth: Viewer
) -> None:
    course = factories.course()
    asked = teaching.course_trainer(course, trainer_id(), by)
    agenda.add_session(course, teaching.slot(course, trainers=(asked,)), by)
    day = teaching.session_day(course)
    operations.add_period(Period(PeriodKind.AWAY, day, day, factories.ZONE), ruth)
    found = scheduling.plan(courses.by_code("BUE27"))
    (away,) = found.trainers_away[asked]
    assert (away.starts.date(), away.ends - away.starts) == (day, timedelta(days=1))
    db.session.close()
    client = each_app.test_client()
    factories.sign_in(client, by)
    page = client.get("/courses/BUE27/agenda/plan?names=1").get_json()
    assert page["trainers"][0]["away"] and "is not available at this time." in str(page["warnings"])


def test_who_is_away_all_day_is_not_found_free_and_nobody_reads_why(
    by: Viewer, ruth: Viewer
) -> None:
    day = clock.today(factories.ZONE) + timedelta(days=30)
    morning = Period(PeriodKind.AWAY, day, day, factories.ZONE, starts_at=time(9), ends_at=time(12))
    operations.add_period(morning, ruth)

    def why() -> list[WhyNot]:
        db.session.close()
        everyone = rosters.roster(by)
        wanted = Wanted(first=day - timedelta(days=1), last=day)
        (found,) = search_queries.search(by, everyone, wanted, clock.today(factories.ZONE))
        return list(found.reasons)

    assert why() == [], "half a day is not the day"
    operations.add_period(Period(PeriodKind.AWAY, day, day, factories.ZONE), ruth)
    assert why() == [WhyNot(Lack.BUSY)]


def test_organisers_look_it_up_and_the_reading_is_logged(
    each_app: Flask, by: Viewer, ruth: Viewer
) -> None:
    operations.add_period(_may(), ruth)
    client = each_app.test_client()
    factories.sign_in(client, by)
    db.session.close()
    page = client.get(f"/trainers/{trainer_id()}/availability")
    assert page.status_code == 200 and "Not available" in page.text and "Remove" not in page.text
    db.session.close()
    assert db.session.scalars(select(IdentityRead)).all()


def test_asking_about_many_trainers_takes_one_statement(by: Viewer) -> None:
    ids = [teaching.trainer(by, name=("T", f"No{number}")) for number in range(4)]
    now = clock.now()
    span = Stretch(now + timedelta(days=4), now + timedelta(days=4, hours=2))
    away = [(now + timedelta(days=ahead)).date() for ahead in (1, 2)]
    with transaction() as session:
        for one in ids[:2]:
            for day in away:
                values = {"kind": PeriodKind.AWAY, "first": day, "last": day, "zone": "UTC"}
                session.add(AvailabilityPeriod(trainer_id=one, weekdays=[], **values))
        for one in ids[1:3]:
            times = [[moment.isoformat() for moment in span]]
            session.add(BusyCalendar(trainer_id=one, read_at=now, until=now, times=times))
    db.session.close()
    with counting.statements() as sent:
        found = queries.away_of(ids, now, now + timedelta(days=5), None)
    assert len(sent) == 1
    assert "JOIN" not in sent[0], "each period would bring the whole calendar again"
    both = Stretch(*(datetime.combine(away[0], time(), UTC) + timedelta(days=at) for at in (0, 2)))
    assert found == {ids[0]: [both], ids[1]: [both, span], ids[2]: [span]}


def test_erasing_a_trainer_forgets_it(by: Viewer, ruth: Viewer) -> None:
    operations.add_period(_may(), ruth)
    operations.take_calendar(calendar("DTSTART:20270118T090000Z"), "UTC", ruth)
    officer = factories.account(Role.DATA_PROTECTION)
    erasing_operations.erase(ruth.person_id or "", Reason.ASKED, "Choque", officer)
    assert db.session.scalars(select(AvailabilityPeriod)).all() == []
    assert db.session.scalars(select(BusyCalendar)).all() == []
