"""A registration's life, act by act: what is allowed, and that nothing else is."""

import pytest

from trainings.core.errors import Refusal
from trainings.registrations import rules
from trainings.registrations.rules import (
    HOLDS_SEAT,
    LIVE,
    TRANSITIONS,
    Act,
    Performer,
    State,
    allows,
)

# Written out a second time, by hand, so that a slip in the table is seen here.
TABLE = {
    (Act.NOMINATE, None): {"nominated", "endorsed"},
    (Act.APPLY, None): {"applied", "offered", "reserve"},
    (Act.INVITE, None): {"offered", "reserve"},
    (Act.WALK_IN, None): {"confirmed"},
    (Act.WALK_IN, "endorsed"): {"confirmed"},
    (Act.WALK_IN, "reserve"): {"confirmed"},
    (Act.ENDORSE, "nominated"): {"endorsed"},
    (Act.ENDORSE, "applied"): {"endorsed"},
    (Act.OVERRIDE, "nominated"): {"endorsed"},
    (Act.OVERRIDE, "applied"): {"endorsed"},
    (Act.RECALL, "endorsed"): {"nominated", "applied"},
    (Act.REJECT, "nominated"): {"rejected"},
    (Act.REJECT, "applied"): {"rejected"},
    (Act.REJECT, "endorsed"): {"rejected"},
    (Act.REJECT, "reserve"): {"rejected"},
    (Act.RECONSIDER, "rejected"): {"endorsed", "applied"},
    (Act.SELECT, "endorsed"): {"offered", "reserve"},
    (Act.UNSELECT, "offered"): {"endorsed"},
    (Act.UNSELECT, "reserve"): {"endorsed"},
    (Act.PROMOTE, "reserve"): {"offered"},
    (Act.REPLACE, "endorsed"): {"offered"},
    (Act.REPLACE, "reserve"): {"offered"},
    (Act.ACCEPT, "offered"): {"confirmed"},
    (Act.DECLINE, "offered"): {"declined"},
    (Act.EXPIRE, "offered"): {"expired"},
    (Act.CLOSE, "confirmed"): {"attended", "no_show"},
    (Act.REOPEN, "attended"): {"confirmed"},
    (Act.REOPEN, "no_show"): {"confirmed"},
}
for _state in ("nominated", "applied", "endorsed", "reserve", "offered", "confirmed"):
    TABLE[Act.WITHDRAW, _state] = {"withdrawn"}
    TABLE[Act.CANCEL, _state] = {"cancelled"}

EVERY = [(act, state) for act in Act for state in (None, *State)]


@pytest.mark.parametrize(("act", "state"), EVERY)
def test_an_act_leads_where_the_table_says_and_is_refused_elsewhere(act, state):
    expected = TABLE.get((act, state))
    assert rules.allows(act, state) is (expected is not None)
    if expected is None:
        with pytest.raises(rules.ActRefused):
            rules.check(act, state)
    else:
        assert rules.check(act, state) == expected


@pytest.mark.parametrize(("act", "state"), EVERY)
def test_the_last_gate_lets_only_the_tables_moves_through(act, state):
    for to in State:
        if to in TABLE.get((act, state), set()):
            rules.check_move(act, state, to)
        else:
            with pytest.raises(rules.ActRefused):
                rules.check_move(act, state, to)


PERFORMERS = {
    Act.NOMINATE: "focal_point",
    Act.APPLY: "person",
    Act.INVITE: "organiser",
    Act.WALK_IN: "organiser",
    Act.ENDORSE: "focal_point",
    Act.OVERRIDE: "organiser",
    Act.RECALL: "organiser focal_point",
    Act.REJECT: "organiser focal_point",
    Act.RECONSIDER: "organiser focal_point",
    Act.SELECT: "organiser",
    Act.UNSELECT: "organiser",
    Act.PROMOTE: "job",
    Act.REPLACE: "organiser focal_point",
    Act.ACCEPT: "person",
    Act.DECLINE: "person",
    Act.EXPIRE: "job",
    Act.WITHDRAW: "person organiser focal_point",
    Act.CANCEL: "course",
    Act.CLOSE: "course",
    Act.REOPEN: "course",
}


@pytest.mark.parametrize("act", Act)
def test_each_act_has_its_performers_and_no_other(act):
    named = {one for line in rules.TRANSITIONS if line.act is act for one in line.performers}
    assert named == set(PERFORMERS[act].split())


@pytest.mark.parametrize("state", [State.ENDORSED, State.RESERVE])
def test_a_focal_point_rejects_only_before_endorsement(state):
    rules.check(Act.REJECT, state, performer=Performer.ORGANISER, reason="No longer in the unit")
    with pytest.raises(rules.NotYours):
        rules.check(Act.REJECT, state, performer=Performer.FOCAL_POINT, reason="No longer there")


