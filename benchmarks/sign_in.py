"""Does the time of a refused sign-in tell who has an account? Medians, taken in turns."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import delete

from benchmarks.installation import Bare
from benchmarks.rows import Row
from tests import factories
from trainings.accounts import staff_operations
from trainings.accounts.models import Throttle
from trainings.core.db import transaction
from trainings.core.permissions import Role

TITLE = "A refused sign-in, whoever it is"
TRIES = 50
PASSWORD = "una frase larga que nadie sabe"
WITHIN = 0.10


def _people() -> None:
    root = factories.account(Role.ADMINISTRATOR)
    for mail in ("ada@staff.example", "eve@staff.example"):
        made = factories.account(Role.ANALYST, mail=mail)
        factories.set_password(made, PASSWORD)
    staff_operations.switch_off(made.account_id or "", by=root.account_id or "")


def _forget_tries(app: Flask) -> None:
    """Reset the throttle, so that no attempt has to wait; the tests cover the waiting."""
    with app.app_context(), transaction() as session:
        session.execute(delete(Throttle))


def _refused(app: Flask, mail: str, number: int) -> float:
    client = app.test_client()
    begun = time.perf_counter()
    answer = client.post(
        "/sign-in",
        data={"mail": mail, "password": "not the right one, but long"},
        environ_overrides={"REMOTE_ADDR": f"203.0.113.{number % 250}"},
    )
    took = time.perf_counter() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"refused with {answer.status_code}")
    return took


def rows() -> Iterator[Row]:
    """The median for each kind of account, and the differences between them."""
    kinds = {
        "known": "ada@staff.example",
        "disabled": "eve@staff.example",
        "unknown": "xyz@staff.example",
    }
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            _people()
        for number in range(TRIES + 3):
            _forget_tries(app)
            for kind, mail in kinds.items():
                seconds = _refused(app, mail, number)
                if number >= 3:  # the first ones warm up
                    took[kind].append(seconds)
    medians = {kind: statistics.median(values) for kind, values in took.items()}
    for kind, median in medians.items():
        yield Row(f"{kind}, median of {TRIES}", f"{median * 1000:.1f} ms")
    apart = max(medians.values()) / min(medians.values()) - 1
    yield Row("how far apart", f"{apart:.1%}", f"≤ {WITHIN:.0%}")
