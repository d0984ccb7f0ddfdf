"""The pages of certificates: the organiser's list and the trainer's print."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests import factories
from tests.asking import page, send
from tests.certificates import graduates
from tests.certificates.pages import (
    HERE,
    IN_ORDER,
    NAMES,
    everything,
    in_order,
    of_holder,
    reading_of,
)
from tests.certificates.paper import Paper
from trainings.certificates import listing_queries, waiver_operations
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.people.models import IdentityRead
from trainings.print_room import operations as print_operations
from trainings.print_room import rules as print_rules
from trainings.print_room import views as print_views
from trainings.registrations.models import Registration


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def test_accents_do_not_sort_last(client: FlaskClient, completed: str) -> None:
    shown = page(client, HERE)
    assert in_order(shown) == IN_ORDER
    assert shown.count("Earned") == len(NAMES)
    assert "Issue 5 certificates" in shown


def test_the_print_file_stands_in_the_same_order(
    client: FlaskClient, listed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined: list[bytes] = []
    monkeypatch.setattr(
        print_operations.joining, "join", lambda parts, *_rest: joined.extend(parts) or b"%PDF"
    )
    answer = client.post(f"{HERE}.pdf")
    assert answer.mimetype == "application/pdf"
    assert in_order(b" ".join(joined).decode()) == IN_ORDER
    assert "BUE26" in answer.headers["Content-Disposition"]
    assert not any(name in answer.headers["Content-Disposition"] for name in IN_ORDER)


def test_a_long_list_is_shown_a_page_at_a_time(
    client: FlaskClient, completed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_queries, "PAGE", 2)
    pages = [page(client, f"{HERE}?page={number}") for number in (1, 2, 3, 99)]
    names = [[name for name in IN_ORDER if name in shown] for shown in pages]
    assert names == [IN_ORDER[:2], IN_ORDER[2:4], IN_ORDER[4:], IN_ORDER[4:]]
    assert all("Issue 5 certificates" in shown for shown in pages)
    db.session.close()
    rows = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "certificates"))
    assert sorted(len(row.persons) for row in rows) == [
        1,
        1,
        2,
        2,
    ]  # who was not shown was not looked at


def test_too_many_for_one_file_are_printed_in_parts(
    client: FlaskClient, listed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_rules, "MOST", 2)
    monkeypatch.setattr(print_views, "MOST", 2)
    answer = client.post(f"{HERE}.pdf")
    assert (answer.status_code, answer.location) == (303, f"{HERE}/print?kind=completion")
    rooms = [page(client, f"{HERE}/print?page={number}") for number in (1, 2, 3)]
    assert "5 certificates are too many for one file" in rooms[0]
    names = [[name for name in IN_ORDER if name in shown] for shown in rooms]
    assert names == [IN_ORDER[:2], IN_ORDER[2:4], IN_ORDER[4:]]
    ids = [re.findall(r'name="certificates" value="([^"]+)"', shown) for shown in rooms]
    everyone = [key for some in ids for key in some]
    assert len(set(everyone)) == len(IN_ORDER)
    joined: list[bytes] = []
    monkeypatch.setattr(
        print_operations.joining, "join", lambda parts, *_rest: joined.extend(parts) or b"%PDF"
    )
    send(client, f"{HERE}/print", 200, certificates=ids[1], order="name")
    assert len(joined) == 2
    refused = send(client, f"{HERE}/print", 200, certificates=everyone, order="name")
    assert "Choose 2 or fewer at a time" in refused
    assert len(joined) == 2


def test_one_click_issues_two_issue_no_more(
    app: Flask, client: FlaskClient, completed: str, paper: Paper
) -> None:
    token = re.search(r'name="form_token"[^>]*value="([^"]+)"', page(client, HERE))
    assert token
    send(client, HERE, form_token=token[1])
    send(client, HERE, form_token=token[1])
    send(client, HERE)
    assert len(everything()) == len(NAMES)
    shown = page(client, HERE)
    assert "Certificates ready: 0 of 5" in shown
    assert f'action="{HERE}.pdf' not in shown
    factories.run_jobs(app)
    assert sorted(paper.drawn) == sorted(f"{given} {family}" for given, family in NAMES)
    polled = client.get(f"{HERE}/progress", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "Certificates ready: 5 of 5" in polled
    assert f'action="{HERE}.pdf?kind=completion"' in polled, "printed from where one waited"


def test_before_the_course_is_over_nothing_can_be_issued(client: FlaskClient, lead: Viewer) -> None:
    graduates.course_of(NAMES[:1], state=CourseState.RUNNING)
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "You can issue certificates once the course is completed." in shown
    assert "Issue 1 certificate" not in shown
    send(client, HERE)
    assert everything() == []
    assert 'class="note note-error"' in page(client, HERE)


def test_before_the_first_day_nobody_is_said_to_have_missed_hours(
    client: FlaskClient, lead: Viewer
) -> None:
    course_id = graduates.course_of(NAMES[:1], attended=0, state=CourseState.PUBLISHED)
    with transaction() as session:
        course = session.get_one(Course, course_id)
        course.starts_on += timedelta(days=60)
        course.ends_on += timedelta(days=60)
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "No attendance yet" in shown
    assert "of the planned hours" not in shown and "Request an exception" not in shown


def test_who_missed_too_much_is_told_apart(client: FlaskClient, lead: Viewer) -> None:
    graduates.course_of(NAMES[:1], attended=2)
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "Below 80% of the planned hours" in shown
    assert "50%" in shown
    assert "Issue" not in re.sub(r"<title>.*?</title>", "", shown).replace("Issued", "")


def test_the_empty_list_leads_to_the_candidates(client: FlaskClient, lead: Viewer) -> None:
    factories.course("BUE26")
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "No participants yet" in shown
    assert "/courses/BUE26/registrations" in shown


def test_a_trainer_prints_and_does_not_issue(client: FlaskClient, listed: str) -> None:
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=listed))
    shown = page(client, HERE)
    assert "Print certificates" in shown
    page(client, f"{HERE}/{everything()[0].id}.pdf")
    for path in (HERE, f"{HERE}/again"):
        send(client, path, 404)


def test_who_organises_beside_the_lead_does_not_issue(client: FlaskClient, completed: str) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="INTERPOL"))
    assert "Issue 5 certificates" not in page(client, HERE)
    send(client, HERE, 404)
    assert everything() == []


@pytest.mark.parametrize(
    ("method", "path"), [("GET", HERE), ("POST", f"{HERE}.pdf"), ("GET", f"{HERE}/progress")]
)
def test_of_a_course_elsewhere_it_is_as_if_there_were_none(
    client: FlaskClient, listed: str, method: str, path: str
) -> None:
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=factories.course("OTH27")))
    hidden = client.open(path, method=method)
    missing = client.open(path.replace("BUE26", "NONE26"), method=method)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.data == missing.data


def test_a_look_at_the_list_is_one_row_of_the_read_log(client: FlaskClient, completed: str) -> None:
    page(client, HERE)
    db.session.close()
    rows = db.session.scalars(select(IdentityRead).where(IdentityRead.purpose == "certificates"))
    assert [len(row.persons) for row in rows] == [len(NAMES)]


def test_the_list_costs_the_same_however_many_took_part(
    app: Flask, client: FlaskClient, lead: Viewer, statements: list[str]
) -> None:
    factories.act(graduates.course_of(NAMES[:2]))
    factories.act(graduates.course_of((*NAMES, *graduates.NAMES), code="BIG26"))
    factories.sign_in(client, lead)
    costs = []
    for code in ("BUE26", "BIG26"):
        page(client, f"/courses/{code}/certificates")  # what is counted once after each act
        db.session.close()
        statements.clear()
        page(client, f"/courses/{code}/certificates")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 17, statements


@pytest.mark.parametrize("kind", ["completion", "trainer"])
def test_the_list_does_not_read_the_register_for_each_person(
    app: Flask, client: FlaskClient, listed: str, kind: str
) -> None:
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if "LEFT OUTER JOIN certificate ON" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            plans.extend(row[-1] for row in cursor.fetchall())

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        page(client, f"{HERE}?kind={kind}")
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    used = [line for line in plans if "certificate" in line and "waiver" not in line]
    assert used
    assert all(line.startswith("SEARCH certificate USING INDEX uq_") for line in used), plans


def test_of_a_long_list_only_the_page_that_is_shown_is_read(
    client: FlaskClient, completed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_queries, "PAGE", 2)
    with reading_of(Registration) as read:
        shown = page(client, HERE)
    assert "Issue 5 certificates" in shown
    assert len(read) == 2


@pytest.mark.parametrize("long", [False, True], ids=["one page", "more"])
def test_exceptions_that_wait_are_told_to_whoever_may_approve_them(
    app: Flask, client: FlaskClient, lead: Viewer, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    course_id = graduates.course_of(NAMES[: 1 + long], attended=3)
    if long:
        monkeypatch.setattr(listing_queries, "PAGE", 1)
    factories.sign_in(client, lead)
    said = "1 exception is waiting for a second organiser"
    assert said not in page(client, HERE)
    number = db.session.scalar(
        select(Registration.number)
        .where(Registration.course_id == course_id)
        .execution_options(scope="operation")
    )
    waiver_operations.ask(course_id, number or "", "Illness", lead)
    second = factories.account(Role.ORGANISER, agency="UNODC")
    for who in (lead, second):
        factories.sign_in(client, who)
        shown = page(client, HERE)
        assert said in shown
        assert f'href="{HERE}/exceptions/{number}"' in shown
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=course_id))
    assert said not in page(client, HERE)
    waiver_operations.approve(course_id, number or "", second)
    factories.sign_in(client, lead)
    assert said not in page(client, HERE)


def test_one_whose_file_failed_can_be_tried_again_corrected_or_revoked(
    client: FlaskClient, app: Flask, completed: str, paper: Paper
) -> None:
    paper.refuse = ("Ada Ñandú",)
    send(client, HERE)
    factories.run_jobs(app)
    failed = of_holder(graduates.holder(completed, "Ada"))
    shown = page(client, HERE)
    assert shown.count("Not prepared") == 1
    assert "Try failed certificates again" in shown
    for act in ("correct", "revoke"):
        assert f'href="{HERE}/{failed.id}/{act}"' in shown
        assert client.get(f"{HERE}/{failed.id}/{act}").status_code == 200
    assert f'href="{HERE}/{failed.id}.pdf"' not in shown
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=completed))
    assert f"{HERE}/{failed.id}" not in page(client, HERE), "a trainer corrects nothing"
    paper.refuse = ()
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    send(client, f"{HERE}/again")
    factories.run_jobs(app)
    assert of_holder(graduates.holder(completed, "Ada")).file_name is not None


def test_before_the_course_is_over_nobody_has_earned_one(client: FlaskClient, lead: Viewer) -> None:
    course_id = graduates.course_of(NAMES[:1], state=CourseState.RUNNING)
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "Would earn one" in shown
    assert "Earned" not in shown
    graduates.complete(course_id)
    shown = page(client, HERE)
    assert "Earned" in shown
    assert "Would earn one" not in shown
