"""The database in other hands: rows and trail put back together, so that they agree again."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask

from tests.certificates import graduates
from tests.register.other_hands import Case, named
from trainings.certificates import reissue_operations, rendering_operations
from trainings.core.db import db, transaction
from trainings.register import operations as register_operations
from trainings.register import register_mac as vouching
from trainings.register import writes
from trainings.register.rules import ChangedByOthers, EndReason
from trainings.register.trust_rules import Trust
from trainings.verification import operations as check_operations
from trainings.verification.rules import NoSuchPair, Verdict


@pytest.fixture
def case(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Case:
    made = Case(each_app, monkeypatch)
    assert made.verdicts() == {Verdict.GENUINE}
    assert register_operations.verify() is None
    return made


ENTRY = "object_id = :id AND act = 'certificate.revoke'"
COPY = (
    "UPDATE audit_entry SET act = (SELECT act FROM audit_entry WHERE number = 1), "
    "object_type = (SELECT object_type FROM audit_entry WHERE number = 1), "
    "object_id = (SELECT object_id FROM audit_entry WHERE number = 1), "
    "details = (SELECT details FROM audit_entry WHERE number = 1), "
    "mac = (SELECT mac FROM audit_entry WHERE number = 1) WHERE " + ENTRY
)
AFTER = "number >= (SELECT number FROM (SELECT number FROM audit_entry WHERE " + ENTRY + ") AS one)"
ATTACKS: dict[str, tuple[str, ...]] = {
    "its entry deleted": (f"DELETE FROM audit_entry WHERE {ENTRY}",),
    "its entry of another act": (f"UPDATE audit_entry SET act = 'course.edit' WHERE {ENTRY}",),
    "its entry of another object": (
        f"UPDATE audit_entry SET object_id = 'nobody', object_type = 'course' WHERE {ENTRY}",
    ),
    "its entry of another certificate": (
        f"UPDATE audit_entry SET object_id = :second WHERE {ENTRY}",
    ),
    "its entry a copy of another": (COPY,),
    "all entries from it on deleted": (f"DELETE FROM audit_entry WHERE {AFTER}",),
    "its entry left": (),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["in the middle", "at the end"])
def test_revoked_and_put_back(case: Case, attack: str, where: str) -> None:
    case.revoke()
    if where == "in the middle":
        case.act()
    assert case.verdicts() == {Verdict.REVOKED}
    case.other.put_back(case.row.id)
    for statement in ATTACKS[attack]:
        case.other.do(statement, **named(statement, id=case.row.id, second=case.second.id))
    case.expect_unconfirmed()
    assert register_operations.put_back() is not None


def test_all_put_back_as_it_was(case: Case) -> None:
    """Register, trail and head agree with each other: only what is outside knows."""
    case.revoke()
    case.other.put_all_back()
    case.expect_unconfirmed()


def test_several_put_back(case: Case) -> None:
    case.revoke()
    case.revoke(case.second)
    case.other.put_all_back()
    found = vouching.standings(case.rows())
    assert sorted(found.values()) == [Trust.SOUND, Trust.UNSURE, Trust.UNSURE]


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM audit_entry WHERE object_id = :id",
        "UPDATE audit_entry SET details = '{}' WHERE object_id = :id",
        "UPDATE audit_entry SET act = 'certificate.other' WHERE object_id = :id",
        "UPDATE audit_entry SET object_id = :id WHERE object_id = :second",
    ],
)
def test_the_entry_of_its_issuing(case: Case, attack: str) -> None:
    case.other.do(attack, **named(attack, id=case.row.id, second=case.second.id))
    case.expect_unconfirmed()


def test_superseded_and_put_back(case: Case) -> None:
    reissue_operations.reissue(
        case.course_id, case.row.id, "María José Núñez", EndReason.NAME, "", case.lead
    )
    assert case.verdicts() == {Verdict.SUPERSEDED}
    new = next(row for row in case.rows() if row.status == "issued")
    assert vouching.standing(new) is Trust.SOUND
    case.other.do("UPDATE certificate SET successor_id = NULL WHERE id = :id", id=case.row.id)
    case.other.do("UPDATE print_run SET certificates = '[]'")
    case.other.do("DELETE FROM certificate WHERE id = :id", id=new.id)
    case.other.put_all_back()
    case.expect_unconfirmed()


def test_superseded_then_revoked_and_put_back_as_superseded(case: Case) -> None:
    reissue_operations.reissue(
        case.course_id, case.row.id, "María José Núñez", EndReason.NAME, "", case.lead
    )
    db.session.remove()
    case.other.keep()
    case.revoke()
    case.other.put_all_back()
    assert case.verdicts() == {Verdict.UNCONFIRMED}


def test_erased_and_put_back(case: Case) -> None:
    with transaction() as session:
        assert writes.forget_person(session, case.row.person_id or "") == 1
    assert case.verdicts() == {Verdict.GENUINE}, "its entry still vouches for the paper"
    assert register_operations.verify() is None
    case.other.put_all_back()
    case.expect_unconfirmed()
    with transaction() as session:
        writes.forget_person(session, case.row.person_id or "")
    assert case.verdicts() == {Verdict.GENUINE}, "as after a backup, once it is erased again"
    assert register_operations.verify() is None


def test_a_revoked_one_stays_revoked_whatever_is_done_to_its_entries(case: Case) -> None:
    case.revoke()
    case.other.do("DELETE FROM audit_entry WHERE object_id = :id", id=case.row.id)
    assert case.verdicts() == {Verdict.REVOKED}
    assert register_operations.verify() is not None


def test_it_can_be_revoked_again(case: Case) -> None:
    case.revoke()
    case.other.put_all_back()
    assert case.verdicts() == {Verdict.UNCONFIRMED}
    case.revoke()
    assert case.verdicts() == {Verdict.REVOKED}


def test_a_revoked_one_made_out_as_just_issued_gets_no_file(case: Case) -> None:
    """The worker, too, must not vouch for what others wrote."""
    case.revoke()
    case.other.do(
        "UPDATE certificate SET status = 'issued', ended_at = NULL, ended_reason = NULL, "
        "digest = NULL, file_name = NULL, ready_at = NULL WHERE id = :id",
        id=case.row.id,
    )
    rendering_operations.render(case.course_id)
    db.session.remove()
    assert case.now().failed
    assert Verdict.GENUINE not in case.verdicts()


def test_an_erasure_does_not_vouch_for_what_others_changed(case: Case) -> None:
    case.revoke()
    case.other.put_all_back()
    with transaction() as session:
        writes.forget_person(session, case.row.person_id or "")
    assert Verdict.GENUINE not in case.verdicts()
    assert case.now().data_key is None


def test_a_correction_takes_nothing_that_others_changed(case: Case) -> None:
    case.other.do("UPDATE certificate SET minutes = 9999 WHERE id = :id", id=case.row.id)
    with pytest.raises(ChangedByOthers):
        reissue_operations.reissue(
            case.course_id, case.row.id, "María", EndReason.NAME, "", case.lead
        )
    with pytest.raises(ChangedByOthers):
        case.revoke()


def test_few_statements_however_long_the_trail_is(
    app: Flask, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(app, monkeypatch)
    costs = []
    for further in (5000, 10000):
        page = app.test_client()
        page.get(f"/verify/{case.row.token}")
        statements.clear()
        page.get(f"/verify/{case.row.token}")
        costs.append(len(statements))
        statements.clear()
        assert vouching.standings(case.rows())
        many = [one for one in statements if "audit_entry" in one]
        assert len(many) == 1, many
        case.other.do(
            "INSERT INTO audit_entry SELECT number + :further, at, \"by\", act, object_type, 'x', "
            "course_id, details, mac FROM audit_entry WHERE number < 5000",
            further=further,
        )
    assert costs[0] == costs[1] == 2, costs


def test_by_serial_and_name(case: Case) -> None:
    case.revoke()
    case.other.put_all_back()
    found = []
    for name in graduates.NAMES[:3]:
        with suppress(NoSuchPair):
            found.append(check_operations.by_serial(case.row.serial, " ".join(name), "192.0.2.1"))
    assert [one.verdict for one in found] == [Verdict.UNCONFIRMED]
