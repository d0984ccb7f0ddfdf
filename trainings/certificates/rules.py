"""What a certificate is, who earns it, and whose name stands on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trainings.core.conditions import Condition, all_met
from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.text import same_name
from trainings.courses.rules import CourseState


class Kind(StrEnum):
    """What a certificate says of its holder."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    TRAINER = "trainer"

    @property
    def label(self) -> LazyText:
        """The kind as people read it."""
        return KIND_LABELS[self]


class Status(StrEnum):
    """Where a certificate stands in the register."""

    ISSUED = "issued"
    READY = "ready"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"

    @property
    def label(self) -> LazyText:
        """The status as people read it."""
        return STATUS_LABELS[self]


class EndReason(StrEnum):
    """Why a certificate is no longer valid, or was replaced."""

    MISTAKE = "mistake"
    NAME = "name"
    NOT_EARNED = "not_earned"
    MISUSE = "misuse"
    OTHER = "other"

    @property
    def label(self) -> LazyText:
        """The reason as people read it."""
        return END_LABELS[self]


END_LABELS: Mapping[EndReason, LazyText] = {
    EndReason.MISTAKE: _l("It was issued by mistake"),
    EndReason.NAME: _l("The name or another detail was wrong"),
    EndReason.NOT_EARNED: _l("Its conditions were not met"),
    EndReason.MISUSE: _l("It was misused"),
    EndReason.OTHER: _l("Another reason"),
}
KIND_LABELS: Mapping[Kind, LazyText] = {
    Kind.ATTENDANCE: _l("Certificate of attendance"),
    Kind.COMPLETION: _l("Certificate of completion"),
    Kind.TRAINER: _l("Trainer's certificate"),
}
STATUS_LABELS: Mapping[Status, LazyText] = {
    Status.ISSUED: _l("Issued"),
    Status.READY: _l("Ready"),
    Status.SUPERSEDED: _l("Superseded"),
    Status.REVOKED: _l("Revoked"),
}

DEFAULT_THRESHOLD = 80  # per cent of the planned hours
VALID = frozenset({Status.ISSUED, Status.READY})
ENDED = frozenset({Status.SUPERSEDED, Status.REVOKED})
STATUS_MOVES: Mapping[Status, frozenset[Status]] = {
    Status.ISSUED: frozenset({Status.READY, Status.SUPERSEDED, Status.REVOKED}),
    Status.READY: frozenset({Status.SUPERSEDED, Status.REVOKED}),
    Status.SUPERSEDED: frozenset({Status.REVOKED}),
    Status.REVOKED: frozenset(),
}


class StatusRefused(Refusal):
    """The certificate is no longer what this needs it to be."""

    sentence = _l("This is not possible: the certificate is in the state “%(status)s”.")


def check_status(before: Status, after: Status) -> None:
    """Whether a certificate may go from one status to another, or a refusal; never back."""
    if after not in STATUS_MOVES[before]:
        raise StatusRefused(status=before.label)


