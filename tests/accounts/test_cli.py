"""The command line: the first administrator, and a way in where no mail arrives."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from trainings.accounts import staff_operations
from trainings.accounts.models import Account, AccountGrant
from trainings.core.db import db
from trainings.core.permissions import Role

PASSWORD = "long enough for everybody"
ADDRESS = re.compile(r"^http://trainings\.example(/sign-in/link/[\w-]{22,})$", re.MULTILINE)


def run(app: Flask, *words: str) -> tuple[int, str, list[str]]:
    result = app.test_cli_runner().invoke(args=["accounts", *words])
    return result.exit_code, result.output, ADDRESS.findall(result.output)


def test_the_first_administrator(app: Flask, client: FlaskClient) -> None:
    code, output, (path,) = run(app, "create-admin", "root@trainings.example")
    assert code == 0 and len(output.splitlines()) == 1
    answer = client.post(path, data={"password": PASSWORD, "repeated": PASSWORD})
    assert answer.status_code == 303
    assert client.get("/staff").status_code == 200
    assert client.application.test_client().get(path).status_code == 410


def test_asking_twice_makes_one_administrator(app: Flask) -> None:
    for _ in range(2):
        run(app, "create-admin", "root@trainings.example")
    assert db.session.query(Account).count() == 1
    assert db.session.query(AccountGrant).count() == 1


def test_a_member_of_the_staff_becomes_administrator(app: Flask) -> None:
    factories.account(Role.ANALYST, mail="bea@staff.example")
    run(app, "create-admin", "bea@staff.example")
    roles = {row.role for row in db.session.query(AccountGrant)}
    assert roles == {"analyst", "administrator"}


def test_what_is_switched_off_stays_off(app: Flask) -> None:
    bea = factories.account(Role.ANALYST, mail="bea@staff.example")
    staff_operations.switch_off(bea.account_id or "", by="x")
    code, output, links = run(app, "create-admin", "bea@staff.example")
    assert code != 0 and links == [] and "switched off" in output


def test_a_link_for_whoever_it_is(app: Flask, client: FlaskClient) -> None:
    factories.account(mail="ana@police.example", name=("Ana", "Prueba"))
    code, output, (path,) = run(app, "sign-in-link", "Ana@Police.example")
    assert code == 0 and len(output.splitlines()) == 1
    client.post(path)
    assert b"Ana Prueba" in client.get("/profile").data


def test_people_who_share_a_mailbox_get_a_line_each(app: Flask, client: FlaskClient) -> None:
    for name in ("Ana", "Luz"):
        factories.account(mail="unit@police.example", name=(name, "Prueba"))
    _, _, paths = run(app, "sign-in-link", "unit@police.example")
    pages = [client.get(path).get_data(as_text=True) for path in paths]
    assert len(pages) == 2
    for name in ("Ana", "Luz"):
        assert len([page for page in pages if f"Sign in as {name} Prueba" in page]) == 1


def test_an_unknown_address_fails(app: Flask) -> None:
    code, output, links = run(app, "sign-in-link", "nobody@police.example")
    assert code != 0 and links == [] and "nobody can sign in" in output
