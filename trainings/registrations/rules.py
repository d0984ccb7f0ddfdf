"""A registration's life: its states, the acts that lead to the next, and its history in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l, _lp, pgettext
from trainings.core.states import Tone, Worded
from trainings.courses.access_rules import Nearness


class State(Worded):
    """The state of one person's registration on one course."""

    NOMINATED = "nominated", _lp("registration", "Nominated")
    APPLIED = "applied", _lp("registration", "Applied")
    ENDORSED = "endorsed", _lp("registration", "Endorsed"), Tone.TEAL
    REJECTED = "rejected", _lp("registration", "Rejected"), Tone.RED
    RESERVE = "reserve", _lp("registration", "Reserve"), Tone.AMBER
    OFFERED = "offered", _lp("registration", "Seat offered"), Tone.BLUE
    CONFIRMED = "confirmed", _lp("registration", "Confirmed"), Tone.GREEN
    DECLINED = "declined", _lp("registration", "Declined")
    EXPIRED = "expired", _lp("registration", "Expired")
    WITHDRAWN = "withdrawn", _lp("registration", "Withdrawn")
    CANCELLED = "cancelled", _lp("registration", "Cancelled")
    ATTENDED = "attended", _lp("registration", "Attended"), Tone.GREEN
    NO_SHOW = "no_show", _lp("registration", "No-show"), Tone.RED

    @property
    def nearness(self) -> Nearness:
        """How closely this brings somebody to the course: what they see of its days and venue."""
        if self in (State.CONFIRMED, State.ATTENDED):
            return Nearness.CONFIRMED
        return Nearness.OFFERED if self is State.OFFERED else Nearness.INVOLVED

    def with_number(self, number: int | None) -> str:
        """The state as shown to people, with the place on the reserve list if there is one."""
        if self is State.RESERVE and number:
            return pgettext("registration", "Reserve no. %(number)s", number=number)
        return str(self.label)


LIVE = frozenset(
    {State.NOMINATED, State.APPLIED, State.ENDORSED, State.RESERVE, State.OFFERED, State.CONFIRMED}
)
TAKES_PART = frozenset({State.CONFIRMED, State.ATTENDED})
UNENDORSED = frozenset({State.NOMINATED, State.APPLIED})  # the focal point has not decided
HOLDS_SEAT = frozenset({State.OFFERED, State.CONFIRMED, State.ATTENDED})


class Act(StrEnum):
    """An act that changes a registration."""

    NOMINATE = "nominate"
    APPLY = "apply"
    INVITE = "invite"
    WALK_IN = "walk_in"
    ENDORSE = "endorse"
    OVERRIDE = "override"  # an organiser does without the country's endorsement
    RECALL = "recall"
    REJECT = "reject"
    RECONSIDER = "reconsider"
    SELECT = "select"
    UNSELECT = "unselect"
    PROMOTE = "promote"
    REPLACE = "replace"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    CLOSE = "close"
    REOPEN = "reopen"


class Performer(StrEnum):
    """The role in which someone acts on a registration."""

    PERSON = "person"
    FOCAL_POINT = "focal_point"
    ORGANISER = "organiser"
    JOB = "job"
    COURSE = "course"  # the course itself ends or is cancelled, and its registrations with it


class Transition(Struct, frozen=True):
    """One line of the table: an act, the states before, the states after, and who may do it.

    ``None`` among ``before`` means that there is no registration yet.
    """

    act: Act
    before: frozenset[State | None]
    after: frozenset[State]
    performers: frozenset[Performer]
    with_reason: bool = False


_BEGINNING: frozenset[State | None] = frozenset({None})
_UNENDORSED: frozenset[State | None] = frozenset(UNENDORSED)
_SELECTED = frozenset({State.OFFERED, State.RESERVE})
_REPLACING = frozenset({State.ENDORSED, State.RESERVE})
_WALKING_IN: frozenset[State | None] = _BEGINNING | _REPLACING
_REJECTABLE: frozenset[State | None] = _UNENDORSED | {State.ENDORSED, State.RESERVE}


def _line(
    act: Act,
    before: frozenset[State | None] | frozenset[State] | State,
    after: frozenset[State] | State,
    *performers: Performer,
    with_reason: bool = False,
) -> Transition:
    return Transition(
        act,
        frozenset({before}) if isinstance(before, State) else frozenset(before),
        frozenset({after}) if isinstance(after, State) else after,
        frozenset(performers),
        with_reason,
    )


_PERSON, _FOCAL, _ORGANISER, _JOB, _COURSE = Performer

