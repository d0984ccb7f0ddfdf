"""A registration's life: its states, and the acts that move it from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l


class State(StrEnum):
    """Where one person stands with one course."""

    NOMINATED = "nominated"
    APPLIED = "applied"
    ENDORSED = "endorsed"
    REJECTED = "rejected"
    RESERVE = "reserve"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"

    @property
    def label(self) -> LazyText:
        """The state as people read it."""
        return STATE_LABELS[self]


STATE_LABELS: Mapping[State, LazyText] = {
    State.NOMINATED: _l("nominated"),
    State.APPLIED: _l("applied"),
    State.ENDORSED: _l("endorsed"),
    State.REJECTED: _l("rejected"),
    State.RESERVE: _l("on the reserve list"),
    State.OFFERED: _l("seat offered"),
    State.CONFIRMED: _l("confirmed"),
    State.DECLINED: _l("declined"),
    State.EXPIRED: _l("expired"),
    State.WITHDRAWN: _l("withdrawn"),
    State.CANCELLED: _l("cancelled"),
    State.ATTENDED: _l("attended"),
    State.NO_SHOW: _l("did not attend"),
}

LIVE = frozenset(
    {State.NOMINATED, State.APPLIED, State.ENDORSED, State.RESERVE, State.OFFERED, State.CONFIRMED}
)
HOLDS_SEAT = frozenset({State.OFFERED, State.CONFIRMED, State.ATTENDED})


class Act(StrEnum):
    """What someone does to a registration."""

    NOMINATE = "nominate"
    APPLY = "apply"
    INVITE = "invite"
    ENDORSE = "endorse"
    RECALL = "recall"
    REJECT = "reject"
    RECONSIDER = "reconsider"
    SELECT = "select"
    UNSELECT = "unselect"
    PROMOTE = "promote"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    CLOSE = "close"
    REOPEN = "reopen"


class Performer(StrEnum):
    """Who does an act, in which of their parts."""

    PERSON = "person"
    FOCAL_POINT = "focal_point"
    ORGANISER = "organiser"
    JOB = "job"
    COURSE = "course"  # the course itself ends or is cancelled, and takes its registrations along


@dataclass(frozen=True)
class Transition:
    """One line of the table: an act, from where, to where, by whom.

    ``None`` among ``before`` means that there is no registration yet.
    """

    act: Act
    before: frozenset[State | None]
    after: frozenset[State]
    performers: frozenset[Performer]
    with_reason: bool = False


_BEGINNING: frozenset[State | None] = frozenset({None})
_UNENDORSED: frozenset[State | None] = frozenset({State.NOMINATED, State.APPLIED})
_SELECTED = frozenset({State.OFFERED, State.RESERVE})
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

# A registration's life, line by line. Where an act has two lines, who does it decides which holds.
# An application lands on *offered* or *reserve* at once only where the course places at once.
TRANSITIONS: tuple[Transition, ...] = (
    _line(Act.NOMINATE, _BEGINNING, frozenset({State.NOMINATED, State.ENDORSED}), _FOCAL),
    _line(Act.APPLY, _BEGINNING, _SELECTED | {State.APPLIED}, _PERSON),
    _line(Act.INVITE, _BEGINNING, _SELECTED, _ORGANISER),
    _line(Act.ENDORSE, _UNENDORSED, State.ENDORSED, _FOCAL),
    _line(Act.RECALL, State.ENDORSED, frozenset({State.NOMINATED, State.APPLIED}), _FOCAL),
    _line(Act.REJECT, _REJECTABLE, State.REJECTED, _ORGANISER, with_reason=True),
    _line(Act.REJECT, _UNENDORSED, State.REJECTED, _FOCAL, with_reason=True),
    _line(Act.RECONSIDER, State.REJECTED, frozenset({State.ENDORSED, State.APPLIED}), _ORGANISER),
    _line(Act.RECONSIDER, State.REJECTED, State.APPLIED, _FOCAL),
    _line(Act.SELECT, State.ENDORSED, _SELECTED, _ORGANISER),
    _line(Act.UNSELECT, _SELECTED, State.ENDORSED, _ORGANISER),
    _line(Act.PROMOTE, State.RESERVE, State.OFFERED, _JOB),
    _line(Act.ACCEPT, State.OFFERED, State.CONFIRMED, _PERSON),
    _line(Act.DECLINE, State.OFFERED, State.DECLINED, _PERSON),
    _line(Act.EXPIRE, State.OFFERED, State.EXPIRED, _JOB),
    _line(Act.WITHDRAW, LIVE, State.WITHDRAWN, _PERSON),
    _line(Act.WITHDRAW, LIVE, State.WITHDRAWN, _ORGANISER, with_reason=True),
    _line(Act.CANCEL, LIVE, State.CANCELLED, _COURSE),
    _line(Act.CLOSE, State.CONFIRMED, frozenset({State.ATTENDED, State.NO_SHOW}), _COURSE),
    _line(Act.REOPEN, frozenset({State.ATTENDED, State.NO_SHOW}), State.CONFIRMED, _COURSE),
)


class ActRefused(Refusal):
    """The registration is not where this act can take it from."""

    sentence = _l("This is not possible: the registration is “%(state)s”.")


class AlreadyRegistered(ActRefused):
    """Someone begins a registration where there is a live one."""

    sentence = _l("This person already has a registration for this course (%(state)s).")


class EndorsementRefused(ActRefused):
    """Only what waits for endorsement can be endorsed."""

    sentence = _l(
        "Only a candidature that waits for endorsement can be endorsed; this one is “%(state)s”."
    )


class RecallRefused(ActRefused):
    """An endorsement can be taken back until the organiser has decided."""

    sentence = _l("The endorsement can no longer be taken back: the registration is “%(state)s”.")


class RejectionRefused(ActRefused):
    """What is decided, confirmed or ended cannot be rejected."""

    sentence = _l("This candidature can no longer be rejected: it is “%(state)s”.")


class ReconsiderationRefused(ActRefused):
    """Only a rejection can be reconsidered."""

    sentence = _l("Only a rejected candidature can be reconsidered; this one is “%(state)s”.")


class SelectionRefused(ActRefused):
    """The organiser selects among the endorsed."""

    sentence = _l("Only an endorsed candidature can be selected; this one is “%(state)s”.")


class SelectionStands(ActRefused):
    """A selection can be undone until the person has answered."""

    sentence = _l("The selection can no longer be undone: the registration is “%(state)s”.")


class OfferClosed(ActRefused):
    """The offer is gone, answered or run out."""

    sentence = _l("There is no open offer of a seat here: the registration is “%(state)s”.")


class NothingToWithdraw(ActRefused):
    """The registration has already ended."""

    sentence = _l("There is nothing left to withdraw: the registration is “%(state)s”.")


class ReasonMissing(Refusal):
    """Rejecting, or withdrawing someone else, needs a reason."""

    sentence = _l("Please give a reason.")
    field = "reason"


class NotYours(Refusal):
    """The act exists, but it is someone else's to do."""

    sentence = _l("This step is not yours to take.")


