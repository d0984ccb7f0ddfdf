"""Who may apply: nominees, holders of a link's key, in time; others see nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page, send
from tests.participants.applying import ANSWERS, HERE, answer_all, count
from tests.registrations import acting
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState, Visibility
from trainings.people import queries as people
from trainings.people.models import Person
from trainings.people.writes import change_identity
from trainings.questions.usual_rules import Usual
from trainings.questions.writes import add_question, usual_asking
from trainings.registrations.models import Draft, Registration
from trainings.registrations.rules import State


@pytest.fixture
def course(client: FlaskClient) -> str:
    made = factories.course("PUB27", visibility=Visibility.PUBLIC)
    acting.share_out(made, {("BO", "judge"): 2})
    return made


@pytest.fixture
def applicant(client: FlaskClient, course: str) -> Viewer:
    """Somebody who followed a mailed link: signed in, nothing known but the address."""
    made = factories.account(name=("", ""), mail="nusta@court.example")
    factories.sign_in(client, made)
    return made


# who was nominated


@pytest.fixture
def nominee(client: FlaskClient) -> tuple[str, Viewer]:
    course_id = factories.course("PUB27")
    acting.share_out(course_id, {("BO", "judge"): 2})
    number, person = acting.standing(course_id, State.NOMINATED)
    factories.sign_in(client, person)
    return number, person


def test_who_was_nominated_checks_and_completes(
    client: FlaskClient, nominee: tuple[str, Viewer]
) -> None:
    number, _person = nominee
    assert "Complete my details" in page(client, "/")
    assert client.get(f"{HERE}/resume").location == f"{HERE}/identity"
    first = page(client, f"{HERE}/identity")
    assert 'value="Rosa"' in first
    assert "Your national focal point nominated you" in first
    assert "Step 1 of 5" in first
    for step in ("function", "country"):
        page(client, f"{HERE}/{step}", 404)
    for step in ("identity", "work", "needs", "notice"):
        send(client, f"{HERE}/{step}", **ANSWERS[step])
    sent = send(client, f"{HERE}/check")
    assert "We have received your details" in page(client, sent)
    assert acting.registration(number).complete


def test_what_was_sent_can_be_changed_and_taken_back(
    client: FlaskClient, nominee: tuple[str, Viewer]
) -> None:
    number, person = nominee
    for step in ("identity", "work", "needs", "notice"):
        send(client, f"{HERE}/{step}", **ANSWERS[step])
    send(client, f"{HERE}/check")
    assert set(people.consents(person.person_id or "")) == {"notice"}
    assert client.get(f"{HERE}/check").location == f"/my/registrations/{number}"
    assert f"{HERE}/work?then=check" in page(client, f"/my/registrations/{number}")
    assert send(client, f"{HERE}/work?then=check", unit="Corte", phone="") == f"{HERE}/check"
    assert "Continue changing my details" in page(client, f"/my/registrations/{number}")
    assert "have not sent it yet" not in page(client, "/"), "it stands with the registration"
    send(client, f"{HERE}/notice?then=check", notice="y")
    assert send(client, f"{HERE}/check") == f"/my/registrations/{number}"
    shown = page(client, f"/my/registrations/{number}")
    assert "Your details have been changed." in shown
    assert "Corte" in shown
    db.session.close()
    assert set(people.consents(person.person_id or "")) == {"notice"}


# what is hidden, what is over


def test_a_course_by_nomination_hides_like_a_missing_one(client: FlaskClient) -> None:
    factories.course("HID27")
    for method in ("get", "post"):
        hidden = getattr(client, method)("/courses/HID27/apply")
        missing = getattr(client, method)("/courses/NONE27/apply")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.data == missing.data


def test_by_link_only_with_its_key(client: FlaskClient) -> None:
    course_id = factories.course("LNK27", visibility=Visibility.BY_LINK)
    key = db.session.get_one(Course, course_id).link_key
    db.session.close()
    here = "/courses/LNK27/apply"
    page(client, here, 404)
    page(client, f"{here}?key={new_key()}", 404)
    assert "Your email address" in page(client, f"{here}?key={key}")
    send(client, f"{here}?key={key}", mail="new@court.example")
    factories.sign_in(client, factories.account(name=("", "")))
    page(client, f"{here}/function", 404)
    page(client, f"{here}/resume", 404)
    onward = send(client, f"{here}/function?key={key}", function="judge")
    assert onward == f"{here}/country?key={key}", "the key is carried along"
    page(client, f"{here}/country")  # who has a draft is let in again without it


@pytest.mark.parametrize("path", ["", "/resume", "/function", "/check"])
def test_too_late_is_said_on_the_page_of_the_course(
    client: FlaskClient, applicant: Viewer, course: str, path: str
) -> None:
    acting.end(course, CourseState.REGISTRATION_CLOSED)
    if path == "":
        client.delete_cookie("session_id")
    answer = client.get(f"{HERE}{path}")
    assert (answer.status_code, answer.location) == (303, "/courses/PUB27")
    assert "Registration for this course has closed." in page(client, "/courses/PUB27")


def test_too_late_while_writing_keeps_the_answers(
    client: FlaskClient, applicant: Viewer, course: str
) -> None:
    answer_all(client)
    acting.end(course, CourseState.REGISTRATION_CLOSED)
    assert send(client, f"{HERE}/check") == "/courses/PUB27"
    assert (count(Registration), count(Draft)) == (0, 1)


def test_somebody_elses_number_is_as_if_it_were_not(client: FlaskClient, applicant: Viewer) -> None:
    other, _person = acting.standing(factories.course("OTH27"), State.ENDORSED)
    hidden = client.get(f"{HERE}/sent/{other}")
    missing = client.get(f"{HERE}/sent/R-NOBODY")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.data == missing.data


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, course: str) -> None:
    for path in ("resume", "function", "check", "later", "sent/R-X"):
        assert (client.get(f"{HERE}/{path}").location or "").startswith("/sign-in/link?next="), path


def test_pages_cost_the_same_however_many_apply(
    client: FlaskClient, applicant: Viewer, course: str, statements: list[str]
) -> None:
    answer_all(client)
    paths = [f"{HERE}/{step}" for step in (*ANSWERS, "check")]

    def costs() -> list[int]:
        found = []
        for path in paths:
            page(client, path)
            statements.clear()
            page(client, path)
            found.append(len(statements))
        return found

    before = costs()
    for _each in range(6):
        acting.standing(course, State.ENDORSED)
    assert costs() == before
    assert max(before) <= 10, before


# who applies again


@pytest.fixture
def again(client: FlaskClient, course: str) -> Viewer:
    """Somebody who was on a course before, and begins an application to another."""
    before = factories.course("OLD25")
    acting.share_out(before, {("BO", "judge"): 1})
    _number, person = acting.standing(before, State.ATTENDED)
    with transaction() as session:
        known = session.get_one(Person, person.person_id, execution_options={"scope": "operation"})
        change_identity(known, unit="Tribunal 3", phone="+591 2 2123456", document="XX-9")
        known.sex = "F"
    factories.sign_in(client, person)
    return person


@pytest.mark.usefixtures("again")
def test_who_applies_again_finds_what_they_said_last_time(client: FlaskClient) -> None:
    note = "We have filled in what you told us last time"
    pages = {step: page(client, f"{HERE}/{step}") for step in ANSWERS}
    offered = [step for step, body in pages.items() if note in body]
    assert offered == ["function", "country", "identity", "work"]
    assert 'value="Tribunal 3"' in pages["work"] and 'value="XX-9"' in pages["identity"]
    assert client.get(f"{HERE}/resume").location == f"{HERE}/function", "every page is looked at"
    send(client, f"{HERE}/work", unit="Tribunal 4", phone="")
    assert note not in page(client, f"{HERE}/work"), "what was checked is one's own answer now"
    assert note in page(client, f"{HERE}/identity"), "what was not is still offered"


@pytest.mark.usefixtures("again")
def test_what_a_course_does_not_ask_or_invite_is_not_offered(
    client: FlaskClient, course: str
) -> None:
    with transaction() as session:
        add_question(session, course, usual_asking(Usual.PASSPORT), 1, Usual.PASSPORT)
        row = session.get_one(Course, course, execution_options={"scope": "operation"})
        row.countries, row.functions = ["PY"], ["prosecutor"]
    for step in ("function", "country"):
        assert "last time" not in page(client, f"{HERE}/{step}")
    answer_all(client, function={"function": "prosecutor"}, country={"country": "PY"})
    assert "XX-9" not in page(client, f"{HERE}/check")
