"""The outbox as a page, for development on this machine: links in emails can be followed."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import config
from trainings.core.errors import NotFound
from trainings.mail import queries, text_writes
from trainings.web.access import public
from trainings.web.hosts import from_this_machine

bp = Blueprint("mail", __name__)
bp.add_app_template_filter(text_writes.personal)


def _shown() -> bool:
    return not config.settings().production and from_this_machine(request)


def _check_shown() -> None:
    if not _shown():
        raise NotFound


@bp.app_template_global()
def outbox_url() -> str | None:
    """The URL of the outbox in development on this machine; else None."""
    return url_for("mail.outbox") if _shown() else None


@bp.get("/outbox")
@public
def outbox() -> ResponseReturnValue:
    """The newest emails, readable while the installation is in development."""
    _check_shown()
    mails = [(mail, queries.opened(mail)) for mail in queries.latest()]
    return render_template("mail/outbox.html", mails=mails)


@bp.get("/outbox/<mail_id>")
@public
def read(mail_id: str) -> ResponseReturnValue:
    """One email as its recipient would see it."""
    _check_shown()
    mail = queries.find(mail_id)
    if mail is None:
        raise NotFound
    return render_template("mail/read.html", mail=mail, parts=queries.opened(mail))
