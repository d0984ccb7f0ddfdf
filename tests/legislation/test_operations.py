"""A change waits for a second person; what is confirmed, not taken, checked; lists; races."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import counting
from tests.legislation import keeping
from tests.legislation.keeping import OFFENCE, PLACE, answer
from tests.racing import both_look, take_locks_off
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.legislation import operations, queries
from trainings.legislation.import_rules import Fate, Row
from trainings.legislation.rules import (
    Keeper,
    LawState,
    LawText,
    Mark,
    NothingNew,
    NothingToCheck,
    NothingWaits,
    OwnChange,
)

NEW = answer("Criminal Code, art. 281 ter.")


@pytest.fixture(autouse=True)
def register(each_app: Flask) -> None:
    """Bolivia's offence, from a file."""
    keeping.bolivia()


def test_what_comes_from_a_file_is_to_be_confirmed_by_the_country() -> None:
    found = keeping.entry()
    assert found.current is not None and found.current.keeper is Keeper.FILE
    assert found.mark is Mark.UNCONFIRMED
    operations.confirm(PLACE, found.current.id, keeping.focal_point())
    assert keeping.entry().mark is Mark.CONFIRMED


def test_a_change_counts_once_a_second_person_confirmed_it() -> None:
    first, second = keeping.focal_point(), keeping.correspondent()
    key = operations.propose(PLACE, NEW, first)
    found = keeping.entry()
    assert found.current is not None and found.current.text == OFFENCE
    assert found.proposed is not None and found.proposed.text == NEW
    with pytest.raises(OwnChange):
        operations.confirm(PLACE, key, first)
    operations.confirm(PLACE, key, second)
    found = keeping.entry()
    assert found.proposed is None and found.current is not None and found.current.text == NEW
    assert found.current.confirmed_as is Keeper.CORRESPONDENT
    versions = queries.versions_of(*PLACE)
    assert [one.standing for one in versions] == [LawState.CURRENT, LawState.EARLIER]
    assert versions[1].text == OFFENCE, "every earlier version stays"
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.object_type == "law").order_by(AuditEntry.number)
    ).all()
    assert acts == ["law.import", "law.propose", "law.confirm"]


@pytest.mark.parametrize("who", [keeping.focal_point, keeping.correspondent, keeping.organiser])
def test_who_may_confirm(who: Callable[[], Any]) -> None:
    key = operations.propose(PLACE, NEW, keeping.focal_point())
    operations.confirm(PLACE, key, who())
    assert keeping.entry().mark is Mark.CONFIRMED


