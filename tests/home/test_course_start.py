"""The start page of those who teach and of those who take part: today, and the next step."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests import factories, teaching
from tests.asking import page
from tests.home.pages import inside, sign_in
from tests.registrations import acting
from trainings.accounts.models import AccountGrant
from trainings.agenda import operations as agenda
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.rules import CourseState
from trainings.registrations.rules import State
from trainings.rosters.models import Trainer

OVER = CourseState.COMPLETED


def _teaching_today(client: FlaskClient) -> tuple[str, Viewer]:
    """A course that runs today, in UTC, with one session; its trainer is signed in."""
    course = factories.course(
        "NOW27", state=CourseState.RUNNING, starts_in=0, zone="UTC", titles={"en": "Running"}
    )
    lead = factories.account(Role.ORGANISER, agency="IOM")
    module = teaching.module()
    teaching.teach(course, module)
    agenda.add_session(course, teaching.slot(course, module_id=module), lead)
    teaching.publish(course, lead)
    trainer = sign_in(client, Role.TRAINER, course_id=course)
    return course, trainer


def test_a_trainer_is_led_to_todays_session(client: FlaskClient) -> None:
    _course, _trainer = _teaching_today(client)
    shown = inside(page(client))
    assert "Today" in shown
    assert "Session at 09:00" in shown
    way = re.search(r'href="(/courses/NOW27/attendance/[^"]+)"', shown)
    assert way, "the session leads to its attendance"
    assert client.get(way[1]).status_code == 200
    assert "Take attendance" in shown


@pytest.mark.parametrize(
    ("state", "act", "path"),
    [
        (CourseState.PUBLISHED, "My sessions", "/desk"),
        (CourseState.RUNNING, "Take attendance", "/attendance"),
        (CourseState.COMPLETED, "Print certificates", "/certificates"),
    ],
)
def test_a_trainers_first_act_fits_the_state(
    client: FlaskClient, state: CourseState, act: str, path: str
) -> None:
    course = factories.course("BUE27", state=state)
    sign_in(client, Role.TRAINER, course_id=course)
    shown = inside(page(client))
    assert re.search(rf'btn-primary" href="/courses/BUE27{path}">{act}<', shown)
    assert client.get(f"/courses/BUE27{path}").status_code == 200


def test_a_trainers_own_sessions_are_marked(client: FlaskClient) -> None:
    course, _other = _teaching_today(client)
    lead = factories.account(Role.ORGANISER, agency="IOM")
    trainer_id = teaching.trainer(lead)
    invited = teaching.course_trainer(course, trainer_id, lead)
    agenda.add_session(course, teaching.slot(course, "14:00", "15:00", trainers=(invited,)), lead)
    teaching.publish(course, lead)
    trainer = db.session.get_one(Trainer, trainer_id)
    viewer = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
    db.session.close()
    _teach(viewer, course)
    factories.sign_in(client, viewer)
    for path in ("/", "/courses/NOW27/desk"):
        shown = inside(page(client, path))
        slots = re.findall(r"<li>\s*<span>(\d\d:00)</span>(.*?)</li>", shown, re.DOTALL)
        marked = {time for time, rest in slots if ">Yours<" in rest}
        assert len(slots) == 2 and marked == {"14:00"}, path


def test_a_trainers_courses_ahead_come_before_those_that_are_over(client: FlaskClient) -> None:
    trainer = factories.account(Role.TRAINER, course_id=factories.course("OLD00", state=OVER))
    due = factories.course("DUE00", state=OVER, starts_in=-300, titles={"en": "Certificates due"})
    acting.standing(due, State.ATTENDED)
    for number in range(7):
        made = factories.course(f"OVR0{number}", state=OVER, starts_in=-100)
        _teach(trainer, made)
    _teach(trainer, due)
    _teach(trainer, factories.course("NEXT1", starts_in=40))
    _teach(trainer, factories.course("NEXT0", starts_in=20))
    factories.sign_in(client, trainer)
    shown = inside(page(client))
    order = list(dict.fromkeys(re.findall(r"/courses/([A-Z]+\d+)/agenda", shown)))
    assert order[:3] == ["NEXT0", "NEXT1", "DUE00"] and len(order) == 6


def _teach(trainer: Viewer, course_id: str) -> None:
    with transaction() as session:
        session.add(
            AccountGrant(
                account_id=trainer.account_id or "",
                role=str(Role.TRAINER),
                course_id=course_id,
                given_at=clock.now(),
            )
        )


def test_an_invitation_to_teach_waits_for_an_answer(client: FlaskClient) -> None:
    course = factories.course("BUE27", titles={"en": "Buenos Aires"})
    lead = factories.account(Role.ORGANISER, agency="IOM")
    trainer_id = teaching.trainer(lead)
    teaching.course_trainer(course, trainer_id, lead)
    trainer = db.session.get_one(Trainer, trainer_id)
    viewer = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
    db.session.close()
    factories.sign_in(client, viewer)
    shown = inside(page(client))
    assert "Invitations to teach" in shown
    way = re.search(r'href="(/my/invitations/[^"]+)"', shown)
    assert way
    assert client.get(way[1]).status_code == 200


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.NOMINATED, "Complete my details"),
        (State.OFFERED, "Reply to the offer"),
        (State.ATTENDED, "My certificates"),
        (State.WITHDRAWN, "See current status"),
    ],
)
def test_a_participant_is_told_the_next_step(client: FlaskClient, state: State, act: str) -> None:
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    _number, person = acting.standing(course, state)
    factories.sign_in(client, person)
    shown = inside(page(client))
    assert act in shown
    assert "Nothing to do at the moment" not in shown


def test_an_offer_stands_first_with_its_deadline_and_zone(client: FlaskClient) -> None:
    first = factories.course("ONE27", titles={"en": "Older"})
    acting.share_out(first, {("BO", "judge"): 2})
    until = datetime(2099, 3, 5, 2, 59, tzinfo=UTC)
    _number, person = acting.standing(first, State.OFFERED, offered_until=until)
    later = factories.course("TWO27", titles={"en": "Newer"})
    acting.add_registration(later, person.person_id or "", State.ENDORSED, "BO", "judge")
    factories.sign_in(client, person)
    shown = inside(page(client))
    assert shown.index("Older") < shown.index("Newer")
    assert "4 March 2099 at 23:59, Buenos Aires time" in shown


def test_a_participant_sees_todays_sessions_once_confirmed(client: FlaskClient) -> None:
    course, _trainer = _teaching_today(client)
    acting.share_out(course, {("BO", "judge"): 2})
    _number, person = acting.standing(course, State.CONFIRMED)
    factories.sign_in(client, person)
    shown = inside(page(client))
    assert "Session at 09:00" in shown
    assert 'href="/courses/NOW27/agenda"' in shown
    assert "/attendance/" not in shown
    _other, outside = acting.standing(course, State.ENDORSED)
    factories.sign_in(client, outside)
    assert "Session at 09:00" not in page(client)
