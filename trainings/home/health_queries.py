"""What an installation needs to be well, checked now."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from trainings.core import clock, keeping
from trainings.core.db import db
from trainings.core.i18n import LazyText, _l
from trainings.jobs import queries as jobs
from trainings.mail import queries as mail

_LAG = 300.0  # seconds that due work may wait
_WAITING = timedelta(hours=1)  # how long a mail may wait
_LATELY = timedelta(days=1)
_FREE = 500 * 1024 * 1024  # bytes


class Check(NamedTuple):
    """One thing that was looked at: whether it is well, and what to do where it is not."""

    name: str
    label: LazyText
    well: bool
    advice: LazyText


def readiness() -> list[Check]:
    """Database, schema and keys, background work, mail, disk."""
    return [
        Check("database", _l("Database"), _answers(_database),
              _l("The database does not answer. Start it, or check DATABASE_URL.")),
        Check("schema", _l("Schema and keys"), _answers(lambda: keeping.fault() is None),
              _l("Run «flask --app wsgi db upgrade», and check that the keys are this "
                 "database's own.")),
        Check("work", _l("Background work"), _answers(lambda: jobs.lag(clock.now()) < _LAG),
              _l("Work has been waiting for more than five minutes. Start the worker: "
                 "«flask --app wsgi jobs run».")),
        Check("mail", _l("Mail"), _answers(_mail),
              _l("Mails have waited for more than an hour, or were given up today. "
                 "Check the settings of the mail server.")),
        Check("disk", _l("Disk"), _answers(_disk),
              _l("Less than 500 MB are free. Make room before mails and files are lost.")),
    ]  # fmt: skip


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except SQLAlchemyError:
        db.session.rollback()
        return False


def _database() -> bool:
    return db.session.execute(text("SELECT 1")).scalar() == 1


def _mail() -> bool:
    settings = current_app.extensions["settings"]
    if not settings.smtp.host and not settings.production:
        return True  # in development mails wait to be read on their page
    now = clock.now()
    return not mail.is_stuck(written_before=now - _WAITING, given_up_since=now - _LATELY)


def _disk() -> bool:
    folder = current_app.extensions["settings"].instance
    return not folder.exists() or shutil.disk_usage(folder).free > _FREE
