"""The register in other hands: rows ended, cloned, swapped and brought back by SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from tests.certificates.registry import Registry
from tests.verification.forging import (
    ALTERED,
    FOREIGN,
    GENUINE,
    NUMBER,
    REVOKED,
    STRANGERS,
    SUPERSEDED,
    drawn_for,
    updated,
)
from trainings.certificates import reissue_operations, revocation_operations
from trainings.core.db import db, new_key
from trainings.people.models import IdentityRead
from trainings.print_room import operations as print_operations
from trainings.print_room.rules import PrintChoice
from trainings.printing.pdf import Engine
from trainings.register.models import Certificate
from trainings.register.rules import ChangedByOthers, EndReason


def _clone(issued: Registry, **changed: str) -> None:
    columns = [column.name for column in Certificate.__table__.columns]
    values = ", ".join(changed.get(name, name) for name in columns)
    issued.sql(
        f"INSERT INTO certificate ({', '.join(columns)}) SELECT {values} FROM certificate "
        "WHERE id = :row",
        row=issued.row.id,
        new=new_key(),
        token="B" * 22,
    )


def test_a_cloned_row(issued: Registry, told: Callable[[bytes], str], engine: Engine) -> None:
    """Somebody with the database puts a forged file's digest into a copy of a row."""
    forged = drawn_for(issued, engine, "Otra Persona")
    digest = hashlib.sha256(forged).hexdigest()
    _clone(
        issued,
        id=":new",
        token=":token",
        serial=":new",
        serial_key=":new",
        registration_id="NULL",
        signed="0",
        digest=f"'{digest}'",
    )
    assert told(forged) == NUMBER
    page = issued.app.test_client().get(f"/verify/{'B' * 22}")
    assert STRANGERS in page.get_data(as_text=True)


def test_a_digest_put_in_place_of_the_right_one(
    issued: Registry, told: Callable[[bytes], str], engine: Engine
) -> None:
    forged = drawn_for(issued, engine, "Otra Persona")
    issued.sql(
        "UPDATE certificate SET digest = :digest, signed = 0 WHERE id = :row",
        digest=hashlib.sha256(forged).hexdigest(),
        row=issued.row.id,
    )
    assert told(forged) in (NUMBER, FOREIGN)
    assert issued.row.serial not in issued.drop(forged)


def test_two_digests_swapped(issued: Registry, told: Callable[[bytes], str]) -> None:
    for row, other in ((issued.row, issued.other), (issued.other, issued.row)):
        issued.sql(
            "UPDATE certificate SET digest = :digest WHERE id = :row",
            digest=other.digest,
            row=row.id,
        )
    assert told(issued.file) != GENUINE
    assert told(issued.other_file) != GENUINE


def _revoke(issued: Registry) -> None:
    with issued.app.app_context():
        revocation_operations.revoke(
            issued.row.course_id, issued.row.id, EndReason.MISUSE, "", issued.lead
        )
        db.session.remove()


def _un_revoke(issued: Registry, whole: bool) -> None:
    """Put the row back: its status alone, or as it was byte for byte, its code too."""
    issued.sql(
        "UPDATE certificate SET status = 'ready', ended_at = NULL, ended_reason = NULL, "
        f"ended_note = NULL{', mac = :mac' if whole else ''} WHERE id = :row",
        row=issued.row.id,
        **({"mac": issued.row.mac} if whole else {}),
    )


def test_revoked(issued: Registry, told: Callable[[bytes], str]) -> None:
    _revoke(issued)
    assert told(issued.file) == REVOKED
    assert told(issued.other_file) == GENUINE


@pytest.mark.parametrize("whole", [False, True], ids=["the status", "the row as it was, MAC too"])
def test_un_revoked(issued: Registry, told: Callable[[bytes], str], whole: bool) -> None:
    """Whoever kept the row from before could put it back byte for byte: the trail still knows."""
    _revoke(issued)
    _un_revoke(issued, whole)
    assert told(issued.file) != GENUINE
    page = issued.app.test_client().get(f"/verify/{issued.row.token}")
    assert GENUINE not in page.get_data(as_text=True)


def test_superseded(issued: Registry, told: Callable[[bytes], str]) -> None:
    with issued.app.app_context():
        reissue_operations.reissue(
            issued.row.course_id, issued.row.id, "María José Núñez", EndReason.NAME, "", issued.lead
        )
        db.session.remove()
    assert told(issued.file) == SUPERSEDED
    assert told(updated(issued.file)) == ALTERED


def test_a_course_is_exported_some_at_a_time(
    issued: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {}
    for portion in (500, 1):
        monkeypatch.setattr(print_operations, "PORTION", portion)
        out = tmp_path / str(portion)
        with issued.app.app_context():
            number = print_operations.export("BUE26", out)
            reads = db.session.scalars(
                select(IdentityRead).where(IdentityRead.purpose == "export")
            ).all()
            assert len(reads[-1].persons) == number, "each holder, in one line of the read log"
            db.session.remove()
        written[portion] = {path.name: path.read_bytes() for path in out.iterdir()}
        assert len(written[portion]) == number == 2
    assert written[1] == written[500] != {}
    assert set(written[1].values()) == {issued.file, issued.other_file}


def test_what_others_changed_is_not_given_out(
    issued: Registry, told: Callable[[bytes], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither printed, nor looked at, nor had by the holder; the others can be."""
    monkeypatch.setattr(print_operations, "PORTION", 1)  # so that others come before it, or after
    _revoke(issued)
    _un_revoke(issued, whole=True)
    course, key = issued.row.course_id, issued.row.id
    holder = replace(issued.lead, person_id=issued.row.person_id)
    given: dict[str, Callable[[], object]] = {
        "printed": lambda: print_operations.print_file(course, PrintChoice(), issued.lead),
        "looked at": lambda: print_operations.one_file(course, key, issued.lead),
        "had": lambda: print_operations.own_file(key, holder),
        "exported": lambda: print_operations.export("BUE26", tmp_path / "out"),
    }
    with issued.app.app_context():
        for how, give in given.items():
            with pytest.raises(ChangedByOthers, match=issued.row.serial):
                pytest.fail(f"{how}: {give()!r}")
        assert not (tmp_path / "out").exists()
        others = PrintChoice(chosen=frozenset({issued.other.id}))
        assert print_operations.print_file(course, others, issued.lead).startswith(b"%PDF")
        db.session.remove()
    page = issued.app.test_cli_runner().invoke(
        args=["certificates", "export", "--course", "BUE26", "--to", str(tmp_path / "out")]
    )
    assert page.exit_code == 1
    assert issued.row.serial in page.output
