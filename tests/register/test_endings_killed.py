"""The process is killed, or the disk is full, between the file of endings and the database."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import beside
from tests.register.other_hands import Case
from trainings.certificates import revocation_operations
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.register import endings, writes
from trainings.register import operations as register_operations
from trainings.register.rules import EndReason
from trainings.register.trust_rules import EndingNotKept
from trainings.verification.rules import Verdict


def revoke_and_die_at(moment: str, course: str, key: str, by: Viewer) -> None:
    """Revoke a certificate in a process of its own, which kills itself at the named moment."""
    note = endings.note

    def die(*_rest: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "before the commit":
        Session.commit = die
    else:
        endings.note = lambda word, acts: die() if word == "done" else note(word, acts)
    revocation_operations.revoke(course, key, EndReason.MISUSE, "", by)


@pytest.fixture
def case(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Case:
    return Case(each_app, monkeypatch)


def revoke_and_die(case: Case, key_file: Path, moment: str) -> None:
    given = (revoke_and_die_at, moment, case.course_id, case.row.id, case.lead)
    with beside.process(case.app, key_file, beside.with_app, *given) as dying:
        dying.join(60)
        assert dying.exitcode == -signal.SIGKILL


def test_killed_before_the_commit(case: Case, key_file: Path) -> None:
    """Nobody can tell until it is settled; then the certificate is as good as before."""
    revoke_and_die(case, key_file, "before the commit")
    assert case.verdicts() == {Verdict.UNCONFIRMED}
    register_operations.settle()
    assert case.verdicts() == {Verdict.GENUINE}
    assert register_operations.verify() is None
    case.revoke()
    assert case.verdicts() == {Verdict.REVOKED}
    case.other.put_all_back()
    assert case.verdicts() == {Verdict.UNCONFIRMED}


def test_ended_again_before_it_is_settled(case: Case, key_file: Path) -> None:
    revoke_and_die(case, key_file, "before the commit")
    case.revoke()
    assert case.verdicts() == {Verdict.REVOKED}
    assert endings.known().pending == {}


def test_killed_after_the_commit(case: Case, key_file: Path) -> None:
    revoke_and_die(case, key_file, "after the commit")
    assert case.verdicts() == {Verdict.REVOKED}
    register_operations.settle()
    assert endings.known().done == {case.row.id: 2}
    case.other.put_all_back()
    register_operations.settle()
    assert case.verdicts() == {Verdict.UNCONFIRMED}


def test_put_back_before_it_is_settled_but_for_the_trail(case: Case, key_file: Path) -> None:
    """What the trail says of it is enough to know that the commit happened."""
    revoke_and_die(case, key_file, "after the commit")
    case.other.put_back(case.row.id)
    assert case.verdicts() == {Verdict.UNCONFIRMED}
    register_operations.settle()
    case.expect_unconfirmed()


def test_what_others_changed_is_not_settled(case: Case, key_file: Path) -> None:
    revoke_and_die(case, key_file, "before the commit")
    case.other.do("UPDATE audit_entry SET act = 'x' WHERE object_id = :id", id=case.row.id)
    register_operations.settle()
    assert case.verdicts() == {Verdict.UNCONFIRMED}
    assert endings.known().pending == {case.row.id: 2}


def test_a_refused_transaction_announces_nothing(case: Case) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        writes.forget_person(session, case.row.person_id or "")
        raise ZeroDivisionError
    assert not endings.path().exists()
    assert case.verdicts() == {Verdict.GENUINE}


def test_a_failed_commit_is_settled(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_session: Session) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(Session, "commit", fail)
        case.revoke()
    assert case.verdicts() == {Verdict.UNCONFIRMED}
    register_operations.settle()
    assert case.verdicts() == {Verdict.GENUINE}


@pytest.mark.parametrize(
    ("word", "verdict"), [(endings.WILL, Verdict.GENUINE), (endings.DONE, Verdict.REVOKED)]
)
def test_a_full_disk(
    case: Case, monkeypatch: pytest.MonkeyPatch, word: str, verdict: Verdict
) -> None:
    note = endings.note

    def full(what: str, acts: dict[str, int]) -> None:
        if what == word:
            raise OSError
        note(what, acts)

    with monkeypatch.context() as patch:
        patch.setattr(endings, "note", full)
        if word == endings.WILL:
            with pytest.raises(EndingNotKept):
                case.revoke()
        else:
            case.revoke()
    assert case.verdicts() == {verdict}
    register_operations.settle()
    assert case.verdicts() == {verdict}
    assert (endings.known().done == {}) is (word == endings.WILL)


def test_an_older_copy_of_the_file_is_filled_again(case: Case) -> None:
    """As after the upgrade: then there is no file at all."""
    case.revoke()
    endings.path().unlink()
    assert case.verdicts() == {Verdict.REVOKED}
    register_operations.note_missing()
    case.other.put_all_back()
    assert case.verdicts() == {Verdict.UNCONFIRMED}
    endings.path().unlink()
    register_operations.note_missing()
    assert not endings.path().exists(), "what was put back is not taken for what was"


TORN: dict[str, Callable[[bytes], bytes]] = {
    "half a line": lambda lines: lines + b"done abc 2 12",
    "a word": lambda lines: lines + b"wil",
    "nothing at the end": lambda lines: lines[:-1],
    "zeros": lambda lines: lines + bytes(40),
}


@pytest.mark.parametrize("torn", TORN)
def test_a_torn_line_loses_nothing_that_was_answered(app: Flask, torn: str) -> None:
    endings.note(endings.DONE, {"a": 2})
    assert endings.known().done == {"a": 2}
    path = endings.path()
    path.write_bytes(TORN[torn](path.read_bytes()))
    endings.note(endings.WILL, {"b": 2, "c": 3})
    endings.note(endings.VOID, {"c": 3})
    found = endings.known()
    assert (found.done, found.pending, found.damaged) == ({"a": 2}, {"b": 2}, 0)


def test_a_changed_line_is_told(app: Flask) -> None:
    endings.note(endings.DONE, {"a": 2, "b": 3})
    assert register_operations.put_back() is not None, "neither is in the register"
    path = endings.path()
    path.write_text(path.read_text().replace("b 3", "b 2"))
    assert endings.known().damaged == 1
    assert "damaged" in str(register_operations.put_back())
    assert path.stat().st_mode & 0o777 == 0o600
    db.session.remove()


def test_only_what_was_added_is_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    pread = os.pread

    def counting(handle: int, size: int, at: int) -> bytes:
        read.append(size)
        return pread(handle, size, at)

    endings.note(endings.DONE, {f"key{number}": 2 for number in range(500)})
    endings.known()
    monkeypatch.setattr(os, "pread", counting)
    endings.known()
    assert sum(read) == 0
    endings.note(endings.DONE, {"one": 2})
    assert endings.known().done["one"] == 2
    assert sum(read) < 500, "one line, and the end of what was read before"
