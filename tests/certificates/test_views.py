"""The pages of certificates: the organiser's list, the trainer's print, one's own, the check."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from trainings.certificates import (
    listing_queries,
    print_operations,
    print_rules,
    print_views,
    queries,
)
from trainings.certificates.models import Certificate
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.people.models import IdentityRead
from trainings.registrations.models import Registration

HERE = "/courses/BUE26/certificates"
NAMES = (
    ("Zoe", "Zapata"), ("Ada", "Ñandú"), ("Luz", "Álvarez"), ("Ana", "Nuñez"), ("Eva", "Oliva"),
)  # fmt: skip
IN_ORDER = ["Álvarez", "Ñandú", "Nuñez", "Oliva", "Zapata"]


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def completed(client: FlaskClient, lead: Viewer) -> str:
    """A completed course of five people who have earned theirs; its organiser is signed in."""
    made = graduates.course_of(NAMES)
    factories.sign_in(client, lead)
    return made


@pytest.fixture
def issued(app: Flask, client: FlaskClient, completed: str, paper: Paper) -> str:
    send(client, HERE)
    factories.run_jobs(app)
    return completed


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, status: int = 303, **data: Any) -> str:
    answer = client.post(path, data=data)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def everything() -> list[Certificate]:
    db.session.close()
    return list(db.session.scalars(select(Certificate).execution_options(scope="operation")).all())


def of_holder(viewer: Viewer) -> Certificate:
    return next(row for row in everything() if row.person_id == viewer.person_id)


def in_order(shown: str) -> list[str]:
    return sorted(IN_ORDER, key=shown.index)


# those of the course


def test_accents_do_not_sort_last(client: FlaskClient, completed: str) -> None:
    shown = page(client, HERE)
    assert in_order(shown) == IN_ORDER
    assert shown.count("Earned") == len(NAMES)
    assert "Issue 5 certificates" in shown


def test_the_print_file_stands_in_the_same_order(
    client: FlaskClient, issued: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined: list[bytes] = []
    monkeypatch.setattr(
        print_operations.joining, "join", lambda parts, *_rest: joined.extend(parts) or b"%PDF"
    )
    answer = client.get(f"{HERE}.pdf")
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
    assert [len(row.persons) for row in rows] == [2, 2, 1, 1]  # who was not shown was not looked at


def test_too_many_for_one_file_are_printed_in_parts(
    client: FlaskClient, issued: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_rules, "MOST", 2)
    monkeypatch.setattr(print_views, "MOST", 2)
    answer = client.get(f"{HERE}.pdf")
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
    assert "Choose at most 2 at a time" in refused
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
    factories.run_jobs(app)
    assert sorted(paper.drawn) == sorted(f"{given} {family}" for given, family in NAMES)
    assert "Certificates ready: 5 of 5" in page(client, f"{HERE}/progress")


def test_before_the_course_is_over_nothing_can_be_issued(client: FlaskClient, lead: Viewer) -> None:
    graduates.course_of(NAMES[:1], state=CourseState.RUNNING)
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "Certificates can be issued once the course is completed." in shown
    assert "Issue 1 certificate" not in shown
    send(client, HERE)
    assert everything() == []
    assert 'class="note note-error"' in page(client, HERE)


def test_who_missed_too_much_is_told_apart(client: FlaskClient, lead: Viewer) -> None:
    graduates.course_of(NAMES[:1], attended=2)
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "Below 80 % of the planned hours" in shown
    assert "50 %" in shown
    assert "Issue" not in re.sub(r"<title>.*?</title>", "", shown).replace("Issued", "")


def test_the_empty_list_leads_to_the_candidates(client: FlaskClient, lead: Viewer) -> None:
    factories.course("BUE26")
    factories.sign_in(client, lead)
    shown = page(client, HERE)
    assert "No participants yet" in shown
    assert "/courses/BUE26/registrations" in shown


def test_a_trainer_prints_and_does_not_issue(client: FlaskClient, issued: str) -> None:
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=issued))
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


@pytest.mark.parametrize("path", [HERE, f"{HERE}.pdf", f"{HERE}/progress"])
def test_of_a_course_elsewhere_it_is_as_if_there_were_none(
    client: FlaskClient, issued: str, path: str
) -> None:
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=factories.course("OTH27")))
    hidden, missing = client.get(path), client.get(path.replace("BUE26", "NONE26"))
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
    graduates.course_of(NAMES[:2])
    graduates.course_of((*NAMES, *graduates.NAMES), code="BIG26")
    factories.sign_in(client, lead)
    costs = []
    for code in ("BUE26", "BIG26"):
        db.session.close()
        statements.clear()
        page(client, f"/courses/{code}/certificates")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 11, statements


@pytest.mark.parametrize("kind", ["completion", "trainer"])
def test_the_list_does_not_read_the_register_for_each_person(
    app: Flask, client: FlaskClient, issued: str, kind: str
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


# one's own


def test_ones_own_can_be_had(client: FlaskClient, issued: str) -> None:
    ada = graduates.holder(issued, "Ada")
    mine = of_holder(ada)
    factories.sign_in(client, ada)
    shown = page(client, "/my/certificates")
    assert mine.serial in shown
    assert f"/verify/{mine.token}" in shown
    answer = client.get(f"/my/certificates/{mine.id}.pdf")
    assert answer.data == f"%PDF Ada Ñandú {mine.serial}".encode()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{mine.serial}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_somebody_elses_is_as_if_it_were_not(client: FlaskClient, issued: str) -> None:
    other = of_holder(graduates.holder(issued, "Ada"))
    factories.sign_in(client, graduates.holder(issued, "Zoe"))
    assert other.serial not in page(client, "/my/certificates")
    hidden = client.get(f"/my/certificates/{other.id}.pdf")
    missing = client.get(f"/my/certificates/{new_key()}.pdf")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.data == missing.data


def test_while_the_file_is_made(client: FlaskClient, completed: str, paper: Paper) -> None:
    send(client, HERE)
    ada = graduates.holder(completed, "Ada")
    factories.sign_in(client, ada)
    assert "The file is being made" in page(client, "/my/certificates")
    refused = client.get(f"/my/certificates/{of_holder(ada).id}.pdf")
    assert refused.status_code == 409
    assert b'href="/my/certificates"' in refused.data, "the way back is a page that there is"


def test_without_one_the_conditions_are_shown(client: FlaskClient, app: Flask) -> None:
    course_id = graduates.course_of(NAMES[:1], attended=2)
    factories.sign_in(client, graduates.holder(course_id, "Zoe"))
    shown = page(client, "/my/certificates")
    assert "You attended 50 % of the planned hours (80 % are asked for)." in shown
    assert "You confirmed your name as it shall be printed." in shown
    assert (shown.count('class="yes"'), shown.count('class="no"')) == (1, 1)


def test_the_empty_page_says_what_it_is_for(client: FlaskClient) -> None:
    factories.sign_in(client, factories.account())
    assert "No certificates yet" in page(client, "/my/certificates")


def test_ones_own_page_costs_the_same_with_more_certificates(
    app: Flask, client: FlaskClient, issued: str, statements: list[str]
) -> None:
    factories.sign_in(client, graduates.holder(issued, "Ada"))
    db.session.close()
    statements.clear()
    page(client, "/my/certificates")
    first = len(statements)
    assert first <= 9, statements
    course = db.session.get_one(Course, issued)
    found = queries.of_course(course, scope="operation")
    assert len(found) == len(NAMES), "four others do not add to it"


def test_ones_own_page_costs_the_same_with_more_courses(
    app: Flask, client: FlaskClient, lead: Viewer, statements: list[str]
) -> None:
    graduates.course_of(NAMES[:1])
    for code in ("LIM26", "MEX26"):
        graduates.course_of(NAMES[:1], code=code)
    holder = graduates.holder(courses.by_code("BUE26").id, "Zoe")
    factories.sign_in(client, holder)
    costs = []
    for there in (1, 3):
        db.session.close()
        statements.clear()
        shown = page(client, "/my/certificates")
        costs.append(len(statements))
        assert shown.count("You confirmed your name as it shall be printed.") == there
        with transaction() as session:
            session.execute(
                update(Registration)
                .values(person_id=holder.person_id)
                .execution_options(scope="operation")
            )
    assert costs[0] == costs[1], statements


# the check


def test_the_check_page_is_not_indexed_and_asks_nothing(
    client: FlaskClient, statements: list[str]
) -> None:
    answer = client.get("/verify")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert statements == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"serial": "", "name": "Ana"}, "Enter the serial number printed under the code."),
        ({"serial": "BUE26-7KXQ4MP", "name": ""}, "Enter the name as it is printed"),
        ({"serial": "x" * 61, "name": "Ana"}, "60"),
        ({"serial": "BUE26-7KXQ4MP", "name": "Ana"}, "No certificate with this serial number"),
    ],
)
def test_what_was_typed_on_the_check_page_stays(
    client: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    shown = send(client, "/verify", 200, **typed)
    assert sentence in shown
    assert "<title>Error: " in shown
    for value in filter(None, typed.values()):
        assert f'value="{value}"' in shown


@pytest.mark.parametrize("content", [None, b"", b"GIF89a", b"%PD", b"\0" * 1000])
def test_what_is_no_pdf_is_refused(client: FlaskClient, content: bytes | None) -> None:
    data = {} if content is None else {"file": (io.BytesIO(content), "a.pdf")}
    shown = send(client, "/verify/file", 200, **data)
    wanted = "Choose the PDF file" if content is None else "This is not a PDF file of up to 5 MB"
    assert shown.count(wanted) == 2, "beside the field and in the summary"
    assert "<title>Error: " in shown


def test_a_wrong_name_is_the_first_thing_said(client: FlaskClient, issued: str) -> None:
    row = everything()[0]
    right = page(client, f"/verify/{row.token}")
    assert right.index("This certificate is genuine") < right.index("Is it this person")
    wrong = send(client, f"/verify/{row.token}", 200, name="Somebody Else")
    assert "The name does not match" in wrong
    assert "This certificate is genuine" not in wrong
    assert 'value="Somebody Else"' in wrong
    assert not any(name in wrong for name in IN_ORDER)


def test_looking_counts_nothing(client: FlaskClient, issued: str) -> None:
    row = everything()[0]
    for _each in range(12):
        page(client, f"/verify/{row.token}")
    assert "Compare the name" in page(client, f"/verify/{row.token}")
    assert db.session.scalar(
        select(func.count()).select_from(Certificate).execution_options(scope="operation")
    ) == len(NAMES)
