"""Who on the roster fits what is looked for, and for everyone else the reason why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct, field

from trainings.core.dates import within_reach
from trainings.core.i18n import LazyText, _l


class Served(StrEnum):
    """When somebody last taught a session, as it is asked for."""

    YEAR = "year"
    TWO_YEARS = "two_years"
    LONGER_AGO = "longer_ago"
    NEVER = "never"

    @property
    def label(self) -> LazyText:
        """The choice, for display."""
        return _SERVED[self]


_SERVED: Mapping[Served, LazyText] = {
    Served.YEAR: _l("In the last 12 months"),
    Served.TWO_YEARS: _l("In the last 24 months"),
    Served.LONGER_AGO: _l("Longer ago"),
    Served.NEVER: _l("Not yet"),
}
_YEAR = timedelta(days=365)


class Service(Struct, frozen=True):
    """What somebody has taught so far, in all courses: when last, how often the module asked for.

    It says nothing about where, or with whom.
    """

    last: date | None = None
    sessions: int = 0
    of_module: int = 0


class Occupied(Struct, frozen=True):
    """Days on which a trainer is needed by a course."""

    trainer_id: str
    course_id: str
    first: date
    last: date


class Lack(StrEnum):
    """Why somebody does not fit."""

    LANGUAGE = "language"
    MODULE = "module"  # neither taught it nor says that they do
    NOT_TAUGHT = "not_taught"  # says that they do, but has not here
    BUSY = "busy"
    SERVICE = "service"


class Reason(Struct, frozen=True):
    """One reason why somebody does not fit; of a course the reader sees, which and when."""

    lack: Lack
    course_id: str = ""  # none: beyond what the reader may see
    first: date | None = None
    last: date | None = None


class Wanted(Struct, frozen=True):
    """What is looked for; what is empty is not asked."""

    language: str = ""
    module: str = ""
    first: date | None = None
    last: date | None = None
    served: Served | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked for that somebody may lack."""
        return bool(self.language or self.module or self.first or self.served)


class Known(Struct, frozen=True):
    """What is known of a trainer, for the search."""

    languages: Collection[str]
    modules: Collection[str]
    service: Service = Service()
    occupied: Sequence[Occupied] = field(default=())


def typed_day(typed: str) -> date | None:
    """A day of the search as a browser sends it; none where it is not one."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if within_reach(day) else None


def days_wanted(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days in their order, a year of them at most; one alone is a single day."""
    given = sorted(one for one in (first, last) if one is not None)
    return (given[0], min(given[-1], given[0] + _YEAR)) if given else (None, None)


def reasons(wanted: Wanted, known: Known, seen: Collection[str], today: date) -> list[Reason]:
    """Why a trainer does not fit; none where they do. ``seen``: courses that the reader sees."""
    found = []
    if wanted.language and wanted.language not in known.languages:
        found.append(Reason(Lack.LANGUAGE))
    if wanted.module and not known.service.of_module:
        lack = Lack.NOT_TAUGHT if wanted.module in known.modules else Lack.MODULE
        found.append(Reason(lack))
    found += _busy(known.occupied, seen)
    if wanted.served is not None and not _serves(wanted.served, known.service.last, today):
        found.append(Reason(Lack.SERVICE))
    return found


def _busy(occupied: Sequence[Occupied], seen: Collection[str]) -> list[Reason]:
    """Each course that the reader sees, and all others together as no more than *not free*."""
    found = [
        Reason(Lack.BUSY, one.course_id, one.first, one.last)
        for one in occupied
        if one.course_id in seen
    ]
    if any(one.course_id not in seen for one in occupied):
        found.append(Reason(Lack.BUSY))
    return found


def _serves(asked: Served, last: date | None, today: date) -> bool:
    if last is None or asked is Served.NEVER:
        return last is None and asked is Served.NEVER
    if asked is Served.LONGER_AGO:
        return last < today - 2 * _YEAR
    return last >= today - (_YEAR if asked is Served.YEAR else 2 * _YEAR)
