"""The pages of accounts open, for whom they are for."""

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from trainings.accounts import staff_operations
from trainings.accounts.rules import Scope
from trainings.accounts.staff_operations import Invited
from trainings.core.permissions import Role

PUBLIC = ["/sign-in", "/sign-in/link", "/sign-in/sent"]
OWN = ["/profile", "/profile/details", "/profile/password"]
ADMINISTRATOR = [
    "/staff",
    "/staff/invite",
    "/agencies",
    "/agencies/new",
    "/agencies/IOM",
    "/functions",
    "/functions/new",
    "/functions/judge",
]


def test_public_pages_open(app: Flask, client: FlaskClient) -> None:
    for path in PUBLIC:
        assert client.get(path).status_code == 200, path


def test_own_pages_open_for_staff(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ANALYST))
    for path in OWN:
        assert client.get(path).status_code == 200, path


def test_the_installation_is_the_administrators(app: Flask, client: FlaskClient) -> None:
    administrator = factories.account(Role.ADMINISTRATOR)
    member = staff_operations.invite(
        Invited("Bea", "Beispiel", "bea@staff.example", "es"),
        Role.FOCAL_POINT,
        Scope(country="BO", functions=("judge",)),
        by=administrator.account_id or "",
    )
    paths = [
        *ADMINISTRATOR,
        f"/staff/{member}",
        f"/staff/{member}/roles/new",
        f"/staff/{member}/disable",
    ]
    factories.sign_in(client, administrator)
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_for_others_the_installation_is_not_there(app: Flask, client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    for path in ADMINISTRATOR:
        assert client.get(path).status_code == 404, path
