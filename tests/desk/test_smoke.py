"""Every page of courses and their desk opens for those it is for."""

import pytest
from flask.testing import FlaskClient

from tests import factories
from trainings.core.permissions import Role

PAGES = [
    "/courses",
    "/courses/BUE27",
    "/courses/BUE27/desk",
    "/programmes",
    "/programmes/new",
    "/modules",
    "/modules/new",
    "/rooms",
    "/rooms/new",
    "/courses/new",
    "/courses/BUE27/settings",
    "/courses/BUE27/settings/basics",
    "/courses/BUE27/settings/place",
    "/courses/BUE27/settings/registration",
    "/courses/BUE27/settings/invited",
    "/courses/BUE27/settings/certificates",
    "/courses/BUE27/organisers",
    "/courses/BUE27/template",
    "/courses/BUE27/mail",
    "/courses/BUE27/moves/close_registration",
    "/courses/BUE27/moves/cancel",
    "/courses/BUE27/moves/start",
]


@pytest.mark.parametrize("path", PAGES)
def test_an_organiser_opens_the_page(client: FlaskClient, path: str) -> None:
    factories.course()
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))

    assert client.get(path).status_code == 200


def test_a_trainer_finds_the_course_and_the_programmes_but_no_modules(client: FlaskClient) -> None:
    course_id = factories.course()
    factories.sign_in(client, factories.account(Role.TRAINER, course_id=course_id))

    assert client.get("/courses/BUE27/desk").status_code == 200
    assert client.get("/programmes").status_code == 200
    assert client.get("/modules").status_code == 404
