"""Two tabs at once, two who write to each other: with the lock it holds, without it breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.directory import alumni
from tests.directory.alumni import entry_of, find, written
from tests.racing import both_look, take_locks_off
from trainings.audit.models import AuditEntry
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.directory import contact_operations as contacts
from trainings.directory import contact_queries, operations, queries, search_queries
from trainings.directory.contact_rules import (
    AlreadyInContact,
    ContactCard,
    ContactOver,
    ContactSubject,
)
from trainings.directory.models import DirectoryContact
from trainings.directory.rules import MOST_A_DAY, Sought
from trainings.people import queries as people

Act = Callable[[], Any]


def _tabs() -> tuple[Viewer, list[Act]]:
    """Somebody who may be shown two more people, and looks in two tabs for others in each."""
    course = alumni.over()
    ana = alumni.listed(course)
    alumni.many(course, MOST_A_DAY - 2, "PY")
    alumni.all_found(ana)
    for country in ("PE", "BR"):
        alumni.many(course, 2, country)
    db.session.remove()
    return ana, [
        lambda country=country: operations.look_up(Sought(country=country), "", ana)
        for country in ("PE", "BR")
    ]


def _seen(who: Viewer) -> int:
    db.session.close()
    return len(search_queries.seen_since(who.person_id or ""))


def test_two_tabs_share_what_is_left(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, acts = _tabs()
    came = both_look(each_app, monkeypatch, search_queries, "seen_since", acts)
    assert not any(isinstance(one, Exception) for one in came), came
    assert sorted(len(one.people) for one in came)[1] >= 2
    assert _seen(ana) == MOST_A_DAY


def test_without_the_lock_two_tabs_see_more(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, acts = _tabs()
    take_locks_off(monkeypatch, people, queries)
    came = both_look(each_app, monkeypatch, search_queries, "seen_since", acts)
    faults = [one for one in came if isinstance(one, Exception)]
    assert faults or _seen(ana) > MOST_A_DAY, f"it holds without its lock: {came}"


def _both_write() -> list[Act]:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    find(ana)
    find(luz)
    to = {ana: entry_of(luz), luz: entry_of(ana)}
    db.session.remove()
    return [
        lambda who=who: contacts.write(to[who], ContactSubject.LAW, "Good day", who)
        for who in (ana, luz)
    ]


def _contacts() -> int:
    db.session.close()
    return len(db.session.scalars(select(DirectoryContact.id)).all())


def test_of_two_who_write_to_each_other_one_was_first(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = both_look(each_app, monkeypatch, contact_queries, "between", _both_write())
    (fault,) = [one for one in came if isinstance(one, Exception)]
    assert isinstance(fault, AlreadyInContact) and _contacts() == 1


def test_without_the_lock_the_second_meets_the_constraint(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = _both_write()
    take_locks_off(monkeypatch, people, queries)
    came = both_look(each_app, monkeypatch, contact_queries, "between", acts)
    (fault,) = [one for one in came if isinstance(one, Exception)]
    assert not isinstance(fault, AlreadyInContact), "it holds without its lock"
    assert _contacts() == 1


def _answers() -> list[Act]:
    course = alumni.over()
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    key = written(ana, luz)
    db.session.remove()
    return [
        lambda: contacts.accept(key, "", ContactCard(name=True), luz),
        lambda: contacts.decline(key, luz),
    ]


def _answered() -> int:
    db.session.close()
    acts = ("directory.accept", "directory.decline")
    return len(
        db.session.scalars(
            select(AuditEntry).where(AuditEntry.act.in_(acts)).order_by(AuditEntry.number)
        ).all()
    )


def test_of_two_answers_one_counts(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    came = both_look(each_app, monkeypatch, contacts, "_locked", _answers())
    (fault,) = [one for one in came if isinstance(one, Exception)]
    assert isinstance(fault, ContactOver) and _answered() == 1


def test_without_the_lock_both_answers_count(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = _answers()
    take_locks_off(monkeypatch, people, queries)
    came = both_look(each_app, monkeypatch, contacts, "_locked", acts)
    faults = [one for one in came if isinstance(one, Exception)]
    assert _answered() == 2 or not all(isinstance(one, ContactOver) for one in faults), came
