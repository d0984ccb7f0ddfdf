"""One's own certificates, and the public page on which anyone checks one."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from tests import factories
from tests.asking import page, send
from tests.certificates import graduates
from tests.certificates.pages import HERE, IN_ORDER, NAMES, everything, of_holder
from tests.certificates.paper import Paper
from trainings.certificates import operations, revocation_operations
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.rules import CourseState
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Kind
from trainings.register.serial_rules import new_serial
from trainings.registrations.models import Registration

SERIAL = new_serial("BUE26")  # no certificate has it


@pytest.fixture
def lead(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def test_ones_own_can_be_had(client: FlaskClient, listed: str) -> None:
    ada = graduates.holder(listed, "Ada")
    mine = of_holder(ada)
    factories.sign_in(client, ada)
    shown = page(client, "/my/certificates")
    assert mine.serial in shown
    assert f"/verify/{mine.token}" in shown
    answer = client.get(f"/my/certificates/{mine.id}.pdf")
    assert answer.data == f"%PDF Ada Ñandú {mine.serial}".encode()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{mine.serial}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_revoked_one_says_so_until_there_is_another(
    client: FlaskClient, listed: str, lead: Viewer
) -> None:
    ada = graduates.holder(listed, "Ada")
    mine = of_holder(ada)
    revocation_operations.revoke(listed, mine.id, EndReason.MISTAKE, "", lead)
    factories.sign_in(client, ada)
    shown = page(client, "/my/certificates")
    assert mine.serial in shown
    assert "This certificate was revoked" in shown
    assert f"/verify/{mine.token}" in shown
    assert f"/my/certificates/{mine.id}.pdf" not in shown
    assert client.get(f"/my/certificates/{mine.id}.pdf").status_code == 404
    operations.issue_for_course(listed, lead, again=mine.id)
    db.session.remove()
    shown = page(client, "/my/certificates")
    assert mine.serial not in shown
    assert "This certificate was revoked" not in shown


def test_somebody_elses_is_as_if_it_were_not(client: FlaskClient, listed: str) -> None:
    other = of_holder(graduates.holder(listed, "Ada"))
    factories.sign_in(client, graduates.holder(listed, "Zoe"))
    assert other.serial not in page(client, "/my/certificates")
    hidden = client.get(f"/my/certificates/{other.id}.pdf")
    missing = client.get(f"/my/certificates/{new_key()}.pdf")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.data == missing.data


def test_while_the_file_is_made(client: FlaskClient, completed: str, paper: Paper) -> None:
    send(client, HERE)
    ada = graduates.holder(completed, "Ada")
    factories.sign_in(client, ada)
    assert "We are making the file and will email you when it is ready." in page(
        client, "/my/certificates"
    )
    refused = client.get(f"/my/certificates/{of_holder(ada).id}.pdf")
    assert refused.status_code == 409
    assert b'href="/my/certificates"' in refused.data, "the way back is a page that there is"


def test_without_one_the_conditions_are_shown(client: FlaskClient, app: Flask) -> None:
    course_id = graduates.course_of(NAMES[:1], attended=2)
    factories.sign_in(client, graduates.holder(course_id, "Zoe"))
    shown = page(client, "/my/certificates")
    assert "You attended 50% of the planned hours (80% required)." in shown
    assert "You confirmed how your name should be printed." in shown
    assert (shown.count('class="yes"'), shown.count('class="no"')) == (1, 1)


def test_the_empty_page_says_what_it_is_for(client: FlaskClient) -> None:
    factories.sign_in(client, factories.account())
    assert "No certificates yet" in page(client, "/my/certificates")


def test_ones_own_page_costs_the_same_with_more_certificates(
    app: Flask, client: FlaskClient, listed: str, statements: list[str]
) -> None:
    factories.sign_in(client, graduates.holder(listed, "Ada"))
    db.session.close()
    statements.clear()
    page(client, "/my/certificates")
    first = len(statements)
    assert first <= 9, statements
    assert len(everything()) == len(NAMES), "four others do not add to it"


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
        assert shown.count("You confirmed how your name should be printed.") == there
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
        ({"serial": ""}, "Enter the serial number printed under the code."),
        ({"serial": SERIAL, "name": ""}, "Enter the name as it is printed"),
        ({"serial": "x" * 61}, "60"),
        (
            {"serial": SERIAL, "name": "Ana"},
            "No certificate has both this serial number and this name.",
        ),
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


def test_a_wrong_name_is_the_first_thing_said(client: FlaskClient, listed: str) -> None:
    row = everything()[0]
    first = page(client, f"/verify/{row.token}")
    assert first.index("This number is ours: now compare") < first.index("Name on the certificate")
    wrong = send(client, f"/verify/{row.token}", 200, name="Somebody Else")
    assert "The name does not match" in wrong
    assert "This certificate is genuine" not in wrong
    assert 'value="Somebody Else"' in wrong
    assert not any(name in wrong for name in IN_ORDER)


def test_looking_counts_nothing(client: FlaskClient, listed: str) -> None:
    row = everything()[0]
    for _each in range(12):
        page(client, f"/verify/{row.token}")
    assert "Compare the name" in page(client, f"/verify/{row.token}")
    assert db.session.scalar(
        select(func.count()).select_from(Certificate).execution_options(scope="operation")
    ) == len(NAMES)


def test_of_a_trainers_the_check_page_says_the_hours_taught(
    client: FlaskClient, app: Flask, lead: Viewer, paper: Paper
) -> None:
    course_id = graduates.course_of(NAMES[:1], state=CourseState.RUNNING)
    graduates.trainer_of(course_id, lead, 2)
    graduates.complete(course_id)
    operations.issue_for_course(course_id, lead, Kind.TRAINER)
    (row,) = everything()
    shown = page(client, f"/verify/{row.token}")
    assert "Hours taught" in shown
    assert "4 hours" in shown
    assert "Planned hours" not in shown
