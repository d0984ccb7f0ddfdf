"""The roster, and invitations to a course: asked, answered, withdrawn."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import select

from tests import factories, teaching
from trainings.accounts import queries as accounts
from trainings.accounts.models import Account, OneTimeLink
from trainings.core import sealed
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.rules import CourseState
from trainings.mail import queries as outbox
from trainings.mail.models import OutboxMail
from trainings.people import reading
from trainings.rosters import operations, queries
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import (
    AlreadyOnRoster,
    AnswerRefused,
    CourseOver,
    IdentityTheirs,
    Invitation,
    ModuleUnknown,
    NobodyChosen,
    NothingToWithdraw,
    TrainerRetired,
)

GREETINGS = {"es": "Buen día, Ruth Choque:", "pt_BR": "Olá, Ruth Choque,"}


def organiser(agency: str = "IOM") -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency)


def trainer_viewer(trainer_id: str) -> Viewer:
    trainer = db.session.get(Trainer, trainer_id)
    assert trainer is not None
    return Viewer(account_id=trainer.account_id, person_id=trainer.person_id)


def asked(course_id: str, trainer_id: str) -> CourseTrainer:
    return db.session.scalars(
        select(CourseTrainer)
        .where(CourseTrainer.course_id == course_id, CourseTrainer.trainer_id == trainer_id)
        .execution_options(populate_existing=True)
    ).one()


def mails(event: str) -> list[OutboxMail]:
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.event == event)))


def test_added_with_an_account_of_their_own_and_sealed_notes(each_app: Flask) -> None:
    key = teaching.trainer(organiser(), name=("Ruth", "Choque"), notes="Habla quechua")
    trainer = db.session.get_one(Trainer, key)
    assert reading.opened([trainer.person_id])[trainer.person_id].name == "Ruth Choque"
    assert b"quechua" not in (trainer.notes or b"")
    assert queries.notes_of(trainer) == "Habla quechua"
    account = accounts.account(trainer.account_id)
    assert account is not None and not account.staff


def test_a_staff_account_of_the_same_name_is_theirs(app: Flask) -> None:
    staff = factories.account(
        Role.ORGANISER, agency="IOM", name=("Ada", "Ejemplo"), mail="ada@oim.example"
    )
    key = teaching.trainer(organiser(), name=("Ada", "Ejemplo"), mail="ada@oim.example")
    assert db.session.get_one(Trainer, key).account_id == staff.account_id
    with pytest.raises(IdentityTheirs):
        operations.edit_trainer(
            key,
            teaching.trainer_data(name=("Ada", "Ejemplo"), mail="mine@evil.example"),
            organiser(),
        )
    account = db.session.get_one(Account, staff.account_id)
    assert account.mail_index == sealed.blind_index("mail", "ada@oim.example")


def test_a_shared_mailbox_is_not_the_same_person(app: Flask) -> None:
    staff = factories.account(
        Role.ORGANISER, agency="IOM", name=("Ada", "Ejemplo"), mail="unit@oim.example"
    )
    key = teaching.trainer(organiser(), name=("Eva", "Otra"), mail="unit@oim.example")
    assert db.session.get_one(Trainer, key).account_id != staff.account_id


def test_the_same_trainer_is_not_added_twice(app: Flask) -> None:
    by = organiser()
    teaching.trainer(by, name=("Ruth", "Choque"), mail="ruth@oim.example")
    with pytest.raises(AlreadyOnRoster):
        teaching.trainer(by, name=("ruth", "CHOQUE"), mail="Ruth@oim.example")
    assert len(db.session.scalars(select(Trainer)).all()) == 1


def test_only_organisers_keep_the_roster(app: Flask) -> None:
    other = factories.account(Role.FOCAL_POINT, country="BO")
    key = teaching.trainer(organiser())
    for act in (
        lambda: teaching.trainer(other),
        lambda: operations.edit_trainer(key, teaching.trainer_data(), other),
        lambda: operations.retire_trainer(key, other),
        lambda: operations.bring_back(key, other),
    ):
        with pytest.raises(NotFound):
            act()
    assert queries.roster(other) == []


def test_edited_and_found_by_the_new_address(each_app: Flask) -> None:
    by = organiser()
    key = teaching.trainer(by, name=("Ruth", "Choque"), mail="ruth@oim.example")
    operations.edit_trainer(
        key,
        teaching.trainer_data(
            name=("Ruth", "Choque Ortuño"),
            mail="r.choque@oim.example",
            languages=("es", "qu"),
            city="Sucre",
        ),
        by,
    )
    trainer = db.session.get_one(Trainer, key)
    assert (trainer.station_city, trainer.languages) == ("Sucre", ["es", "qu"])
    index = sealed.blind_index("mail", "r.choque@oim.example")
    assert db.session.get_one(Account, trainer.account_id).mail_index == index
    assert reading.opened([trainer.person_id])[trainer.person_id].family_name == "Choque Ortuño"


def test_a_module_that_does_not_exist_is_refused(app: Flask) -> None:
    data = replace(teaching.trainer_data(), module_ids=("nothing",))
    with pytest.raises(ModuleUnknown):
        operations.add_trainer(data, organiser())
    assert db.session.scalars(select(Trainer)).all() == []


def test_filters_narrow_the_roster(app: Flask) -> None:
    by = organiser()
    one = teaching.trainer(by, languages=("es",))
    other = teaching.trainer(by, languages=("pt_BR", "en"), country="BR", agency="UNODC")
    gone = teaching.trainer(by)
    operations.retire_trainer(gone, by)

    def ids(**filters: object) -> set[str]:
        return {trainer.id for trainer in queries.roster(by, **filters)}  # type: ignore[arg-type]

    assert ids() == {one, other}
    assert ids(country="BR") == {other}
    assert ids(agency=factories.agency_id("UNODC")) == {other}
    assert ids(retired=True) == {gone}


def test_invited_by_mail_with_a_link_to_the_own_invitation(each_app: Flask) -> None:
    by, course = organiser(), factories.course()
    first, second = teaching.trainer(by), teaching.trainer(by, languages=("pt_BR",))
    assert operations.invite(course, [first, second], by) == 2
    assert asked(course, first).state is Invitation.INVITED
    assert sorted(mail.language for mail in mails("trainer_invited")) == ["es", "pt_BR"]
    mail = mails("trainer_invited")[0]
    body = outbox.opened(mail).body
    assert re.search(r"http://trainings\.example/\S+", body)
    assert body.startswith(GREETINGS[mail.language])
    links = {link.leads_to for link in db.session.scalars(select(OneTimeLink))}
    assert links == {f"/my/invitations/{asked(course, key).id}" for key in (first, second)}
    assert operations.invite(course, [first], by) == 0
    assert len(mails("trainer_invited")) == 2


def test_accepting_opens_the_course_and_declining_closes_it(each_app: Flask) -> None:
    by, course = organiser(), factories.course()
    key = teaching.trainer(by)
    operations.invite(course, [key], by)
    own = trainer_viewer(key)
    invitation = asked(course, key).id
    operations.answer(invitation, True, own)
    (grant,) = accounts.course_grants(course, Role.TRAINER)
    assert (grant.account_id, grant.given_by) == (own.account_id, own.account_id)
    with pytest.raises(AnswerRefused):
        operations.answer(invitation, True, own)
    operations.answer(invitation, False, own)
    assert accounts.course_grants(course, Role.TRAINER) == []
    operations.answer(invitation, True, own)
    assert len(accounts.course_grants(course, Role.TRAINER)) == 1


def test_an_invitation_to_someone_else_is_not_there(app: Flask) -> None:
    by, course = organiser(), factories.course()
    key, other = teaching.trainer(by), teaching.trainer(by)
    operations.invite(course, [key], by)
    with pytest.raises(NotFound):
        operations.answer(asked(course, key).id, True, trainer_viewer(other))
    assert asked(course, key).state is Invitation.INVITED


def test_withdrawn_and_asked_again(each_app: Flask) -> None:
    by, course = organiser(), factories.course()
    key = teaching.trainer(by)
    operations.invite(course, [key], by)
    invitation = asked(course, key).id
    operations.answer(invitation, True, trainer_viewer(key))
    operations.withdraw_invitation(invitation, by)
    assert asked(course, key).state is Invitation.WITHDRAWN
    assert accounts.course_grants(course, Role.TRAINER) == []
    (mail,) = mails("trainer_withdrawn")
    body = outbox.opened(mail).body
    assert body.startswith(GREETINGS[mail.language])
    with pytest.raises(NothingToWithdraw):
        operations.withdraw_invitation(invitation, by)
    with pytest.raises(AnswerRefused):
        operations.answer(invitation, True, trainer_viewer(key))
    assert operations.invite(course, [key], by) == 1
    assert asked(course, key).id == invitation


def test_sent_again_with_a_new_link_while_it_waits(app: Flask) -> None:
    by, course = organiser(), factories.course()
    key = teaching.trainer(by)
    operations.invite(course, [key], by)
    operations.send_again(asked(course, key).id, by)
    assert len(mails("trainer_invited")) == 2
    operations.answer(asked(course, key).id, True, trainer_viewer(key))
    with pytest.raises(AnswerRefused):
        operations.send_again(asked(course, key).id, by)


@pytest.mark.parametrize("state", [CourseState.COMPLETED, CourseState.CANCELLED])
def test_nothing_changes_when_the_course_is_over(app: Flask, state: CourseState) -> None:
    by, course = organiser(), factories.course(state=state)
    with pytest.raises(CourseOver):
        operations.invite(course, [teaching.trainer(by)], by)


def test_nobody_and_retired_trainers_are_not_invited(app: Flask) -> None:
    by, course = organiser(), factories.course()
    with pytest.raises(NobodyChosen):
        operations.invite(course, [], by)
    key, other = teaching.trainer(by), teaching.trainer(by)
    operations.retire_trainer(key, by)
    with pytest.raises(TrainerRetired):
        operations.invite(course, [key, other], by)
    assert mails("trainer_invited") == []


def test_a_course_of_other_agencies_is_out_of_reach(app: Flask) -> None:
    by = organiser()
    course = factories.course(lead="INTERPOL", agencies=("INTERPOL",))
    key = teaching.trainer(by)
    with pytest.raises(NotFound):
        operations.invite(course, [key], by)
    theirs = organiser("INTERPOL")
    operations.invite(course, [key], theirs)
    with pytest.raises(NotFound):
        operations.withdraw_invitation(asked(course, key).id, by)
    given, more = queries.courses_given(by, key)
    assert (list(given), more) == ([], 1)


@pytest.mark.parametrize("accepted", [True, False])
def test_another_course_is_not_opened_by_giving_its_trainer_another_address(
    each_app: Flask, accepted: bool
) -> None:
    by = organiser()
    theirs = factories.course("THEIRS", lead="INTERPOL", agencies=("INTERPOL",))
    key = teaching.trainer(by, name=("Ruth", "Choque"), mail="ruth@oim.example")
    asked = teaching.course_trainer(
        theirs, key, factories.account(Role.ORGANISER, agency="INTERPOL")
    )
    if accepted:
        teaching.answered(asked)
    moved = teaching.trainer_data(name=("Ruth", "Choque"), mail="mine@evil.example", city="Oruro")
    with pytest.raises(IdentityTheirs):
        operations.edit_trainer(key, moved, by)
    operations.edit_trainer(key, moved, factories.account(Role.ORGANISER, agency="INTERPOL"))
    assert db.session.get_one(Trainer, key).station_city == "Oruro"


def test_with_the_address_the_old_way_in_ends(app: Flask, client: FlaskClient) -> None:
    by = organiser()
    key = teaching.trainer(by, name=("Ruth", "Choque"), mail="ruth@oim.example")
    trainer = db.session.get_one(Trainer, key)
    who = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
    token = factories.link(who)
    factories.sign_in(client, who)
    data = teaching.trainer_data(name=("Ruth", "Choque"), mail="r.choque@oim.example")
    operations.edit_trainer(key, data, by)
    assert client.get("/profile").status_code == 303
    assert client.get(f"/sign-in/link/{token}").status_code == 410
