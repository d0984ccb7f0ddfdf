"""The outbox as a page: in development only, so that one can follow the links of mails."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from trainings.core.access import public
from trainings.core.errors import NotFound
from trainings.mail import queries

bp = Blueprint("mail", __name__)


def _in_development() -> None:
    if current_app.extensions["settings"].production:
        raise NotFound


@bp.app_template_global()
def outbox_url() -> str | None:
    """Where mails can be read while the installation is in development; nowhere in production."""
    production = current_app.extensions["settings"].production
    return None if production else url_for("mail.outbox")


@bp.get("/outbox")
@public
def outbox() -> ResponseReturnValue:
    """The newest mails, readable while the installation is in development."""
    _in_development()
    mails = [(mail, queries.opened(mail)) for mail in queries.latest()]
    return render_template("mail/outbox.html", mails=mails)


@bp.get("/outbox/<mail_id>")
@public
def read(mail_id: str) -> ResponseReturnValue:
    """One mail as its recipient would get it."""
    _in_development()
    mail = queries.find(mail_id)
    if mail is None:
        raise NotFound
    return render_template("mail/read.html", mail=mail, parts=queries.opened(mail))
