"""The steps of a registration's history as shown to people; a step into a state uses its name."""

from __future__ import annotations

from collections.abc import Mapping

from trainings.core.i18n import LazyText, _l
from trainings.registrations.rules import Act, State

WORDS: Mapping[str, LazyText] = {
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
    return str(_OTHERWISE.get((act, after)) or WORDS.get(act, act))