# A registration's life, line by line. If an act has two lines, the one that applies depends on who
# does it. An application becomes *offered* or *reserve* at once only if the course places at once.
TRANSITIONS: tuple[Transition, ...] = (
    _line(Act.NOMINATE, _BEGINNING, frozenset({State.NOMINATED, State.ENDORSED}), _FOCAL),
    _line(Act.APPLY, _BEGINNING, _SELECTED | {State.APPLIED}, _PERSON),
    _line(Act.INVITE, _BEGINNING, _SELECTED, _ORGANISER),
    _line(Act.WALK_IN, _WALKING_IN, State.CONFIRMED, _ORGANISER),
    _line(Act.ENDORSE, _UNENDORSED, State.ENDORSED, _FOCAL),
    _line(Act.OVERRIDE, _UNENDORSED, State.ENDORSED, _ORGANISER, with_reason=True),
    _line(
        Act.RECALL, State.ENDORSED, frozenset({State.NOMINATED, State.APPLIED}), _FOCAL, _ORGANISER
    ),
    _line(Act.REJECT, _REJECTABLE, State.REJECTED, _ORGANISER, with_reason=True),
    _line(Act.REJECT, _UNENDORSED, State.REJECTED, _FOCAL, with_reason=True),
    _line(Act.RECONSIDER, State.REJECTED, frozenset({State.ENDORSED, State.APPLIED}), _ORGANISER),
    _line(Act.RECONSIDER, State.REJECTED, State.APPLIED, _FOCAL),
    _line(Act.SELECT, State.ENDORSED, _SELECTED, _ORGANISER),
    _line(Act.UNSELECT, _SELECTED, State.ENDORSED, _ORGANISER),
    _line(Act.PROMOTE, State.RESERVE, State.OFFERED, _JOB),
    _line(Act.REPLACE, _REPLACING, State.OFFERED, _FOCAL, _ORGANISER),
    _line(Act.ACCEPT, State.OFFERED, State.CONFIRMED, _PERSON),
    _line(Act.DECLINE, State.OFFERED, State.DECLINED, _PERSON),
    _line(Act.EXPIRE, State.OFFERED, State.EXPIRED, _JOB),
    _line(Act.WITHDRAW, LIVE, State.WITHDRAWN, _PERSON),
    _line(Act.WITHDRAW, LIVE, State.WITHDRAWN, _ORGANISER, _FOCAL, with_reason=True),
    _line(Act.CANCEL, LIVE, State.CANCELLED, _COURSE),
    _line(Act.CLOSE, State.CONFIRMED, frozenset({State.ATTENDED, State.NO_SHOW}), _COURSE),
    _line(Act.REOPEN, frozenset({State.ATTENDED, State.NO_SHOW}), State.CONFIRMED, _COURSE),
)


class ActRefused(Refusal):
    """The registration's state does not allow this act."""

    sentence = _l("This is not possible, because the registration is “%(state)s”.")


class AlreadyRegistered(ActRefused):
    """The person already has a live registration."""

    sentence = _l("This person already has a registration for this course (%(state)s).")


class EndorsementRefused(ActRefused):
    """Only a registration waiting for endorsement can be endorsed."""

    sentence = _l(
        "Only an application waiting for endorsement can be endorsed. This one is “%(state)s”."
    )


class RecallRefused(ActRefused):
    """An endorsement can be undone only until the organiser has decided."""

    sentence = _l(
        "The endorsement can no longer be undone, because the registration is “%(state)s”."
    )


class RejectionRefused(ActRefused):
    """A registration that is decided, confirmed or ended cannot be rejected."""

    sentence = _l("This application can no longer be rejected, because it is “%(state)s”.")


class ReconsiderationRefused(ActRefused):
    """Only a rejection can be reconsidered."""

    sentence = _l("Only a rejected application can be reconsidered. This one is “%(state)s”.")


class SelectionRefused(ActRefused):
    """The organiser can select only endorsed candidates."""

    sentence = _l("Only an endorsed application can be selected. This one is “%(state)s”.")


class SelectionStands(ActRefused):
    """A selection can be undone only until the person has answered."""

    sentence = _l("The selection can no longer be undone, because the registration is “%(state)s”.")


class OfferClosed(ActRefused):
    """The offer has been answered or has expired."""

    sentence = _l("There is no open offer of a seat, because the registration is “%(state)s”.")


class NothingToWithdraw(ActRefused):
    """The registration has already ended."""

    sentence = _l("There is nothing left to withdraw, because the registration is “%(state)s”.")


class ReplacementRefused(ActRefused):
    """Only somebody endorsed, or on the reserve list, can take the seat of somebody else."""

    sentence = _l(
        "Only an endorsed candidate, or one on the reserve list, can take the seat. This one is "
        "“%(state)s”."
    )


class WalkInRefused(ActRefused):
    """Only somebody endorsed, on the reserve list, or not registered is seated on the day."""

    sentence = _l(
        "Only an endorsed candidate, or one on the reserve list, can be seated on the day. This "
        "one is “%(state)s”."
    )


class ReasonMissing(Refusal):
    """Rejecting, or withdrawing someone else, needs a reason."""

    sentence = _l("Give a reason.")
    field = "reason"


class NotYours(Refusal):
    """The act exists, but it is for someone else to do."""

    sentence = _l("You cannot take this step.")


