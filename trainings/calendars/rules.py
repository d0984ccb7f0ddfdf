"""What stands in a calendar: sessions and courses as events, in the reader's language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import SessionKind, shown_title
from trainings.agenda_versions.rules import Planned, sequence
from trainings.core.i18n import _, country_name, listed, localized
from trainings.courses.rules import CourseState
from trainings.rosters.rules import TrainerRole

# The emails that carry a file for the calendar.
WITH_FILE = frozenset({"registration_confirmed", "registration_agenda", "trainer_agenda"})
SHOWN_AFTER = timedelta(days=90)  # for so long after its end a course stays in the feed
_FORMAT = 2  # goes up when the same facts are written otherwise


class CourseFacts(NamedTuple):
    """What of a course its events say, and which version of its agenda is published, if any is."""

    id: str
    code: str
    titles: Mapping[str, str]
    venue: str
    city: str
    country: str
    zone: str
    starts_on: date
    ends_on: date
    state: CourseState
    contact: str
    created_at: datetime
    version: int | None
    acts: int | None  # how many its agenda had seen when it was published
    moves: int | None  # how often the days of the course moved since
    changed_at: datetime | None
    modules: str  # the titles of its modules and the names of its rooms: they change
    rooms: str  # without a version

    @property
    def sequence(self) -> int:
        """A number for its events that never falls."""
        if self.version is None:
            return 0
        return sequence(self.version, self.acts or 0, self.moves or 0)


class OwnCourse(NamedTuple):
    """A course in somebody's own calendar, and what they do there."""

    facts: CourseFacts
    takes_part: bool  # with a confirmed seat: all of its sessions
    teaches: str | None  # the course trainer they are, once they accepted: the sessions they give


class SessionFacts(NamedTuple):
    """What of a session its event says."""

    id: str
    course_id: str
    kind: SessionKind
    titles: Mapping[str, str]
    module_titles: Mapping[str, str] | None
    day: date
    starts_at: time
    ends_at: time
    room: str
    gone: bool = False  # no longer on the agenda
    persons: Mapping[str, TrainerRole] = MappingProxyType({})  # who takes part in it, as what


def session_facts(course_id: str, one: Planned, *, gone: bool = False) -> SessionFacts:
    """A session of a published agenda, as a calendar shows it; ``gone``: it was on it."""
    start, end = one.entry.start, one.entry.end
    if start is None or end is None:
        raise ValueError("a published session has its time")
    return SessionFacts(
        one.id,
        course_id,
        one.entry.kind,
        one.entry.titles,
        one.module,
        start.date(),
        start.time(),
        end.time(),
        "" if gone else one.room,
        gone=gone,
        persons=one.persons,
    )


def part_of(own: OwnCourse, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """What of an agenda stands in somebody's calendar: all of it, or what they give."""
    if own.takes_part:
        return dict(entries)
    return {key: entry for key, entry in entries.items() if own.teaches in entry.trainers}


class Event(Struct, frozen=True):
    """One event of a calendar: at local times of a zone, or on whole days."""

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date  # of whole days the day after the last
    zone: str
    changed: datetime
    sequence: int
    text: str = ""
    place: str = ""
    address: str = ""
    contact: str = ""
    cancelled: bool = False
    tentative: bool = False
    busy: bool = True


class Feed(Struct, frozen=True):
    """A calendar: its name, and its events in order of time."""

    name: str
    language: str
    events: tuple[Event, ...]


class Site(Struct, frozen=True):
    """The address of this installation, which makes the ids of events unlike all others."""

    base_url: str

    @property
    def host(self) -> str:
        """The host in the address, without its port."""
        return urlsplit(self.base_url).hostname or "localhost"


def tag(own: Sequence[OwnCourse], *more: str) -> str:
    """What a feed is known by: it changes with all that the feed says, and is quick to find out.

    A session changes with the version of its agenda or with the days of its course. ``more``: who
    asks, for what, in which language.
    """
    said = repr((_FORMAT, own, more))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def place(course: CourseFacts, room: str, *, venue_shown: bool) -> str:
    """Where something takes place; only who sees the venue of a course reads it."""
    venue = course.venue if venue_shown else ""
    return ", ".join(filter(None, (room, venue, course.city, country_name(course.country))))


def events_of(
    course: CourseFacts,
    sessions: Iterable[SessionFacts],
    site: Site,
    *,
    venue_shown: bool,
    trainers: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Event]:
    """The sessions of a course as events; ``trainers``: names by session, for who may read them."""
    title = localized(course.titles)
    places: dict[str, str] = {}
    for one in sessions:
        if one.room not in places:
            places[one.room] = place(course, one.room, venue_shown=venue_shown)
        names = (trainers or {}).get(one.id)
        lines = [title, _("Trainers: %(names)s", names=listed(names)) if names else ""]
        yield Event(
            uid=f"{one.id}@{site.host}",
            title=shown_title(one.titles, one.module_titles, one.kind),
            starts=datetime.combine(one.day, one.starts_at),
            ends=datetime.combine(one.day, one.ends_at),
            zone=course.zone,
            changed=course.changed_at or course.created_at,
            sequence=course.sequence,
            text="\n".join(filter(None, lines)),
            place=places[one.room],
            address=f"{site.base_url}/courses/{course.code}/agenda",
            contact=course.contact,
            cancelled=one.gone or course.state is CourseState.CANCELLED,
            busy=one.kind is not SessionKind.BREAK,
        )


def days_of(course: CourseFacts, site: Site, *, venue_shown: bool) -> Event:
    """The days of a course as one event, which leaves people free."""
    return Event(
        uid=f"{course.id}@{site.host}",
        title=localized(course.titles),
        starts=course.starts_on,
        ends=course.ends_on + timedelta(days=1),
        zone=course.zone,
        changed=course.changed_at or course.created_at,
        sequence=course.sequence,
        place=place(course, "", venue_shown=venue_shown),
        address=f"{site.base_url}/courses/{course.code}",
        contact=course.contact,
        cancelled=course.state is CourseState.CANCELLED,
        tentative=course.state is CourseState.DRAFT,
        busy=False,
    )
