"""Adds emails to the outbox, in the transaction of the action that causes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from msgspec import Struct, field
from sqlalchemy.orm import Session

from trainings.core import clock, config, sealed
from trainings.core.db import insert_rows, new_key
from trainings.jobs import writes as jobs
from trainings.mail import text_queries
from trainings.mail.models import OutboxMail
from trainings.mail.rules import NO_RECIPIENT, MailState
from trainings.mail.text_rules import OwnText
from trainings.mail.text_writes import written

holding_mail: ContextVar[bool] = ContextVar("holding_mail", default=False)


class Letter(Struct, frozen=True):
    """One email to one address in its language, with the values its text uses.

    ``event`` names the folder ``templates/mail/<event>/`` with ``subject.txt`` and ``body.txt``.
    A subject never names a person. ``own``: an organiser's text in the place of the templates;
    where there is none, the course may have its own for this event. ``files``: ids of files that
    are attached when it is sent.
    """

    event: str
    to: str
    language: str
    person_id: str | None = None
    course_id: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    own: OwnText | None = None
    files: Sequence[str] = ()


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

    A third looks up the own texts of a course that has some.

    While ``holding_mail`` is set (a demo is being loaded) emails are stored as not sent; without an
    address they have failed.
    """
    letters = list(letters)
    texts = text_queries.own_texts((one.course_id, one.event) for one in letters if _may_own(one))
    rows = [_row(one, one.own or texts.get(_place(one))) for one in letters]
    if rows:
        insert_rows(session, OutboxMail, rows)
    going = [row["id"] for row in rows if row["state"] is MailState.WAITING]
    now = clock.now()
    jobs.enqueue_each(session, [("mail.send", now, {"mail_id": key}) for key in going])
    return [row["id"] for row in rows]


def _may_own(letter: Letter) -> bool:
    """Whether the course that a letter is about has texts of its own."""
    return letter.own is None and bool(getattr(letter.context.get("course"), "own_texts", False))


def _place(letter: Letter) -> tuple[str | None, str, str]:
    return (letter.course_id, letter.event, letter.language)


def _row(letter: Letter, own: OwnText | None) -> dict[str, Any]:
    state = MailState.HELD if holding_mail.get() else MailState.WAITING
    if not letter.to.strip():
        state = MailState.FAILED
    subject, body, links = written(letter.event, letter.language, letter.context, own)
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
        "files": list(letter.files) or None,
    }


def wipe(mail: OutboxMail) -> None:
    """Delete what an email says and its links, once it is sent or will never be."""
    mail.subject = mail.body = mail.links = None


def rewrite(mail: OutboxMail, subject: str, body: str) -> None:
    """Put other words into an email that is not sent yet; marks in them stand for its links."""
    mail.subject = sealed.seal(subject, f"outbox_mail|subject|{mail.id}")
    mail.body = sealed.seal(body, f"outbox_mail|body|{mail.id}")


def address_index(address: str) -> str:
    """The blind index for finding emails by address; it differs from the index of persons."""
    return sealed.blind_index("outbox", address.strip().casefold())


def _domain() -> str:
    sender: str = config.settings().smtp.sender
    return sender.partition("@")[2] or "localhost"
