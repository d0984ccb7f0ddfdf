"""The page of the print room: what it offers, prints and lists."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates
from tests.certificates.paper import Paper
from tests.certificates.printing import order_of, ready, runs, sit
from trainings.certificates import operations, rendering_operations, revocation_operations
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.print_room import operations as print_operations
from trainings.print_room import views as print_views
from trainings.print_room.rules import NoTablesToOrderBy, Order, PrintChoice
from trainings.register import queries
from trainings.register.models import Certificate
from trainings.register.rules import EndReason, Kind


def test_without_tables_that_order_is_refused_and_not_offered(
    graduated: str, olga: Viewer, client: FlaskClient, joined: list[bytes]
) -> None:
    with pytest.raises(NoTablesToOrderBy):
        print_operations.print_file(graduated, PrintChoice(order=Order.TABLE), olga)
    assert runs() == []
    factories.sign_in(client, olga)
    url = "/courses/BUE26/certificates/print"
    page = client.get(url).get_data(as_text=True)
    assert 'value="table"' not in page
    assert "once people have places at tables" in page and "/courses/BUE26/tables" in page
    sent = {"certificates": [ready(graduated)["Ana"].id], "order": "table"}
    assert "Nobody has a place at a table in this course. Choose" in client.post(
        url, data=sent
    ).get_data(as_text=True)
    sit(graduated, olga)
    page = client.get(url).get_data(as_text=True)
    assert 'value="table"' in page and "once people have places" not in page
    assert client.post(url, data=sent).mimetype == "application/pdf"
    assert "By table, then place" in client.get(url).get_data(as_text=True)


def test_parts_of_a_large_course_are_cut_in_the_wished_order(
    graduated: str, olga: Viewer, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit(graduated, olga)
    monkeypatch.setattr(print_views, "MOST", 1)
    factories.sign_in(client, olga)
    serials = {name: row.serial for name, row in ready(graduated).items()}
    for order, names in (
        ("name", ("Ana", "María José", "D’Angelo")),
        ("table", ("D’Angelo", "Ana", "María José")),
        ("nonsense", ("Ana", "María José", "D’Angelo")),
    ):
        for number, name in enumerate(names, 1):
            url = f"/courses/BUE26/certificates/print?order={order}&page={number}"
            page = client.get(url).get_data(as_text=True)
            assert [one for one in serials if serials[one] in page] == [name]
            assert "In batches of 1, in this order:" in page


def test_one_is_printed_again(graduated: str, client: FlaskClient, joined: list[bytes]) -> None:
    ana = ready(graduated)["Ana"]
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=graduated))
    page = client.get("/courses/BUE26/certificates/print").get_data(as_text=True)
    assert f'form="alone" name="certificates" value="{ana.id}"' in page
    sent = {"certificates": ana.id, "order": "name"}
    assert client.post("/courses/BUE26/certificates/print", data=sent).mimetype == "application/pdf"
    assert order_of(joined) == ["Ana"]
    assert [run.certificates for run in runs()] == [[ana.id]]


def test_the_page_prints_what_is_ticked_and_lists_the_runs(
    graduated: str, client: FlaskClient, joined: list[bytes]
) -> None:
    rows = ready(graduated)
    trainer = factories.account(Role.TRAINER, course_id=graduated, name=("Iris", "Docente"))
    factories.sign_in(client, trainer)
    page = client.get("/courses/BUE26/certificates/print").get_data(as_text=True)
    assert page.count(" checked") >= 3
    assert "Previous print runs" not in page
    sent = {"certificates": [rows["Ana"].id, rows["María José"].id], "order": "name"}
    for _turn in range(2):  # the printer jammed: the same form may be sent again
        answer = client.post("/courses/BUE26/certificates/print", data=sent)
        assert answer.mimetype == "application/pdf"
        assert order_of(joined) == ["Ana", "María José"]
    page = client.get("/courses/BUE26/certificates/print").get_data(as_text=True)
    assert "Previous print runs" in page
    assert page.count("Iris Docente") >= 2


def test_without_a_tick_the_page_says_what_to_do(graduated: str, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=graduated))
    answer = client.post("/courses/BUE26/certificates/print", data={"order": "country"})
    assert answer.status_code == 200
    body = answer.get_data(as_text=True)
    assert "Choose at least one certificate to print." in body
    assert 'value="country" checked' in body or 'checked id="order-1"' in body


def test_before_anything_is_issued_the_page_says_what_it_is_for(
    olga: Viewer, client: FlaskClient
) -> None:
    graduates.course_of(code="NEW26")
    factories.sign_in(client, olga)
    page = client.get("/courses/NEW26/certificates/print")
    assert "Nothing to print yet" in page.get_data(as_text=True)


def test_each_kind_is_printed_by_itself(
    olga: Viewer, client: FlaskClient, paper: Paper, joined: list[bytes]
) -> None:
    made = graduates.course_of(graduates.NAMES[:2])
    for kind in (Kind.COMPLETION, Kind.ATTENDANCE):
        operations.issue_for_course(made, olga, kind)
        rendering_operations.render(made)
        print_operations.print_file(made, PrintChoice(kind), olga)
    kinds = {
        tuple(
            db.session.scalars(
                select(Certificate.kind)
                .where(Certificate.id.in_(run.certificates))
                .execution_options(scope="operation")
            )
        )
        for run in runs()
    }
    assert kinds == {(Kind.COMPLETION,) * 2, (Kind.ATTENDANCE,) * 2}
    assert queries.progress(made, Kind.ATTENDANCE) == (2, 0, 2)
    assert queries.progress(made, Kind.TRAINER) == (0, 0, 0)
    factories.sign_in(client, olga)
    page = client.get("/courses/BUE26/certificates/print?kind=trainer").get_data(as_text=True)
    assert "Nothing to print yet" in page
    page = client.get("/courses/BUE26/certificates?kind=attendance").get_data(as_text=True)
    assert "certificates.pdf?kind=attendance" in page
    assert client.get("/courses/BUE26/certificates/print?kind=x").status_code == 404


def test_a_run_says_which_kind_and_which_one_whatever_became_of_it(
    olga: Viewer, client: FlaskClient, paper: Paper, joined: list[bytes]
) -> None:
    made = graduates.course_of()
    for kind in (Kind.COMPLETION, Kind.ATTENDANCE):
        operations.issue_for_course(made, olga, kind)
        rendering_operations.render(made)
    print_operations.print_file(made, PrintChoice(Kind.ATTENDANCE), olga)
    ana = ready(made)["Ana"]
    print_operations.print_file(made, PrintChoice(ana.kind, frozenset({ana.id})), olga)
    revocation_operations.revoke(made, ana.id, EndReason.MISUSE, "", olga)
    factories.sign_in(client, olga)
    page = client.get("/courses/BUE26/certificates/print?kind=" + ana.kind).get_data(as_text=True)
    _list, told = page.split('id="runs"')
    assert ana.serial not in _list, "nothing to print any more"
    assert ana.serial in told
    assert "Certificate of attendance" in told
