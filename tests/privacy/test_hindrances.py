"""Who can be erased, by whom, and how it is confirmed; what fails undoes all of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.privacy import somebody
from tests.privacy.somebody import FAMILY, MAIL, WORDS, Somebody, erase, person
from tests.registrations import acting
from trainings.accounts import staff_operations as doors_of_staff
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses.rules import CourseState
from trainings.print_room import operations as print_operations
from trainings.privacy import erasing_operations as privacy
from trainings.privacy import queries as privacy_queries
from trainings.privacy.models import Erasure
from trainings.privacy.rules import (
    AlreadyErased,
    NotConfirmed,
    Reason,
    StillRegistered,
    StillTeaches,
    WorksHere,
    Yourself,
)
from trainings.register.models import Certificate
from trainings.registrations.rules import State
from trainings.rosters.models import Trainer
from trainings.verification import operations as check_operations
from trainings.verification.rules import Verdict


def test_a_live_registration_stands_in_the_way(each_app: Flask) -> None:
    officer = factories.account(Role.DATA_PROTECTION)
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    number, one = acting.standing(course, State.CONFIRMED)
    with pytest.raises(StillRegistered) as refusal:
        privacy.erase(one.person_id or "", Reason.ASKED, number, officer)
    assert "BUE27" in str(refusal.value)
    acting.end(course, CourseState.CANCELLED)
    privacy.erase(one.person_id or "", Reason.ASKED, number, officer)


def test_a_trainer_of_a_course_to_come_stands_in_the_way(each_app: Flask) -> None:
    lead = factories.account(Role.ORGANISER, agency="IOM")
    officer = factories.account(Role.DATA_PROTECTION)
    trainer_id, _course = somebody.trainer(lead, state=CourseState.RUNNING)
    person_id = db.session.get_one(Trainer, trainer_id).person_id
    db.session.close()
    with pytest.raises(StillTeaches):
        privacy.erase(person_id, Reason.ASKED, FAMILY, officer)


def test_who_works_here_is_switched_off_first(each_app: Flask) -> None:
    officer = factories.account(Role.DATA_PROTECTION)
    staff = factories.account(Role.ANALYST, name=("Bea", "Muster"))
    with pytest.raises(WorksHere):
        privacy.erase(staff.person_id or "", Reason.ASKED, "Muster", officer)
    with pytest.raises(Yourself):
        privacy.erase(officer.person_id or "", Reason.ASKED, "Ejemplo", officer)
    administrator = factories.account(Role.ADMINISTRATOR)
    doors_of_staff.switch_off(staff.account_id or "", by=administrator.account_id or "")
    privacy.erase(staff.person_id or "", Reason.ASKED, "Muster", officer)
    with pytest.raises(NotFound):
        doors_of_staff.switch_on(staff.account_id or "", by=administrator.account_id or "")


def test_it_is_done_once(who: Somebody) -> None:
    erase(who)
    with pytest.raises(AlreadyErased):
        erase(who)
    assert len(db.session.scalars(select(Erasure)).all()) == 1


@pytest.mark.parametrize("typed", ["", "R-000000", "Ana", "zenobia"])
def test_it_is_confirmed_by_what_only_who_means_it_types(who: Somebody, typed: str) -> None:
    with pytest.raises(NotConfirmed):
        privacy.erase(who.person_id, Reason.ASKED, typed, who.officer)
    assert person(who.person_id).erased_at is None
    assert "person.given_name" in somebody.found(WORDS)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORGANISER, Role.ANALYST])
def test_only_the_officer_erases(who: Somebody, role: Role) -> None:
    scope = {"agency": "IOM"} if role is Role.ORGANISER else {}
    by = factories.account(role, **scope)
    with pytest.raises(NotFound):
        privacy.erase(who.person_id, Reason.ASKED, who.number, by)
    with pytest.raises(NotFound):
        privacy_queries.find(by, MAIL)


def test_a_failure_undoes_it_whole(who: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_values: object) -> None:
        raise ValueError

    before = somebody.found(WORDS)
    monkeypatch.setattr(privacy, "record", fail)
    with pytest.raises(ValueError):
        erase(who)
    assert somebody.found(WORDS) == before
    assert check_operations.by_file(who.original).verdict is Verdict.GENUINE
    row = db.session.get_one(
        Certificate, who.certificate.id, execution_options={"scope": "operation"}
    )
    assert print_operations.content(row) == who.original
