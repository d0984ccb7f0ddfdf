"""Adds a version of an agenda and emails whom it concerns, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.agenda.act_rules import Entry, to_plain
from trainings.agenda.writes import entries_instead
from trainings.agenda_versions import queries
from trainings.agenda_versions.models import AgendaVersion
from trainings.agenda_versions.queries import Giver, References, Standing
from trainings.agenda_versions.rules import Change, cancelled, moved
from trainings.agenda_versions.telling_rules import Told, Words, told
from trainings.core import clock
from trainings.core.db import new_key
from trainings.core.i18n import LANGUAGES, speaking
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.mail.writes import Letter, enqueue_each
from trainings.mailings import writes as mailings
from trainings.people import reading
from trainings.people.sealed_rules import Identity
from trainings.registrations.mail_writes import Notice
from trainings.web.responses import external_url


def add_version(session: Session, course: Course, now: Standing, by: Viewer) -> AgendaVersion:
    """Make the agenda that is worked on the next version of a course whose row is locked."""
    before = now.version
    gone = cancelled(queries.entries_of(before), queries.cancelled_of(before), now.draft)
    made = AgendaVersion(
        id=new_key(),
        course_id=course.id,
        number=now.number + 1,
        sessions=_plain(now.draft),
        cancelled=_plain(gone),
        changes=len(now.changes),
        told=0,
        acts=queries.last_act(course.id),
        moves=0,
        account_id=by.account_id,
        published_at=clock.now(),
        changed_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made


def _plain(entries: Mapping[str, Entry]) -> dict[str, object]:
    return {key: to_plain(entry) for key, entry in entries.items()}


def follow_days(session: Session, course: Course, days: int) -> None:
    """Move what is published with a course that moved by so many days; its people are told of that.

    The course's row is locked. In another time zone the same hours stay.
    """
    version = queries.latest(course.id)
    if version is None:
        return
    version.sessions = _plain(moved(queries.entries_of(version), days))
    version.moves, version.changed_at = version.moves + 1, clock.now()
    session.flush()


def reassign(session: Session, goes: str, stays: str, course_id: str) -> None:
    """Put one course trainer in the place of another in all that was published of a course."""
    for version in session.scalars(
        select(AgendaVersion).where(AgendaVersion.course_id == course_id)
    ):
        version.sessions = entries_instead(version.sessions, goes, stays)
        version.cancelled = entries_instead(version.cancelled, goes, stays)
    session.flush()


def tell(session: Session, course: Course, version: AgendaVersion, found: Sequence[Change]) -> int:
    """Email everyone whom changes concern, each once, with their part; returns how many."""
    to = queries.audience(course, found)
    if not to.size:
        return 0
    entries = [one for change in to.concerned for one in (change.before, change.after) if one]
    referred = queries.referred(entries)
    first = version.number == 1
    said = {
        code: {"lines": lines_in(code, to.concerned, referred), "first": first}
        for code in LANGUAGES
    }
    notices = [
        Notice("agenda", one, context=said[_language(one.person.language)])
        for one in to.taking_part
    ]
    people = reading.opened({one.person_id for one in to.trainers})
    letters = [
        _letter(
            course,
            one,
            people[one.person_id],
            lines_in(_language(one.language), part, referred),
            first,
        )
        for one, part in to.trainers.items()
        if people[one.person_id].mail
    ]
    return mailings.tell_each(session, course, notices) + len(enqueue_each(session, letters))


def _letter(
    course: Course, giver: Giver, who: Identity, lines: Sequence[Told], first: bool
) -> Letter:
    return Letter(
        "trainer_agenda",
        to=who.mail,
        language=_language(giver.language),
        person_id=giver.person_id,
        course_id=course.id,
        context={
            "course": course,
            "name": who.name,
            "lines": lines,
            "first": first,
            "address": external_url("agenda.show", code=course.code),
        },
    )


def _language(code: str) -> str:
    return code if code in LANGUAGES else "en"


def lines_in(code: str, part: Sequence[Change], referred: References) -> list[Told]:
    """Changes in words of one language, naming nobody: an email names its reader alone."""
    with speaking(code):
        return [told(one, Words(referred.modules, referred.rooms)) for one in part]
