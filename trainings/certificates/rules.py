"""Rules for earning a certificate: its conditions, and exceptions from the hours."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from trainings.attendance.rules import Share
from trainings.core.conditions import Condition
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.courses.rules import CourseState
from trainings.register.rules import Kind

DEFAULT_THRESHOLD = 80  # per cent of the planned hours


class CertificateFacts(Struct, frozen=True):
    """What one person did in one course, as plain values.

    ``test_passed`` is ``None`` if the course has no test, ``evaluation_given`` if it asks for no
    evaluation. ``excepted`` means that an organiser waived the share of hours, with a reason.
    """

    kind: Kind
    name_confirmed: bool
    attended_minutes: int = 0
    planned_minutes: int = 0
    threshold: int = DEFAULT_THRESHOLD
    excepted: bool = False
    test_passed: bool | None = None
    evaluation_given: bool | None = None
    sessions_given: int = 0  # for a trainer

    @property
    def share(self) -> Share:
        """How much of the planned hours they attended."""
        return Share(self.attended_minutes, self.planned_minutes)

    @property
    def enough_hours(self) -> bool:
        """Whether they attended the required share of the planned hours."""
        return self.share.reaches(self.threshold)


class Lack(StrEnum):
    """A reason why somebody does not get a certificate."""

    SESSIONS = "sessions"
    NAME = "name"
    HOURS = "hours"
    EVALUATION = "evaluation"
    TEST = "test"

    def said(self, threshold: int) -> str:
        """What is missing, in a few words for the organisers."""
        return str(_LACKS[self]) % {"threshold": threshold}


_LACKS: Mapping[Lack, LazyText] = {
    Lack.SESSIONS: _l("Taught no session"),
    Lack.NAME: _l("Has not confirmed the name"),
    Lack.HOURS: _l("Below %(threshold)s%% of the planned hours"),
    Lack.EVALUATION: _l("Has not completed the evaluation"),
    Lack.TEST: _l("Has not passed the test"),
}


def lacks(facts: CertificateFacts) -> tuple[Lack, ...]:
    """What is missing for the certificate, the most urgent first; empty if it is earned.

    A test counts for completion only: someone who fails it has still attended.
    """
    if facts.kind is Kind.TRAINER:
        found = {Lack.SESSIONS: facts.sessions_given == 0, Lack.NAME: not facts.name_confirmed}
    else:
        found = {
            Lack.NAME: not facts.name_confirmed,
            Lack.HOURS: not facts.enough_hours and not facts.excepted,
            Lack.EVALUATION: facts.evaluation_given is False,
            Lack.TEST: facts.kind is Kind.COMPLETION and facts.test_passed is False,
        }
    return tuple(lack for lack, missing in found.items() if missing)


def qualifies(facts: CertificateFacts) -> bool:
    """Whether the certificate can be issued."""
    return not lacks(facts)


def conditions(facts: CertificateFacts, *, begun: bool = True) -> tuple[Condition, ...]:
    """What a certificate requires and what of it is met, in words for its recipient.

    Before the course has begun, only what can be done by then is said to be met or not.
    """
    if not begun:
        return (_name(lacks(facts)),)
    missing = lacks(facts)
    if facts.kind is Kind.TRAINER:
        return (_sessions_given(facts, missing), _name(missing))
    found = [_share_of_hours(facts, missing)]
    if facts.kind is Kind.COMPLETION and facts.test_passed is not None:
        found.append(
            Condition(
                _l("You passed the test."), Lack.TEST not in missing, _l("Pass the course's test.")
            )
        )
    if facts.evaluation_given is not None:
        found.append(
            Condition(
                _l("You completed the course evaluation."),
                Lack.EVALUATION not in missing,
                _l("Complete the evaluation. It takes 5 minutes."),
            )
        )
    found.append(_name(missing))
    return tuple(found)


def _share_of_hours(facts: CertificateFacts, missing: tuple[Lack, ...]) -> Condition:
    values: tuple[tuple[str, object], ...] = (
        ("share", facts.share.percent),
        ("threshold", facts.threshold),
    )
    if facts.excepted and not facts.enough_hours:
        label = _l("You attended %(share)s%% of the planned hours. An exception was made.")
        return Condition(label, True, values=values)
    return Condition(
        _l("You attended %(share)s%% of the planned hours (%(threshold)s%% required)."),
        Lack.HOURS not in missing,
        _l(
            "Attend at least %(threshold)s%% of the planned hours. Ask the organisers if you are "
            "unsure."
        ),
        values=values,
    )


def _name(missing: tuple[Lack, ...]) -> Condition:
    return Condition(
        _l("You confirmed how your name should be printed."),
        Lack.NAME not in missing,
        _l("Check your name and confirm it."),
    )


def _sessions_given(facts: CertificateFacts, missing: tuple[Lack, ...]) -> Condition:
    return Condition(
        _l("You taught sessions of this course (%(sessions)s)."),
        Lack.SESSIONS not in missing,
        _l("An organiser has to assign you to at least one session."),
        values=(("sessions", facts.sessions_given),),
    )


class CourseNotCompleted(Refusal):
    """The course is not over yet, so certificates cannot be issued."""

    sentence = _l("Certificates can be issued once the course is completed.")


class NoneEarned(Refusal):
    """Nobody meets the conditions."""

    sentence = _l("Nobody meets the conditions yet. See the list for what is missing.")


class NoLongerEarned(Refusal):
    """A certificate cannot be reissued to somebody who, by the present records, did not earn it."""

    sentence = _l(
        "According to the records, this certificate is not earned. Correct only the name, or "
        "revoke it."
    )
    field = "afresh"


def check_completed(state: CourseState) -> None:
    """Refuse to issue certificates in a course state that does not allow it."""
    if state is not CourseState.COMPLETED:
        raise CourseNotCompleted


class WaiverOwn(Refusal):
    """The organiser who asked for an exception cannot approve it."""

    sentence = _l("Another organiser of this course has to approve the exception you requested.")


class WaiverThere(Refusal):
    """An exception has already been asked for."""

    sentence = _l("An exception has already been requested. See the list.")


class WaiverApproved(Refusal):
    """An exception was approved in the meantime, so it cannot be removed."""

    sentence = _l("This exception has been approved in the meantime, so it was not removed.")


class WaiverReasonMissing(Refusal):
    """An exception without a reason."""

    sentence = _l("Give the reason for the exception. The organiser who decides reads it.")
    field = "reason"


def check_approval(asked_by: str, approved_by: str | None) -> None:
    """Refuse an approval by the account that asked for the exception."""
    if asked_by == approved_by:
        raise WaiverOwn
