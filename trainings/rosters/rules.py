"""Trainers: what is kept of them, whether they were asked to a course, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class Invitation(StrEnum):
    """How a trainer stands with a course."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> LazyText:
        """The answer as people read it."""
        return INVITATION_LABELS[self]


INVITATION_LABELS: Mapping[Invitation, LazyText] = {
    Invitation.INVITED: _l("Invited"),
    Invitation.ACCEPTED: _l("Accepted"),
    Invitation.DECLINED: _l("Declined"),
    Invitation.WITHDRAWN: _l("Withdrawn"),
}
# A trainer may change their mind; who declined can be asked again. Withdrawing is the organiser's.
ANSWERS: Mapping[Invitation, frozenset[Invitation]] = {
    Invitation.INVITED: frozenset({Invitation.ACCEPTED, Invitation.DECLINED, Invitation.WITHDRAWN}),
    Invitation.ACCEPTED: frozenset({Invitation.DECLINED, Invitation.WITHDRAWN}),
    Invitation.DECLINED: frozenset({Invitation.INVITED, Invitation.ACCEPTED}),
    Invitation.WITHDRAWN: frozenset({Invitation.INVITED}),
}
TEACHING = frozenset({Invitation.INVITED, Invitation.ACCEPTED})  # can be given sessions


class AnswerRefused(Refusal):
    """The invitation does not stand where this answer fits."""

    sentence = _l("This invitation is already answered: %(state)s.")


class NothingToWithdraw(AnswerRefused):
    """Who declined, or was withdrawn before, is not on the course."""

    sentence = _l("There is nothing to withdraw: the invitation is “%(state)s”.")


class CourseOver(Refusal):
    """Nobody is asked to teach, or answers, when the course has ended."""

    sentence = _l("The course is over: nobody is invited to it any more, and no answer changes.")


class NobodyChosen(Refusal):
    """An invitation without anyone to invite."""

    sentence = _l("Choose at least one trainer to invite.")
    field = "trainers"


class TrainerRetired(Refusal):
    """A trainer who no longer teaches is not invited."""

    sentence = _l("One of these trainers no longer teaches. Bring them back to the roster first.")
    field = "trainers"


class AlreadyOnRoster(Refusal):
    """The same name with the same mail address is on the roster."""

    sentence = _l("A trainer with this name and this mail address is on the roster already.")
    field = "mail"


class IdentityTheirs(Refusal):
    """Who signs in for other work keeps their own name and address."""

    sentence = _l(
        "This person uses the application for other work too: only they can change their name "
        "and their mail address, in their profile."
    )
    field = "mail"


class ModuleUnknown(Refusal):
    """A module or an agency that the installation does not have."""

    sentence = _l("Choose from the list.")
    field = "module_ids"


@dataclass(frozen=True)
class TrainerData:
    """What is kept of a trainer, as it was typed."""

    given_name: str
    family_name: str
    mail: str
    agency_id: str
    station_city: str
    station_country: str
    languages: tuple[str, ...] = ()
    module_ids: tuple[str, ...] = ()
    notes: str = ""
    sex: str | None = None
    staff: bool = False  # signs in with a password, not by mailed links alone

    @property
    def speaks(self) -> str:
        """The language we write in: the first they speak that the house speaks."""
        written = {"en": "en", "es": "es", "fr": "fr", "pt": "pt_BR", "pt_BR": "pt_BR"}
        return next((written[one] for one in self.languages if one in written), "en")


def check_answer(before: Invitation, after: Invitation) -> None:
    """Whether an invitation may go from one answer to the other, or a refusal."""
    if after not in ANSWERS[before]:
        refusal = NothingToWithdraw if after is Invitation.WITHDRAWN else AnswerRefused
        raise refusal(state=before.label)


# What trainers of this field teach in; the order is that of the form.
SPOKEN = ("es", "pt_BR", "en", "fr", "qu", "gn", "ar", "ru", "zh", "de", "it")
