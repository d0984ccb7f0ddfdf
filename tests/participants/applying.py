"""What somebody answers who applies, and what then stands in the database."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.asking import send
from trainings.core.db import db

HERE = "/courses/PUB27/apply"
ANSWERS: dict[str, dict[str, Any]] = {
    "function": {"function": "judge"},
    "country": {"country": "BO"},
    "identity": {
        "given_name": "Ñusta",
        "family_name": "Quispe Ágreda",
        "sex": "F",
        "born": ["27", "3", "1980"],
        "document": "BO-112233",
    },
    "work": {"unit": "Tribunal de Sentencia 3", "phone": "+591 2 2123456"},
    "needs": {"needs": "Acceso sin gradas"},
    "notice": {"notice": "y"},
}


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