_REFUSALS: Mapping[Act, type[ActRefused]] = {
    Act.NOMINATE: AlreadyRegistered,
    Act.APPLY: AlreadyRegistered,
    Act.INVITE: AlreadyRegistered,
    Act.ENDORSE: EndorsementRefused,
    Act.RECALL: RecallRefused,
    Act.REJECT: RejectionRefused,
    Act.RECONSIDER: ReconsiderationRefused,
    Act.SELECT: SelectionRefused,
    Act.UNSELECT: SelectionStands,
    Act.ACCEPT: OfferClosed,
    Act.DECLINE: OfferClosed,
    Act.EXPIRE: OfferClosed,
    Act.WITHDRAW: NothingToWithdraw,
}


def check(
    act: Act,
    state: State | None,
    *,
    performer: Performer | None = None,
    reason: str | None = None,
) -> frozenset[State]:
    """Whether an act may be done to a registration that stands here; gives where it may lead.

    ``state`` is ``None`` where there is no live registration. With ``performer``, only that
    one's lines count and a reason is asked for where the table wants one. Raises a refusal.
    """
    lines = [line for line in TRANSITIONS if line.act is act and state in line.before]
    if not lines:
        refusal = _REFUSALS.get(act, ActRefused)
        raise refusal(state=state.label if state is not None else _l("not there yet"))
    if performer is not None:
        lines = [line for line in lines if performer in line.performers]
        if not lines:
            raise NotYours
        if all(line.with_reason for line in lines) and not (reason or "").strip():
            raise ReasonMissing
    return frozenset().union(*(line.after for line in lines))


def allows(act: Act, state: State | None, performer: Performer | None = None) -> bool:
    """Whether a page should offer this act at all."""
    return any(
        line.act is act
        and state in line.before
        and (performer is None or performer in line.performers)
        for line in TRANSITIONS
    )


def check_move(act: Act, state: State | None, to: State) -> None:
    """The last gate before a row changes: the act, from here, to there. Raises a refusal."""
    if to not in check(act, state):
        raise ActRefused(state=to.label)


def recalled_to(nominated: bool) -> State:
    """Where a recalled endorsement goes back to: how the candidature had come in."""
    return State.NOMINATED if nominated else State.APPLIED


def reconsidered_to(before_rejection: State) -> State:
    """Where a reconsidered candidature goes: endorsed if its country had endorsed it."""
    endorsed = before_rejection in {State.ENDORSED, State.RESERVE}
    return State.ENDORSED if endorsed else State.APPLIED


def closed_to(was_there: bool) -> State:
    """What becomes of a confirmed person when the course is completed."""
    return State.ATTENDED if was_there else State.NO_SHOW
