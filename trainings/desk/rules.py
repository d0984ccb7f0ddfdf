"""What a course's page works out: the move that is due, registration, the balance of seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, LazyText, _, _l, ngettext
from trainings.courses.rules import CourseDates, CourseMove, CourseState


@dataclass(frozen=True)
class Numbers:
    """The numbers on a course's tabs and in its facts."""

    candidates: int = 0
    taken: int = 0  # seats offered, confirmed or attended
    sessions: int = 0
    trainers: int = 0
    certificates: int = 0
    mails_waiting: int = 0
    materials: int = 0  # files of its own
    reads: int = 0  # 1 where the viewer was named to read candidates
    to_read: int = 0  # candidates whom the viewer has not read yet


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


@dataclass(frozen=True)
class Balance:
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


MAIL_EVENTS: Mapping[str, LazyText] = {
    "course_published": _l("call for candidates"),
    "course_cancelled": _l("course cancelled"),
    "course_rescheduled": _l("course moved"),
    "registration_message": _l("message from the organisers"),
    "registration_nominated": _l("nominated"),
    "registration_applied": _l("application received"),
    "registration_endorsed": _l("endorsed"),
    "registration_offer": _l("offer of a seat"),
    "registration_reminder": _l("offer reminder"),
    "registration_reserve": _l("place on the reserve list"),
    "registration_confirmed": _l("seat confirmed"),
    "registration_declined": _l("seat declined"),
    "registration_expired": _l("offer expired"),
    "registration_rejected": _l("not selected"),
    "registration_reconsidered": _l("application reconsidered"),
    "registration_unselected": _l("selection undone"),
    "registration_recalled": _l("endorsement undone"),
    "law_check_asked": _l("asked to check the laws"),
    "registration_admitted": _l("admitted without endorsement"),
    "registration_unadmitted": _l("admission undone"),
    "registration_withdrawn": _l("withdrawn"),
    "registration_cancelled": _l("course cancelled"),
    "registration_rescheduled": _l("course moved"),
    "registration_agenda": _l("agenda"),
    "registration_name": _l("name to be confirmed"),
    "registration_named": _l("name confirmed"),
    "registration_start": _l("link to apply"),
    "application_saved": _l("application saved for later"),
    "trainer_invited": _l("invitation to teach"),
    "trainer_withdrawn": _l("invitation withdrawn"),
    "trainer_agenda": _l("own sessions"),
    "certificate_ready": _l("certificate ready"),
    "certificate_revoked": _l("certificate revoked"),
}


def mail_event(event: str) -> str:
    """What an email is about, in words."""
    return str(MAIL_EVENTS.get(event, event.replace("_", " ")))
