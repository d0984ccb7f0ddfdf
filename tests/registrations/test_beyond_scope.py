"""Finding a person never reaches, shows or tells what lies beyond the asker's scope (S33)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from tests import factories, teaching
from tests.asking import follow, page
from tests.registrations import acting
from trainings.accounts.models import Account
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.nominations import address_operations
from trainings.nominations import operations as nominations
from trainings.participants import apply_operations as applications
from trainings.participants import operations as person_operations
from trainings.people import reading
from trainings.people.models import Person
from trainings.privacy import queries as privacy_queries
from trainings.registrations import queries
from trainings.registrations.candidate_rules import (
    AddressTheirs,
    Candidate,
    DetailsTheirs,
    SameMail,
)
from trainings.registrations.rules import AlreadyRegistered, NotYours, State
from trainings.rosters.models import Trainer
from trainings.selection import operations as selection_operations

MAIL = "luz.ibarra@court.example"
SECRETS = {
    "document": "LP-4455667",
    "phone": "+59171234567",
    "born": "1979-05-06",
    "unit": "Unidad Reservada",
}
FOREIGN = "UNODC26"


def luz(**values: str) -> Candidate:
    """A judge, as whoever knows everything of her nominates her."""
    return acting.candidate(
        **{"given_name": "Luz", "family_name": "Ibarra", "mail": MAIL, **SECRETS, **values}
    )


def bare(**values: str) -> dict[str, str]:
    """What the form of an asker sends who knows name, mail and country only."""
    return {
        "given_name": "Luz",
        "family_name": "Ibarra",
        "mail": MAIL,
        "country": "BO",
        "function": "judge",
        "language": "es",
        **values,
    }


@pytest.fixture
def foreign(app: Flask) -> str:
    """Her registration on a course of UNODC alone; its number."""
    course = factories.course(FOREIGN, lead="UNODC", agencies=("UNODC",), capacity=5)
    acting.share_out(course, {})
    return selection_operations.invite(course, luz(), acting.organiser("UNODC"))


@pytest.fixture
def course(app: Flask) -> str:
    made = factories.course(agencies=("IOM",), capacity=5)
    acting.share_out(made, {})
    return made


def invite(client: FlaskClient, **values: str) -> str:
    factories.sign_in(client, acting.organiser("IOM"))
    return follow(client, "/courses/BUE27/registrations/invite", **bare(**values))


def nominate(client: FlaskClient, by: Viewer, code: str = "BUE27", **values: str) -> str:
    factories.sign_in(client, by)
    return follow(client, f"/courses/{code}/nominations/new", **bare(**values))


def number_in(text: str) -> str:
    return re.findall(r"R-\w{6}", text)[0]


def nothing_of_her(text: str) -> bool:
    born = any(word in text for word in ("6 May 1979", "May 6, 1979"))
    return not born and not any(value in text for value in SECRETS.values())


def shape(text: str) -> str:
    """A page without what differs for anybody: numbers, names, tokens."""
    text = re.sub(
        r'class="count">\d|\d of \d|R-\w{6}|Luz|Ibarra|luz\.ibarra|Eva|Nadie|eva\.nadie', "·", text
    )
    return re.sub(r'(value|content|nonce)="[^"]*"|\d\d?:\d\d', "", text)


# what another agency gave


def test_an_organiser_of_another_agency_sees_what_they_gave_only(
    client: FlaskClient, foreign: str, course: str
) -> None:
    shown = invite(client)
    assert "is offered a seat by email" in shown and MAIL in shown
    assert nothing_of_her(shown)


def test_a_focal_point_for_police_sees_nothing_of_a_judge(client: FlaskClient) -> None:
    made = factories.course()
    nominations.nominate(made, luz(), acting.focal_point("BO", ("judge",)))
    done = nominate(client, acting.focal_point("BO", ("police",)), function="police")
    number = number_in(done)
    assert f"Nominated as {number}" in done
    assert nothing_of_her(page(client, f"/courses/BUE27/nominations/{number}"))
    assert nothing_of_her(page(client, f"/courses/BUE27/nominations/{number}/edit"))


def test_it_is_the_same_answer_as_for_somebody_new(
    client: FlaskClient, foreign: str, course: str
) -> None:
    new = invite(client, given_name="Eva", family_name="Nadie", mail="eva.nadie@court.example")
    assert "is offered a seat by email" in new
    assert shape(invite(client)) == shape(new)


def test_her_mail_with_another_name_is_no_question(
    client: FlaskClient, foreign: str, course: str
) -> None:
    text = invite(client, given_name="Eva", family_name="Nadie")
    assert "is offered a seat by email" in text and "Somebody else" not in text


def test_correcting_a_mail_to_hers_is_no_question(foreign: str, course: str) -> None:
    by = acting.organiser("IOM")
    number = selection_operations.invite(course, acting.candidate(), by)
    address_operations.correct_mail(number, MAIL, by)
    other = nominations.nominate(course, acting.candidate(), acting.focal_point("BO", ("judge",)))
    change = acting.candidate(mail=MAIL, function="judge")
    with pytest.raises(SameMail) as question:  # of their own course they are asked
        address_operations.correct_mail(other, MAIL, by)
    assert list(question.value.persons) == [number]
    police = acting.focal_point("BO", ("police",))
    mine = nominations.nominate(course, acting.candidate(function="police"), police)
    nominations.edit_candidate(course, mine, replace(change, function="police"), police)


@pytest.mark.parametrize("name", [("Luz", "Ibarra"), ("Eva", "Nadie")])
def test_as_many_statements_are_made_as_for_somebody_new(
    foreign: str, course: str, statements: list[str], name: tuple[str, str]
) -> None:
    """The work is the same, so that time tells nothing either."""
    by, made = acting.organiser("IOM"), []
    for who in (acting.candidate(), luz(given_name=name[0], family_name=name[1])):
        statements.clear()
        selection_operations.invite(course, who, by)
        made.append(len(statements))
    assert made[0] == made[1]


# within the scope


def test_details_stay_with_the_registration_they_were_given_for(each_app: Flask) -> None:
    """Two courses of IOM, the second with INTERPOL, whose people never saw the first."""
    first = factories.course("FIRST", agencies=("IOM",))
    second = factories.course("SECOND", agencies=("IOM", "INTERPOL"))
    acting.share_out(first, {})
    acting.share_out(second, {})
    by = acting.organiser("IOM")
    one = selection_operations.invite(first, luz(), by)
    two = selection_operations.invite(second, luz(**dict.fromkeys(SECRETS, "")), by)
    assert acting.registration(one).person_id == acting.registration(two).person_id
    assert given(one) == SECRETS
    assert given(two) == dict.fromkeys(SECRETS, "")


def given(number: str) -> dict[str, str]:
    found = acting.registration(number)
    who = queries.as_given(found, reading.opened([found.person_id])[found.person_id])
    return {name: getattr(who, name) for name in SECRETS}


def test_what_others_gave_is_not_the_persons_own_record(each_app: Flask) -> None:
    course = factories.course()
    number = nominations.nominate(course, luz(), acting.focal_point("BO"))
    person_id = acting.registration(number).person_id
    assert reading.own_record(person_id).document == ""
    who = acting.person_of(number)
    details = acting.details(given_name="Luz", family_name="Ibarra", document="NEW-1", phone="1")
    person_operations.complete_details(number, details, who)
    assert reading.own_record(person_id).document == "NEW-1"
    assert given(number)["document"] == "NEW-1"


def test_a_correction_changes_the_registration_and_not_her_record(each_app: Flask) -> None:
    before = acting.at_once("BEFORE", lead="UNODC", agencies=("UNODC",))
    course = factories.course()
    acting.share_out(before, {})
    by = acting.focal_point("BO", ("judge",))
    number = nominations.nominate(course, luz(), by)
    who = acting.person_of(number)
    peru = acting.application(
        given_name="Luz", family_name="Ibarra", document="OWN-1", country="PE"
    )
    applied = applications.apply(before, peru, who)
    nominations.edit_candidate(course, number, luz(document="TYPO-2"), by)
    assert reading.own_record(who.person_id or "").document == "OWN-1"
    assert given(applied)["document"] == "OWN-1"
    assert given(number)["document"] == "TYPO-2"


@pytest.mark.parametrize("way", ["edit", "mail"])
def test_correcting_who_it_is_leaves_what_lies_beyond_alone(each_app: Flask, way: str) -> None:
    """Nobody learns that there is more, and what there is stays with the person."""
    course = factories.course()
    before = acting.at_once("BEFORE", lead="UNODC", agencies=("UNODC",))
    acting.share_out(before, {})
    by = acting.focal_point("BO", ("judge",))
    number = nominations.nominate(course, luz(), by)
    who = acting.person_of(number)
    peru = acting.application(given_name="Luz", family_name="Ibarra", country="PE")
    applied = applications.apply(before, peru, who)
    if way == "edit":
        change = luz(given_name="Eva", mail="eva@court.example")
        nominations.edit_candidate(course, number, change, by)
    else:
        address_operations.correct_mail(number, "eva@court.example", by)
    mine = acting.registration(number)
    opened = reading.opened([who.person_id or "", mine.person_id])
    assert mine.person_id != who.person_id
    assert opened[mine.person_id].mail == "eva@court.example"
    assert opened[who.person_id or ""].mail == MAIL
    assert opened[who.person_id or ""].given_name == "Luz"
    assert acting.registration(applied).person_id == who.person_id
    account = db.session.get_one(Account, who.account_id)
    assert db.session.get_one(Person, who.person_id).mail_index == account.mail_index


def test_what_she_completed_herself_is_hers_where_it_is_seen(each_app: Flask) -> None:
    course = factories.course()
    by = acting.focal_point("BO", ("judge",))
    number = nominations.nominate(course, luz(), by)
    mine = acting.details(given_name="Luz", family_name="Ibarra")
    person_operations.complete_details(number, mine, acting.person_of(number))
    with pytest.raises(DetailsTheirs):
        nominations.edit_candidate(course, number, luz(), by)
    with pytest.raises(AddressTheirs):
        address_operations.correct_mail(number, "other@court.example", by)


# one course


def test_on_one_course_a_judge_is_new_to_a_focal_point_for_police(each_app: Flask) -> None:
    course = factories.course()
    judge = nominations.nominate(course, luz(), acting.focal_point("BO", ("judge",)))
    police_only = acting.focal_point("BO", ("police",))
    police = nominations.nominate(course, luz(function="police"), police_only)
    assert acting.registration(judge).person_id != acting.registration(police).person_id
    other = luz(function="police", given_name="Eva", family_name="Nadie")
    with pytest.raises(SameMail) as question:  # about their own candidate only
        nominations.nominate(course, other, police_only)
    assert list(question.value.persons) == [police]
    with pytest.raises(AlreadyRegistered):
        nominations.nominate(course, luz(), acting.focal_point("BO"))


def test_a_person_known_here_who_stands_there_beyond_the_scope_is_new(each_app: Flask) -> None:
    """She was police on an earlier course, and is nominated as a judge by somebody else."""
    earlier, course = factories.course("EARLIER"), factories.course()
    police, everyone = acting.focal_point("BO", ("police",)), acting.focal_point("BO")
    nominations.nominate(earlier, luz(function="police"), police)
    judge = nominations.nominate(course, luz(), everyone)
    mine = nominations.nominate(course, luz(function="police"), police)
    assert acting.registration(judge).person_id != acting.registration(mine).person_id


def test_reconsidering_tells_nothing_of_another_candidature(each_app: Flask) -> None:
    course = factories.course(separate_endorsement=True)
    police = acting.focal_point("BO", ("police",))
    number = nominations.nominate(course, luz(function="police"), police)
    nominations.reject(course, [number], "left", police)
    found = acting.registration(number)
    acting.add_registration(course, found.person_id, State.CONFIRMED, "BO", "judge")
    db.session.close()
    with pytest.raises(NotYours):
        nominations.reconsider(course, [number], police)


def test_the_organiser_sees_that_two_candidates_have_one_address(client: FlaskClient) -> None:
    course = factories.course()
    judge = nominations.nominate(course, luz(), acting.focal_point("BO", ("judge",)))
    police_only = acting.focal_point("BO", ("police",))
    police = nominations.nominate(course, luz(function="police"), police_only)
    factories.sign_in(client, acting.organiser())
    text = page(client, f"/courses/BUE27/registrations/{judge}")
    assert "Maybe the same person" in text
    assert f'href="/courses/BUE27/registrations/{police}"' in text
    factories.sign_in(client, police_only)
    text = page(client, f"/courses/BUE27/nominations/{police}")
    assert judge not in text and "Maybe the same person" not in text


def test_nobody_is_told_of_the_same_address_on_another_course(
    client: FlaskClient, foreign: str, course: str
) -> None:
    shown = invite(client)
    assert "Maybe the same person" not in shown and foreign not in shown


# the roster


def test_a_trainer_with_her_name_and_mail_is_somebody_new(
    client: FlaskClient, foreign: str, course: str
) -> None:
    lead = acting.organiser("IOM")
    trainer_id = teaching.trainer(lead, name=("Luz", "Ibarra"), mail=MAIL)
    factories.sign_in(client, lead)
    assert nothing_of_her(page(client, f"/trainers/{trainer_id}"))
    db.session.close()
    trainer = db.session.get_one(Trainer, trainer_id)
    assert trainer.person_id != acting.registration(foreign).person_id


# the officer


def test_the_officer_finds_who_share_an_address(
    client: FlaskClient, foreign: str, course: str
) -> None:
    here = number_in(invite(client))
    factories.sign_in(client, factories.account(Role.DATA_PROTECTION))
    text = page(client, "/privacy/erasure")
    assert "One address, several people" not in text and foreign not in text
    assert "/privacy/erasure?shared=yes#shared" in text
    asked = page(client, "/privacy/erasure?shared=yes")
    assert "One address, several people" in asked and "there may be more" not in asked
    assert foreign in asked and here in asked and MAIL not in asked and "Ibarra" not in asked


def test_the_officer_is_told_that_no_address_is_shared_or_that_there_are_more(
    client: FlaskClient, foreign: str, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.sign_in(client, factories.account(Role.DATA_PROTECTION))
    assert "No two people use the same address." in page(client, "/privacy/erasure?shared=yes")
    invite(client)
    factories.sign_in(client, factories.account(Role.DATA_PROTECTION))
    monkeypatch.setattr(privacy_queries, "MOST_SHARED", 1)
    text = page(client, "/privacy/erasure?shared=yes")
    assert "These are the latest 1; there may be more." in text and foreign in text
