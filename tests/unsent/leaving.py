"""Somebody whose session ends while a form is open, and who comes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.forms_in_pages import Fields, form_with
from trainings.core import clock
from trainings.core.permissions import Viewer


def opened(client: FlaskClient, path: str, field: str) -> Fields:
    """The form of a page that has this field, as it is sent untouched."""
    return form_with(client.get(path).get_data(as_text=True), field)


def come_in(client: FlaskClient, viewer: Viewer, leads_to: str = "", **data: str) -> TestResponse:
    """Sign in by an emailed link, in this browser."""
    return come_in_by(client, factories.link(viewer, leads_to=leads_to), **data)


def come_in_by(client: FlaskClient, token: str, **data: str) -> TestResponse:
    """Sign in by this link."""
    address = f"/sign-in/link/{token}"
    form = opened(client, address, "form_token")
    return client.post(address, data={**form, **data})


@contextmanager
def after(**time: float) -> Iterator[None]:
    """So much later."""
    with clock.shifted(timedelta(**time)):
        yield
