"""Emails to very many people: some at a time, each exactly one, to whom it was sent."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests import beside, counting, factories, racing
from tests.mailings import sent
from tests.registrations import acting
from trainings.accounts.models import Account
from trainings.audit.models import AuditEntry
from trainings.core import clock, sealed
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.course_mails import queue_operations
from trainings.courses import queries as courses
from trainings.jobs.models import Job
from trainings.mail import queries as mails
from trainings.mail.models import OutboxMail
from trainings.mailings import operations, queries, rules, writes
from trainings.mailings.models import Mailing
from trainings.mailings.rules import KEPT_DAYS, MailingOver, MailingState
from trainings.people.models import Person
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.seats import answer_operations


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PORTION", 2)


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return acting.organiser()


def test_each_gets_one_email_in_their_language_written_some_at_a_time(
    each_app: Flask, by: Viewer
) -> None:
    course = sent.course()
    key = sent.send(course, by)
    assert not sent.written() and sent.left() == sent.PEOPLE
    numbers = []
    while sent.waiting_jobs():
        sent.take_jobs()
        operations.write_on(key)
        numbers.append(sum(sent.written().values()))
    assert numbers == [2, 4, 6, 7]
    assert sent.written() == dict.fromkeys(sent.people_of(course), 1)
    found = db.session.scalars(select(OutboxMail)).all()
    subjects = {one.language: mails.opened(one).subject for one in found}
    assert subjects == {"es": "Sobre BUE27", "pt_BR": "About BUE27"}
    assert all("Rosa Ejemplo" in mails.opened(one).body for one in found)
    row = sent.mailing()
    assert (row.state, row.written, row.total, row.said) == (MailingState.WRITTEN, 7, 7, None)
    assert sent.left() == 0


def test_the_worker_does_it_by_itself_and_the_act_is_recorded_once(
    each_app: Flask, by: Viewer
) -> None:
    course = sent.course()
    sent.send(course, by)
    factories.run_jobs(each_app)
    assert sent.written() == dict.fromkeys(sent.people_of(course), 1)
    told = [
        one.details["told"]
        for one in db.session.scalars(
            select(AuditEntry).where(AuditEntry.act == "registration.message")
        )
    ]
    assert told == [sent.PEOPLE]


def test_a_usual_group_is_written_within_the_act(each_app: Flask, by: Viewer) -> None:
    course = sent.course(2)
    sent.message_operations.send(course, sent.message(), by)
    assert sum(sent.written().values()) == 2 and not sent.waiting_jobs()
    assert db.session.scalars(select(Mailing)).all() == []


def test_it_goes_to_who_belonged_to_the_group_when_it_was_sent(each_app: Flask, by: Viewer) -> None:
    course = sent.course()
    meant = sent.people_of(course)
    sent.send(course, by)
    number, person = acting.standing(course, State.CONFIRMED)
    leaver, _person = with_account(meant)
    answer_operations.withdraw(leaver, "", acting.person_of(leaver))
    factories.run_jobs(each_app)
    assert sent.written() == dict.fromkeys(meant, 1), "who joined later gets none, who left does"
    assert person.person_id not in sent.written() and number


def test_who_has_no_address_is_not_counted(each_app: Flask, by: Viewer) -> None:
    course = sent.course()
    nobody = min(sent.people_of(course))
    with transaction() as session:
        one = session.get_one(Person, nobody)
        one.mail = one.mail_index = None
    sent.send(course, by)
    assert sent.mailing().total == sent.PEOPLE - 1
    factories.run_jobs(each_app)
    assert nobody not in sent.written() and sum(sent.written().values()) == sent.PEOPLE - 1


def test_who_is_erased_gets_none_and_nothing_is_left_of_them(each_app: Flask, by: Viewer) -> None:
    course = sent.course()
    key = sent.send(course, by)
    operations.write_on(key)
    number, person_id = with_account(sent.people_of(course) - set(sent.written()))
    officer = factories.account(Role.DATA_PROTECTION)
    answer_operations.withdraw(number, "", acting.person_of(number))
    privacy.erase(person_id, Reason.ASKED, number, officer)
    assert (sent.mailing().total, sent.left()) == (sent.PEOPLE - 1, sent.PEOPLE - 3)
    factories.run_jobs(each_app)
    assert person_id not in sent.written()
    assert sent.mailing().state is MailingState.WRITTEN


def with_account(among: set[str]) -> tuple[str, str]:
    """The number and the person of one of them who can sign in."""
    row = db.session.execute(
        select(Registration.number, Registration.person_id)
        .join(Account, Account.person_id == Registration.person_id)
        .where(Registration.person_id.in_(among))
        .execution_options(scope="operation")
    ).first()
    db.session.close()
    assert row is not None
    return row[0], row[1]


def test_what_waits_holds_no_name_and_no_address_and_its_text_is_sealed(
    each_app: Flask, by: Viewer
) -> None:
    sent.send(sent.course(), by)
    row = sent.mailing()
    assert (
        row.said is not None and b"Dear {name}" not in row.said and b"About {code}" not in row.said
    )
    text = sealed.unseal(row.said, f"mailing|said|{row.id}")
    assert "Dear {name}" in text and "@" not in text


def test_a_fault_within_a_portion_undoes_all_of_it(
    each_app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = sent.course()
    key = sent.send(course, by)
    operations.write_on(key)
    with monkeypatch.context() as patch:
        patch.setattr(writes, "go_on", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            operations.write_on(key)
    assert sum(sent.written().values()) == 2 and sent.mailing().written == 2
    factories.run_jobs(each_app)
    assert sent.written() == dict.fromkeys(sent.people_of(course), 1)


def write_and_hang(mailing_id: str, sign: str) -> None:
    """In a process of its own: stand still once the emails of a portion are written."""

    def hang(*_: Any) -> None:
        Path(sign).touch()
        time.sleep(60)

    writes.done_with = hang
    rules.PORTION = 2
    operations.write_on(mailing_id)


def test_killed_while_it_writes_each_gets_one(
    each_app: Flask, key_file: Path, by: Viewer, tmp_path: Path
) -> None:
    course = sent.course()
    key = sent.send(course, by)
    operations.write_on(key)
    sign = tmp_path / "written"
    with beside.process(
        each_app, key_file, beside.with_app, write_and_hang, key, str(sign)
    ) as process:
        limit = time.monotonic() + 60
        while not sign.exists():
            assert process.is_alive() and time.monotonic() < limit
            time.sleep(0.01)
    assert not process.is_alive() and sum(sent.written().values()) == 2
    factories.run_jobs(each_app)
    assert sent.written() == dict.fromkeys(sent.people_of(course), 1)


def two_workers(app: Flask, patch: pytest.MonkeyPatch, by: Viewer) -> tuple[str, list[Any]]:
    """Two workers write the same mailing: the lease of the one ran out."""
    course = sent.course()
    key = sent.send(course, by)
    act = lambda: operations.write_on(key)  # noqa: E731
    found = racing.both_look(app, patch, queries, "next_addressees", [act, act])
    return course, found


def test_two_workers_take_turns(
    each_app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, found = two_workers(each_app, monkeypatch, by)
    assert found == [None, None]
    assert sent.written() == dict.fromkeys(sent.written(), 1) and len(sent.written()) == 4
    factories.run_jobs(each_app)
    assert sent.written() == dict.fromkeys(sent.people_of(course), 1)


def test_without_the_locks_somebody_gets_two_or_it_breaks(
    each_app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses, queries)
    _course, found = two_workers(each_app, monkeypatch, by)
    assert found != [None, None] or max(sent.written().values()) == 2


def test_a_portion_takes_as_many_statements_however_large(
    each_app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for size, code in ((2, "BUE27"), (10, "LIM27")):
        monkeypatch.setattr(rules, "PORTION", size)
        course = sent.course(3 * size, code)
        sent.message_operations.send(course, sent.message(), by)
        key = newest()
        operations.write_on(key)
        with counting.statements() as taken:
            operations.write_on(key)
        found.append(len(taken))
    assert found[0] == found[1] <= 12, found


def newest() -> str:
    db.session.close()
    return (
        db.session.scalars(
            select(Mailing.id).order_by(Mailing.at.desc(), Mailing.total.desc())
        ).first()
        or ""
    )


def test_the_act_takes_as_many_statements_however_large(
    each_app: Flask, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for people, code in ((4, "BUE27"), (40, "LIM27")):
        course = sent.course(people, code)
        with counting.statements() as taken:
            sent.message_operations.send(course, sent.message(), by)
        found.append(len(taken))
    assert found[0] == found[1] <= 16, found


def test_on_hold_nothing_is_written_until_it_is_let_go(each_app: Flask, by: Viewer) -> None:
    course = sent.course()
    key = sent.send(course, by)
    operations.write_on(key)
    assert queue_operations.hold_all(course, by) == sent.PEOPLE
    factories.run_jobs(each_app)
    operations.take_up()
    assert sum(sent.written().values()) == 2 and sent.waiting_jobs() == 0
    assert sent.mailing().state is MailingState.ON_HOLD
    assert queue_operations.release_all(course, by, told=sent.PEOPLE) == sent.PEOPLE
    factories.run_jobs(each_app)
    assert sent.written() == dict.fromkeys(sent.people_of(course), 1)


def test_stopped_nobody_else_is_written_to(each_app: Flask, by: Viewer) -> None:
    course = sent.course()
    key = sent.send(course, by)
    operations.write_on(key)
    with pytest.raises(NotFound):
        operations.stop(course, key, acting.focal_point("BO"))
    with pytest.raises(NotFound):
        operations.stop(factories.course("LIM27"), key, by)
    assert operations.stop(course, key, by) == 5
    with pytest.raises(MailingOver):
        operations.stop(course, key, by)
    factories.run_jobs(each_app)
    assert sum(sent.written().values()) == 2 and sent.left() == 0
    row = sent.mailing()
    assert (row.state, row.said) == (MailingState.STOPPED, None)


def test_a_job_that_is_lost_is_asked_for_again(each_app: Flask, by: Viewer) -> None:
    course = sent.course()
    sent.send(course, by)
    with transaction() as session:
        session.execute(update(Job).values(state="failed"))
    operations.take_up()
    operations.take_up()
    assert sent.waiting_jobs() == 1
    factories.run_jobs(each_app)
    assert sent.written() == dict.fromkeys(sent.people_of(course), 1)


def test_what_is_over_goes_after_a_fortnight_and_what_is_not_stays(
    each_app: Flask, by: Viewer
) -> None:
    course = sent.course()
    sent.send(course, by)
    late = clock.now() - timedelta(days=KEPT_DAYS + 1)
    with transaction() as session:
        session.execute(update(Mailing).values(at=late))
    operations.clear()
    assert sent.mailing().state is MailingState.UNDER_WAY
    factories.run_jobs(each_app)
    operations.clear()
    db.session.close()
    assert db.session.scalars(select(Mailing)).all() == []
    operations.write_on("gone")
