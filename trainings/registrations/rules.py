"""A registration's life: its states, and the acts that move it from one to the next."""

from enum import StrEnum


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


LIVE = frozenset(
    {
        State.NOMINATED,
        State.APPLIED,
        State.ENDORSED,
        State.RESERVE,
        State.OFFERED,
        State.CONFIRMED,
    }
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
