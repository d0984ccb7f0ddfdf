"""One's own calendar by a secret link: what it shows, to whom, and until when."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests import factories, teaching
from tests.calendars.reading import by_title, events
from tests.calendars.test_course_file import add, person_of
from tests.counting import statements
from trainings.accounts import queries as accounts
from trainings.accounts.models import Account, AccountGrant
from trainings.agenda import operations as agenda
from trainings.calendars import operations, queries
from trainings.calendars.models import CalendarLink
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course, Module, Room
from trainings.courses.rules import CourseState
from trainings.people.models import IdentityRead
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def phone(each_app: Flask) -> FlaskClient:
    """A client that keeps no cookie, as calendars do."""
    return each_app.test_client(use_cookies=False)


def address(who: Viewer) -> str:
    return f"/calendar/{operations.make_link(who)}.ics"


def participant(course: str) -> tuple[str, Viewer]:
    key = teaching.participant(course)
    return key, teaching.account_of(person_of(key))


def test_a_participant_gets_their_course_and_all_its_sessions(
    phone: FlaskClient, by: Viewer
) -> None:
    course = factories.course()
    factories.course("OTH27")
    add(course, by, titles={"en": "Opening", "es": "Apertura"})
    _key, who = participant(course)
    answer = phone.get(address(who))
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    shown = by_title(answer.text)
    assert shown.keys() == {"Opening", "Course for investigators"}
    assert shown["Opening"].location.value.startswith("Centro de Formación, Buenos Aires")
    days = shown["Course for investigators"]
    assert days.dtstart.value == teaching.session_day(course)
    assert (days.dtend.value - days.dtstart.value).days == 4
    assert days.transp.value == "TRANSPARENT"


def test_a_trainer_gets_the_sessions_they_give(phone: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    asked = teaching.course_trainer(course, teaching.trainer(by), by)
    mine = add(course, by, "09:00", "10:00", titles={"en": "Mine"}, trainers=(asked,))
    add(course, by, "10:00", "11:00", titles={"en": "Another's"})
    account_id, person_id = db.session.execute(
        select(queries.Trainer.account_id, queries.Trainer.person_id)
    ).one()
    where = address(Viewer(account_id=account_id, person_id=person_id))
    assert events(phone.get(where).text) == []  # invited, not accepted yet
    who = teaching.answered(asked)
    assert by_title(phone.get(where).text).keys() == {"Mine", "Course for investigators"}
    assert {"Mine", "Another's"} == by_title(phone.get(f"{where}?course=BUE27").text).keys()
    agenda.remove_session(course, mine, by=by)
    teaching.publish(course, by)
    assert by_title(phone.get(where).text)["Mine"].status.value == "CANCELLED"
    with transaction() as session:
        session.execute(
            update(AccountGrant)
            .where(AccountGrant.account_id == who.account_id)
            .values(ended_at=clock.now())
        )
    assert events(phone.get(where).text) == []


def test_an_organiser_gets_the_days_and_a_course_by_its_code(
    phone: FlaskClient, by: Viewer
) -> None:
    add(factories.course(), by)
    factories.course("INT27", lead="INTERPOL", agencies=("INTERPOL",))
    factories.course("OLD20", starts_in=-400)
    where = address(by)
    (one,) = events(phone.get(where).text)
    assert one.summary.value == "Course for investigators"
    assert by_title(phone.get(f"{where}?course=BUE27").text).keys() == {"Session at 09:00"}
    assert phone.get(f"{where}?course=INT27").status_code == 404


def test_it_names_nobody_and_leaves_no_row_of_the_read_log(phone: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    asked = teaching.course_trainer(course, teaching.trainer(by), by)
    add(course, by, trainers=(asked,))
    _key, who = participant(course)
    before = db.session.query(IdentityRead).count()
    where = address(who)
    for query in ("", "?course=BUE27"):
        file = phone.get(where + query).text
        for name in ("Ruth", "Choque", "Ana", "Rojas"):
            assert name not in file
    db.session.close()
    assert db.session.query(IdentityRead).count() == before


def test_rights_are_asked_at_each_fetch(phone: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    add(course, by)
    key, who = participant(course)
    where = address(who)
    assert len(events(phone.get(where).text)) == 2
    with transaction() as session:
        session.execute(
            update(Registration)
            .where(Registration.id == key)
            .values(state=State.WITHDRAWN, block_id=None, seat_no=None)
        )
    assert events(phone.get(where).text) == []
    assert phone.get(f"{where}?course=BUE27").status_code == 404
    with transaction() as session:
        session.execute(
            update(Account).where(Account.id == who.account_id).values(disabled_at=clock.now())
        )
    assert phone.get(where).status_code == 404


def test_a_cancelled_course_is_cancelled(phone: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    add(course, by)
    _key, who = participant(course)
    with transaction() as session:
        session.get_one(Course, course).state = CourseState.CANCELLED
    found = events(phone.get(address(who)).text)
    assert {one.status.value for one in found} == {"CANCELLED"} and len(found) == 2


def test_an_old_link_is_as_if_it_had_never_been(phone: FlaskClient, by: Viewer) -> None:
    factories.course()
    old = address(by)
    assert phone.get(old).status_code == 200
    new = address(by)
    assert phone.get(new).status_code == 200
    unknown = phone.get(f"/calendar/{'x' * 32}.ics")
    assert phone.get(old).status_code == unknown.status_code == 404
    assert phone.get(old).data == unknown.data == phone.get("/nowhere").data
    operations.stop_link(by)
    assert phone.get(new).status_code == 404


def test_only_a_keyed_hash_is_kept(by: Viewer) -> None:
    token = operations.make_link(by)
    (kept,) = db.session.scalars(select(CalendarLink)).all()
    assert len(token) >= 32 and token not in str(vars(kept))
    assert kept.token_index == queries.token_index(token) != token


def test_what_did_not_change_is_not_sent_again(phone: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    add(course, by)
    _key, who = participant(course)
    where = address(who)
    first = phone.get(where)
    again = phone.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    add(course, by, "11:00", "12:00")
    after = phone.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200 and after.headers["ETag"] != first.headers["ETag"]


def test_each_thing_it_says_changes_its_tag(phone: FlaskClient, by: Viewer) -> None:
    """Also what changes without an act on the agenda: names of rooms and modules, the course."""
    course, module, room = factories.course(), teaching.module(), teaching.room()
    teaching.teach(course, module)
    add(course, by, module_id=module, room_id=room, titles={})
    _key, who = participant(course)
    where, seen = address(who), set()
    changes = (
        update(Module).where(Module.id == module).values(titles={"en": "Other"}),
        update(Room).where(Room.id == room).values(name="Aula 2"),
        *(
            update(Course).where(Course.id == course).values(**{name: value})
            for name, value in (
                ("titles", {"en": "Another"}),
                ("venue", "Elsewhere"),
                ("city", "Rosario"),
                ("contact", "us@trainings.example"),
                ("state", CourseState.RUNNING),
            )
        ),
        update(Account).where(Account.id == who.account_id).values(language="es"),
    )
    files = set()
    for change in (None, *changes):
        if change is not None:
            with transaction() as session:
                session.execute(change)
        for query in ("", "?course=BUE27"):
            answer = phone.get(where + query)
            seen.add(answer.headers["ETag"])
            files.add(answer.data)
    assert len(seen) == 2 * (len(changes) + 1) >= len(files) > len(changes)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "My courses"),
        ("es", "Mis cursos"),
        ("fr", "Mes formations"),
        ("pt_BR", "Meus cursos"),
    ],
)
def test_in_the_language_of_its_owner(
    phone: FlaskClient, by: Viewer, language: str, name: str
) -> None:
    add(factories.course(), by)
    with transaction() as session:
        session.get_one(Account, by.account_id).language = language
    file = phone.get(address(by), headers={"Accept-Language": "de"}).text
    assert f"X-WR-CALNAME:{name}" in file
    assert f"SUMMARY;LANGUAGE={language.replace('_', '-')}:" in file


def test_more_courses_and_sessions_are_no_more_statements(phone: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    key, who = participant(course)
    where = address(who)
    counts = []
    for hour in range(9, 12):
        add(course, by, f"{hour:02}:00", f"{hour:02}:45")
        with statements() as sent:
            assert len(events(phone.get(where).text)) == hour - 7
        counts.append(len(sent))
    assert counts[0] <= 5 and set(counts) == {counts[0]}
    assert key


def test_the_page_shows_the_link_once(each_app: Flask, by: Viewer) -> None:
    client = each_app.test_client()
    factories.sign_in(client, by)
    factories.course()
    assert "/profile/calendar" in client.get("/profile").text
    assert "/calendar/" not in client.get("/profile/calendar").text.replace("/profile/calendar", "")
    made = client.post("/profile/calendar", data={})
    found = re.search(r"https?://[^/]+(/calendar/[\w-]+\.ics)", made.text)
    assert made.status_code == 200 and found and made.headers["Cache-Control"] == "no-store"
    assert client.get(found[1]).status_code == 200
    page = client.get("/profile/calendar").text
    assert found[1] not in page and "Make a new link" in page
    assert client.post("/profile/calendar/stop").status_code == 303
    assert client.get(found[1]).status_code == 404


def test_my_link_does_not_open_the_calendar_of_another(
    phone: FlaskClient, by: Viewer, caplog: pytest.LogCaptureFixture
) -> None:
    """Written to the database without the keys of the installation; see accounts/models.py:Door."""
    thief = factories.account(staff=False)
    mine = address(thief)
    assert phone.get(mine).status_code == 200
    with transaction() as session:
        session.execute(update(CalendarLink).values(account_id=by.account_id))
    assert phone.get(mine).status_code == 404
    assert "was not written by us" in caplog.text
    assert accounts.not_ours(CalendarLink) == [f"calendar_link {by.account_id}"]
