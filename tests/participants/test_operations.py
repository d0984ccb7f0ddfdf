"""Addresses, details, the printed name and messages, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.accounts.models import Account, OneTimeLink
from trainings.core import clock
from trainings.core.addresses import AddressWrong
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses.models import Course
from trainings.nominations import address_operations
from trainings.participants import operations as person_operations
from trainings.people import reading
from trainings.people.models import Consent, Person
from trainings.registrations import queries
from trainings.registrations.candidate_rules import (
    ConsentMissing,
    PrintedNameMissing,
    SameMail,
    StaffAddress,
    UnitMissing,
)
from trainings.registrations.rules import LIVE, ActRefused, State
from trainings.seats import ending_writes


@pytest.mark.parametrize("performer", ["organiser", "focal_point"])
def test_a_mistyped_address_is_corrected_and_the_offer_sent_again(
    each_app: Flask, performer: str
) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.OFFERED)
    by = acting.organiser() if performer == "organiser" else acting.focal_point("BO")
    address_operations.correct_mail(number, "wrong@court.example", by)
    wrong = db.session.scalars(select(OneTimeLink.id).where(OneTimeLink.used_at.is_(None))).one()
    address_operations.correct_mail(number, "right@court.example", by)
    assert db.session.get_one(OneTimeLink, wrong).ends_at <= clock.now()
    events = factories.events_and_mails()
    assert [event for event, _ in events] == ["registration_offer"] * 2
    assert {one.recipient for _, one in events} == {"wrong@court.example", "right@court.example"}
    account = db.session.get_one(Account, person.account_id)
    who = db.session.get_one(Person, person.person_id)
    assert account.mail_index == who.mail_index
    assert reading.opened([who.id])[who.id].mail == "right@court.example"


def test_an_address_is_not_corrected_by_strangers_nor_for_staff(app: Flask) -> None:
    course = factories.course()
    number, _ = acting.standing(course, State.OFFERED)
    strangers = [acting.focal_point("PE"), factories.account(Role.TRAINER, course_id=course)]
    for stranger in strangers:
        with pytest.raises(NotFound):
            address_operations.correct_mail(number, "right@court.example", stranger)
    by = acting.organiser()
    with pytest.raises(AddressWrong):
        address_operations.correct_mail(number, "right", by)
    staff = factories.account(Role.ORGANISER, agency="UNODC")
    acting.add_registration(course, staff.person_id or "", State.NOMINATED, "BO", "judge")
    theirs = queries.own(staff)[0].number
    with pytest.raises(StaffAddress):
        address_operations.correct_mail(theirs, "thief@court.example", by)


def test_an_address_of_somebody_else_is_a_question(app: Flask) -> None:
    course = factories.course()
    one, _ = acting.standing(course, State.NOMINATED)
    other, _ = acting.standing(course, State.NOMINATED)
    by = acting.organiser()
    address_operations.correct_mail(one, "unit@court.example", by)
    with pytest.raises(SameMail) as question:
        address_operations.correct_mail(other, "unit@court.example", by)
    assert list(question.value.persons) == [one]
    address_operations.correct_mail(other, "unit@court.example", by, others=[one])


@pytest.mark.parametrize("before", list(State))
def test_an_address_and_details_matter_while_the_registration_lives(
    app: Flask, before: State
) -> None:
    course = factories.course()
    number, person = acting.standing(course, before)
    by = acting.organiser()
    if before in LIVE:
        address_operations.correct_mail(number, "right@court.example", by)
        person_operations.complete_details(number, acting.details(), person)
        return
    with pytest.raises(ActRefused):
        address_operations.correct_mail(number, "right@court.example", by)
    with pytest.raises(ActRefused):
        person_operations.complete_details(number, acting.details(), person)


def test_a_nominated_person_completes_their_details_and_agrees(each_app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.NOMINATED)
    with pytest.raises(ConsentMissing):
        person_operations.complete_details(number, acting.details(consents=()), person)
    with pytest.raises(UnitMissing):
        person_operations.complete_details(number, acting.details(unit=""), person)
    assert not acting.registration(number).complete
    given = acting.details(given_name="Ñusta", needs="Vegetarian\nRamp", language="fr")
    person_operations.complete_details(number, given, person)
    found = acting.registration(number)
    assert found.complete and queries.needs(found) == "Vegetarian\nRamp"
    assert db.session.get_one(Person, found.person_id).language == "fr"
    assert len(db.session.scalars(select(Consent)).all()) == 1
    with pytest.raises(NotFound):
        person_operations.complete_details(number, acting.details(), acting.organiser())


def test_the_printed_name_is_confirmed_by_its_person_in_any_script(each_app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.CONFIRMED)
    person_operations.confirm_name(number, " نادية  الحسن ", "es", person)
    found = acting.registration(number)
    assert queries.printed_name(found) == "نادية الحسن"
    assert found.certificate_language == "es" and found.name_confirmed_at is not None
    with pytest.raises(PrintedNameMissing):
        person_operations.confirm_name(number, " ", "es", person)
    with pytest.raises(NotFound):
        person_operations.confirm_name(number, "Somebody Else", "es", acting.organiser())


def test_a_course_closes_opens_again_and_everybody_has_a_seat(each_app: Flask) -> None:
    course = factories.course(capacity=2)
    there, _ = acting.standing(course, State.CONFIRMED)
    absent, _ = acting.standing(course, State.CONFIRMED)
    waits, _ = acting.standing(course, State.RESERVE)
    key = acting.registration(there).id
    with transaction() as session:
        found = session.get_one(Course, course)
        assert ending_writes.close_course(session, found, [key], by=None) == (1, 1)
    assert acting.state(there) is State.ATTENDED and acting.state(absent) is State.NO_SHOW
    assert acting.seats_taken(course) == 1 and acting.state(waits) is State.RESERVE
    with transaction() as session:
        ending_writes.reopen_course(session, session.get_one(Course, course), by=None)
    assert acting.state(there) is State.CONFIRMED and acting.state(absent) is State.CONFIRMED
    assert acting.seats_taken(course) == 2


def test_a_cancelled_course_ends_all_and_tells_everyone(each_app: Flask) -> None:
    course = factories.course()
    living = [acting.standing(course, one)[0] for one in sorted(LIVE)]
    ended, _ = acting.standing(course, State.DECLINED)
    with transaction() as session:
        found = session.get_one(Course, course)
        assert ending_writes.cancel_all(session, found, "no venue", by=None) == len(LIVE)
    assert {acting.state(number) for number in living} == {State.CANCELLED}
    assert acting.state(ended) is State.DECLINED and acting.seats_taken(course) == 0
    assert [event for event, _ in factories.events_and_mails()] == ["registration_cancelled"] * len(
        LIVE
    )


def test_whoever_came_by_the_wrong_address_is_signed_out(app: Flask, client: FlaskClient) -> None:
    number, person = acting.standing(factories.course(), State.OFFERED)
    factories.sign_in(client, person)
    assert client.get(f"/my/registrations/{number}").status_code == 200
    address_operations.correct_mail(number, "right@court.example", acting.organiser())
    assert client.get(f"/my/registrations/{number}").status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        "a@court.example,b@evil.example",
        "a@court.example;b@x.example",
        "<a@court.example>",
        "a@court.example@x.example",
        '"a b"@court.example',
        "Rosa:a@court.example",
        "a@",
        "@b",
        "a b@c",
    ],
)
def test_one_address_and_nothing_else(app: Flask, typed: str) -> None:
    number, _person = acting.standing(factories.course(), State.OFFERED)
    with pytest.raises(AddressWrong):
        address_operations.correct_mail(number, typed, acting.organiser())
    assert factories.events_and_mails() == []


@pytest.mark.parametrize("there", [State.ENDORSED, State.ATTENDED, State.WITHDRAWN])
def test_another_course_is_not_opened_by_correcting_an_address(
    each_app: Flask, there: State
) -> None:
    ours, theirs = factories.course(), factories.course("THEIRS", agencies=("UNODC",), lead="UNODC")
    number, person = acting.standing(ours, State.OFFERED)
    acting.add_registration(theirs, person.person_id or "", there, "BO", "judge")
    db.session.close()
    before = reading.opened([person.person_id or ""])[person.person_id or ""].mail
    address_operations.correct_mail(number, "mine@evil.example", acting.organiser())
    ours_now = acting.registration(number).person_id
    assert ours_now != person.person_id
    people = reading.opened([person.person_id or "", ours_now])
    assert people[ours_now].mail == "mine@evil.example"
    assert people[person.person_id or ""].mail == before
    assert acting.person_of(number).account_id != person.account_id


def test_who_reaches_all_courses_corrects_the_address_of_all(each_app: Flask) -> None:
    ours, theirs = factories.course(), factories.course("THEIRS", agencies=("UNODC",), lead="UNODC")
    number, person = acting.standing(ours, State.OFFERED)
    acting.add_registration(theirs, person.person_id or "", State.ENDORSED, "BO", "judge")
    db.session.close()
    address_operations.correct_mail(number, "right@court.example", acting.organiser("UNODC"))
    assert acting.registration(number).person_id == person.person_id
