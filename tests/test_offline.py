"""The room without a network: issue, print and check with nothing but one machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.certificates import graduates, soundness
from tests.running import free_port
from trainings.core.config import ROOT
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.mail.models import OutboxMail
from trainings.register import signature

PEOPLE = 12
MAIL = "lead@agency.example"


@pytest.fixture
def room() -> list[str]:
    """How to start a command in a network namespace of its own."""
    command = ["unshare", "--net", "--map-root-user", "--"]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"this kernel gives no network namespace: {tried.stderr.strip()}")
    return command


def test_issue_print_and_check_with_the_network_off(
    room: list[str], make_app: Callable[..., Flask], key_file: Path
) -> None:
    app = make_app()
    settings = app.extensions["settings"]
    with app.app_context():
        factories.account(Role.ORGANISER, agency="IOM", mail=MAIL)
        names = tuple((f"Ana {number}", "Núñez") for number in range(PEOPLE))
        course_id = graduates.course_of(names)
        signature.create("Joint trainings")
        db.session.remove()
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "TRAININGS_INSTANCE": str(settings.instance),
        "TRAININGS_KEYS": str(key_file),
        "TRAININGS_ENV": "production",
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SMTP_HOST": "mail.agency.example",
    }
    done = subprocess.run(
        [*room, sys.executable, "-m", "tests.offline", MAIL, "BUE26", str(PEOPLE)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    print(found)
    assert found["outside"] == "ENETUNREACH"  # or the network was not off
    assert found["printed"] == "%PDF-"
    assert found["checks"] == {"code": True, "wrong name": True, "file": "genuine"}
    assert all(found["ready"].values()), found["ready"]
    assert found["slowest"] < 5, "a page waited for the network"
    assert found["ended"] == 0
    with app.app_context():
        assert soundness.faults(settings, course_id) == []
        states = db.session.scalars(
            select(OutboxMail.state).where(OutboxMail.event == "certificate_ready")
        ).all()
        assert states == ["waiting"] * PEOPLE  # for the day the network is back