def test_another_country_neither_changes_nor_confirms() -> None:
    other, key = keeping.focal_point("PE"), keeping.current_id()
    for act in (
        lambda: operations.propose(PLACE, NEW, other),
        lambda: operations.confirm(PLACE, key, other),
        lambda: operations.drop(PLACE, key, other),
        lambda: operations.check(PLACE, key, other),
        lambda: operations.enter([Row(2, *PLACE, NEW)], other),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_topic_that_is_not_there_takes_nothing() -> None:
    with pytest.raises(NotFound):
        operations.propose(("BO", "weather"), NEW, keeping.focal_point())


def test_nothing_new_is_refused() -> None:
    by = keeping.focal_point()
    with pytest.raises(NothingNew):
        operations.propose(PLACE, OFFENCE, by)
    operations.propose(PLACE, NEW, by)
    with pytest.raises(NothingNew):
        operations.propose(PLACE, NEW, keeping.correspondent())


def test_what_was_shown_is_confirmed_and_nothing_else() -> None:
    first, second = keeping.focal_point(), keeping.focal_point()
    shown = operations.propose(PLACE, NEW, first)
    operations.propose(PLACE, answer("Something else."), first)
    with pytest.raises(NothingWaits):
        operations.confirm(PLACE, shown, second)
    assert keeping.entry().mark is Mark.UNCONFIRMED


def test_a_change_that_was_changed_again_is_confirmed_by_another() -> None:
    first, second = keeping.focal_point(), keeping.correspondent()
    operations.propose(PLACE, NEW, first)
    key = operations.propose(PLACE, answer("Better said."), second)
    with pytest.raises(OwnChange):
        operations.confirm(PLACE, key, second)
    operations.confirm(PLACE, key, first)
    standings = [one.standing for one in queries.versions_of(*PLACE)]
    assert standings == [LawState.CURRENT, LawState.DROPPED, LawState.EARLIER]


def test_a_change_that_is_not_taken_leaves_what_counts() -> None:
    key = operations.propose(PLACE, NEW, keeping.focal_point())
    operations.drop(PLACE, key, keeping.organiser())
    found = keeping.entry()
    assert found.proposed is None and found.current is not None and found.current.text == OFFENCE
    with pytest.raises(NothingWaits):
        operations.drop(PLACE, key, keeping.organiser())


def test_an_answer_taken_back_reads_not_found() -> None:
    nothing = LawText(note="The law was repealed; no other was found.")
    key = operations.propose(PLACE, nothing, keeping.focal_point())
    operations.confirm(PLACE, key, keeping.organiser())
    assert keeping.entry().mark is Mark.NOT_FOUND


def test_what_was_not_checked_for_a_year_is_flagged_until_it_is() -> None:
    by, key = keeping.focal_point(), keeping.current_id()
    with pytest.raises(NothingToCheck):
        operations.check(PLACE, key, by)
    operations.confirm(PLACE, key, by)
    with clock.shifted(timedelta(days=367)):
        assert keeping.entry().mark is Mark.STALE
        operations.check(PLACE, key, by)
        assert keeping.entry().mark is Mark.CONFIRMED
    with pytest.raises(NothingWaits):
        operations.check(PLACE, "of-nothing", by)


def test_a_list_again_changes_nothing_and_never_what_was_confirmed() -> None:
    rows = [Row(2, *PLACE, OFFENCE), Row(3, "BO", "consent", NEW)]
    fates = operations.enter(rows, None)
    assert [len(fates[one]) for one in Fate] == [1, 0, 1, 0]
    assert len(operations.enter(rows, None)[Fate.SAME]) == 2
    operations.confirm(PLACE, keeping.current_id(), keeping.focal_point())
    fates = operations.enter([Row(2, *PLACE, NEW)], None)
    assert len(fates[Fate.CHANGE]) == 1
    found = keeping.entry()
    assert found.current is not None and found.current.text == OFFENCE
    fates = operations.enter([Row(2, *PLACE, answer("A third."))], None)
    assert len(fates[Fate.WAITS]) == 1, "a change that waits is not overwritten by a list"


def test_a_list_that_was_only_looked_at_writes_nothing() -> None:
    fates = operations.foresee([Row(2, "BO", "consent", NEW)])
    assert len(fates[Fate.NEW]) == 1
    assert keeping.entry(("BO", "consent")).current is None


def test_a_list_takes_no_more_statements_for_more_rows(each_app: Flask) -> None:
    def cost(topics: list[str]) -> int:
        with counting.statements() as sent:
            operations.enter([Row(2, "CL", one, NEW) for one in topics], None)
        return len(sent)

    assert cost(["consent"]) == cost(["forms", "limitation", "residence", "authority"])


def confirmed_at_once(app: Flask, patch: pytest.MonkeyPatch) -> list[Any]:
    first, second, third = (keeping.focal_point() for _ in range(3))
    key = operations.propose(PLACE, NEW, first)
    acts = [
        lambda: operations.confirm(PLACE, key, second),
        lambda: operations.drop(PLACE, key, third),
    ]
    return both_look(app, patch, queries, "entry", acts)


def test_of_confirming_and_not_taking_at_once_one_counts(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = confirmed_at_once(each_app, monkeypatch)
    assert sorted(isinstance(one, NothingWaits) for one in found) == [False, True]


def test_without_the_lock_both_count(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL then does both; SQLite turns the second away as busy."""
    take_locks_off(monkeypatch, queries)
    found = confirmed_at_once(each_app, monkeypatch)
    assert not any(isinstance(one, NothingWaits) for one in found)


def proposed_at_once(app: Flask, patch: pytest.MonkeyPatch) -> list[Any]:
    acts = [
        lambda: operations.propose(PLACE, NEW, keeping.focal_point()),
        lambda: operations.propose(PLACE, answer("Another."), keeping.correspondent()),
    ]
    return both_look(app, patch, queries, "entry", acts)


def test_two_changes_at_once_are_both_kept_one_after_the_other(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = proposed_at_once(each_app, monkeypatch)
    assert all(isinstance(one, str) for one in found)
    numbers = [one.number for one in queries.versions_of(*PLACE)]
    assert numbers == [3, 2, 1], "nobody's change is lost"


def test_without_the_lock_one_of_two_changes_fails(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_locks_off(monkeypatch, queries)
    found = proposed_at_once(each_app, monkeypatch)
    assert not all(isinstance(one, str) for one in found)
