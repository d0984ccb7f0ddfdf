"""Erasing a person: nothing that names them is left, and all that must go on adding up does."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests import factories, teaching
from tests.privacy import somebody
from tests.privacy.somebody import FAMILY, MAIL, WORDS, Somebody
from tests.registrations import acting
from trainings.accounts import operations as doors
from trainings.accounts import staff_operations as doors_of_staff
from trainings.accounts.models import Account, AccountGrant, OneTimeLink, WebSession
from trainings.accounts.rules import LinkUnknown
from trainings.audit import operations as audit
from trainings.audit.models import AuditEntry
from trainings.certificates import (
    check_operations,
    operations,
    print_operations,
    standing_queries,
)
from trainings.certificates import waiver_operations as waivers
from trainings.certificates.check_rules import Verdict
from trainings.certificates.models import Certificate
from trainings.certificates.rules import Kind, qualifies
from trainings.core import sealed
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.mail import operations as mails
from trainings.mail.models import OutboxMail
from trainings.mail.writes import enqueue
from trainings.people import reading
from trainings.people.models import Consent, Person
from trainings.people.queries import mail_index
from trainings.people.rules import PersonErased
from trainings.people.writes import change_identity
from trainings.privacy import operations as privacy
from trainings.privacy import queries as privacy_queries
from trainings.privacy.models import Erasure
from trainings.privacy.rules import (
    AlreadyErased,
    NotConfirmed,
    Reason,
    StillRegistered,
    StillTeaches,
    WorksHere,
    Yourself,
)
from trainings.registrations import application_operations as applications
from trainings.registrations import person_operations as details
from trainings.registrations.rules import State
from trainings.rosters import operations as rosters
from trainings.rosters.models import Trainer


@pytest.fixture
def who(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    return somebody.build(monkeypatch)


def erase(one: Somebody, typed: str | None = None, reason: Reason = Reason.ASKED) -> str:
    receipt = privacy.erase(one.person_id, reason, typed or one.number, one.officer)
    db.session.close()
    return receipt


def person(person_id: str) -> Person:
    db.session.close()
    return db.session.get_one(Person, person_id, execution_options={"scope": "operation"})


def test_nothing_is_left_in_any_column_of_any_table(who: Somebody) -> None:
    before = somebody.found(WORDS)
    assert before == {
        "person.given_name", "person.family_name", "person.mail", "person.phone",
        "person.document", "person.born", "person.unit", "registration.printed_name",
        "registration.needs", "move.reason", "draft.answers", "certificate.content",
        "certificate_waiver.reason", "outbox_mail.recipient", "outbox_mail.body",
    }, "or the search would prove nothing"  # fmt: skip
    index = mail_index(MAIL) or ""
    assert {"throttle.key", "job.unique_key", "job.payload"} <= somebody.found((index,))
    erase(who)
    assert somebody.found(WORDS) == set()
    assert somebody.found((index,)) == set()
    assert audit.verify() is None


def test_nothing_is_left_in_any_file(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one = somebody.build(monkeypatch)
    assert len(somebody.stored("")) == 2, "hers and another's"
    tables = ("person", "registration", "move", "draft", "certificate_waiver", "outbox_mail",
              "certificate")  # fmt: skip
    before = set(somebody.ciphertexts(*tables))
    erase(one)
    gone = before - set(somebody.ciphertexts(*tables))
    assert len(gone) >= 15
    assert len(somebody.stored("")) == 1
    for path in somebody.files():
        content = path.read_bytes()
        assert not any(word.encode() in content.lower() for word in WORDS[:4]), path
        assert not any(value in content for value in gone), f"what was sealed lies in {path}"


def test_what_stays_is_counted_without_a_name(who: Somebody) -> None:
    receipt = erase(who)
    row = acting.registration(who.number)
    assert (row.state, row.country, row.function) == (State.ATTENDED, "BO", "prosecutor")
    assert row.name_confirmed_at is None
    left = person(who.person_id)
    assert left.erased_at is not None
    assert (left.country, left.function, left.sex, left.language) == (None, None, None, "en")
    assert (left.mail_index, left.name_index) == (None, None)
    identity = reading.opened([who.person_id])[who.person_id]
    assert (identity.name, identity.sorting, identity.mail) == (
        "Erased person",
        "Erased person",
        "",
    )
    assert privacy_queries.find(who.officer, MAIL) == []
    assert privacy_queries.find(who.officer, f"{FAMILY}, {somebody.GIVEN}") == []
    assert privacy_queries.find(who.officer, who.number.lower()) == [who.person_id]
    assert privacy_queries.find(who.officer, who.certificate.serial) == [who.person_id]
    erasure = privacy_queries.of_receipt(who.officer, receipt)
    assert (erasure.registrations, erasure.certificates, erasure.reason) == (1, 1, Reason.ASKED)
    assert erasure.account and not erasure.trainer
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "person.erase"))
    assert (entry.object_id, entry.by) == (who.person_id, who.officer.account_id)
    assert entry.details["receipt"] == receipt


def test_the_account_is_closed_for_good(who: Somebody) -> None:
    secret = factories.link(who.person)
    erase(who)
    with pytest.raises(LinkUnknown):
        doors.sign_in_by_link(secret, doors.Browser())
    account = db.session.get_one(Account, who.person.account_id)
    assert account.disabled_at is not None
    assert (account.mail_index, account.password_hash, account.staff) == ("", None, False)
    for model in (WebSession, OneTimeLink):
        mine = select(model).where(model.account_id == who.person.account_id)  # type: ignore[attr-defined]
        assert db.session.scalars(mine).all() == []
    given = db.session.scalars(select(Consent).where(Consent.person_id == who.person_id)).all()
    assert given and all(one.withdrawn_at is not None for one in given)


def test_mails_that_wait_are_not_sent(who: Somebody) -> None:
    mine = select(OutboxMail).where(OutboxMail.person_id == who.person_id)
    waiting = [mail.id for mail in db.session.scalars(mine) if mail.state == "waiting"]
    nobodys = db.session.scalars(select(OutboxMail).where(OutboxMail.person_id.is_(None))).all()
    assert waiting and nobodys
    db.session.close()
    erase(who)
    mails.send(waiting[0])
    for mail in db.session.scalars(select(OutboxMail)):
        if mail.person_id == who.person_id or mail.event == "registration_start":
            assert (mail.recipient, mail.subject, mail.body) == (b"", None, None)
            assert mail.state == "held"
        else:
            assert mail.recipient, "another's mail is untouched"


def test_mails_to_other_addresses_are_not_opened_to_find_these(
    who: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        for number in range(3):
            enqueue(
                session, "registration_start", to=f"somebody{number}@court.example", language="en",
                course=session.get_one(Course, who.other), links=[],
            )  # fmt: skip
    opened: list[str] = []
    unseal = sealed.unseal

    def noting(value: bytes, place: str) -> str:
        opened.append(place.split("|")[0])
        return unseal(value, place)

    monkeypatch.setattr(sealed, "unseal", noting)
    erase(who)
    assert "outbox_mail" not in opened


def test_a_mail_of_before_addresses_were_indexed_is_found_too(who: Somebody) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).values(address_index=None))
    erase(who)
    links = select(OutboxMail).where(OutboxMail.event == "registration_start")
    assert [mail.recipient for mail in db.session.scalars(links)] == [b""]


def test_the_certificate_still_reads_genuine(who: Somebody) -> None:
    name = f"{somebody.GIVEN} {FAMILY}"
    assert check_operations.name_matches(who.certificate.id, name, "192.0.2.1")
    erase(who)
    shown = check_operations.by_token(who.certificate.token)
    assert shown is not None and shown.verdict is Verdict.GENUINE
    assert check_operations.by_file(who.original).verdict is Verdict.GENUINE
    assert not check_operations.name_matches(who.certificate.id, name, "192.0.2.1")
    assert check_operations.by_serial(who.certificate.serial, name, "192.0.2.1") is None
    row = db.session.get_one(
        Certificate, who.certificate.id, execution_options={"scope": "operation"}
    )
    assert (row.data_key, row.content, row.file_name, row.person_id) == (None, None, None, None)


def test_nothing_is_issued_to_somebody_erased(who: Somebody) -> None:
    erase(who)
    with transaction() as session:
        course = session.get_one(Course, who.course_id)
        for standing in standing_queries.standings(course, Kind.ATTENDANCE, scope="operation"):
            assert not (standing.person.erased_at and qualifies(standing.facts))
    assert operations.issue_for_course(who.course_id, who.lead, Kind.ATTENDANCE) == 1, "Ana's"


def test_a_trainer_is_erased_with_the_entry_in_the_roster(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = factories.account(Role.ORGANISER, agency="IOM")
    officer = factories.account(Role.DATA_PROTECTION)
    trainer_id, course_id = somebody.trainer(lead)
    trainer = db.session.get_one(Trainer, trainer_id)
    person_id, account_id = trainer.person_id, trainer.account_id
    db.session.close()
    assert "trainer.notes" in somebody.found(("zenobia",))
    privacy.erase(person_id, Reason.RETENTION, FAMILY.upper(), officer)
    assert somebody.found((*WORDS, "La Paz")) == set()
    grants = select(AccountGrant).where(AccountGrant.account_id == account_id)
    (grant,) = db.session.scalars(grants)
    assert (grant.ended_at is not None, grant.ended_by) == (True, officer.account_id)
    assert audit.verify() is None
    with transaction() as session:
        course = session.get_one(Course, course_id)
        for standing in standing_queries.teachers(course, scope="operation"):
            assert not qualifies(standing.facts)
    for act in (
        lambda: rosters.bring_back(trainer_id, lead),
        lambda: rosters.edit_trainer(trainer_id, _data(), lead),
    ):
        with pytest.raises(NotFound):
            act()


def _data():  # type: ignore[no-untyped-def]
    return teaching.trainer_data(name=(somebody.GIVEN, FAMILY))


# who is not erased


def test_a_live_registration_stands_in_the_way(each_app: Flask) -> None:
    officer = factories.account(Role.DATA_PROTECTION)
    course = factories.course("BUE27")
    acting.share_out(course, {("BO", "judge"): 2})
    number, one = acting.standing(course, State.CONFIRMED)
    with pytest.raises(StillRegistered) as refusal:
        privacy.erase(one.person_id or "", Reason.ASKED, number, officer)
    assert "BUE27" in str(refusal.value)
    acting.end(course, CourseState.CANCELLED)
    privacy.erase(one.person_id or "", Reason.ASKED, number, officer)


def test_a_trainer_of_a_course_to_come_stands_in_the_way(each_app: Flask) -> None:
    lead = factories.account(Role.ORGANISER, agency="IOM")
    officer = factories.account(Role.DATA_PROTECTION)
    trainer_id, _course = somebody.trainer(lead, state=CourseState.RUNNING)
    person_id = db.session.get_one(Trainer, trainer_id).person_id
    db.session.close()
    with pytest.raises(StillTeaches):
        privacy.erase(person_id, Reason.ASKED, FAMILY, officer)


def test_who_works_here_is_switched_off_first(each_app: Flask) -> None:
    officer = factories.account(Role.DATA_PROTECTION)
    staff = factories.account(Role.ANALYST, name=("Bea", "Muster"))
    with pytest.raises(WorksHere):
        privacy.erase(staff.person_id or "", Reason.ASKED, "Muster", officer)
    with pytest.raises(Yourself):
        privacy.erase(officer.person_id or "", Reason.ASKED, "Ejemplo", officer)
    administrator = factories.account(Role.ADMINISTRATOR)
    doors_of_staff.switch_off(staff.account_id or "", by=administrator.account_id or "")
    privacy.erase(staff.person_id or "", Reason.ASKED, "Muster", officer)
    with pytest.raises(NotFound):
        doors_of_staff.switch_on(staff.account_id or "", by=administrator.account_id or "")


def test_it_is_done_once(who: Somebody) -> None:
    erase(who)
    with pytest.raises(AlreadyErased):
        erase(who)
    assert len(db.session.scalars(select(Erasure)).all()) == 1


@pytest.mark.parametrize("typed", ["", "R-000000", "Ana", "zenobia"])
def test_it_is_confirmed_by_what_only_who_means_it_types(who: Somebody, typed: str) -> None:
    with pytest.raises(NotConfirmed):
        privacy.erase(who.person_id, Reason.ASKED, typed, who.officer)
    assert person(who.person_id).erased_at is None
    assert "person.given_name" in somebody.found(WORDS)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORGANISER, Role.ANALYST])
def test_only_the_officer_erases(who: Somebody, role: Role) -> None:
    scope = {"agency": "IOM"} if role is Role.ORGANISER else {}
    by = factories.account(role, **scope)
    with pytest.raises(NotFound):
        privacy.erase(who.person_id, Reason.ASKED, who.number, by)
    with pytest.raises(NotFound):
        privacy_queries.find(by, MAIL)


def test_a_failure_undoes_it_whole(who: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_values: object) -> None:
        raise ValueError

    before = somebody.found(WORDS)
    monkeypatch.setattr(privacy, "record", fail)
    with pytest.raises(ValueError):
        erase(who)
    assert somebody.found(WORDS) == before
    assert check_operations.by_file(who.original).verdict is Verdict.GENUINE
    row = db.session.get_one(
        Certificate, who.certificate.id, execution_options={"scope": "operation"}
    )
    assert print_operations.content(row) == who.original


# what comes a moment too late


def test_nothing_is_written_back_about_somebody_erased(who: Somebody) -> None:
    erase(who)
    late: list[object] = [
        lambda: applications.save_draft(who.other, {"given_name": somebody.GIVEN}, who.person),
        lambda: applications.apply(who.other, acting.application(), who.person),
        lambda: details.confirm_name(who.number, f"{somebody.GIVEN} {FAMILY}", "es", who.person),
        lambda: waivers.ask(who.course_id, who.number, "Zenobia had a fever", who.lead),
    ]
    for act in late:
        with pytest.raises(NotFound):
            act()  # type: ignore[operator]
    with pytest.raises(PersonErased), transaction() as session:
        one = session.get_one(Person, who.person_id, execution_options={"scope": "operation"})
        change_identity(one, given_name=somebody.GIVEN, family_name=FAMILY)
    assert somebody.found(WORDS) == set()


def test_whoever_comes_again_is_somebody_new(who: Somebody) -> None:
    erase(who)
    viewer: Viewer = factories.account(staff=False, name=("", ""), mail=MAIL)
    number = applications.apply(
        who.other, acting.application(given_name=somebody.GIVEN, family_name=FAMILY), viewer
    )
    assert acting.registration(number).person_id != who.person_id
    assert privacy_queries.find(who.officer, f"{somebody.GIVEN} {FAMILY}") == [viewer.person_id]
