"""The waves in which people are asked about their working contacts: kinds, days, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.states import Tone, Worded
from trainings.courses.rules import CourseState
from trainings.registrations.rules import State

OPEN_DAYS = 14  # how long a wave can be answered, its first day included
ASKED = frozenset({State.CONFIRMED, State.ATTENDED})
GOING = frozenset(
    {
        CourseState.PUBLISHED,
        CourseState.REGISTRATION_CLOSED,
        CourseState.RUNNING,
        CourseState.COMPLETED,
    }
)

Cell = tuple[str, str]  # a country and a function


class WaveKind(Worded):
    """When in the life of a course people are asked."""

    START = "start", _lp("wave", "Before the course")
    END = "end", _lp("wave", "At the end of the course")
    THREE = "three", _lp("wave", "3 months later")
    SIX = "six", _lp("wave", "6 months later")

    @property
    def question(self) -> LazyText:
        """What is asked, with the time that it is about."""
        return _QUESTIONS[self]


_QUESTIONS: Mapping[str, LazyText] = {
    WaveKind.START: _l("With whom were you in contact for your work in the last twelve months?"),
    WaveKind.END: _l("Whom have you met or worked with since the course began?"),
    WaveKind.THREE: _l("With whom have you been in contact for your work since the course?"),
    WaveKind.SIX: _l("With whom have you been in contact for your work in the last three months?"),
}


class WaveState(Worded):
    """Where a wave is."""

    UNPLANNED = "unplanned", _lp("wave", "not planned")
    PLANNED = "planned", _lp("wave", "planned"), Tone.AMBER
    OPEN = "open", _lp("wave", "open"), Tone.BLUE
    CLOSED = "closed", _lp("wave", "closed"), Tone.GREEN


class Often(StrEnum):
    """How often somebody was in contact with a group."""

    ONCE = "once"
    MONTHLY = "monthly"
    WEEKLY = "weekly"

    @property
    def label(self) -> LazyText:
        """The answer as it is displayed."""
        return _OFTEN[self]


_OFTEN: Mapping[str, LazyText] = {
    Often.ONCE: _l("Once or twice"),
    Often.MONTHLY: _l("About every month"),
    Often.WEEKLY: _l("Every week or more"),
}


class ContactWay(StrEnum):
    """How people were in contact."""

    MET = "met"
    CALLED = "called"
    WORKED = "worked"

    @property
    def label(self) -> LazyText:
        """The answer as it is displayed."""
        return _WAYS[self]


_WAYS: Mapping[str, LazyText] = {
    ContactWay.MET: _l("We met"),
    ContactWay.CALLED: _l("We called or wrote to each other"),
    ContactWay.WORKED: _l("We worked on something together"),
}


class ContactOutcome(StrEnum):
    """What came of the contacts; never which case."""

    ADVICE = "advice"
    CASE = "case"
    TRAINING = "training"
    NOTHING = "nothing"

    @property
    def label(self) -> LazyText:
        """The answer as it is displayed."""
        return _OUTCOMES[self]


_OUTCOMES: Mapping[str, LazyText] = {
    ContactOutcome.ADVICE: _l("Advice or an answer to a question"),
    ContactOutcome.CASE: _l("A case moved on through official channels"),
    ContactOutcome.TRAINING: _l("A training or visit together"),
    ContactOutcome.NOTHING: _lp("contact", "Nothing yet"),
}


class Contacts(Struct, frozen=True):
    """What one person answers: the groups they were in contact with, how, and what came of it."""

    named: Mapping[Cell, Often]
    ways: frozenset[ContactWay] = frozenset()
    outcomes: frozenset[ContactOutcome] = frozenset()


def usual_days(starts_on: date, ends_on: date) -> dict[WaveKind, date]:
    """The days on which the waves are proposed to be sent."""
    return {
        WaveKind.START: starts_on - timedelta(days=OPEN_DAYS),
        WaveKind.END: ends_on,
        WaveKind.THREE: ends_on + timedelta(days=91),
        WaveKind.SIX: ends_on + timedelta(days=182),
    }


def last_day(kind: WaveKind, sent_on: date, starts_on: date) -> date:
    """The last day on which a wave can be answered; the first one ends before the course."""
    usual = sent_on + timedelta(days=OPEN_DAYS - 1)
    if kind is WaveKind.START:
        return min(usual, starts_on - timedelta(days=1))
    return usual


def reminder_at(sent_at: datetime, closes_at: datetime) -> datetime:
    """When those who have not answered are reminded: once, halfway."""
    return sent_at + (closes_at - sent_at) / 2


class WaveTooLate(Refusal):
    """The first wave would be asked when the course has begun."""

    sentence = _l("The first time is asked before the course begins, on %(day)s.")


class WaveTooEarly(Refusal):
    """A wave about the course that would be sent before its last day."""

    sentence = _l("This is asked on the last day of the course, %(day)s, or later.")


class WaveInThePast(Refusal):
    """A day that is over."""

    sentence = _l("Choose today or a later day.")


class WaveSent(Refusal):
    """A wave is sent once."""

    sentence = _l("This has been sent already.")


class WaveNotOpen(Refusal):
    """Only an open wave can be answered or closed."""

    sentence = _l("This can no longer be answered: it is closed.")


class NobodyToAsk(Refusal):
    """There is nobody with a confirmed seat and an email address."""

    sentence = _l("There is nobody to ask yet: nobody with an email address has confirmed a seat.")


class CourseNotGoing(Refusal):
    """Draft and cancelled courses ask nobody."""

    sentence = _l("Nobody is asked about a course that is a draft or cancelled.")


def check_day(kind: WaveKind, day: date, starts_on: date, ends_on: date) -> None:
    """Check that a wave fits the course on a day. Raises ``WaveTooLate``, ``WaveTooEarly``."""
    if kind is WaveKind.START:
        if day >= starts_on:
            raise WaveTooLate(day=starts_on)
    elif day < ends_on:
        raise WaveTooEarly(day=ends_on)
