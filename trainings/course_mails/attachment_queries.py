"""Looks up the files that go with an email: which may be chosen, and what is attached at sending.

Rights are asked when the email is sent, of who its reader is then; nothing of a file is stored.
"""

from __future__ import annotations

from collections.abc import Collection

from trainings.calendars import attachment_queries as calendar
from trainings.calendars import queries as calendars
from trainings.core.large_files import Opened
from trainings.course_mails.message_rules import (
    LARGEST,
    WITH_FILES,
    FileNotForThem,
    FilesTooLarge,
    Recipients,
)
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.mail.models import OutboxMail
from trainings.mail.rules import Attachment
from trainings.materials import queries as materials
from trainings.materials.rules import Item, Relation
from trainings.rosters.rules import Invitation


def choices(course: Course) -> list[Item]:
    """The files of a course that some reader of a message may have, each once."""
    both = frozenset({Relation.PARTICIPANT, Relation.TRAINER})
    found = {item.id: item for shelf in materials.shelves(course, both) for item in shelf.items}
    return list(found.values())


def check_files(course: Course, recipients: Recipients, chosen: Collection[str]) -> None:
    """Check that recipients may have these files. Raises ``FileNotForThem``, ``FilesTooLarge``.

    That they may be given files at all is asked before (``FilesNotForThem``).
    """
    if not chosen or recipients not in WITH_FILES:
        return
    relation = Relation.TRAINER if recipients is Recipients.TRAINERS else Relation.PARTICIPANT
    given = _given(course, frozenset({relation}))
    if not set(chosen) <= given.keys():
        raise FileNotForThem
    if sum(given[one].size for one in chosen) > LARGEST:
        raise FilesTooLarge


def _given(course: Course, standing: frozenset[Relation]) -> dict[str, Item]:
    shelves = materials.shelves(course, standing)
    return {item.id: item for shelf in shelves for item in shelf.items}


def files_of(mail: OutboxMail) -> list[Attachment]:
    """The files that go with an email: the agenda for a calendar, and chosen materials.

    A file that its reader may no longer have, or that is gone, is left out.
    """
    own = calendar.attachment_of(mail)
    return [*([own] if own else []), *_materials(mail)]


def _materials(mail: OutboxMail) -> list[Attachment]:
    if not mail.files or mail.person_id is None or mail.course_id is None:
        return []
    has = calendars.own_course(mail.person_id, mail.course_id, {Invitation.ACCEPTED})
    if has is None:
        return []
    standing = {Relation.PARTICIPANT} if has.takes_part else set()
    if has.teaches is not None:
        standing.add(Relation.TRAINER)
    given = _given(courses.by_id(mail.course_id), frozenset(standing))
    return [_attachment(given[one]) for one in mail.files if one in given]


def _attachment(item: Item) -> Attachment:
    row = materials.by_id(item.id)
    with Opened(row.file, row.size, materials.key_of(row)) as content:
        return Attachment(item.file_name, content.read(), item.kind.media_type)
