"""Rules for the agenda: kinds of session, local times, what a session needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct, field

from trainings.core.dates import zone_name
from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, LazyText, _, _l, language_name, listed, localized
from trainings.rosters.rules import TrainerRole


class SessionKind(StrEnum):
    """What happens in a slot of the agenda."""

    MODULE = "module"
    TEST = "test"
    BREAK = "break"
    OTHER = "other"

    @property
    def label(self) -> LazyText:
        """The kind in words."""
        return KIND_LABELS[self]


KIND_LABELS: Mapping[SessionKind, LazyText] = {
    SessionKind.MODULE: _l("Module"),
    SessionKind.TEST: _l("Test"),
    SessionKind.BREAK: _l("Break"),
    SessionKind.OTHER: _l("Other"),
}
SHORTEST = timedelta(minutes=5)  # of a session
COUNTED = frozenset({SessionKind.MODULE, SessionKind.TEST})  # these count as planned hours


class Span(NamedTuple):
    """When a session takes place, in UTC."""

    starts: datetime
    ends: datetime


def union_minutes(spans: Iterable[Span]) -> int:
    """The minutes during which at least one of these sessions takes place.

    Sessions at the same time count once, since nobody can be in two: 9:00–11:00 and 10:00–12:00
    are three hours.
    """
    seconds = 0.0
    over: datetime | None = None
    for span in sorted(spans):
        begins = span.starts if over is None else max(span.starts, over)
        if span.ends > begins:
            seconds += (span.ends - begins).total_seconds()
            over = span.ends
    return int(seconds) // 60


def parallel(spans: Mapping[str, Span]) -> frozenset[str]:
    """Which of these sessions take place at the same time as another of them."""
    found: set[str] = set()
    latest: tuple[str, Span] | None = None  # the session that ends last so far
    for key, span in sorted(spans.items(), key=lambda pair: pair[1]):
        if latest is not None and span.starts < latest[1].ends:
            found |= {key, latest[0]}
        if latest is None or span.ends > latest[1].ends:
            latest = key, span
    return frozenset(found)


# Local time


class TimeRefused(Refusal):
    """A time of day that cannot be used."""

    field = "starts_at"


class TimeDoesNotExist(TimeRefused):
    """A local time that is skipped because the clocks go forward."""

    sentence = _l(
        "%(time)s does not exist on %(day)s in %(zone)s, because the clocks go forward. Choose "
        "another time."
    )


class TimeExistsTwice(TimeRefused):
    """A local time that occurs twice because the clocks go back."""

    sentence = _l(
        "%(time)s happens twice on %(day)s in %(zone)s, because the clocks go back. Choose "
        "another time."
    )


class ZoneUnknown(Refusal):
    """An unknown time zone."""

    sentence = _l("We do not recognise the time zone “%(zone)s”.")
    field = "zone"


def to_utc(local: datetime, zone: str) -> datetime:
    """A local time at the course's place in UTC; refuses times that are skipped or occur twice."""
    if local.tzinfo is not None:
        raise ValueError("a wall-clock time has no zone of its own")
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as missing:
        raise ZoneUnknown(zone=zone) from missing
    wall = local.replace(fold=0)
    first = wall.replace(tzinfo=place).astimezone(UTC)
    second = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    shown = {"time": f"{wall:%H:%M}", "day": wall.date(), "zone": zone_name(zone)}
    if first.astimezone(place).replace(tzinfo=None, fold=0) != wall:
        raise TimeDoesNotExist(**shown)
    if first != second:
        raise TimeExistsTwice(**shown)
    return first


# Sessions


class SessionData(Struct, frozen=True):
    """A session as it was typed, in local time at the course's place."""

    day: date
    starts_at: time
    ends_at: time
    kind: SessionKind
    titles: Mapping[str, str] = field(default_factory=dict)
    module_id: str | None = None
    room_id: str | None = None
    new_room: str = ""  # a room of the venue that is not on the list yet
    trainers: tuple[str, ...] = ()  # who leads it: course trainers, invited or accepted
    co_trainers: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # in which it is held; none: those of the course
    interpreted: tuple[str, ...] = ()  # into which it is interpreted

    @property
    def roles(self) -> dict[str, TrainerRole]:
        """How each of its trainers takes part. Raises ``TwoRoles``."""
        found = [
            *((one, TrainerRole.LEAD) for one in set(self.trainers)),
            *((one, TrainerRole.CO) for one in set(self.co_trainers)),
            *((one, TrainerRole.OBSERVER) for one in set(self.observers)),
        ]
        roles = dict(found)
        if len(roles) < len(found):
            raise TwoRoles
        return roles