_REFUSALS: Mapping[Act, type[ActRefused]] = {
    Act.NOMINATE: AlreadyRegistered,
    Act.APPLY: AlreadyRegistered,
    Act.INVITE: AlreadyRegistered,
    Act.ENDORSE: EndorsementRefused,
    Act.OVERRIDE: EndorsementRefused,
    Act.RECALL: RecallRefused,
    Act.REJECT: RejectionRefused,
    Act.RECONSIDER: ReconsiderationRefused,
    Act.SELECT: SelectionRefused,
    Act.UNSELECT: SelectionStands,
    Act.ACCEPT: OfferClosed,
    Act.DECLINE: OfferClosed,
    Act.EXPIRE: OfferClosed,
    Act.REPLACE: ReplacementRefused,
    Act.WALK_IN: WalkInRefused,
    Act.WITHDRAW: NothingToWithdraw,
}


def check(
    act: Act, state: State | None, *, performer: Performer | None = None, reason: str | None = None
) -> frozenset[State]:
    """Check that an act is allowed in this state; returns the states it may lead to.

    ``state`` is ``None`` where there is no live registration. With ``performer``, only that
    performer's lines count, and a reason is required where the table requires one. Raises a
    refusal.
    """
    lines = [line for line in TRANSITIONS if line.act is act and state in line.before]
    if not lines:
        refusal = _REFUSALS.get(act, ActRefused)
        raise refusal(state=state.label if state is not None else _l("not created yet"))
    if performer is not None:
        lines = [line for line in lines if performer in line.performers]
        if not lines:
            raise NotYours
        if all(line.with_reason for line in lines) and not (reason or "").strip():
            raise ReasonMissing
    return frozenset().union(*(line.after for line in lines))


def allows(act: Act, state: State | None, performer: Performer | None = None) -> bool:
    """Whether a page should offer this act."""
    return any(
        line.act is act
        and state in line.before
        and (performer is None or performer in line.performers)
        for line in TRANSITIONS
    )


def check_move(act: Act, state: State | None, to: State) -> None:
    """The last check before a row changes: the act, the state before, the state after."""
    if to not in check(act, state):
        raise ActRefused(state=to.label)


def admitted(acts: Iterable[str]) -> bool:
    """Whether the last of these acts, oldest first, that endorsed was the organisers' own."""
    last = [act for act in acts if act in (Act.ENDORSE, Act.OVERRIDE)]
    return bool(last) and last[-1] == Act.OVERRIDE


def recalled_to(nominated: bool) -> State:
    """The state after undoing an endorsement: depends on how the candidate had come in."""
    return State.NOMINATED if nominated else State.APPLIED


def reconsidered_to(before_rejection: State) -> State:
    """The state of a reconsidered candidate: endorsed if the country had endorsed them."""
    endorsed = before_rejection in {State.ENDORSED, State.RESERVE}
    return State.ENDORSED if endorsed else State.APPLIED


def closed_to(was_there: bool) -> State:
    """The state of a confirmed person once the course is completed."""
    return State.ATTENDED if was_there else State.NO_SHOW


# Each step of a history as shown to people; a step into a state uses its name.
STEPS: Mapping[str, LazyText] = {
    Act.NOMINATE: State.NOMINATED.label,
    Act.APPLY: _l("Application sent"),
    Act.INVITE: _l("Invited directly"),
    Act.WALK_IN: _l("Seated on the day"),
    Act.ENDORSE: State.ENDORSED.label,
    Act.OVERRIDE: _l("Admitted by the organisers without endorsement"),
    Act.RECALL: _l("Endorsement undone"),
    Act.REJECT: State.REJECTED.label,
    Act.RECONSIDER: _l("Rejection undone"),
    Act.SELECT: _l("Selected, a seat was offered"),
    Act.UNSELECT: _l("Selection undone"),
    Act.PROMOTE: _l("Offered a seat that became free"),
    Act.REPLACE: _l("Offered the seat of somebody who left"),
    Act.ACCEPT: _l("Seat confirmed"),
    Act.DECLINE: _l("Seat declined"),
    Act.EXPIRE: _l("Offer expired without a reply"),
    Act.WITHDRAW: State.WITHDRAWN.label,
    Act.CANCEL: _l("Cancelled with the course"),
    Act.CLOSE: State.ATTENDED.label,
    Act.REOPEN: _l("The course was reopened"),
    "reseat": _l("Moved to another seat to make room for one more person"),
    "remind1": _l("Reminded of the offer"),
    "remind2": _l("Reminded of the offer again"),
    "remind_name": _l("Reminded to confirm the name"),
    "name": _l("Name confirmed by an organiser"),
}
_OTHERWISE: Mapping[tuple[str, str], LazyText] = {
    (Act.SELECT, State.RESERVE): _l("Selected, placed on the reserve list"),
    (Act.INVITE, State.RESERVE): _l("Invited directly, placed on the reserve list"),
    (Act.APPLY, State.OFFERED): _l("Application sent, a seat was offered"),
    (Act.APPLY, State.RESERVE): _l("Application sent, placed on the reserve list"),
    (Act.NOMINATE, State.ENDORSED): _l("Nominated and endorsed"),
    (Act.CLOSE, State.NO_SHOW): State.NO_SHOW.label,
}


def step_words(act: str, after: str) -> str:
    """One step in a few words: what was done, and what came of it."""
    return str(_OTHERWISE.get((act, after)) or STEPS.get(act, act))
