"""Trainers: their data, their invitations to courses, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _, _l, _lp
from trainings.core.states import Tone, Worded
from trainings.courses.access_rules import Nearness


class Invitation(Worded):
    """The state of a trainer's invitation to a course."""

    INVITED = "invited", _lp("invitation", "Invited"), Tone.BLUE
    ACCEPTED = "accepted", _lp("invitation", "Accepted"), Tone.GREEN
    DECLINED = "declined", _lp("invitation", "Declined")
    WITHDRAWN = "withdrawn", _lp("invitation", "Withdrawn")

    @property
    def nearness(self) -> Nearness:
        """How closely this brings a trainer to the course: what they see of its days and venue."""
        if self is Invitation.ACCEPTED:
            return Nearness.CONFIRMED
        return Nearness.OFFERED if self is Invitation.INVITED else Nearness.STRANGER


# Trainers may change their minds, and can be invited again after declining. Only organisers
# withdraw.
ANSWERS: Mapping[Invitation, frozenset[Invitation]] = {
    Invitation.INVITED: frozenset({Invitation.ACCEPTED, Invitation.DECLINED, Invitation.WITHDRAWN}),
    Invitation.ACCEPTED: frozenset({Invitation.DECLINED, Invitation.WITHDRAWN}),
    Invitation.DECLINED: frozenset({Invitation.INVITED, Invitation.ACCEPTED}),
    Invitation.WITHDRAWN: frozenset({Invitation.INVITED}),
}
TEACHING = frozenset({Invitation.INVITED, Invitation.ACCEPTED})  # can be given sessions


class TrainerRole(StrEnum):
    """How a trainer takes part in a session; the path of a new trainer leads from last to first."""

    LEAD = "lead"
    CO = "co"
    OBSERVER = "observer"

    @property
    def label(self) -> LazyText:
        """The role in words."""
        return ROLE_LABELS[self]


ROLE_LABELS: Mapping[TrainerRole, LazyText] = {
    TrainerRole.LEAD: _l("Lead trainer"),
    TrainerRole.CO: _l("Co-trainer"),
    TrainerRole.OBSERVER: _l("Observer"),
}
GIVING = frozenset({TrainerRole.LEAD, TrainerRole.CO})  # an observer learns and does not teach


def in_role(name: str, role: TrainerRole) -> str:
    """A trainer's name as a session shows it: with the role, unless they lead."""
    if role is TrainerRole.CO:
        return _("%(name)s (co-trainer)", name=name)
    if role is TrainerRole.OBSERVER:
        return _("%(name)s (observer)", name=name)
    return name


class AnswerRefused(Refusal):
    """The state of the invitation does not allow this answer."""

    sentence = _l("This invitation has already been answered: %(state)s.")


class NothingToWithdraw(AnswerRefused):
    """The trainer declined or was withdrawn before, so is not on the course."""

    sentence = _l("There is nothing to withdraw, because the invitation is “%(state)s”.")


class CourseOver(Refusal):
    """The course has ended, so nobody can be invited to teach or answer."""

    sentence = _l("The course is over, so nobody can be invited and no answer can change.")


class NobodyChosen(Refusal):
    """Nobody was chosen to be invited."""

    sentence = _l("Choose at least one trainer to invite.")
    field = "trainers"


class TrainerRetired(Refusal):
    """The trainer is retired and cannot be invited."""

    sentence = _l("One of these trainers is no longer on the roster. Bring them back first.")
    field = "trainers"


class AlreadyOnRoster(Refusal):
    """A trainer with the same name and email address is on the roster."""

    sentence = _l("There is already a trainer with this name and email address on the roster.")
    field = "mail"


class TrainersRefused(Refusal):
    """Some of several trainers cannot be added, so none is."""

    sentence = _l("Nothing was added: some rows cannot be added as they are.")

    def __init__(self, by_row: Mapping[int, Refusal]) -> None:
        super().__init__()
        self.by_row = by_row


class IdentityTheirs(Refusal):
    """The trainer also signs in for other work, so only they change their name and address."""

    sentence = _l(
        "This person also uses the system for other work. Only they can change their name and "
        "email address, in their profile."
    )
    field = "mail"


class ModuleUnknown(Refusal):
    """The installation does not have this module or agency."""

    sentence = _l("Choose from the list.")
    field = "module_ids"


class TrainerData(Struct, frozen=True):
    """A trainer's data as it was typed."""

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
    staff: bool = False  # signs in with a password, not by emailed links alone

    @property
    def speaks(self) -> str:
        """The language of our emails: the first language they speak that we offer."""
        written = {"en": "en", "es": "es", "fr": "fr", "pt": "pt_BR", "pt_BR": "pt_BR"}
        return next((written[one] for one in self.languages if one in written), "en")


def check_answer(before: Invitation, after: Invitation) -> None:
    """Check that an invitation may change to this answer; raises a refusal."""
    if after not in ANSWERS[before]:
        refusal = NothingToWithdraw if after is Invitation.WITHDRAWN else AnswerRefused
        raise refusal(state=before.label)


# The languages trainers in this field teach in, in the order of the form.
SPOKEN = ("es", "pt_BR", "en", "fr", "qu", "gn", "ar", "ru", "zh", "de", "it")