@dataclass(frozen=True)
class CertificateFacts:
    """What one person did in one course, as plain values.

    ``test_passed`` and ``evaluation_given`` are ``None`` where the course has no test, asks for
    no evaluation. ``excepted`` means that an organiser waived the share of hours, with a reason.
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
    def enough_hours(self) -> bool:
        """Whether they attended the share of the planned hours that is asked for."""
        planned = self.planned_minutes
        return planned > 0 and self.attended_minutes * 100 >= self.threshold * planned


def conditions(facts: CertificateFacts) -> tuple[Condition, ...]:
    """What a certificate asks for and which of it is met, in words for the one it is for.

    A test counts for completion alone: who fails it still attended.
    """
    if facts.kind is Kind.TRAINER:
        return (_sessions_given(facts), _name(facts))
    found = [_share_of_hours(facts)]
    if facts.kind is Kind.COMPLETION and facts.test_passed is not None:
        found.append(
            Condition(_l("You passed the test."), facts.test_passed, _l("Pass the course's test."))
        )
    if facts.evaluation_given is not None:
        found.append(
            Condition(
                _l("You gave your evaluation of the course."),
                facts.evaluation_given,
                _l("Fill in the evaluation; it takes five minutes."),
            )
        )
    found.append(_name(facts))
    return tuple(found)


def _share_of_hours(facts: CertificateFacts) -> Condition:
    attended, planned = facts.attended_minutes, facts.planned_minutes
    met = facts.enough_hours
    values: tuple[tuple[str, object], ...] = (
        ("share", attended * 100 // planned if planned > 0 else 0),
        ("threshold", facts.threshold),
    )
    if facts.excepted and not met:
        label = _l("You attended %(share)s %% of the planned hours; an exception was made.")
        return Condition(label, True, values=values)
    return Condition(
        _l("You attended %(share)s %% of the planned hours (%(threshold)s %% are asked for)."),
        met,
        _l("Attend at least %(threshold)s %% of the planned hours; ask the organiser if unsure."),
        values=values,
    )


def _name(facts: CertificateFacts) -> Condition:
    return Condition(
        _l("You confirmed your name as it shall be printed."),
        facts.name_confirmed,
        _l("Check your name and confirm it."),
    )


def _sessions_given(facts: CertificateFacts) -> Condition:
    return Condition(
        _l("You gave sessions of this course (%(sessions)s)."),
        facts.sessions_given > 0,
        _l("The organiser has to assign you to at least one session."),
        values=(("sessions", facts.sessions_given),),
    )


def qualifies(facts: CertificateFacts) -> bool:
    """Whether the certificate can be issued."""
    return all_met(conditions(facts))


def matches(typed: str, printed: str) -> bool:
    """Whether the name that a verifier typed is the one on the certificate.

    NFKD, casefolded, no marks or punctuation, same words in any order, in any script.
    """
    return same_name(typed, printed)


class CourseNotCompleted(Refusal):
    """Certificates are asked for before the course is over."""

    sentence = _l("Certificates can be issued once the course is completed.")


class NoneEarned(Refusal):
    """Nobody meets the conditions."""

    sentence = _l("Nobody meets the conditions yet; look at the list to see what is missing.")


class NoLongerEarned(Refusal):
    """A certificate is to be made anew for somebody who, by what is recorded now, earned none."""

    sentence = _l(
        "By what is recorded now, this certificate is not earned. Correct the name alone, or "
        "revoke it."
    )
    field = "afresh"


class TooManyNames(Refusal):
    """Names were tried on one certificate."""

    sentence = _l(
        "Too many names were tried on this certificate. Try again in %(wait)s, or check its PDF "
        "file instead."
    )


def check_completed(state: CourseState) -> None:
    """Whether certificates may be issued in this state of the course, or a refusal."""
    if state is not CourseState.COMPLETED:
        raise CourseNotCompleted


class NothingToPrint(Refusal):
    """The print file is asked for before any certificate is ready."""

    sentence = _l("No certificate of this course is ready to print yet.")


class NotReady(Refusal):
    """A certificate was issued, its file is still being made."""

    sentence = _l("Your certificate is being made. Try again in a minute.")


class ChangedByOthers(Refusal):
    """Rows of the register are not as this software wrote them."""

    sentence = _l(
        "The register entry of %(serials)s was changed from outside this software, so it is not "
        "given out. Tell the data protection officer. Other certificates can still be printed."
    )


class WaiverOwn(Refusal):
    """Whoever asks for an exception does not approve it."""

    sentence = _l("Another organiser of this course has to approve the exception you asked for.")


class WaiverThere(Refusal):
    """An exception was asked for before."""

    sentence = _l("An exception was already asked for; look at the list.")


class WaiverApproved(Refusal):
    """An exception that somebody approved is not taken away by a page that did not know."""

    sentence = _l("This exception was approved meanwhile, so it was not taken away.")


class WaiverReasonMissing(Refusal):
    """An exception without a reason."""

    sentence = _l("Give the reason for the exception; the organiser who approves it reads it.")
    field = "reason"


def check_approval(asked_by: str, approved_by: str | None) -> None:
    """Whether this account may approve an exception that another asked for, or a refusal."""
    if asked_by == approved_by:
        raise WaiverOwn
