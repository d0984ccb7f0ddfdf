"""Checks whether an installation has what it needs."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from trainings.core import clock, config, deaths, startup_checks
from trainings.core.db import db
from trainings.core.i18n import LazyText, _l
from trainings.jobs import queries as jobs
from trainings.mail import queries as mail
from trainings.register import operations as register_operations

_LAG = 300.0  # seconds that due work may be delayed
_WAITING = timedelta(minutes=10)  # how long an email may wait
_LATELY = timedelta(days=1)
_FREE = 500 * 1024 * 1024  # bytes
_SHOWN = timedelta(days=7)
_OFTEN, _RECENTLY = 3, timedelta(minutes=10)  # a part that dies so often within that is a fault
_PARTS = {
    deaths.WEB: _l("Web server"),
    deaths.JOBS: _l("Background work"),
    deaths.RENDERER: _l("Drawing of PDFs"),
}


class Check(NamedTuple):
    """One check: whether it passed, and what to do if it did not."""

    name: str
    label: LazyText
    well: bool
    advice: LazyText


class Died(NamedTuple):
    """A part of the server that died lately: how often, when last, and how."""

    label: LazyText
    times: int
    last: datetime
    how: str


def readiness() -> list[Check]:
    """Check all that the program needs, from the database to the register of certificates."""
    return [
        Check(
            "database",
            _l("Database"),
            _answers(_database),
            _l("The database does not answer. Start it, or check DATABASE_URL."),
        ),
        Check(
            "schema",
            _l("Schema and keys"),
            _answers(lambda: startup_checks.fault() is None),
            _l(
                "Run “flask --app wsgi db upgrade”, and check that the keys belong to this "
                "database."
            ),
        ),
        Check(
            "work",
            _l("Background work"),
            _answers(lambda: jobs.lag(clock.now()) < _LAG),
            _l(
                "Work has been waiting for more than 5 minutes. Start the worker: “flask --app "
                "wsgi jobs run”."
            ),
        ),
        Check(
            "parts",
            _l("Running parts"),
            not _keeps_dying(),
            _l(
                "A part of the system has stopped several times within ten minutes. It is started "
                "again each time. The log says why it stops."
            ),
        ),
        Check(
            "mail_server",
            _l("Mail server"),
            bool(config.settings().smtp.host),
            _l("There is no mail server, so nobody receives emails. Set SMTP_HOST."),
        ),
        Check(
            "mail",
            _l("Sending emails"),
            _answers(_mail),
            _l(
                "Emails have waited for more than ten minutes, or failed today. Check the settings "
                "of the mail server and send yourself a test email."
            ),
        ),
        Check(
            "disk",
            _l("Disk"),
            _answers(_disk),
            _l("Less than 500 MB is free. Make room before emails and files are lost."),
        ),
        Check(
            "register",
            _l("Register of certificates"),
            _answers(lambda: register_operations.put_back() is None),
            _l(
                "Certificates that were revoked, corrected or erased were put back in the "
                "database, or the file certificates.endings is damaged. Run «flask --app wsgi "
                "audit verify» and tell the data protection officer."
            ),
        ),
    ]


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except SQLAlchemyError:
        db.session.rollback()
        return False


def _database() -> bool:
    return db.session.execute(text("SELECT 1")).scalar() == 1


def _keeps_dying() -> bool:
    lately = clock.now() - _RECENTLY
    found = deaths.noted(config.settings().instance)
    times = Counter(one.part for one in found if one.at >= lately)
    return any(number >= _OFTEN for number in times.values())


def died() -> list[Died]:
    """What has died in the last seven days, and was started again; the latest first."""
    since = clock.now() - _SHOWN
    found = [one for one in deaths.noted(config.settings().instance) if one.at >= since]
    last = {one.part: one for one in found}
    times = Counter(one.part for one in found)
    parts = [
        Died(_PARTS[key], times[key], last[key].at, last[key].how) for key in last if key in _PARTS
    ]
    return sorted(parts, key=lambda one: one.last, reverse=True)


def _mail() -> bool:
    now = clock.now()
    return not mail.is_stuck(written_before=now - _WAITING, given_up_since=now - _LATELY)


def _disk() -> bool:
    folder = config.settings().instance
    return not folder.exists() or shutil.disk_usage(folder).free > _FREE