def speech_words(languages: Collection[str], interpreted: Collection[str]) -> str:
    """In which languages a session is held, in the reader's words; empty where it says nothing."""
    held, into = (listed([language_name(one) for one in some]) for some in (languages, interpreted))
    if held and into:
        return _("in %(languages)s, interpreted into %(into)s", languages=held, into=into)
    if into:
        return _("interpreted into %(into)s", into=into)
    return _("in %(languages)s", languages=held) if held else ""


class AgendaClosed(Refusal):
    """The agenda cannot change once a course has ended: attendance and hours are settled."""

    sentence = _l("The course is over, so its agenda can no longer change.")


class ModuleMissing(Refusal):
    """A module session without a module, or with one that the course does not teach."""

    sentence = _l("Choose one of the course modules.")
    field = "module_id"


class TitleMissing(Refusal):
    """A session without a title to tell it from the others."""

    sentence = _l("Give the session a title in at least one language.")
    field = "titles"


class RoomUnknown(Refusal):
    """A room that the venue does not have."""

    sentence = _l("Choose a room from the list, or type a new one.")
    field = "room_id"


class TrainerNotAsked(Refusal):
    """A trainer who is neither invited to the course nor has accepted."""

    sentence = _l("One of these trainers has not been invited to the course, or has declined.")
    field = "trainers"


class TwoRoles(Refusal):
    """A trainer who is to take part in a session in two roles."""

    sentence = _l("Choose one role in this session for each trainer.")
    field = "trainers"


class MarksTaken(Refusal):
    """A session in which attendance was taken cannot be removed."""

    sentence = _l("Attendance was taken in this session, so it cannot be removed.")


class EndsBeforeStart(TimeRefused):
    """A session that does not end after it begins."""

    sentence = _l("A session must end after it starts.")
    field = "ends_at"


class TooShort(TimeRefused):
    """A session shorter than any that people could find on the grid."""

    sentence = _l("A session lasts at least %(minutes)s minutes.")
    field = "ends_at"


class OutsideCourse(TimeRefused):
    """A session on a day outside the course."""

    sentence = _l("This is outside the course, which runs from %(first)s to %(last)s.")


class PastMidnight(TimeRefused):
    """A session that would end on the next day."""

    sentence = _l("A session ends on the day on which it starts, before midnight.")
    field = "ends_at"


class SessionsRefused(Refusal):
    """Several sessions that were to be added at once; ``by_row`` says what speaks against which."""

    sentence = Counted(
        "Nothing was added yet: look at one row below.",
        "Nothing was added yet: look at %(rows)s rows below.",
        "rows",
    )

    def __init__(self, by_row: Mapping[int, Refusal]) -> None:
        super().__init__(rows=len(by_row))
        self.by_row = dict(by_row)


def check_session(starts_at: datetime, ends_at: datetime, first: date, last: date) -> None:
    """Refuse a session (local times) that does not lie within the days of its course."""
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if ends_at - starts_at < SHORTEST:
        raise TooShort(minutes=int(SHORTEST.total_seconds()) // 60)
    if starts_at.date() < first or ends_at.date() > last:
        raise OutsideCourse(first=first, last=last)
    if ends_at.date() != starts_at.date():
        raise PastMidnight


def shown_title(
    titles: Mapping[str, str], module_titles: Mapping[str, str] | None, kind: SessionKind
) -> str:
    """The title to show for a session: its own, else its module's, else its kind."""
    return localized(titles) or localized(module_titles) or str(kind.label)


def check_content(
    kind: SessionKind, module_id: str | None, titles: Mapping[str, str], modules: Collection[str]
) -> None:
    """Refuse a session that does not say what it is about; ``modules``: those of the course."""
    if kind is SessionKind.MODULE and not module_id:
        raise ModuleMissing
    if module_id and module_id not in modules:
        raise ModuleMissing
    if kind is SessionKind.OTHER and not any(titles.values()):
        raise TitleMissing
