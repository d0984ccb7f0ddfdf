"""What somebody answers who applies, and how the pages are asked and sent."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from trainings.core.db import db

HERE = "/courses/PUB27/apply"
ANSWERS: dict[str, dict[str, Any]] = {
    "function": {"function": "judge"},
    "country": {"country": "BO"},
    "identity": {"given_name": "Ñusta", "family_name": "Quispe Ágreda", "sex": "F",
                 "born": ["27", "3", "1980"], "document": "BO-112233"},
    "work": {"unit": "Tribunal de Sentencia 3", "phone": "+591 2 2123456"},
    "needs": {"needs": "Acceso sin gradas"},
    "notice": {"notice": "y", "directory": "y"},
}  # fmt: skip


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, status: int = 303, **data: Any) -> str:
    """Post a form; gives where it leads, or the page that is shown again."""
    answer = client.post(path, data=data)
    assert answer.status_code == status, (path, answer.status_code, answer.location)
    return answer.location if status == 303 else answer.get_data(as_text=True)


def answer_all(client: FlaskClient, here: str = HERE, **instead: dict[str, Any]) -> None:
    for step, data in {**ANSWERS, **instead}.items():
        send(client, f"{here}/{step}", **data)


def count(model: type[Any]) -> int:
    db.session.close()
    statement = select(func.count()).select_from(model).execution_options(scope="operation")
    return db.session.scalar(statement) or 0


def number_in(location: str) -> str:
    found = re.search(r"R-\w+", location)
    assert found, location
    return found[0]
