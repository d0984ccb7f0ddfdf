"""Who earned a certificate: a page in order of name, and how many are left to issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trainings.certificates import standing_queries, waiver_queries
from trainings.certificates.rules import Kind
from trainings.certificates.standing_queries import Standing
from trainings.core.permissions import Viewer
from trainings.courses.models import Course
from trainings.people import reading
from trainings.people.rules import Identity

PAGE = 100  # people; a usual course is one page


@dataclass(frozen=True)
class Listing:
    """One page of those who may earn a certificate in a course, with their names."""

    rows: list[Standing]
    names: dict[str, Identity]
    total: int
    fresh: int  # how many of all earned one and have none yet
    page: int
    waiting: Sequence[str]  # the numbers of all whose exception waits for a second organiser

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        """The number of the first line shown."""
        return (self.page - 1) * PAGE + 1


def listing(viewer: Viewer, course: Course, kind: Kind, page: int) -> Listing:
    """A page of a course that was found within the viewer's reach, in order of name.

    The look at those shown is logged; the names of the others are opened in memory for the
    order, and do not leave.
    """
    everyone = [key for key, _name in standing_queries.names(course, kind)]
    page = max(1, min(page, -(-len(everyone) // PAGE)))
    shown = everyone[(page - 1) * PAGE : page * PAGE]
    rows = standing_queries.earners(course, kind, shown, scope="viewer")
    places = {key: place for place, key in enumerate(shown)}
    rows.sort(key=lambda one: places[one.key])
    names = reading.open(
        [one.person.id for one in rows], by=viewer.account_id, purpose="certificates"
    )
    if len(rows) == len(everyone):
        fresh = sum(one.fresh for one in rows)
        waiting: Sequence[str] = [number for one in rows if (number := one.waits)]
    else:
        fresh = standing_queries.fresh(course, kind, scope="viewer")
        waiting = waiver_queries.waiting(course)
    return Listing(rows, names, len(everyone), fresh, page, waiting)
