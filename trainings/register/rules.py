"""What a certificate is: kinds, statuses, reasons for ending, and the comparison of names."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp
from trainings.core.names import same_name
from trainings.core.states import Tone, Worded


class Kind(StrEnum):
    """What a certificate certifies."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    TRAINER = "trainer"

    @property
    def label(self) -> LazyText:
        """The kind, as shown to people."""
        return KIND_LABELS[self]


class Status(Worded):
    """The status of a certificate in the register."""

    ISSUED = "issued", _lp("certificate", "Issued, being prepared"), Tone.BLUE
    READY = "ready", _lp("certificate", "Ready"), Tone.GREEN
    SUPERSEDED = "superseded", _lp("certificate", "Superseded"), Tone.AMBER
    REVOKED = "revoked", _lp("certificate", "Revoked"), Tone.RED


class EndReason(StrEnum):
    """Why a certificate is no longer valid, or was replaced."""

    MISTAKE = "mistake"
    NAME = "name"
    NOT_EARNED = "not_earned"
    MISUSE = "misuse"
    OTHER = "other"

    @property
    def label(self) -> LazyText:
        """The reason, as shown to people."""
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

VALID = frozenset({Status.ISSUED, Status.READY})
ENDED = frozenset({Status.SUPERSEDED, Status.REVOKED})
STATUS_MOVES: Mapping[Status, frozenset[Status]] = {
    Status.ISSUED: frozenset({Status.READY, Status.SUPERSEDED, Status.REVOKED}),
    Status.READY: frozenset({Status.SUPERSEDED, Status.REVOKED}),
    Status.SUPERSEDED: frozenset({Status.REVOKED}),
    Status.REVOKED: frozenset(),
}


class StatusRefused(Refusal):
    """The certificate no longer has the status that this act needs."""

    sentence = _l("This is not possible while the certificate is “%(status)s”.")


def check_status(before: Status, after: Status) -> None:
    """Check that a certificate may go from one status to another; never back. Raises a refusal."""
    if after not in STATUS_MOVES[before]:
        raise StatusRefused(status=before.label)


def matches(typed: str, printed: str) -> bool:
    """Whether the name that a verifier typed is the one on the certificate, as people read it."""
    return same_name(typed, printed)


class NameIssued(Refusal):
    """The name for the certificate is printed on one that is valid."""

    field = "printed_name"
    sentence = _l(
        "The certificate has been issued, so the name on it can no longer be changed. Organisers "
        "can replace the certificate with a corrected one."
    )


class ChangedByOthers(Refusal):
    """Rows of the register do not agree with the records kept alongside it."""

    sentence = _l(
        "%(serials)s cannot be confirmed now: the register does not agree with the records kept "
        "beside it. Try again in a minute. If it stays so, somebody may have changed the database: "
        "tell the data protection officer. Other certificates can still be printed."
    )
