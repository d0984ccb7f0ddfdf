"""The pages: the organiser's, who takes part, everybody's of a programme, and the mailed link."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories
from tests.forms_in_pages import form_with
from tests.networks import asking
from tests.networks.asking import GROUPS, said
from tests.registrations import acting
from trainings.accounts.models import Account
from trainings.core.db import db, transaction
from trainings.core.i18n import LANGUAGES
from trainings.core.permissions import Role, Viewer
from trainings.courses import writes as course_writes
from trainings.courses.models import Course
from trainings.courses.programme_rules import LessonSource
from trainings.networks import operations
from trainings.networks.rules import WaveKind
from trainings.registrations.models import Registration

HERE = "/courses/BUE27/network"
START, END = WaveKind.START, WaveKind.END


def client_of(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, viewer)
    return client


@pytest.fixture
def course(app: Flask) -> str:
    return asking.course()


@pytest.fixture
def by(course: str) -> Viewer:
    return asking.organiser()


@pytest.fixture
def organiser(app: Flask, by: Viewer) -> FlaskClient:
    return client_of(app, by)


def programme_of(course_id: str) -> None:
    """Make a course one of a programme of its own agency."""
    with transaction() as session:
        made = course_writes.add_programme(
            session, code="SPARTA", agency_id=factories.agency_id(), titles={"en": "S"}, texts={}
        )
        session.flush()
        session.get_one(Course, course_id).programme_id = made.id


def test_an_organiser_asks_closes_and_sees(course: str, organiser: FlaskClient) -> None:
    page = organiser.get(HERE).text
    assert "No picture yet" in page and page.count("not planned") == 4
    plan = organiser.get(f"{HERE}/plan").text
    saved = organiser.post(f"{HERE}/plan", data=form_with(plan, "version"))
    assert saved.status_code == 303
    assert organiser.get(HERE).text.count(">planned<") == 4
    sent = organiser.post(f"{HERE}/start/send", follow_redirects=True)
    assert "18 people were asked." in sent.text and "0 of 18" in sent.text
    assert 'name="start"' not in organiser.get(f"{HERE}/plan").text, "what was sent stays"
    for token, _cell in asking.links(course):
        operations.answer(token, said(*GROUPS))
    assert "18 of 18" in organiser.get(HERE).text and "No picture yet" in organiser.get(HERE).text
    asked = organiser.get(f"{HERE}/start/close").text
    assert "the answers themselves are deleted" in asked
    shown = organiser.post(f"{HERE}/start/close", follow_redirects=True).text
    assert "Closed, with 18 answers." in shown
    assert "Each group stands for 5 answers or more" in shown
    for words in ("Argentina", "Bolivia", "Brazil", "Contacts across borders", "Density"):
        assert words in shown, words
    again = organiser.post(f"{HERE}/start/close")
    assert again.status_code == 200 and "it is closed" in again.text


def test_before_and_after_in_every_language(
    course: str, by: Viewer, organiser: FlaskClient
) -> None:
    asking.hold(course, by, named=GROUPS[:1])
    asking.end(course)
    asking.hold(course, by, END)
    for code in LANGUAGES:
        organiser.set_cookie("language", code)
        page = organiser.get(HERE).text
        assert page.count('class="network-svg"') == 2
        assert "network-new" in page, "lines that are new are marked"
    organiser.set_cookie("language", "es")
    assert "Qué cambió" in organiser.get(HERE).text
    first = organiser.get(f"{HERE}?wave=start").text
    assert first.count('class="network-svg"') == 1 and "Qué cambió" not in first
    assert organiser.get(f"{HERE}?wave=nonsense").status_code == 200


def test_the_picture_and_its_table_say_the_same(
    course: str, by: Viewer, organiser: FlaskClient
) -> None:
    asking.hold(course, by, named=GROUPS[:1])
    page = organiser.get(HERE).text
    drawn = re.findall(r'd="((?:M[\d. ]+Q[\d. ]+)+)"', page)
    assert sum(path.count("M") for path in drawn) == 2, "Argentina with each of the other two"
    row = re.search(r"<th[^>]*>Argentina</th>(.*?)</tr>", page, re.DOTALL)
    assert row is not None and re.findall(r">(\d+)</td>", row[1]) == ["6", "0", "12", "2"]


def test_who_takes_part_and_trainers_see_larger_groups(app: Flask, course: str, by: Viewer) -> None:
    somebody = acting.person_of(
        db.session.scalar(
            select(Registration.number)
            .join(Account, Account.person_id == Registration.person_id)
            .execution_options(scope="operation")
        )
        or ""
    )
    asking.hold(course, by)
    trainer = factories.account(Role.TRAINER, course_id=course)
    for viewer in (somebody, trainer):
        client = client_of(app, viewer)
        page = client.get(HERE).text
        assert "Each group stands for 10 answers or more" in page
        assert "Argentina, Bolivia, Brazil" in page or ", " in page
        assert "Set the days" not in page and f"{HERE}/start" not in page
        assert client.get(f"{HERE}/plan").status_code == 404


@pytest.mark.parametrize("who", [lambda: factories.account(Role.ANALYST), factories.account])
def test_nobody_else_sees_the_page_of_the_course(
    app: Flask, course: str, by: Viewer, who: object
) -> None:
    asking.hold(course, by)
    assert client_of(app, who()).get(HERE).status_code == 404  # type: ignore[operator]


def test_a_programme_shows_its_networks_to_everybody_with_a_role(
    app: Flask, course: str, by: Viewer
) -> None:
    programme_of(course)
    client = client_of(app, factories.account(Role.ANALYST))
    assert client.get("/programmes/SPARTA/networks/1").status_code == 404
    assert "Networks" not in client.get("/programmes/SPARTA").text
    asking.hold(course, by)
    assert "/programmes/SPARTA/networks/1" in client.get("/programmes/SPARTA").text
    page = client.get("/programmes/SPARTA/networks/1").text
    assert "Each group stands for 10 answers or more" in page
    assert "Course for investigators" not in page and "BUE27" not in page, "a hidden course"
    assert client.get("/programmes/SPARTA/networks/2").status_code == 404


def test_a_lesson_is_opened_in_two_clicks(course: str, by: Viewer, organiser: FlaskClient) -> None:
    programme_of(course)
    asking.hold(course, by)
    page = organiser.get(HERE).text
    assert "/courses/BUE27/lessons/new?network=start" in page
    form = organiser.get("/courses/BUE27/lessons/new?network=start").text
    assert "Source: working contacts, Before the course." in form
    fields = form_with(form, "text_en") | {
        "text_en": ["Meet neighbours first."],
        "kind": ["lesson"],
    }
    saved = organiser.post("/courses/BUE27/lessons/new?network=start", data=fields)
    assert saved.status_code == 303
    lessons = organiser.get("/courses/BUE27/lessons").text
    assert "Working contacts (Before the course)" in lessons
    assert LessonSource.NETWORK.value == "network"
    other = organiser.get("/courses/BUE27/lessons/new?network=six").text
    assert "Source: this course." in other, "a wave that was not counted is no source"


def test_answering_by_link(app: Flask, course: str, by: Viewer) -> None:
    operations.send(course, START, by)
    (token, cell), *_rest = asking.links(course)
    client = app.test_client()
    page = client.get(f"/network/{token}").text
    assert f'name="group_{cell[0]}_{cell[1]}"' not in page, "one's own group is not asked"
    assert page.count("<select") == 3 * 3 - 1
    assert "Never write or tell here which case" in page
    fields = form_with(page, "group_BO_police") | {
        "group_BO_police": ["monthly"],
        "outcomes": ["advice"],
    }
    saved = client.post(f"/network/{token}", data=fields, follow_redirects=True)
    assert "Thank you. We have your answer" in saved.text
    again = client.get(f"/network/{token}").text
    assert 'selected value="monthly"' in again and "This is what you answered." in again
    bad = client.post(
        f"/network/{token}",
        data=form_with(again, "group_BO_police") | {"group_BO_police": ["always"]},
    )
    assert bad.status_code == 200 and "Thank you" not in bad.text
    fresh = form_with(client.get(f"/network/{token}").text, "group_BO_police")
    operations.close(course, START, by)
    closed = client.get(f"/network/{token}").text
    assert "This can no longer be answered" in closed and "<select" not in closed
    late = client.post(f"/network/{token}", data=fresh)
    assert late.status_code == 200 and "This can no longer be answered" in late.text
    assert client.get("/network/" + "0" * 32).status_code == 404


def test_emails_in_every_language(app: Flask, course: str, by: Viewer) -> None:
    operations.send(course, START, by)
    mails = factories.mails("network_asked")
    assert {one.subject for one in mails} == {
        "¿Con quién trabaja? Tres minutos (BUE27)",
        "Com quem você trabalha? Três minutos (BUE27)",
    }
    assert all("/network/" in one.body for one in mails)


def test_statements_do_not_grow_with_groups_and_people(app: Flask) -> None:
    by = asking.organiser()
    client = client_of(app, by)
    cells = [(c, f) for c in ("AR", "BO", "BR") for f in ("judge", "police", "prosecutor")]
    asked = []
    for people, groups in ((10, GROUPS), (45, cells)):
        code = f"N{people}"
        course = asking.course(people, groups, code=code)
        asking.hold(course, by, named=groups)
        client.get(f"/courses/{code}/network")
        with counting.statements() as sent:
            assert client.get(f"/courses/{code}/network").status_code == 200
        asked.append(len(sent))
    assert asked[0] == asked[1]
    assert asked[0] <= 15, asked
