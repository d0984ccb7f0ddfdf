"""Puts a mail into the outbox, inside the transaction of the act that causes it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from trainings.core import clock, sealed
from trainings.core.db import new_key
from trainings.core.i18n import speaking
from trainings.jobs import writes as jobs
from trainings.mail.models import OutboxMail

holding_mail: ContextVar[bool] = ContextVar("holding_mail", default=False)


def enqueue(
    session: Session,
    event: str,
    *,
    to: str,
    language: str,
    person_id: str | None = None,
    course_id: str | None = None,
    **context: Any,
) -> str:
    """Write one mail to one address in its language; gives the row's id.

    ``event`` names the folder ``templates/mail/<event>/`` with ``subject.txt`` and ``body.txt``.
    A subject names nobody. While ``holding_mail`` is set (a demo is
    being built) the mail is kept as not sent.
    """
    with speaking(language):
        subject = _written(f"mail/{event}/subject.txt", context)
        body = _written(f"mail/{event}/body.txt", context) + "\n"
    key = new_key()
    held = holding_mail.get()
    session.add(
        OutboxMail(
            id=key,
            message_id=f"<{key}@{_domain()}>",
            event=event,
            language=language,
            recipient=sealed.seal(to, f"outbox_mail|recipient|{key}"),
            subject=sealed.seal(" ".join(subject.split()), f"outbox_mail|subject|{key}"),
            body=sealed.seal(body, f"outbox_mail|body|{key}"),
            state="held" if held else "waiting",
            created_at=clock.now(),
            person_id=person_id,
            address_index=address_index(to) if person_id is None else None,
            course_id=course_id,
        )
    )
    if not held:
        jobs.enqueue(session, "mail.send", mail_id=key)
    return key


def address_index(address: str) -> str:
    """The blind index by which mails to an address are found; another than that of persons."""
    return sealed.blind_index("outbox", address.strip().casefold())


def _written(template: str, context: dict[str, Any]) -> str:
    """A text without what only pages need: who is signed in, tabs, counts."""
    return current_app.jinja_env.get_template(template).render(context).strip()


def _domain() -> str:
    sender: str = current_app.extensions["settings"].smtp.sender
    return sender.partition("@")[2] or "localhost"
