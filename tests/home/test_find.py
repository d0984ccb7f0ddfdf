"""Looking for somebody in a long list: what was typed goes on sealed, back to the same list."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.home.pages import sign_in
from trainings.core.permissions import Role

LIST = "/courses/BUE27/attendance"


def test_what_was_typed_never_stands_in_an_address(client: FlaskClient) -> None:
    factories.course()
    sign_in(client, Role.ORGANISER, agency="IOM")
    answer = client.post("/find", data={"text": "Ñáñez", "back": f"{LIST}?below=yes&page=3&q=x"})
    assert answer.status_code == 303
    assert answer.location.startswith(f"{LIST}?below=yes&q=")
    assert "anez" not in answer.location and "page" not in answer.location
    nothing = client.post("/find", data={"text": "  ", "back": f"{LIST}?below=yes&q=x"})
    assert nothing.location == f"{LIST}?below=yes"


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/courses", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_it_leads_nowhere_else(client: FlaskClient, back: str) -> None:
    sign_in(client, Role.ORGANISER, agency="IOM")
    assert client.post("/find", data={"text": "a", "back": back}).location.startswith("/?q=")
