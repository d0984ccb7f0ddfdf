"""Writes to many people of a course within the caller's transaction: at once, or as a mailing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from trainings.core import clock, sealed
from trainings.core.db import insert_rows, new_key
from trainings.courses.models import Course
from trainings.jobs.writes import enqueue
from trainings.mailings import queries, rules
from trainings.mailings.models import Addressee, Mailing
from trainings.mailings.rules import UNFINISHED, MailingState, Said, kept
from trainings.people.models import Person
from trainings.registrations import mail_writes
from trainings.registrations.mail_writes import Notice
from trainings.registrations.models import Registration

# Somebody who can be written to, as ``mail_writes.tell_each`` finds out by opening the address.
_HAS_ADDRESS = (Person.mail_index.is_not(None), Person.erased_at.is_(None))


def tell_each(session: Session, course: Course, notices: Sequence[Notice]) -> int:
    """Email several people about a step, each in their language; returns how many.

    To more than one portion the worker writes, soon after: who is meant, and what is said, is as
    of now; each reader's own state, name and address are as of when their email is written.
    """
    if len(notices) <= rules.PORTION:
        return mail_writes.tell_each(session, course, notices)
    texts, which = _texts(notices)
    mailing = _begin(session, course, texts)
    return _addressed(session, course, mailing, which)


def tell_about(
    session: Session, course: Course, event: str, about: str, ids: Collection[str]
) -> int:
    """Let the worker write letters to registrations of a course about something; returns how many.

    What they say is asked for when they are written (``mailings/operations.py:letters``).
    """
    mailing = _begin(session, course, [Said(event, about=about)])
    return _addressed(session, course, mailing, dict.fromkeys(ids, 0))


def tell_group(
    session: Session,
    course: Course,
    said: Said,
    meant: Sequence[ColumnElement[bool]],
    group: Mapping[str, object],
) -> int:
    """The same for all registrations of which conditions hold now, however many; returns how many.

    One statement puts down who they are: nobody who joins later is written to, and nobody who
    leaves is forgotten. ``group``: whom the sender chose, to be shown again.
    """
    mailing = _begin(session, course, [said], group)
    who = (
        select(literal(mailing.id), Registration.id, literal(0))
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.course_id == course.id, *meant, *_HAS_ADDRESS)
        .execution_options(scope="operation")
    )
    columns = ["mailing_id", "registration_id", "said"]
    session.execute(insert(Addressee).from_select(columns, who))
    counting = select(func.count()).where(Addressee.mailing_id == mailing.id)
    return _under_way(session, mailing, session.scalar(counting) or 0)


def _texts(notices: Sequence[Notice]) -> tuple[list[Said], dict[str, int]]:
    """What is said, each text once, and which of them each registration gets."""
    texts: list[Said] = []
    known: dict[str, int] = {}
    alike: dict[Any, int] = {}  # many have the same context: it is not written out for each
    which: dict[str, int] = {}
    for one in notices:
        own = (one.own, tuple(one.files))
        mark = (one.event, one.with_link, one.until, id(one.context) if one.context else 0, own)
        if mark not in alike:
            text = _said(one)
            alike[mark] = known.setdefault(kept([text]), len(texts))
            if alike[mark] == len(texts):
                texts.append(text)
        which[one.registration.id] = alike[mark]
    return texts, which


def _said(notice: Notice) -> Said:
    own = notice.own
    return Said(
        notice.event,
        notice.with_link,
        notice.until,
        notice.context,
        {"": own.subject} if own else {},
        {"": own.text} if own else {},
        tuple(notice.files),
    )


def _addressed(session: Session, course: Course, mailing: Mailing, which: Mapping[str, int]) -> int:
    found = session.scalars(
        select(Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.course_id == course.id, *_HAS_ADDRESS)
        .execution_options(scope="operation")
    )
    rows = [
        {"mailing_id": mailing.id, "registration_id": key, "said": which[key]}
        for key in found
        if key in which
    ]
    if rows:
        insert_rows(session, Addressee, rows)
    return _under_way(session, mailing, len(rows))


def _begin(
    session: Session,
    course: Course,
    said: Sequence[Said],
    group: Mapping[str, object] | None = None,
) -> Mailing:
    key = new_key()
    mailing = Mailing(
        id=key,
        course_id=course.id,
        at=clock.now(),
        event=said[0].event if said[0].about else f"registration_{said[0].event}",
        group=dict(group) if group else None,
        total=0,
        written=0,
        state=MailingState.UNDER_WAY,
        said=sealed.seal(kept(said), f"mailing|said|{key}"),
    )
    session.add(mailing)
    session.flush()
    return mailing


def _under_way(session: Session, mailing: Mailing, total: int) -> int:
    mailing.total = total
    go_on(session, mailing)
    return total


def go_on(session: Session, mailing: Mailing) -> None:
    """Let the worker write the next portion; after the last, wipe what was said."""
    if mailing.written < mailing.total:
        ask_for_more(session, mailing.id)
    else:
        mailing.state, mailing.said = MailingState.WRITTEN, None


def ask_for_more(session: Session, mailing_id: str) -> None:
    """Queue the next portion of a mailing, once."""
    enqueue(session, "mailings.write", unique_key=job_of(mailing_id), mailing_id=mailing_id)


def job_of(mailing_id: str) -> str:
    """The name in the queue of the job that writes a mailing."""
    return f"mailings.write {mailing_id}"


def done_with(session: Session, mailing: Mailing, ids: Collection[str]) -> None:
    """These people of a mailing have been written to, or cannot be any more."""
    session.execute(
        delete(Addressee).where(
            Addressee.mailing_id == mailing.id, Addressee.registration_id.in_(list(ids))
        )
    )
    mailing.written += len(ids)


def hold(session: Session, course_id: str) -> int:
    """Write no more emails of a course until ``release``; returns how many were still to come."""
    found = queries.in_state_for_update(course_id, MailingState.UNDER_WAY)
    for mailing in found:
        mailing.state = MailingState.ON_HOLD
    session.flush()
    return sum(one.total - one.written for one in found)


def release(session: Session, course_id: str) -> int:
    """Go on with what ``hold`` kept back; returns how many emails are still to come."""
    found = queries.in_state_for_update(course_id, MailingState.ON_HOLD)
    for mailing in found:
        mailing.state = MailingState.UNDER_WAY
        go_on(session, mailing)
    session.flush()
    return sum(one.total - one.written for one in found)


def end(session: Session, mailing: Mailing) -> int:
    """Write to nobody else, and wipe what was said; returns to how many it did not go."""
    left = mailing.total - mailing.written
    session.execute(delete(Addressee).where(Addressee.mailing_id == mailing.id))
    mailing.state, mailing.said = MailingState.STOPPED, None
    return left


def forget(session: Session, registration_ids: Collection[str]) -> int:
    """Write to nobody who is erased; returns how many emails were still to be written."""
    mine = Addressee.registration_id.in_(list(registration_ids))
    rows = session.execute(
        select(Addressee.mailing_id, func.count()).where(mine).group_by(Addressee.mailing_id)
    ).all()
    session.execute(delete(Addressee).where(mine))
    for mailing_id, number in rows:
        session.execute(
            update(Mailing)
            .where(Mailing.id == mailing_id)
            .values(total=Mailing.total - number)
            .execution_options(synchronize_session=False)
        )
    return sum(number for _, number in rows)


def clear(session: Session, before: datetime) -> None:
    """Delete the mailings that were over before a moment."""
    over = Mailing.state.not_in(sorted(UNFINISHED))
    session.execute(delete(Mailing).where(over, Mailing.at < before))
