"""Does the time of a refused sign-in tell who has an account? Medians, taken in turns."""

import itertools
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import delete

from benchmarks.installation import Bare
from benchmarks.rows import Row
from benchmarks.turns import compared, in_turns
from tests import factories
from trainings.accounts import staff_operations
from trainings.accounts.models import Throttle
from trainings.core import password_hash
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


def _refused(app: Flask, mail: str, address: str) -> None:
    answer = app.test_client().post(
        "/sign-in",
        data={"mail": mail, "password": "not the right one, but long"},
        environ_overrides={"REMOTE_ADDR": address},
    )
    if answer.status_code != 200:
        raise RuntimeError(f"refused with {answer.status_code}")


def rows() -> Iterator[Row]:
    """Milliseconds for each kind of account in turns with a bare hash; how far they are apart."""
    kinds = {
        "known": "ada@staff.example",
        "disabled": "eve@staff.example",
        "unknown": "xyz@staff.example",
    }
    with tempfile.TemporaryDirectory() as folder:
        app = Bare(Path(folder) / "instance").app
        with app.app_context():
            _people()
        addresses = (f"203.0.113.{number % 250}" for number in itertools.count())
        acts = [lambda mail=mail: _refused(app, mail, next(addresses)) for mail in kinds.values()]
        # one of each in a turn, so that the throttle is reset between two of the same
        *taken, hashes = in_turns(
            *acts,
            lambda: password_hash.hashed(PASSWORD),
            lambda: _forget_tries(app),
            turns=TRIES,
            each=1,
        )[:-1]
    for kind, times in zip(kinds, taken, strict=True):
        yield compared(kind, times, hashes, "a password hashed", 1.5)
    medians = [statistics.median(times) for times in taken]
    apart = max(medians) / min(medians) - 1
    yield Row("how far apart", f"{apart:.1%}", f"≤ {WITHIN:.0%}")
