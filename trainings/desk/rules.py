"""What a course's page works out: the move that is due, registration, the balance of seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, _, _l, ngettext
from trainings.courses.rules import CourseDates, CourseMove, CourseState

MOST_SHOWN = 99  # that a tab says of what is left to read; more are not counted on each page


class Numbers(Struct, frozen=True):
    """The numbers on a course's tabs and in its facts."""

    candidates: int = 0
    taken: int = 0  # seats offered, confirmed or attended
    certificates: int = 0
    sessions: int = 0
    trainers: int = 0
    mails_waiting: int = 0
    materials: int = 0  # files of its own
    reads: int = 0  # 1 where the viewer was named to read candidates
    to_read: int = 0  # candidates whom the viewer has not read yet, as far as they are counted

    @property
    def left_to_read(self) -> int | str | None:
        """How many the viewer has to read, as their tab says it."""
        return f"{MOST_SHOWN}+" if self.to_read > MOST_SHOWN else self.to_read or None


def due_move(state: CourseState, dates: CourseDates, today: date) -> CourseMove | None:
    """The move whose day has come; only an organiser can make it."""
    closes = dates.registration_closes_on
    if state is CourseState.PUBLISHED and closes is not None and closes < today:
        return CourseMove.CLOSE_REGISTRATION
    if state is CourseState.REGISTRATION_CLOSED and dates.starts_on <= today:
        return CourseMove.START
    if state is CourseState.RUNNING and dates.ends_on <= today:
        return CourseMove.COMPLETE
    return None


def next_move(state: CourseState) -> CourseMove | None:
    """The usual next move for a course in this state."""
    return {
        CourseState.DRAFT: CourseMove.PUBLISH,
        CourseState.PUBLISHED: CourseMove.CLOSE_REGISTRATION,
        CourseState.REGISTRATION_CLOSED: CourseMove.START,
        CourseState.RUNNING: CourseMove.COMPLETE,
    }.get(state)


def registration_line(state: CourseState, dates: CourseDates, today: date) -> str:
    """The state of registration in a few words: *closes in 12 days*."""
    opens, closes = dates.registration_opens_on, dates.registration_closes_on
    if opens is not None and today < opens and state in _BEFORE_CLOSING:
        left = (opens - today).days
        return ngettext("opens tomorrow", "opens in %(num)s days", left)
    if state is CourseState.DRAFT:
        return _("not open yet")
    if state is not CourseState.PUBLISHED or closes is None or closes < today:
        return _("closed")
    left = (closes - today).days
    if left == 0:
        return _("closes today")
    return ngettext("closes tomorrow", "closes in %(num)s days", left)


_BEFORE_CLOSING = frozenset({CourseState.DRAFT, CourseState.PUBLISHED})


class Balance(Struct, frozen=True):
    """Who has the taken seats: women, functions, countries."""

    women: int = 0
    with_sex: int = 0
    by_function: Mapping[str, int] = field(default_factory=dict)
    by_country: Mapping[str, int] = field(default_factory=dict)

    @property
    def women_share(self) -> int | None:
        """Percentage of women among people whose sex is known; None where it is known of nobody."""
        return 100 * self.women // self.with_sex if self.with_sex else None


def balance(groups: Iterable[tuple[str, str, int, int, int]]) -> Balance:
    """Add up groups of (country, function, people, women, people whose sex is known)."""
    women = with_sex = 0
    functions: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for country, function, people, of_women, known in groups:
        women, with_sex = women + of_women, with_sex + known
        functions[function] += people
        countries[country] += people
    return Balance(women, with_sex, functions, countries)


class PlannedInTemplate(Refusal):
    """A template is not a course, so it cannot change state."""

    sentence = _l("This is a template. Plan a course from it and open that course instead.")


class CancelledStays(Refusal):
    """A cancelled course can no longer be changed."""

    sentence = _l("The course is cancelled, so its settings can no longer change.")


class SessionsOutside(Refusal):
    """The new dates would leave sessions outside the course."""

    sentence = Counted(
        "%(number)s session is outside these dates. Move or remove it in the agenda first.",
        "%(number)s sessions are outside these dates. Move or remove them in the agenda first.",
        "number",
    )
    field = "ends_on"


class NotOnStaff(Refusal):
    """Only people with a staff account can have a role in a course."""

    sentence = _l(
        "No staff account has this email address. An administrator can invite the person as staff."
    )
    field = "mail"
