"""What the page of a course says by itself: what is due, when registration closes, the balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _, _l, country_name, ngettext
from trainings.core.permissions import Role, Viewer
from trainings.courses.rules import CourseDates, CourseMove, CourseState


@dataclass(frozen=True)
class Numbers:
    """What stands beside the tabs of a course and in its facts."""

    candidates: int = 0
    taken: int = 0  # seats offered, confirmed or attended
    sessions: int = 0
    trainers: int = 0
    certificates: int = 0
    mails_waiting: int = 0


def agencies_of(viewer: Viewer) -> list[str]:
    """The agencies for which someone organises; one of them leads the courses they plan."""
    return [
        grant.agency_id
        for grant in viewer.grants
        if grant.role is Role.ORGANISER and grant.agency_id is not None
    ]


def due_move(state: CourseState, dates: CourseDates, today: date) -> CourseMove | None:
    """The move whose day has come; nobody but an organiser makes it."""
    closes = dates.registration_closes_on
    if state is CourseState.PUBLISHED and closes is not None and closes < today:
        return CourseMove.CLOSE_REGISTRATION
    if state is CourseState.REGISTRATION_CLOSED and dates.starts_on <= today:
        return CourseMove.START
    if state is CourseState.RUNNING and dates.ends_on <= today:
        return CourseMove.COMPLETE
    return None


def next_move(state: CourseState) -> CourseMove | None:
    """The usual next step of a course in this state."""
    return {
        CourseState.DRAFT: CourseMove.PUBLISH,
        CourseState.PUBLISHED: CourseMove.CLOSE_REGISTRATION,
        CourseState.REGISTRATION_CLOSED: CourseMove.START,
        CourseState.RUNNING: CourseMove.COMPLETE,
    }.get(state)


def registration_line(state: CourseState, dates: CourseDates, today: date) -> str:
    """How registration stands, in a few words: *closes in 12 days*."""
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


Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Options:
    """What a form of a section lets choose from, in the reader's language."""

    programmes: Choices = ()
    leads: Choices = ()
    agencies: Choices = ()
    modules: Choices = ()
    languages: Choices = ()
    countries: Choices = ()
    zones: Sequence[str] = ()
    functions: Choices = ()


@dataclass(frozen=True)
class Balance:
    """Who sits on the seats that are taken: women, functions, countries."""

    women: int = 0
    with_sex: int = 0
    by_function: Mapping[str, int] = field(default_factory=dict)
    by_country: Mapping[str, int] = field(default_factory=dict)

    @property
    def women_share(self) -> int | None:
        """Percent of women among those whose sex is known; none where nobody's is."""
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
    """A template is no course: it opens, runs and ends never."""

    sentence = _l("This is a template. Plan a course from it, and open that one.")


class CancelledStays(Refusal):
    """What was cancelled is not changed any more."""

    sentence = _l("The course is cancelled; its settings can no longer be changed.")


class SessionsOutside(Refusal):
    """The new days would leave sessions outside of the course."""

    sentence = _l(
        "%(number)s sessions lie outside these days. Move or remove them in the agenda first."
    )
    field = "ends_on"


class NotOnStaff(Refusal):
    """A role in a course is for people who have a staff account."""

    sentence = _l(
        "No staff account has this mail address. An administrator can invite them to the staff."
    )
    field = "mail"


MAIL_EVENTS: Mapping[str, LazyText] = {
    "course_published": _l("call for candidates"),
    "course_cancelled": _l("course cancelled"),
    "registration_message": _l("message of the organisers"),
    "registration_nominated": _l("nominated"),
    "registration_applied": _l("application received"),
    "registration_endorsed": _l("endorsed"),
    "registration_offer": _l("offer of a seat"),
    "registration_reminder": _l("reminder of an offer"),
    "registration_reserve": _l("place in reserve"),
    "registration_confirmed": _l("seat confirmed"),
    "registration_declined": _l("seat declined"),
    "registration_expired": _l("offer expired"),
    "registration_rejected": _l("not selected"),
    "registration_reconsidered": _l("considered again"),
    "registration_unselected": _l("selection undone"),
    "registration_withdrawn": _l("withdrawn"),
    "registration_cancelled": _l("course cancelled"),
    "registration_start": _l("link to apply"),
    "trainer_invited": _l("invitation to teach"),
    "trainer_withdrawn": _l("invitation withdrawn"),
    "certificate_ready": _l("certificate ready"),
    "certificate_revoked": _l("certificate revoked"),
}


def mail_event(event: str) -> str:
    """What a mail is about, in words."""
    return str(MAIL_EVENTS.get(event, event.replace("_", " ")))


@dataclass(frozen=True)
class Missing:
    """What waits for somebody's hand, counted."""

    to_endorse: list[tuple[str, int]]  # by country
    to_select: int
    incomplete: int
    ending_soon: int  # offers that end within two days
    bounced: int
    sessions_without_trainer: int
    unanswered: int  # trainers who were invited
    without_place: int  # at a table, where there are tables
    exceptions: int  # from the hours, asked for and not decided


class MissingLine(NamedTuple):
    """One thing that waits for somebody's hand: how many, and the list that it leads to."""

    label: str
    number: int
    endpoint: str
    filters: dict[str, Any]


def missing_lines(found: Missing) -> list[MissingLine]:
    """What is missing in a course, line by line; what is not missing is left out."""
    people = "registrations.index"
    lines = [
        *(
            MissingLine(
                _("Endorsements to come from %(country)s", country=country_name(country)),
                number, people, {"country": country, "state": "nominated"},
            )
            for country, number in found.to_endorse
        ),
        MissingLine(_("Candidates to decide on"), found.to_select, people, {"state": "endorsed"}),
        MissingLine(_("Offers that end within two days"), found.ending_soon, people,
                    {"problem": "ending"}),
        MissingLine(_("Details still missing"), found.incomplete, people,
                    {"problem": "incomplete"}),
        MissingLine(_("Mail addresses that do not work"), found.bounced, people,
                    {"problem": "bounced"}),
        MissingLine(_("Sessions without a trainer"), found.sessions_without_trainer,
                    "agenda.show", {}),
        MissingLine(_("Trainers who have not answered"), found.unanswered, "rosters.course", {}),
        MissingLine(_("People without a place at a table"), found.without_place,
                    "seating.index", {}),
        MissingLine(_("Exceptions that wait for a second organiser"), found.exceptions,
                    "certificates.index", {}),
    ]  # fmt: skip
    return [line for line in lines if line.number]
