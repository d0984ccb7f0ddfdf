"""Applying by oneself: the mailed link, the draft, the application; on both databases."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import func, select

from tests import factories
from tests.registrations import acting
from trainings.accounts.models import Account, OneTimeLink, Throttle
from trainings.core import clock
from trainings.core.addresses import AddressWrong
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.access_rules import RegistrationNotOpen
from trainings.courses.models import Course
from trainings.courses.rules import CourseState, Visibility
from trainings.mail import queries as mail
from trainings.mail.models import OutboxMail
from trainings.participants import apply_operations
from trainings.participants.apply_operations import APPLICATIONS
from trainings.people import reading
from trainings.people.models import Consent
from trainings.registrations import locked_queries, queries
from trainings.registrations.candidate_rules import (
    NOTICE,
    BirthDateRefused,
    ConsentMissing,
    CountryNotInvited,
    FunctionNotInvited,
    NameMissing,
    UnitMissing,
)
from trainings.registrations.models import Draft
from trainings.registrations.rules import AlreadyRegistered, State


def participant() -> Viewer:
    return factories.account(staff=False, name=("", ""))


def bodies() -> list[str]:
    db.session.close()
    found = db.session.scalars(
        select(OutboxMail).order_by(OutboxMail.created_at, OutboxMail.id)
    ).all()
    return [mail.opened(one).body for one in found]


def test_asking_for_a_link_makes_an_account_of_a_participant(each_app: Flask) -> None:
    acting.at_once()
    apply_operations.start_application("NOW27", "rosa@court.example", "es")
    (body,) = bodies()
    assert len(re.findall("http://trainings.example/sign-in/link/", body)) == 1
    link = db.session.scalars(select(OneTimeLink)).one()
    assert link.leads_to == "/courses/NOW27/apply"
    account = db.session.get_one(Account, link.account_id)
    assert not account.staff
    apply_operations.start_application("NOW27", "ROSA@court.example", "es")
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_the_people_of_a_shared_mailbox_get_a_link_each(app: Flask) -> None:
    acting.at_once()
    factories.account(staff=False, mail="unit@x.example", name=("Eva", "Uno"))
    factories.account(staff=False, mail="unit@x.example", name=("Leo", "Dos"))
    apply_operations.start_application("NOW27", "unit@x.example", "en")
    (body,) = bodies()
    assert "Eva Uno" in body and "Leo Dos" in body
    assert len(re.findall("http://trainings.example/sign-in/link/", body)) == 3


def test_a_mailed_link_never_signs_in_staff(app: Flask) -> None:
    acting.at_once()
    staff = factories.account(Role.ORGANISER, agency="IOM", mail="chief@x.example")
    apply_operations.start_application("NOW27", "chief@x.example", "en")
    link = db.session.scalars(select(OneTimeLink)).one()
    assert link.account_id != staff.account_id


def test_one_address_is_not_flooded(app: Flask) -> None:
    acting.at_once()
    for _ in range(8):
        apply_operations.start_application("NOW27", "rosa@court.example", "es")
    assert 1 <= len(bodies()) <= 4


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"visibility": Visibility.NOMINATION_ONLY}, NotFound),
        ({"visibility": Visibility.BY_LINK}, NotFound),
        ({"state": CourseState.DRAFT}, RegistrationNotOpen),
        ({"state": CourseState.REGISTRATION_CLOSED}, RegistrationNotOpen),
    ],
)
def test_only_an_open_course_takes_applications(
    app: Flask, values: dict[str, object], refusal: type[Exception]
) -> None:
    course = factories.course("SHUT", **{"visibility": Visibility.PUBLIC, **values})
    with pytest.raises(refusal):
        apply_operations.start_application("SHUT", "rosa@court.example", "es")
    with pytest.raises(refusal):
        apply_operations.apply(course, acting.application(), participant())
    assert bodies() == []


def test_a_course_by_link_opens_with_its_key(app: Flask) -> None:
    course = factories.course("LINK", visibility=Visibility.BY_LINK)
    key = db.session.get_one(Course, course).link_key
    apply_operations.start_application("LINK", "rosa@court.example", "es", link_key=key)
    link = db.session.scalars(select(OneTimeLink)).one()
    assert link.leads_to == f"/courses/LINK/apply?key={key}"
    number = apply_operations.apply(course, acting.application(), participant(), link_key=key)
    assert acting.state(number) is State.APPLIED


def test_an_address_that_cannot_be_one_is_refused(app: Flask) -> None:
    acting.at_once()
    with pytest.raises(AddressWrong):
        apply_operations.start_application("NOW27", "rosa", "es")


def test_a_draft_is_kept_sealed_until_the_application_is_sent(each_app: Flask) -> None:
    course = acting.at_once()
    me, other = participant(), participant()
    apply_operations.save_draft(course, {"given_name": "Rosalinda"}, me)
    apply_operations.save_draft(course, {"given_name": "Rosalinda", "step": 2}, me)
    assert apply_operations.draft_answers(course, me) == {"given_name": "Rosalinda", "step": 2}
    assert apply_operations.draft_answers(course, other) == {}
    assert b"Rosalinda" not in db.session.scalars(select(Draft)).one().answers
    apply_operations.apply(course, acting.application(), me)
    assert apply_operations.draft_answers(course, me) == {}


def test_a_course_that_places_at_once_offers_a_seat_or_a_place_in_reserve(each_app: Flask) -> None:
    course = acting.at_once(capacity=1)
    one, two = participant(), participant()
    first = apply_operations.apply(course, acting.application(needs="Ramp"), one)
    second = apply_operations.apply(course, acting.application(given_name="Eva"), two)
    found = acting.registration(first)
    assert (found.state, found.complete, found.applied) == (State.OFFERED, True, True)
    assert queries.needs(found) == "Ramp" and found.offered_until
    assert acting.state(second) is State.RESERVE
    assert queries.own_registration(one, first).course.code == "NOW27"
    assert reading.opened([one.person_id or ""])[one.person_id or ""].name == "Rosa Ejemplo"
    consent = db.session.scalars(select(Consent)).first()
    assert consent is not None and (consent.kind, consent.version) == (NOTICE, "2026-11")


def test_where_the_organiser_selects_or_endorsement_is_asked_it_waits(each_app: Flask) -> None:
    by_selection = factories.course("SELECT", visibility=Visibility.PUBLIC)
    endorsed = acting.at_once("ENDORSE", separate_endorsement=True)
    for course in (by_selection, endorsed):
        number = apply_operations.apply(course, acting.application(), participant())
        assert acting.state(number) is State.APPLIED
    assert acting.seats_taken(endorsed) == 0


def test_one_person_has_one_live_registration_on_a_course(each_app: Flask) -> None:
    course = acting.at_once()
    me = participant()
    number = apply_operations.apply(course, acting.application(), me)
    with pytest.raises(AlreadyRegistered):
        apply_operations.apply(course, acting.application(), me)
    with transaction():
        ended = locked_queries.own_for_update(me, number)[1]
        ended.state, ended.block_id, ended.seat_no = State.WITHDRAWN, None, None
    again = apply_operations.apply(course, acting.application(), me)
    assert again != number and len(queries.own(me)) == 2


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"consents": ()}, ConsentMissing),
        ({"unit": " "}, UnitMissing),
        ({"given_name": "", "family_name": ""}, NameMissing),
        ({"country": "FR"}, CountryNotInvited),
        ({"function": "coroner"}, FunctionNotInvited),
        ({"born": "1980-13-01"}, BirthDateRefused),
        ({"born": "2999-01-01"}, BirthDateRefused),
    ],
)
def test_an_application_that_cannot_be_writes_nothing(
    app: Flask, values: dict[str, object], refusal: type[Exception]
) -> None:
    course = acting.at_once()
    me = participant()
    apply_operations.save_draft(course, {"kept": 1}, me)
    with pytest.raises(refusal):
        apply_operations.apply(course, replace(acting.application(), **values), me)  # type: ignore[arg-type]
    assert queries.own(me) == [] and apply_operations.draft_answers(course, me) == {"kept": 1}


def test_nobody_applies_who_is_not_signed_in(app: Flask) -> None:
    course = acting.at_once()
    with pytest.raises(NotFound):
        apply_operations.apply(course, acting.application(), Viewer())
    with pytest.raises(NotFound):
        apply_operations.save_draft(course, {}, Viewer())


def test_a_stranger_cannot_have_mails_sent_without_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting.at_once()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    for turn in range(APPLICATIONS.free + 5):
        apply_operations.start_application(
            "NOW27", f"p{turn}@court.example", "es", address="198.51.100.7"
        )
    assert len(bodies()) == APPLICATIONS.free
    kept = db.session.scalar(select(func.count()).select_from(Throttle))
    assert kept == APPLICATIONS.free + 1, "nor fill a table"
    apply_operations.start_application("NOW27", "rosa@court.example", "es", address="203.0.113.5")
    assert len(bodies()) == APPLICATIONS.free + 1


def test_a_key_that_nobody_asks_for_is_not_carried_along(app: Flask) -> None:
    acting.at_once()
    apply_operations.start_application(
        "NOW27", "rosa@court.example", "es", link_key="x\r\nSet-Cookie: a=b" + "y" * 300
    )
    assert db.session.scalars(select(OneTimeLink)).one().leads_to == "/courses/NOW27/apply"
