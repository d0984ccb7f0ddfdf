"""Two answer at once, or the agency is removed while it answers: with the lock, and without."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from tests import racing
from tests.agreements import asking
from tests.agreements.asking import CODE, PARTNER
from trainings.agreements import operations, queries
from trainings.agreements.queries import Asked
from trainings.agreements.rules import AgreedAlready, NotAskedAnyMore
from trainings.core.db import db
from trainings.core.errors import NotFound
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses.models import CourseAgency
from trainings.planning.section_rules import Section

Act = Callable[[], Any]


def _acts(other: Callable[[Viewer, Viewer], Act]) -> list[Act]:
    """One of the agency's organisers agrees; ``other``: what somebody else does meanwhile."""
    lead, one, two = (asking.organiser(agency) for agency in ("IOM", PARTNER, PARTNER))
    asking.planned(lead)
    db.session.remove()
    return [lambda: operations.agree(one, CODE, PARTNER), other(lead, two)]


def _also_agrees(_lead: Viewer, two: Viewer) -> Act:
    return lambda: operations.agree(two, CODE, PARTNER)


def _declines(_lead: Viewer, two: Viewer) -> Act:
    return lambda: operations.decline(two, CODE, PARTNER, "No")


def _unticks(lead: Viewer, _two: Viewer) -> Act:
    return lambda: asking.change(lead, Section.BASICS, agency_ids=[])


def _faults(came: list[Any]) -> list[Exception]:
    return [one for one in came if isinstance(one, Exception)]


@pytest.mark.parametrize("other", [_also_agrees, _declines])
def test_of_two_answers_one_counts(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, other: Callable[[Viewer, Viewer], Act]
) -> None:
    acts = _acts(other)
    came = racing.both_look(each_app, monkeypatch, queries, "row", acts)
    (fault,) = _faults(came)
    assert isinstance(fault, AgreedAlready | NotAskedAnyMore | NotFound)
    assert len([act for act in asking.acts() if act != "agreement.ask"]) == 1
    declined = "agreement.decline" in asking.acts()
    assert asking.organising() == (["IOM"] if declined else ["IOM", PARTNER])


@pytest.mark.parametrize("other", [_also_agrees, _declines])
def test_without_the_lock_both_count(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, other: Callable[[Viewer, Viewer], Act]
) -> None:
    acts = _acts(other)
    racing.take_locks_off(monkeypatch, courses)
    came = racing.both_look(each_app, monkeypatch, queries, "row", acts)
    faults = _faults(came)
    told = len([act for act in asking.acts() if act != "agreement.ask"])
    assert told == 2 or not all(
        isinstance(one, AgreedAlready | NotAskedAnyMore | NotFound) for one in faults
    ), f"it holds without its lock: {came}"


def test_an_agency_removed_while_it_agrees_stays_away(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _faults(_removed_meanwhile(each_app, monkeypatch)) == []
    assert (asking.organising(), asking.waiting()) == (["IOM"], [])


def test_without_the_lock_who_agrees_finds_nothing_to_agree_to(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses)
    agreed, removed = _removed_meanwhile(each_app, monkeypatch)
    assert removed is None
    assert isinstance(agreed, StaleDataError | OperationalError), "it holds without its lock"


def _removed_meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The lead removes the agency, which has looked at what it is asked and goes on to agree."""
    agree, remove = _acts(_unticks)
    looked, removing = queries.row, []

    def look(one: Asked) -> CourseAgency | None:
        found = looked(one)
        removing.append(pool.submit(racing.outcome, app, remove))
        racing.wait_until(removing[0].done)
        return found

    with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(queries, "row", look)
        agreed = pool.submit(racing.outcome, app, agree).result()
        return [agreed, removing[0].result()]
