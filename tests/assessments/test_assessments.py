"""A trainer's path: who says how far they are, what counts, and who reads it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories, teaching
from trainings.agenda import operations as agenda
from trainings.assessments import operations, queries, rules
from trainings.assessments.models import Assessment
from trainings.assessments.rules import Assessed, Found
from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Role, Viewer
from trainings.duplicates import operations as duplicates
from trainings.duplicates import queries as duplicate_queries
from trainings.duplicates.rules import Chosen, From
from trainings.privacy import erasing_operations
from trainings.privacy.rules import Reason
from trainings.rosters.models import Trainer
from trainings.rosters.rules import ModuleUnknown, TrainerRole

LEAD, CO, OBSERVER = TrainerRole
DAY = date(2026, 11, 3)


class Case:
    """A trainer of IOM, a module, and an organiser of IOM."""

    def __init__(self) -> None:
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.module = teaching.module()
        self.trainer = teaching.trainer(self.by)

    @property
    def ruth(self) -> Viewer:
        row = db.session.get_one(Trainer, self.trainer)
        return Viewer(account_id=row.account_id, person_id=row.person_id)

    def assess(self, role: TrainerRole, day: date = DAY, remark: str = "") -> str:
        return operations.assess(self.trainer, Found(self.module, role, day, remark), self.by)


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def test_the_last_assessment_of_a_module_counts() -> None:
    def one(key: str, module: str, role: TrainerRole, day: int) -> Assessed:
        return Assessed(key, module, role, date(2026, 5, day), None, "")

    found = [one("a", "m", CO, 2), one("b", "m", OBSERVER, 1), one("c", "n", LEAD, 1)]
    assert {key: each.id for key, each in rules.counts(found).items()} == {"m": "a", "n": "c"}
    same_day = [one("a", "m", OBSERVER, 2), one("b", "m", CO, 2)]
    assert rules.counts(same_day)["m"].id == "b"
    steps = rules.path({("m", OBSERVER): 2, ("o", LEAD): 1}, found)
    assert {key: (step.in_role(OBSERVER), step.in_role(LEAD)) for key, step in steps.items()} == {
        "m": (2, 0),
        "o": (0, 1),
        "n": (0, 0),
    }


@pytest.mark.parametrize(
    ("role", "assessed", "more"),
    [
        (LEAD, CO, True),
        (CO, OBSERVER, True),
        (LEAD, LEAD, False),
        (OBSERVER, LEAD, False),
        (CO, CO, False),
        (LEAD, None, False),
    ],
)
def test_more_than_what_somebody_was_assessed_for(
    role: TrainerRole, assessed: TrainerRole | None, more: bool
) -> None:
    assert rules.beyond(role, assessed) is more


def test_it_says_who_assessed_and_when_and_counts_in_the_timetable(each_app: Flask) -> None:
    case = Case()
    case.assess(OBSERVER)
    case.assess(CO, DAY + timedelta(9))
    found = queries.of_trainer(case.trainer)
    assert [(one.role, one.assessed_on.day, one.account_id) for one in found] == [
        (OBSERVER, 3, case.by.account_id),
        (CO, 12, case.by.account_id),
    ]
    assert queries.roles_of([case.trainer]) == {case.trainer: {case.module: CO}}


def test_a_remark_is_sealed_and_read_by_whom_it_concerns(case: Case, client: FlaskClient) -> None:
    case.assess(CO, remark="Clear, and calm with judges")
    assert b"calm with judges" not in (db.session.scalars(select(Assessment.remark)).one() or b"")
    page = f"/trainers/{case.trainer}/path"
    factories.sign_in(client, case.by)
    assert "calm with judges" in client.get(page).text
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="UNODC"))
    shown = client.get(page).text.split("<main")[1]
    assert "Co-trainer" in shown and "calm with judges" not in shown
    assert "assessed_on" not in shown
    factories.sign_in(client, case.ruth)
    assert "calm with judges" in client.get("/my/service").text
    assert client.get(page).status_code == 404


def test_what_is_refused(case: Case) -> None:
    colleague = factories.account(Role.ORGANISER, agency="UNODC")
    refused: list[tuple[Found, Viewer, type[Exception]]] = [
        (Found(case.module, CO, DAY), colleague, NotFound),
        (Found(case.module, CO, DAY), case.ruth, NotFound),
        (Found("nothing", CO, DAY), case.by, ModuleUnknown),
        (Found(case.module, CO, clock.now().date() + timedelta(2)), case.by, rules.NotYet),
    ]
    for found, by, refusal in refused:
        with pytest.raises(refusal):
            operations.assess(case.trainer, found, by)
    with pytest.raises(NotFound):
        operations.take_back(case.trainer, case.assess(CO), colleague)
    other = teaching.trainer(case.by, name=("Luis", "Paz"))
    with pytest.raises(NotFound):
        operations.take_back(other, queries.of_trainer(case.trainer)[0].id, case.by)
    assert len(queries.of_trainer(case.trainer)) == 1


def test_nobody_assesses_themselves(case: Case) -> None:
    row = db.session.get_one(Trainer, case.trainer)
    row.account_id = case.by.account_id or ""
    db.session.commit()
    with pytest.raises(rules.NotOneself) as refused:
        case.assess(LEAD)
    assert isinstance(refused.value, Refusal)


def test_typed_and_taken_back(case: Case, client: FlaskClient) -> None:
    factories.sign_in(client, case.by)
    page = f"/trainers/{case.trainer}/path"
    typed = {"module_id": case.module, "role": "co", "assessed_on": "2026-11-03", "remark": "Good"}
    wrong = client.post(page, data={**typed, "assessed_on": "2199-01-01"})
    assert "cannot be in the future" in wrong.text and "Good</textarea>" in wrong.text
    assert client.post(page, data=typed).status_code == 303
    shown = client.get(page).text
    assert "Co-trainer" in shown and "3 November 2026" in shown and "Good" in shown
    (one,) = queries.of_trainer(case.trainer)
    removal = f"{page}/{one.id}/remove"
    assert "Take this assessment back?" in client.get(removal).text
    assert client.post(removal).status_code == 303
    assert "Nobody has assessed this trainer yet." in client.get(page).text


def test_sessions_that_are_over_stand_beside_it(case: Case, client: FlaskClient) -> None:
    course = factories.course()
    teaching.teach(course, case.module)
    asked = teaching.course_trainer(course, case.trainer, case.by)
    for number, role in enumerate(("observers", "observers", "co_trainers")):
        start, end = (f"{9 + number:02}:{minute}" for minute in ("00", "45"))
        data = teaching.slot(course, start, end, module_id=case.module, **{role: (asked,)})
        agenda.add_session(course, data, case.by)
    later = teaching.slot(course, module_id=case.module, trainers=(asked,), day=3)
    agenda.add_session(course, later, case.by)
    factories.sign_in(client, case.by)
    with counting.statements() as before:
        client.get(f"/trainers/{case.trainer}/path")
    day = teaching.session_day(course)
    with clock.shifted(day - clock.now().date() + timedelta(1)):
        step = queries.path_of(case.trainer, [])[case.module]
        assert {role: step.in_role(role) for role in TrainerRole} == {OBSERVER: 2, CO: 1, LEAD: 0}
    for number in range(4):
        case.assess(CO, DAY + timedelta(number))
    with counting.statements() as after:
        client.get(f"/trainers/{case.trainer}/path")
    assert len(after) <= len(before) + 3, "\n".join(after)  # who assessed, and that it was read


def test_two_entries_that_become_one_keep_all_assessments(case: Case) -> None:
    case.assess(OBSERVER)
    other = teaching.trainer(case.by, name=("Ruth", "Choque"))
    operations.assess(other, Found(case.module, CO, DAY + timedelta(1)), case.by)
    first, second = duplicate_queries.two(case.by, case.trainer, other)
    chosen = Chosen(From.SECOND, {})
    duplicates.merge(case.trainer, other, chosen, duplicate_queries.stamp(first, second), case.by)
    assert [one.role for one in queries.of_trainer(other)] == [OBSERVER, CO]


def test_erasing_a_trainer_forgets_how_they_were_assessed(case: Case) -> None:
    case.assess(LEAD, remark="Very good")
    officer = factories.account(Role.DATA_PROTECTION)
    erasing_operations.erase(case.ruth.person_id or "", Reason.ASKED, "Choque", officer)
    assert db.session.scalars(select(Assessment.id)).all() == []
