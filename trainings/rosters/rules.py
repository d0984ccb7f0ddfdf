"""Trainers on a course: whether they were asked, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class Invitation(StrEnum):
    """How a trainer stands with a course."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"

    @property
    def label(self) -> LazyText:
        """The answer as people read it."""
        return INVITATION_LABELS[self]


INVITATION_LABELS: Mapping[Invitation, LazyText] = {
    Invitation.INVITED: _l("Invited"),
    Invitation.ACCEPTED: _l("Accepted"),
    Invitation.DECLINED: _l("Declined"),
}
# A trainer may change their mind; who declined can be asked again.
ANSWERS: Mapping[Invitation, frozenset[Invitation]] = {
    Invitation.INVITED: frozenset({Invitation.ACCEPTED, Invitation.DECLINED}),
    Invitation.ACCEPTED: frozenset({Invitation.DECLINED}),
    Invitation.DECLINED: frozenset({Invitation.INVITED, Invitation.ACCEPTED}),
}


class AnswerRefused(Refusal):
    """The invitation does not stand where this answer fits."""

    sentence = _l("This invitation is already answered: %(state)s.")


def check_answer(before: Invitation, after: Invitation) -> None:
    """Whether an invitation may go from one answer to the other, or a refusal."""
    if after not in ANSWERS[before]:
        raise AnswerRefused(state=before.label)
