"""Pages and forms as a test's client asks for them."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient


def page(client: FlaskClient, path: str = "/", status: int = 200) -> str:
    """The text of a page that answers so."""
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, status: int = 303, **data: Any) -> str:
    """Send a form; gives where it leads, or the page that is shown again."""
    answer = client.post(path, data=data)
    assert answer.status_code == status, (path, answer.status_code, answer.location)
    return answer.location if status == 303 else answer.get_data(as_text=True)


def follow(client: FlaskClient, path: str, **data: object) -> str:
    """Send a form; gives the page to which it leads."""
    return client.post(path, data=data, follow_redirects=True).get_data(as_text=True)


def asked_about(text: str) -> str:
    """The registrations of whom a page asks whether they are other people."""
    found = re.search(r'<input[^>]* name="asked_about"[^>]* value="([^"]+)"', text)
    assert found, "nothing is asked"
    return found[1]
