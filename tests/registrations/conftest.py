"""A course with seats, its organiser signed in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.registrations import acting


@pytest.fixture
def course(client: FlaskClient) -> str:
    """A course of three seats; an organiser of its lead agency is signed in."""
    made = factories.course(capacity=3)
    acting.share_out(made, {("BO", "judge"): 1})
    factories.sign_in(client, acting.organiser())
    return made
