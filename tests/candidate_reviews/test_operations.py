"""Readers are named, candidates shared out, and scored: what is refused, and what races."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests import factories
from tests.candidate_reviews.desk import Desk, reader, reviews
from tests.racing import both_look, take_locks_off
from tests.registrations import acting
from trainings.accounts.models import AccountGrant
from trainings.audit.models import AuditEntry
from trainings.candidate_reviews import operations, queries
from trainings.candidate_reviews.rules import (
    SHOWN_AT_FIRST,
    AlreadyDecided,
    NotStaffHere,
    OwnCandidate,
    SelectionBegun,
    TooFewReaders,
)
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.registrations.models import HistoryStep
from trainings.registrations.rules import Act
from trainings.selection import operations as selection


def test_shared_out_and_scored(each_app: Flask, desk: Desk) -> None:
    assert desk.share() == (2, 0)
    assert desk.share() == (0, 0), "what was given stays"
    desk.score(0, 5, "Leads her unit.")
    assert desk.reading().total is None
    desk.score(1, 3)
    found = desk.reading()
    assert found.total == 8 and found.far
    assert {one.note for one in found.reviews} == {"Leads her unit.", ""}
    assert all(b"Leads her unit" not in (one.note or b"") for one in reviews())
    trail = db.session.scalars(select(AuditEntry.details).order_by(AuditEntry.number)).all()
    assert "Leads" not in repr(trail), "the trail keeps that there is a score, not what it says"


def test_readers_are_emailed_how_many_they_have_to_read_and_nobodys_name(
    app: Flask, desk: Desk
) -> None:
    desk.share()
    told = factories.mails("candidates_given")
    assert len(told) == 2 and all("2 candidates" in one.body for one in told)
    assert all("/courses/BUE27/selection/reading" in one.body for one in told)
    assert not any("Ejemplo" in one.body for one in told)
    desk.share()  # nobody is left to be shared out
    assert len(factories.mails("candidates_given")) == 2


def test_two_readers_at_least(each_app: Flask, desk: Desk) -> None:
    operations.set_readers(desk.course, [desk.readers[0].account_id or ""], (), desk.by)
    with pytest.raises(TooFewReaders):
        desk.share()


def test_only_staff_of_the_course_reads(each_app: Flask, desk: Desk) -> None:
    strangers = (
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(Role.ADMINISTRATOR),
        factories.account(Role.ORGANISER, agency="IOM", staff=False),
    )
    for one in strangers:
        with pytest.raises(NotStaffHere):
            operations.set_readers(desk.course, [one.account_id or ""], (), desk.by)
    trainer = factories.account(Role.TRAINER, course_id=desk.course)
    operations.set_readers(desk.course, [trainer.account_id or ""], (), desk.by)
    assert queries.readers(desk.course) == [trainer.account_id]


def test_who_is_no_longer_named_loses_what_they_have_not_read(each_app: Flask, desk: Desk) -> None:
    desk.share()
    desk.score(0, 4)
    third = reader("Nora")
    names = [third.account_id or "", desk.readers[1].account_id or ""]
    operations.set_readers(desk.course, names, SHOWN_AT_FIRST, desk.by)
    assert desk.reading(0).of(desk.readers[0].account_id) is not None, "the score stays"
    assert desk.reading(1).of(desk.readers[0].account_id) is None
    with pytest.raises(NotFound):
        desk.score(0, 5)
    assert desk.share() == (1, 0)
    assert desk.reading(1).of(third.account_id) is not None


def test_who_no_longer_works_on_the_course_neither_gets_nor_scores(
    each_app: Flask, desk: Desk
) -> None:
    desk.share()
    with transaction() as session:
        grant = session.scalars(
            select(AccountGrant).where(AccountGrant.account_id == desk.readers[0].account_id)
        ).one()
        grant.ended_at = clock.now()
    gone = factories.Viewer(account_id=desk.readers[0].account_id)
    with pytest.raises(NotFound):
        operations.score(desk.course, desk.numbers[0], 5, "", by=gone)
    with pytest.raises(TooFewReaders):
        desk.share()


def _nominated_by(number: str, account_id: str | None) -> None:
    key = acting.registration(number).id
    with transaction() as session:
        step = session.scalars(
            select(HistoryStep).where(
                HistoryStep.registration_id == key, HistoryStep.act == str(Act.NOMINATE)
            )
        ).one()
        step.by = account_id


def test_nobody_reads_whom_they_nominated(each_app: Flask, desk: Desk) -> None:
    _nominated_by(desk.numbers[0], desk.readers[0].account_id)
    assert desk.share() == (2, 1)
    assert [one.account_id for one in desk.reading().reviews] == [desk.readers[1].account_id]
    _nominated_by(desk.numbers[1], desk.readers[0].account_id)
    with pytest.raises(OwnCandidate):
        desk.score(0, 5, candidate=1)


def test_nobody_reads_themselves(each_app: Flask, desk: Desk) -> None:
    own = acting.registration(desk.numbers[0])
    barred = queries.barred_from({own.id: own.person_id})
    account = acting.person_of(desk.numbers[0]).account_id
    assert account in barred[own.id]


def test_scores_change_until_the_selection_begins(each_app: Flask, desk: Desk) -> None:
    desk.share()
    desk.score(0, 2)
    desk.score(0, 4, "On second thoughts.")
    assert desk.reading().of(desk.readers[0].account_id) == (
        queries.Review(desk.readers[0].account_id or "", 4, "On second thoughts.")
    )
    desk.score(0, 3, candidate=1)
    selection.select(desk.course, [desk.numbers[0]], desk.by)
    with pytest.raises(AlreadyDecided):
        desk.score(1, 5)
    with pytest.raises(SelectionBegun):
        desk.score(0, 5, candidate=1)
    desk.score(1, 1, candidate=1)  # a first score is still missing
    assert desk.reading(1).total == 4
    db.session.close()
    selection.unselect(desk.course, [desk.numbers[0]], desk.by)
    desk.score(0, 5, candidate=1)


def test_only_the_organisers_of_the_course_name_and_share(each_app: Flask, desk: Desk) -> None:
    trainer = factories.account(Role.TRAINER, course_id=desk.course)
    elsewhere = factories.account(Role.ORGANISER, course_id=factories.course("PER27"))
    for one in (trainer, elsewhere):
        with pytest.raises(NotFound):
            operations.set_readers(desk.course, [], (), one)
        with pytest.raises(NotFound):
            operations.share_out(desk.course, one)


def test_another_readers_candidate_is_as_if_they_were_not(each_app: Flask, desk: Desk) -> None:
    desk.share()
    third = reader("Nora")
    names = [one.account_id or "" for one in (*desk.readers, third)]
    operations.set_readers(desk.course, names, SHOWN_AT_FIRST, desk.by)
    with pytest.raises(NotFound):
        operations.score(desk.course, desk.numbers[0], 5, "", by=third)


def _at_once(app: Flask, desk: Desk, patch: pytest.MonkeyPatch) -> list[Any]:
    more = [reader("Nora"), reader("Olga")]
    names = [one.account_id or "" for one in (*desk.readers, *more)]
    operations.set_readers(desk.course, names, SHOWN_AT_FIRST, desk.by)
    db.session.close()
    acts: list[Callable[[], Any]] = [desk.share, desk.share]
    return both_look(app, patch, queries, "to_share", acts)


def test_shared_out_twice_at_once_each_still_has_two(
    each_app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sorted(_at_once(each_app, desk, monkeypatch)) == [(0, 0), (2, 0)]
    assert len(reviews()) == 4


def test_without_the_lock_both_share_out(
    each_app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both give the same readers: SQLite turns the second away, PostgreSQL refuses its rows."""
    take_locks_off(monkeypatch, courses)
    found = _at_once(each_app, desk, monkeypatch)
    assert sum(isinstance(one, DBAPIError) for one in found) == 1, found
