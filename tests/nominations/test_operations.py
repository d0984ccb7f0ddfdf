"""Nominating, ranking, endorsing, rejecting, on both databases with real commits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.accounts import queries as accounts
from trainings.accounts.models import Account, OneTimeLink
from trainings.core import clock
from trainings.core.addresses import AddressWrong
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.core.text import TextRefused
from trainings.courses.access_rules import RegistrationNotOpen
from trainings.mail import queries as mail
from trainings.mail.models import OutboxMail
from trainings.nominations import address_operations
from trainings.nominations import operations as nominations
from trainings.participants import operations as person_operations
from trainings.people.models import Person
from trainings.registrations import queries
from trainings.registrations.candidate_rules import (
    AddressTheirs,
    CountryNotInvited,
    DetailsTheirs,
    FunctionNotInvited,
    MailMissing,
    NameMissing,
    NotForYourCountry,
    SameMail,
    SameName,
)
from trainings.registrations.models import Registration
from trainings.registrations.rules import (
    ActRefused,
    AlreadyRegistered,
    EndorsementRefused,
    NotYours,
    ReasonMissing,
    RecallRefused,
    State,
)
from trainings.selection import operations as selection


def events() -> list[str]:
    db.session.close()
    return list(
        db.session.scalars(select(OutboxMail.event).order_by(OutboxMail.created_at, OutboxMail.id))
    )


def test_a_nomination_keeps_a_sealed_person_and_mails_them_a_link(each_app: Flask) -> None:
    course = factories.course()
    by = acting.focal_point("BO")
    who = acting.candidate(given_name="Ñusta", priority=2)
    number = nominations.nominate(course, who, by)
    found = acting.registration(number)
    assert number.startswith("R-") and len(number) == 8
    assert (found.state, found.priority, found.country) == (State.ENDORSED, 2, "BO")
    assert not found.complete
    step = queries.history(found.id)[0]
    assert (step.act, step.before, step.after, step.by) == (
        "nominate",
        None,
        "endorsed",
        by.account_id,
    )
    person = db.session.get_one(Person, found.person_id)
    assert "Ñusta".encode() not in person.given_name
    assert events() == ["registration_nominated"]
    account = db.session.scalar(select(Account).where(Account.person_id == person.id))
    assert account is not None and not account.staff
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.account_id == account.id))
    assert link is not None and link.leads_to == f"/my/registrations/{number}"


def test_with_a_separate_act_a_nomination_waits_for_it(each_app: Flask) -> None:
    course = factories.course(separate_endorsement=True)
    by = acting.focal_point("BO")
    number = nominations.nominate(course, acting.candidate(), by)
    assert acting.state(number) is State.NOMINATED
    nominations.endorse(course, [number], by)
    assert acting.state(number) is State.ENDORSED
    nominations.recall(course, [number], by)
    assert acting.state(number) is State.NOMINATED
    with pytest.raises(RecallRefused):
        nominations.recall(course, [number], by)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"country": "PE"}, NotForYourCountry),
        ({"function": "police"}, NotForYourCountry),
        ({"given_name": "", "family_name": " "}, NameMissing),
        ({"mail": "no address"}, AddressWrong),
        ({"mail": ""}, MailMissing),
        ({"given_name": "a\u202eb"}, TextRefused),
        ({"unit": "x" * 500}, TextRefused),
    ],
)
def test_a_nomination_that_cannot_be_writes_nothing(
    app: Flask, values: dict[str, str], refusal: type[Exception]
) -> None:
    course = factories.course()
    by = acting.focal_point("BO", ("judge",))
    with pytest.raises(refusal):
        nominations.nominate(course, acting.candidate(**values), by)
    assert db.session.scalars(select(Registration)).all() == [] and events() == []


def test_only_who_is_invited_is_nominated(app: Flask) -> None:
    judges = factories.course("JUDGES", functions=["judge"])
    with pytest.raises(FunctionNotInvited):
        nominations.nominate(judges, acting.candidate(function="police"), acting.focal_point())
    peru = factories.course("PERU", countries=["PE"])
    with pytest.raises(NotFound):
        nominations.nominate(peru, acting.candidate(), acting.focal_point("BO"))
    both = acting.focal_point("BO")
    both = type(both)(
        account_id=both.account_id, grants=(*both.grants, *acting.focal_point("PE").grants)
    )
    with pytest.raises(CountryNotInvited):
        nominations.nominate(peru, acting.candidate(), both)


@pytest.mark.parametrize("days", [-11, 45])
def test_outside_its_window_a_course_takes_no_nominations(app: Flask, days: int) -> None:
    course = factories.course()
    by = acting.focal_point()
    with clock.shifted(timedelta(days=days)), pytest.raises(RegistrationNotOpen):
        nominations.nominate(course, acting.candidate(), by)


def test_the_same_mail_on_two_people_is_a_question(each_app: Flask) -> None:
    course = factories.course()
    by = acting.focal_point("BO")
    shared = "unit@police.example"
    one = nominations.nominate(course, acting.candidate(mail=shared), by)
    other = acting.candidate(mail=" UNIT@police.example ")
    with pytest.raises(SameMail) as question:
        nominations.nominate(course, other, by)
    assert list(question.value.persons) == [one]
    two = nominations.nominate(course, other, by, others=[one])
    assert acting.registration(one).person_id != acting.registration(two).person_id


def test_another_country_is_not_told_who_has_an_address(app: Flask) -> None:
    course = factories.course()
    nominations.nominate(course, acting.candidate(mail="u@x.example"), acting.focal_point("BO"))
    number = nominations.nominate(
        course, acting.candidate(mail="u@x.example", country="PE"), acting.focal_point("PE")
    )
    assert acting.state(number) is State.ENDORSED


def test_the_same_person_is_not_on_a_course_twice(each_app: Flask) -> None:
    course, other = factories.course(), factories.course("NEXT")
    by = acting.focal_point("BO")
    who = acting.candidate(given_name="José María", family_name="Ñandú")
    number = nominations.nominate(course, who, by)
    again = acting.candidate(given_name="JOSE", family_name="Nandu Maria", mail=who.mail)
    for others in ([], [number]):
        with pytest.raises(AlreadyRegistered):
            nominations.nominate(course, again, by, others=others)
    elsewhere = nominations.nominate(other, again, by)
    assert acting.registration(number).person_id == acting.registration(elsewhere).person_id


def test_somebody_who_works_here_is_never_taken_for_a_candidate(app: Flask) -> None:
    """Else a focal point could point the account of staff to another mailbox."""
    course = factories.course()
    staff = factories.account(
        Role.ORGANISER, agency="IOM", mail="chief@iom.example", name=("Ana", "Jefa")
    )
    person = db.session.get_one(Person, staff.person_id)
    person.country = "BO"
    who = acting.candidate(given_name="Ana", family_name="Jefa", mail="chief@iom.example")
    number = nominations.nominate(course, who, acting.focal_point("BO"))
    assert acting.registration(number).person_id != staff.person_id


def test_candidates_are_ranked_and_corrected_until_they_complete_it(each_app: Flask) -> None:
    course = factories.course()
    by = acting.focal_point("BO")
    one = nominations.nominate(course, acting.candidate(), by)
    two = nominations.nominate(course, acting.candidate(), by)
    nominations.rank(course, [two, one], by)
    assert [acting.registration(n).priority for n in (one, two)] == [2, 1]
    change = acting.candidate(function="police", mail="right@unit.example", needs="Halal")
    theirs = accounts.account_of(acting.registration(one).person_id)
    assert theirs is not None
    link = db.session.scalars(
        select(OneTimeLink.id).where(OneTimeLink.account_id == theirs.id)
    ).one()
    nominations.edit_candidate(course, one, change, by)
    found = acting.registration(one)
    assert (found.function, queries.needs(found)) == ("police", "Halal")
    assert events().count("registration_nominated") == 3  # the new address is told
    assert db.session.get_one(OneTimeLink, link).ends_at <= clock.now()
    two_found = acting.standing(course, State.NOMINATED, complete=True)[0]
    with pytest.raises(DetailsTheirs):
        nominations.edit_candidate(course, two_found, change, by)


def test_an_address_that_is_corrected_to_somebody_elses_is_a_question(app: Flask) -> None:
    course = factories.course()
    by = acting.focal_point("BO")
    one = nominations.nominate(course, acting.candidate(), by)
    theirs = acting.candidate()
    two = nominations.nominate(course, theirs, by)
    change = acting.candidate(mail=theirs.mail)
    with pytest.raises(SameMail):
        nominations.edit_candidate(course, one, change, by)
    nominations.edit_candidate(course, one, change, by, others=[two])


def test_one_name_with_two_addresses_is_a_question(each_app: Flask) -> None:
    """A person was nominated twice, with a private and an official address, and nobody noticed."""
    course = factories.course()
    by = acting.focal_point("BO")
    named = {"given_name": "Łucja", "family_name": "Núñez"}
    one = nominations.nominate(course, acting.candidate(**named), by)
    again = acting.candidate(given_name="NUNEZ", family_name="Lucja")
    with pytest.raises(SameName) as question:
        nominations.nominate(course, again, by)
    assert question.value.persons == {one: acting.registration(one).person_id}
    two = nominations.nominate(course, again, by, others=[one])
    assert acting.registration(one).person_id != acting.registration(two).person_id
    with pytest.raises(SameName) as question:
        nominations.nominate(course, acting.candidate(**named), by, others=[one])
    assert set(question.value.persons) == {one, two}, "an answer is about those who were asked"


def test_one_name_in_another_country_is_a_question_only_with_the_date_of_birth(app: Flask) -> None:
    course = factories.course()
    by = acting.organiser()
    named = {"given_name": "Ana", "family_name": "Núñez", "born": "1980-05-06"}
    selection.invite(course, acting.candidate(**named), by)
    selection.invite(course, acting.candidate(**named | {"born": ""}, country="PE"), by)
    selection.invite(course, acting.candidate(**named | {"born": "1981-05-06"}, country="CL"), by)
    with pytest.raises(SameName):
        selection.invite(course, acting.candidate(**named, country="UY"), by)


def test_a_corrected_name_that_somebody_else_has_is_a_question(app: Flask) -> None:
    course = factories.course()
    by = acting.focal_point("BO")
    theirs = acting.candidate()
    two = nominations.nominate(course, theirs, by)
    mine = acting.candidate()
    one = nominations.nominate(course, mine, by)
    change = replace(mine, given_name=theirs.given_name, family_name=theirs.family_name)
    with pytest.raises(SameName):
        nominations.edit_candidate(course, one, change, by)
    nominations.edit_candidate(course, one, change, by, others=[two])


def test_a_name_that_another_country_nominated_is_new(app: Flask) -> None:
    course = factories.course()
    named = {"given_name": "Ana", "family_name": "Núñez", "born": "1980-05-06"}
    nominations.nominate(course, acting.candidate(**named), acting.focal_point("BO"))
    number = nominations.nominate(
        course, acting.candidate(**named, country="PE"), acting.focal_point("PE")
    )
    assert acting.state(number) is State.ENDORSED


def test_focal_points_act_for_their_own_country_and_functions_only(app: Flask) -> None:
    course = factories.course()
    number, _ = acting.standing(course, State.NOMINATED, country="BO", function="judge")
    for stranger in (
        acting.focal_point("PE"),
        acting.focal_point("BO", ("police",)),
        acting.organiser(),
    ):
        with pytest.raises(NotFound):
            nominations.endorse(course, [number], stranger)
        with pytest.raises(NotFound):
            nominations.rank(course, [number], stranger)
        with pytest.raises(NotFound):
            nominations.edit_candidate(course, number, acting.candidate(), stranger)
    with pytest.raises(NotFound):
        nominations.reject(course, [number], "why", acting.focal_point("PE"))
    assert acting.state(number) is State.NOMINATED


@pytest.mark.parametrize("before", list(State))
def test_endorsing_and_rejecting_from_every_state(app: Flask, before: State) -> None:
    course = factories.course()
    number, _ = acting.standing(course, before)
    focal, organiser = acting.focal_point(), acting.organiser()
    if before in (State.NOMINATED, State.APPLIED):
        nominations.endorse(course, [number], focal)
        assert acting.state(number) is State.ENDORSED
        nominations.recall(course, [number], focal)
        assert acting.state(number) is State.NOMINATED
        nominations.reject(course, [number], "retired", focal)
        assert acting.state(number) is State.REJECTED
        return
    with pytest.raises(EndorsementRefused):
        nominations.endorse(course, [number], focal)
    with pytest.raises((ActRefused, NotYours)):
        nominations.reject(course, [number], "retired", focal)
    if before in (State.ENDORSED, State.RESERVE):
        nominations.reject(course, [number], "retired", organiser)
        assert acting.state(number) is State.REJECTED
        nominations.reconsider(course, [number], organiser)
        assert acting.state(number) is State.ENDORSED
        assert sorted(events()) == ["registration_reconsidered", "registration_rejected"]
    elif before is not State.REJECTED:
        with pytest.raises(ActRefused):
            nominations.reject(course, [number], "retired", organiser)
        assert acting.state(number) is before


def test_rejecting_takes_a_reason_that_only_the_course_keeps(each_app: Flask) -> None:
    course = factories.course()
    number, _ = acting.standing(course, State.NOMINATED)
    by = acting.organiser()
    with pytest.raises(ReasonMissing):
        nominations.reject(course, [number], " ", by)
    nominations.reject(course, [number], "left the unit", by)
    step = queries.history(acting.registration(number).id)[-1]
    assert queries.reason_of(step) == "left the unit"
    waiting = db.session.scalars(select(OutboxMail)).one()
    assert "left the unit" not in mail.opened(waiting).body


def test_who_registered_anew_is_not_reconsidered(app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.REJECTED)
    acting.add_registration(course, person.person_id or "", State.NOMINATED, "BO", "judge")
    with pytest.raises(AlreadyRegistered):
        nominations.reconsider(course, [number], acting.organiser())


def test_who_was_rejected_twice_does_not_come_back_twice(each_app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    number, person = acting.standing(course, State.NOMINATED)
    nominations.reject(course, [number], "no visa", by)
    acting.add_registration(course, person.person_id or "", State.REJECTED, "BO", "judge")
    both = [
        one.number
        for one in db.session.scalars(
            select(Registration)
            .where(Registration.person_id == person.person_id)
            .execution_options(scope="operation")
        )
    ]
    db.session.close()
    with pytest.raises(AlreadyRegistered):
        nominations.reconsider(course, both, by)
    assert {acting.state(one) for one in both} == {State.REJECTED}


def test_a_focal_point_reconsiders_only_what_a_focal_point_had_rejected(app: Flask) -> None:
    course = factories.course()
    focal, organiser = acting.focal_point(), acting.organiser()
    ours, _ = acting.standing(course, State.NOMINATED)
    theirs, _ = acting.standing(course, State.NOMINATED)
    nominations.reject(course, [ours], "retired", acting.focal_point())
    nominations.reject(course, [theirs], "too late", organiser)
    nominations.reconsider(course, [ours], focal)
    assert acting.state(ours) is State.APPLIED
    with pytest.raises(NotYours):
        nominations.reconsider(course, [theirs], focal)
    assert acting.state(theirs) is State.REJECTED


def test_who_came_before_keeps_their_details_and_address(app: Flask) -> None:
    """A nomination for another course gives nobody a hold on somebody's account."""
    course, before = factories.course(), factories.course("BEFORE")
    by = acting.focal_point("BO")
    who = acting.candidate()
    old = nominations.nominate(before, who, by)
    person_operations.complete_details(old, acting.details(), acting.person_of(old))
    again = replace(who, given_name="Rosa", family_name="Ejemplo")
    number = nominations.nominate(course, again, by)
    assert acting.registration(number).person_id == acting.registration(old).person_id
    with pytest.raises(DetailsTheirs):
        nominations.edit_candidate(course, number, acting.candidate(), by)
    with pytest.raises(AddressTheirs):
        address_operations.correct_mail(number, "thief@unit.example", by)
    address_operations.correct_mail(number, "new@unit.example", acting.organiser())
