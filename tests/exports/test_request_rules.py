"""When names may leave the house (S5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trainings.core.errors import Refusals
from trainings.exports import request_rules as rules
from trainings.exports.request_rules import Asked, Purpose, RequestState
from trainings.exports.rules import OFFERS, SENSITIVE, Column, FileKind, Listing

NOW = datetime(2027, 1, 18, 12, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)


def asked(**values: object) -> Asked:
    fields: dict[str, object] = {
        "kind": FileKind.XLSX,
        "purpose": Purpose.DOOR,
        "words": "The guard",
        "columns": (Column.NAME,),
        **values,
    }
    return Asked(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("people", "columns", "second"),
    [
        (25, (Column.NAME, Column.BORN), False),
        (26, (Column.NAME,), True),
        (1, (Column.NAME, Column.DOCUMENT), True),
    ],
)
def test_a_second_person_for_many_people_or_any_document(
    people: int, columns: tuple[Column, ...], second: bool
) -> None:
    assert rules.needs_second(people, columns) is second


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"words": "  "}, rules.WordsMissing),
        ({"columns": ()}, rules.NoColumn),
        ({"columns": (Column.NAME, Column.PHONE)}, rules.ColumnReasonMissing),
        ({"plain": True, "plain_reason": "No program"}, rules.ReceiverMissing),
        ({"plain": True, "receiver": "Hotel Sol"}, rules.PlainReasonMissing),
    ],
)
def test_what_has_to_be_said(values: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.checked(asked(**values))


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(Refusals) as caught:
        rules.checked(asked(words="", plain=True, columns=(Column.BORN,)))
    assert [one.field for one in caught.value.parts] == [
        "words",
        "reason",
        "receiver",
        "plain_reason",
    ]


def test_of_an_encrypted_file_no_receiver_is_kept() -> None:
    kept = rules.checked(asked(receiver="Hotel", plain_reason="None"))
    assert (kept.receiver, kept.plain_reason) == ("", "")


@pytest.mark.parametrize(
    ("ends", "needed", "approved", "made", "state"),
    [
        (SOON, True, None, False, RequestState.WAITING),
        (SOON, True, True, False, RequestState.OPEN),
        (SOON, True, False, False, RequestState.REFUSED),
        (SOON, False, None, False, RequestState.OPEN),
        (SOON, False, None, True, RequestState.MADE),
        (NOW, False, None, True, RequestState.ENDED),
        (NOW, True, None, False, RequestState.ENDED),
    ],
)
def test_how_a_request_stands(
    ends: datetime, needed: bool, approved: bool | None, made: bool, state: RequestState
) -> None:
    assert rules.state_of(NOW, ends, needed, approved, made) is state


@pytest.mark.parametrize(
    ("state", "people", "refusal"),
    [
        (RequestState.WAITING, 1, rules.NotApproved),
        (RequestState.REFUSED, 1, rules.NotApproved),
        (RequestState.ENDED, 1, rules.RequestEnded),
        (RequestState.OPEN, 0, rules.NobodyInIt),
        (RequestState.OPEN, 3, rules.MoreThanAsked),
        (RequestState.OPEN, rules.MOST + 1, rules.TooManyRows),
    ],
)
def test_when_no_file_is_made(state: RequestState, people: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_making(state, people, 2)


def test_nobody_approves_their_own_request() -> None:
    with pytest.raises(rules.OwnRequest):
        rules.check_decision(RequestState.WAITING, "ada", "ada")
    with pytest.raises(rules.NotWaiting):
        rules.check_decision(RequestState.OPEN, "ada", "ben")


def test_what_tells_more_about_people_is_on_no_page_and_so_off_at_first() -> None:
    assert not any(set(offer.shown) & SENSITIVE for offer in OFFERS.values())


def test_each_list_is_offered_once_with_its_columns_in_one_order() -> None:
    assert set(OFFERS) == set(Listing)
    for offer in OFFERS.values():
        assert set(offer.columns) == {*offer.shown, *offer.more}
        assert not set(offer.shown) & set(offer.more)
