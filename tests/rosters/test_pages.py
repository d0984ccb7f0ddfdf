"""The pages of the roster and of a course's trainers, through the client."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests import factories, teaching
from trainings.accounts import queries as accounts
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.mail.models import OutboxMail
from trainings.people.models import IdentityRead
from trainings.rosters import operations, queries
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation


@pytest.fixture
def by(app: Flask, client: FlaskClient) -> Viewer:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    factories.sign_in(client, viewer)
    return viewer


def typed(**changes: object) -> dict[str, object]:
    return {
        "given_name": "Ruth",
        "family_name": "Choque",
        "mail": "ruth@oim.example",
        "agency_id": factories.agency_id(),
        "station_city": "La Paz",
        "station_country": "BO",
        "languages": ["es", "qu"],
        "notes": "Habla quechua",
        **changes,
    }


def answer_of(key: str) -> Invitation:
    db.session.close()
    return db.session.get_one(CourseTrainer, key).state


def test_added_seen_edited_retired(client: FlaskClient, by: Viewer) -> None:
    module = teaching.module()
    sent = client.post("/trainers/new", data=typed(module_ids=[module]))
    assert sent.status_code == 303
    page = client.get(sent.location).text
    for shown in ("Ruth Choque", "La Paz", "Quechua", "Module investigation", "Habla quechua"):
        assert shown in page
    key = sent.location.rsplit("/", 1)[1]
    assert 'value="ruth@oim.example"' in client.get(f"/trainers/{key}/edit").text
    done = client.post(f"/trainers/{key}/edit", data=typed(station_city="Sucre"))
    assert done.status_code == 303
    listed = client.get("/trainers").text
    assert "Sucre" in listed and "Choque, Ruth" in listed
    assert client.get(f"/trainers/{key}/retire").status_code == 200
    client.post(f"/trainers/{key}/retire")
    assert "Choque, Ruth" not in client.get("/trainers").text
    assert "Choque, Ruth" in client.get("/trainers?retired=yes").text
    client.post(f"/trainers/{key}/bring-back")
    assert "Choque, Ruth" in client.get("/trainers").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given_name": "", "family_name": ""}, "Enter the name."),
        ({"mail": "ruth"}, "Enter the full email address, such as name@example.org."),
        ({"mail": ""}, "Enter an email address."),
        ({"languages": []}, "Choose at least one language"),
        ({"station_city": ""}, "Enter the city."),
        ({"station_country": ""}, "Choose the country."),
        ({"agency_id": ""}, "Choose the agency."),
        ({"notes": "a\u202eb"}, "hidden character"),
    ],
)
def test_refused_in_words_and_nothing_lost(
    client: FlaskClient, by: Viewer, changes: dict[str, object], sentence: str
) -> None:
    page = client.post("/trainers/new", data=typed(**changes))
    assert page.status_code == 200
    assert sentence in page.text
    assert 'value="Ruth"' in page.text or changes.get("given_name") == ""
    assert db.session.scalars(select(Trainer)).all() == []


def test_one_name_alone_is_a_whole_name(client: FlaskClient, by: Viewer) -> None:
    sent = client.post("/trainers/new", data=typed(given_name="", family_name="Suharto"))
    assert sent.status_code == 303


def test_the_same_trainer_again_is_refused_at_the_mail(client: FlaskClient, by: Viewer) -> None:
    client.post("/trainers/new", data=typed())
    page = client.post("/trainers/new", data=typed(station_city="Sucre"))
    assert (
        "There is already a trainer with this name and email address" in page.text
        and "Sucre" in page.text
    )


def test_sent_twice_by_a_second_click_adds_one(client: FlaskClient, by: Viewer) -> None:
    for _ in range(2):
        client.post("/trainers/new", data=typed(form_token="once"))
    assert len(db.session.scalars(select(Trainer)).all()) == 1


def test_invited_several_at_once_and_withdrawn(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    keys = [teaching.trainer(by, name=("T", f"Rojas{number}")) for number in range(3)]
    page = client.get("/courses/BUE27/trainers/invite").text
    assert all(f"Rojas{number}" in page for number in range(3))
    sent = client.post("/courses/BUE27/trainers/invite", data={"trainers": keys[:2]})
    assert sent.location == "/courses/BUE27/trainers"
    listed = client.get(sent.location).text
    assert listed.count("Send again") == 2 and "Rojas2" not in listed
    left = client.get("/courses/BUE27/trainers/invite").text
    assert "Rojas2" in left and "Rojas0" not in left
    key = queries.course_trainers(course)[0].id
    assert client.post(f"/courses/BUE27/trainers/{key}/send").status_code == 303
    asked = client.get(f"/courses/BUE27/trainers/{key}/withdraw").text
    assert "is told by email" in asked
    assert "Rojas" not in asked.partition("</title>")[0]  # no name in a browser's history
    assert answer_of(key) is Invitation.INVITED
    client.post(f"/courses/BUE27/trainers/{key}/withdraw")
    assert answer_of(key) is Invitation.WITHDRAWN
    page = client.post(f"/courses/BUE27/trainers/{key}/withdraw")
    assert "nothing to withdraw" in page.text


def test_an_invitation_that_came_back_is_shown_until_it_is_sent_again(
    client: FlaskClient, by: Viewer
) -> None:
    course = factories.course()
    trainer = teaching.trainer(by)
    key = teaching.course_trainer(course, trainer, by)
    assert "Email bounced: correct the address" not in client.get("/courses/BUE27/trainers").text
    with transaction() as session:
        session.execute(update(OutboxMail).values(state="bounced"))
    page = client.get("/courses/BUE27/trainers").text
    assert "Email bounced: correct the address" in page and f"/trainers/{trainer}/edit" in page
    with clock.shifted(timedelta(minutes=1)):
        client.post(f"/courses/BUE27/trainers/{key}/send")
    assert "Email bounced: correct the address" not in client.get("/courses/BUE27/trainers").text


def test_inviting_nobody_says_so(client: FlaskClient, by: Viewer) -> None:
    factories.course()
    teaching.trainer(by)
    page = client.post("/courses/BUE27/trainers/invite")
    assert page.status_code == 200 and "Choose at least one trainer" in page.text


def test_the_invited_answer_and_nobody_else(client: FlaskClient, by: Viewer) -> None:
    course = factories.course()
    key = teaching.course_trainer(course, teaching.trainer(by), by)
    page = f"/my/invitations/{key}"
    assert client.get(page).status_code == 404, "an organiser is not the invited one"
    trainer = queries.course_trainers(course)[0].trainer
    own = Viewer(account_id=trainer.account_id, person_id=trainer.person_id)
    db.session.close()
    factories.sign_in(client, own)
    shown = client.get(page).text
    assert "Accept invitation" in shown and "Decline" in shown
    assert "Course for investigators" in shown
    client.post(page, data={"answer": "accept"})
    assert answer_of(key) is Invitation.ACCEPTED
    assert len(accounts.course_grants(course, Role.TRAINER)) == 1
    after = client.get(page)
    assert after.status_code == 200, "still signed in"
    assert "You are teaching on this course" in after.text
    client.post(page, data={"answer": "decline"})
    assert client.get(page).status_code == 200, "still signed in"
    assert answer_of(key) is Invitation.DECLINED
    assert accounts.course_grants(course, Role.TRAINER) == []


@pytest.mark.parametrize(
    ("role", "scope"), [(Role.FOCAL_POINT, {"country": "BO"}), (Role.ADMINISTRATOR, {}), (None, {})]
)
def test_the_roster_is_for_organisers(
    app: Flask, client: FlaskClient, role: Role | None, scope: dict[str, str]
) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    key = teaching.trainer(by)
    asked = teaching.course_trainer(factories.course(), key, by)
    factories.sign_in(client, factories.account(role, **scope))
    for path in (
        "/trainers",
        "/trainers/new",
        f"/trainers/{key}",
        f"/trainers/{key}/edit",
        f"/trainers/{key}/retire",
        "/courses/BUE27/trainers",
        "/courses/BUE27/trainers/invite",
        f"/courses/BUE27/trainers/{asked}/withdraw",
        f"/my/invitations/{asked}",
    ):
        assert client.get(path).status_code == 404, path


def test_contact_and_retiring_are_for_their_agency_and_for_who_invited_them(
    client: FlaskClient, by: Viewer
) -> None:
    """Every organiser may find a trainer; their address and their place on the roster are not
    every organiser's."""
    trainer_id = teaching.trainer(by, mail="ruth@trainer.example", notes="Prefers mornings")
    other = factories.account(Role.ORGANISER, agency="INTERPOL")
    factories.sign_in(client, other)
    acts = ("edit", "retire")
    page = client.get(f"/trainers/{trainer_id}")
    assert page.status_code == 200 and "Choque" in page.text
    for told in ("ruth@trainer.example", "Prefers mornings", "/edit", "/retire"):
        assert told not in page.text
    for act in acts:
        assert client.get(f"/trainers/{trainer_id}/{act}").status_code == 404
        assert client.post(f"/trainers/{trainer_id}/{act}").status_code == 404
    assert client.post(f"/trainers/{trainer_id}/bring-back").status_code == 404
    for act in (operations.retire_trainer, operations.bring_back):
        with pytest.raises(NotFound):
            act(trainer_id, by=other)
    with pytest.raises(NotFound):
        operations.edit_trainer(trainer_id, teaching.trainer_data(), by=other)

    course_id = factories.course("INT27", lead="INTERPOL", agencies=("INTERPOL",))
    teaching.course_trainer(course_id, trainer_id, other)
    page = client.get(f"/trainers/{trainer_id}")
    assert "ruth@trainer.example" in page.text and "Prefers mornings" in page.text
    for act in acts:
        assert client.get(f"/trainers/{trainer_id}/{act}").status_code == 200


def test_another_course_and_a_course_of_others_are_not_there(
    client: FlaskClient, by: Viewer
) -> None:
    theirs = factories.account(Role.ORGANISER, agency="INTERPOL")
    hidden = factories.course("HID27", lead="INTERPOL", agencies=("INTERPOL",))
    key = teaching.course_trainer(hidden, teaching.trainer(by), theirs)
    factories.course()
    for path in ("trainers", "trainers/invite", f"trainers/{key}/withdraw"):
        assert client.get(f"/courses/HID27/{path}").status_code == 404
    assert client.get(f"/courses/BUE27/trainers/{key}/withdraw").status_code == 404
    assert client.post(f"/courses/BUE27/trainers/{key}/send").status_code == 404


def test_names_are_logged_and_statements_do_not_grow(
    client: FlaskClient, by: Viewer, statements: list[str]
) -> None:
    counts = []
    for number in (1, 6):
        for _ in range(number):
            teaching.trainer(by)
        statements.clear()
        assert client.get("/trainers").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 9, statements
    db.session.close()
    looks = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "roster")).all()
    assert len(looks) == 2 and {look.by for look in looks} == {by.account_id}
