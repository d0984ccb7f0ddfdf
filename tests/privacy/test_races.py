"""Erasing while others write about the same person: nothing comes back; each race also unlocked.

Without the lock the same race must leave something behind: otherwise it would prove nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, current_app
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests import racing
from tests.privacy import somebody
from tests.privacy.somebody import MAIL, WORDS, Somebody
from tests.registrations import acting
from trainings.accounts import operations as doors
from trainings.accounts import queries as account_queries
from trainings.accounts import writes as account_writes
from trainings.certificates import rendering_operations
from trainings.core import files
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.courses import queries as courses
from trainings.mail import operations as mails
from trainings.mail import queries as outbox
from trainings.mail import smtp
from trainings.mail.models import OutboxMail
from trainings.participants import apply_operations
from trainings.people import queries as people
from trainings.people.queries import mail_index
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import ChangedMeanwhile, Reason, StillRegistered
from trainings.register import queries as register
from trainings.register import register_mac
from trainings.register.rules import Status
from trainings.registrations import erasing_writes
from trainings.unsent import operations as unsent
from trainings.verification import operations as check_operations
from trainings.verification.rules import Verdict


@pytest.fixture
def no_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app without its locks: a plain BEGIN, and no row held for update."""
    racing.take_locks_off(monkeypatch, courses, people, account_queries, register, erasing_writes)
    # it would wait ten seconds for the other, who holds what they read
    monkeypatch.setattr(privacy, "wipe_log", lambda: None)
    return each_app


def meanwhile(
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
    act: Callable[[], Any],
    module: Any,
    name: str,
    other: Callable[[], Any],
) -> tuple[Any, Any]:
    """Stop an act where it calls something, let another begin and wait for it; then go on."""
    there, done, called = threading.Event(), threading.Event(), getattr(module, name)

    def stop(*args: Any, **values: Any) -> Any:
        if not there.is_set():
            there.set()
            racing.wait_until(done.is_set)
        return called(*args, **values)

    def second() -> Any:
        assert there.wait(racing.COMES)
        try:
            return other()
        finally:
            done.set()

    monkeypatch.setattr(module, name, stop)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(racing.outcome, app, act)
        then = pool.submit(racing.outcome, app, second)
        return first.result(), then.result()


Writing = tuple[Callable[[Somebody], Any], Any, str]
WRITING: dict[str, Writing] = {
    "draft": (
        lambda who: apply_operations.save_draft(who.other, {"given_name": "Zenobia"}, who.person),
        apply_operations.queries,
        "draft",
    ),
    "link": (
        lambda who: doors.mail_links(mail_index(MAIL) or "", "/"),
        account_writes,
        "make_link",
    ),
    "apply": (
        lambda who: apply_operations.apply(
            who.other, acting.application(given_name="Zenobia", family_name="Q"), who.person
        ),
        apply_operations.accounts,
        "accounts_of",
    ),
    "unsent": (
        lambda who: unsent.keep(somebody.was_here(who.person), "/profile", "Zenobia typed"),
        unsent.queries,
        "page_index",
    ),
    "render": (lambda who: rendering_operations.render(who.course_id), files, "store"),
}


def prepare(monkeypatch: pytest.MonkeyPatch, kind: str) -> Somebody:
    who = somebody.build(monkeypatch)
    if kind == "apply":  # without anything begun before
        with transaction() as session:
            erasing_writes.forget_drafts(session, who.person.account_id or "")
    if kind == "render":  # as if the certificate had just been issued
        with transaction() as session:
            row = register.for_update_by_id(session, who.certificate.id)
            assert row is not None
            for path in somebody.stored(row.file_name or ""):
                path.unlink()
            row.status, row.ready_at, row.file_name, row.digest = Status.ISSUED, None, None, None
            register_mac.vouch(row)
    return who


def left() -> set[str]:
    """What is left: words of the person, and a file of theirs beside the one of another's."""
    found = somebody.found((*WORDS, "Zenobia"))
    return found | ({"a file"} if len(somebody.stored("")) > 1 else set())


def eraser(who: Somebody) -> Callable[[], str]:
    return lambda: privacy.erase(who.person_id, Reason.ASKED, who.number, who.officer)


@pytest.mark.parametrize("kind", WRITING)
def test_what_is_being_written_is_erased_too(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    who = prepare(monkeypatch, kind)
    write, module, name = WRITING[kind]
    wrote, erased = meanwhile(monkeypatch, each_app, lambda: write(who), module, name, eraser(who))
    assert not isinstance(wrote, Exception), wrote
    if kind == "apply":  # they stand on another course now, so they are not erased
        assert isinstance(erased, ChangedMeanwhile | StillRegistered), erased
        return
    assert str(erased).startswith("E-"), erased
    assert left() == set()
    shown = check_operations.by_token(who.certificate.token)
    assert shown is not None and shown.verdict is Verdict.GENUINE


@pytest.mark.parametrize("kind", WRITING)
def test_without_the_locks_something_is_left(
    no_lock: Flask, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    who = prepare(monkeypatch, kind)
    write, module, name = WRITING[kind]
    answers = meanwhile(monkeypatch, no_lock, lambda: write(who), module, name, eraser(who))
    if db.engine.dialect.name == "postgresql":
        assert left() != set(), answers
    else:  # SQLite notices that the second wrote on an old view, and can only give up
        assert any(isinstance(one, OperationalError) for one in answers), answers


@pytest.mark.parametrize("kind", WRITING)
def test_who_comes_too_late_writes_nothing(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    who = prepare(monkeypatch, kind)
    write = WRITING[kind][0]
    erased, wrote = meanwhile(
        monkeypatch, each_app, eraser(who), privacy, "forget_registrations", lambda: write(who)
    )
    assert str(erased).startswith("E-"), erased
    if kind in ("draft", "apply"):
        assert isinstance(wrote, NotFound), wrote
    else:
        assert not isinstance(wrote, Exception), wrote
    assert left() == set()


@pytest.mark.parametrize("fault", [None, smtp.AddressRefused, ConnectionError])
def test_a_mail_on_its_way_is_not_written_back(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, fault: type[Exception] | None
) -> None:
    who = somebody.build(monkeypatch)
    mine = select(OutboxMail.id).where(
        OutboxMail.person_id == who.person_id, OutboxMail.state == "waiting"
    )
    mail_id = db.session.scalars(mine).first()
    db.session.close()

    def send(*_args: Any, **values: Any) -> None:
        eraser(who)()
        if fault is not None:
            raise fault
        values["taken"]()

    settings = current_app.extensions["settings"]
    monkeypatch.setitem(
        current_app.extensions,
        "settings",
        replace(settings, smtp=replace(settings.smtp, host="mail")),
    )
    monkeypatch.setattr(smtp, "send", send)
    mails.send(mail_id or "")
    assert left() == set()
    row = outbox.find(mail_id or "")
    assert row is not None and (row.state, row.recipient) == ("held", b"")