def test_a_focal_point_reconsiders_into_applied_an_organiser_also_into_endorsed():
    focal = rules.check(Act.RECONSIDER, State.REJECTED, performer=Performer.FOCAL_POINT)
    assert focal == {State.APPLIED}
    organiser = rules.check(Act.RECONSIDER, State.REJECTED, performer=Performer.ORGANISER)
    assert organiser == {State.APPLIED, State.ENDORSED}


def test_a_person_withdraws_without_a_reason_an_organiser_gives_one():
    rules.check(Act.WITHDRAW, State.CONFIRMED, performer=Performer.PERSON)
    for empty in (None, "", "  "):
        with pytest.raises(rules.ReasonMissing):
            rules.check(Act.WITHDRAW, State.CONFIRMED, performer=Performer.ORGANISER, reason=empty)
    rules.check(
        Act.WITHDRAW, State.CONFIRMED, performer=Performer.ORGANISER, reason="Asked by phone"
    )


def test_rejecting_needs_a_reason_whoever_does_it():
    for performer in (Performer.ORGANISER, Performer.FOCAL_POINT):
        with pytest.raises(rules.ReasonMissing):
            rules.check(Act.REJECT, State.APPLIED, performer=performer)


def test_live_and_seat_holding_states():
    assert set(LIVE) == {"nominated", "applied", "endorsed", "reserve", "offered", "confirmed"}
    assert set(HOLDS_SEAT) == {"offered", "confirmed", "attended"}


def test_nothing_leads_out_of_an_ended_registration_but_reconsidering_and_reopening():
    ended = set(State) - LIVE
    leading = {line.act for line in rules.TRANSITIONS if line.before & ended}
    assert leading == {Act.RECONSIDER, Act.REOPEN}


def test_every_state_can_be_reached():
    reached = {state for line in rules.TRANSITIONS for state in line.after}
    assert reached == set(State)


@pytest.mark.parametrize("act", Act)
def test_a_refusal_says_in_a_sentence_where_the_registration_stands(act):
    for state in State:
        if not rules.allows(act, state):
            with pytest.raises(Refusal) as refused:
                rules.check(act, state)
            assert f"{state.label}" in str(refused.value)
            assert str(refused.value).endswith((".", ")."))
            assert "%(" not in str(refused.value)


def test_where_what_was_taken_back_goes():
    assert rules.recalled_to(nominated=True) is State.NOMINATED
    assert rules.recalled_to(nominated=False) is State.APPLIED
    assert rules.reconsidered_to(State.ENDORSED) is State.ENDORSED
    assert rules.reconsidered_to(State.RESERVE) is State.ENDORSED
    assert rules.reconsidered_to(State.APPLIED) is State.APPLIED
    assert rules.reconsidered_to(State.NOMINATED) is State.APPLIED
    assert rules.closed_to(True) is State.ATTENDED
    assert rules.closed_to(False) is State.NO_SHOW


# How staff take back what they did, from each state to which it led.
TAKEN_BACK_BY = {
    Act.NOMINATE: {Act.WITHDRAW},
    Act.INVITE: {Act.WITHDRAW},
    Act.WALK_IN: {Act.WITHDRAW},
    Act.ENDORSE: {Act.RECALL},
    Act.OVERRIDE: {Act.RECALL},
    Act.RECALL: {Act.ENDORSE, Act.OVERRIDE},
    Act.REJECT: {Act.RECONSIDER},
    Act.RECONSIDER: {Act.REJECT},
    Act.SELECT: {Act.UNSELECT},
    Act.UNSELECT: {Act.SELECT},
    Act.REPLACE: {Act.UNSELECT, Act.WITHDRAW},
}
# After these the person begins anew: is nominated, applies or is invited again.
ENDINGS = {Act.WITHDRAW}
STAFF = {Performer.ORGANISER, Performer.FOCAL_POINT}


@pytest.mark.parametrize("act", sorted({one.act for one in TRANSITIONS if one.performers & STAFF}))
def test_what_staff_did_they_can_take_back_until_the_next_act(act: Act) -> None:
    lines = [one for one in TRANSITIONS if one.act is act]
    if act in ENDINGS:
        assert all(allows(begins, None) for begins in (Act.NOMINATE, Act.APPLY, Act.INVITE))
        return
    for line in lines:
        for state in line.after:
            for performer in line.performers & STAFF:
                assert any(allows(back, state, performer) for back in TAKEN_BACK_BY[act]), (
                    act,
                    state,
                    performer,
                )
