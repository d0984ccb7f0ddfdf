"""Adds emails to the outbox, in the transaction of the action that causes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import insert
from sqlalchemy.orm import Session

from trainings.core import clock, config, sealed
from trainings.core.db import new_key
from trainings.core.i18n import speaking
from trainings.jobs import writes as jobs
from trainings.mail.models import OutboxMail
from trainings.mail.rules import NO_RECIPIENT, MailState, mark

_links: ContextVar[list[str]] = ContextVar("links")
holding_mail: ContextVar[bool] = ContextVar("holding_mail", default=False)


@dataclass(frozen=True)
class Letter:
    """One email to one address in its language, with the values its text uses.

    ``event`` names the folder ``templates/mail/<event>/`` with ``subject.txt`` and ``body.txt``.
    A subject never names a person.
    """

    event: str
    to: str
    language: str
    person_id: str | None = None
    course_id: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


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
    """Write one ``Letter``; returns the row's id."""
    (key,) = enqueue_each(session, [Letter(event, to, language, person_id, course_id, context)])
    return key


def enqueue_each(session: Session, letters: Iterable[Letter]) -> list[str]:
    """Write several emails in two statements; returns the rows' ids, in order.

    While ``holding_mail`` is set (a demo is being loaded) emails are stored as not sent; without an
    address they have failed.
    """
    rows = [_row(one) for one in letters]
    if rows:
        session.execute(insert(OutboxMail).execution_options(render_nulls=True), rows)
    going = [row["id"] for row in rows if row["state"] is MailState.WAITING]
    now = clock.now()
    jobs.enqueue_each(session, [("mail.send", now, {"mail_id": key}) for key in going])
    return [row["id"] for row in rows]


def _row(letter: Letter) -> dict[str, Any]:
    state = MailState.HELD if holding_mail.get() else MailState.WAITING
    if not letter.to.strip():
        state = MailState.FAILED
    subject, body, links = written(letter.event, letter.language, letter.context)
    key = new_key()
    return {
        "id": key,
        "message_id": f"<{key}@{_domain()}>",
        "event": letter.event,
        "language": letter.language,
        "recipient": sealed.seal(letter.to, f"outbox_mail|recipient|{key}"),
        "subject": sealed.seal(subject, f"outbox_mail|subject|{key}"),
        "body": sealed.seal(body, f"outbox_mail|body|{key}"),
        "links": sealed.seal("\n".join(links), f"outbox_mail|links|{key}"),
        "state": state,
        "fault": NO_RECIPIENT if state is MailState.FAILED else None,
        "created_at": clock.now(),
        "person_id": letter.person_id,
        "address_index": address_index(letter.to) if letter.person_id is None else None,
        "course_id": letter.course_id,
    }


def address_index(address: str) -> str:
    """The blind index for finding emails by address; it differs from the index of persons."""
    return sealed.blind_index("outbox", address.strip().casefold())


class Written(NamedTuple):
    """An email as written in a language: marks stand in the body for the personal links."""

    subject: str
    body: str
    links: list[str]


def written(event: str, language: str, context: Mapping[str, Any]) -> Written:
    """Write an email from its templates in ``templates/mail/<event>/``."""
    kept = _links.set([])
    try:
        with speaking(language):
            subject = _rendered(f"mail/{event}/subject.txt", context)
            body = _rendered(f"mail/{event}/body.txt", context) + "\n"
        return Written(" ".join(subject.split()), body, _links.get())
    finally:
        _links.reset(kept)


def personal(link: str) -> str:
    """In the templates of emails: keeps a link apart, and leaves a mark in its place."""
    links = _links.get()
    links.append(link)
    return mark(len(links) - 1)


def _rendered(template: str, context: Mapping[str, Any]) -> str:
    """A rendered text without what only pages need: the signed-in user, tabs, counts."""
    return current_app.jinja_env.get_template(template).render(context).strip()


def _domain() -> str:
    sender: str = config.settings().smtp.sender
    return sender.partition("@")[2] or "localhost"
