"""The steps of a registration's life as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from trainings.core.i18n import LazyText, _l
from trainings.registrations.rules import Act, State

WORDS: Mapping[str, LazyText] = {
    Act.NOMINATE: _l("Nominated"),
    Act.APPLY: _l("Application sent"),
    Act.INVITE: _l("Invited directly"),
    Act.ENDORSE: _l("Endorsed"),
    Act.RECALL: _l("Endorsement taken back"),
    Act.REJECT: _l("Rejected"),
    Act.RECONSIDER: _l("Rejection taken back"),
    Act.SELECT: _l("Selected, a seat was offered"),
    Act.UNSELECT: _l("Selection taken back"),
    Act.PROMOTE: _l("Offered a seat that became free"),
    Act.ACCEPT: _l("Seat confirmed"),
    Act.DECLINE: _l("Seat declined"),
    Act.EXPIRE: _l("The offer ended without an answer"),
    Act.WITHDRAW: _l("Withdrawn"),
    Act.CANCEL: _l("Cancelled with the course"),
    Act.CLOSE: _l("Attended the course"),
    Act.REOPEN: _l("The course was opened again"),
    "reseat": _l("Given another seat, so that one more person fits"),
    "remind1": _l("Reminded of the offer"),
    "remind2": _l("Reminded of the offer again"),
}
_OTHERWISE: Mapping[tuple[str, str], LazyText] = {
    (Act.SELECT, State.RESERVE): _l("Selected, placed on the reserve list"),
    (Act.INVITE, State.RESERVE): _l("Invited directly, placed on the reserve list"),
    (Act.APPLY, State.OFFERED): _l("Application sent, a seat was offered"),
    (Act.APPLY, State.RESERVE): _l("Application sent, placed on the reserve list"),
    (Act.NOMINATE, State.ENDORSED): _l("Nominated and endorsed"),
    (Act.CLOSE, State.NO_SHOW): _l("Did not attend the course"),
}


def step_words(act: str, after: str) -> str:
    """One step in a few words: what was done, and what came of it."""
    return str(_OTHERWISE.get((act, after)) or WORDS.get(act, act))
