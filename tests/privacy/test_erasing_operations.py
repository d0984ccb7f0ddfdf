"""Erasing a person: nothing that names them is left, and all that must go on adding up does."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.privacy import somebody
from tests.privacy.somebody import FAMILY, MAIL, WORDS, Somebody, erase, person
from tests.questions import asking
from tests.registrations import acting
from trainings.accounts import operations as doors
from trainings.accounts.models import Account, AccountGrant, OneTimeLink, WebSession
from trainings.accounts.rules import LinkUnknown
from trainings.audit import operations as audit
from trainings.audit.models import AuditEntry
from trainings.candidate_reviews.models import CandidateReview
from trainings.certificates import operations, standing_queries
from trainings.certificates import waiver_operations as waivers
from trainings.certificates.rules import qualifies
from trainings.core import files, sealed
from trainings.core.db import db, new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.participants import apply_operations
from trainings.participants import operations as details
from trainings.people import reading
from trainings.people.models import Consent, Person
from trainings.people.queries import mail_index
from trainings.people.sealed_rules import PersonErased
from trainings.people.writes import change_identity
from trainings.privacy import erasing_operations as privacy
from trainings.privacy import queries as privacy_queries
from trainings.privacy.rules import Reason
from trainings.questions.models import QuestionAnswer
from trainings.questions.writes import add_question, put_answer, put_file
from trainings.register.models import Certificate
from trainings.register.rules import Kind
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.rosters import operations as rosters
from trainings.rosters.models import Trainer
from trainings.verification import operations as check_operations
from trainings.verification.rules import NoSuchPair, Verdict


def test_nothing_is_left_in_any_column_of_any_table(who: Somebody) -> None:
    before = somebody.found(WORDS)
    assert before == {
        "person.given_name",
        "person.family_name",
        "person.mail",
        "person.phone",
        "person.document",
        "person.born",
        "person.unit",
        "registration.printed_name",
        "registration.needs",
        "registration.phone",
        "registration.document",
        "registration.born",
        "registration.unit",
        "move.reason",
        "draft.answers",
        "certificate.content",
        "certificate_waiver.reason",
        "outbox_mail.recipient",
        "outbox_mail.body",
        "unsent_form.content",
        "nomination_row.content",
        "directory_entry.unit",
        "directory_field.proposed",
        "directory_contact.words",
        "directory_contact.reply",
        "directory_contact.report",
        "directory_contact.sender_card",
        "directory_contact.recipient_card",
    }, "or the search would prove nothing"
    index = mail_index(MAIL) or ""
    assert {"throttle.key", "job.unique_key", "job.payload"} <= somebody.found((index,))
    erase(who)
    assert somebody.found(WORDS) == set()
    assert somebody.found((index,)) == set()
    assert audit.verify() is None


def test_nothing_is_left_in_any_file(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one = somebody.build(monkeypatch)
    assert len(somebody.stored("")) == 2, "hers and another's"
    tables = (
        "person",
        "registration",
        "move",
        "draft",
        "certificate_waiver",
        "outbox_mail",
        "certificate",
        "unsent_form",
        "nomination_row",
    )
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
    (entry,) = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "person.erase").order_by(AuditEntry.number)
    )
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


def test_the_certificate_still_reads_genuine(who: Somebody) -> None:
    name = f"{somebody.GIVEN} {FAMILY}"
    assert check_operations.name_matches(who.certificate.id, name, "192.0.2.1")
    erase(who)
    shown = check_operations.by_token(who.certificate.token)
    assert shown is not None and shown.verdict is Verdict.GENUINE
    assert check_operations.by_file(who.original).verdict is Verdict.GENUINE
    assert not shown.comparable
    assert not check_operations.name_matches(who.certificate.id, name, "192.0.2.1")
    with pytest.raises(NoSuchPair):
        check_operations.by_serial(who.certificate.serial, name, "192.0.2.1")
    row = db.session.get_one(
        Certificate, who.certificate.id, execution_options={"scope": "operation"}
    )
    assert (row.data_key, row.content, row.file_name, row.person_id) == (None, None, None, None)


def test_what_readers_noted_is_wiped(who: Somebody) -> None:
    registration_id = db.session.scalars(
        select(Registration.id)
        .where(Registration.person_id == who.person_id)
        .execution_options(scope="operation")
    ).first()
    review = CandidateReview(id=new_key(), course_id=who.course_id, account_id=who.lead.account_id)
    review.registration_id, review.score = registration_id or "", 4
    review.note = sealed.seal("Zenobia leads", f"candidate_review|note|{review.id}")
    db.session.close()
    with transaction() as session:
        session.add(review)
    erase(who)
    (kept,) = db.session.scalars(select(CandidateReview))
    assert (kept.note, kept.score) == (None, 4)


def test_what_was_answered_is_erased_with_its_file(who: Somebody) -> None:
    registration_id = db.session.scalars(
        select(Registration.id)
        .where(Registration.person_id == who.person_id)
        .execution_options(scope="operation")
    ).first()
    db.session.close()
    with files.stored(b"Zenobia's letter", b"k" * 32) as name, transaction() as session:
        question = add_question(session, who.course_id, asking.asking(), 1)
        session.flush()
        given = put_answer(session, question.id, registration_id or "", "Zenobia writes", None)
        assert given is not None
        put_file(session, given, name, b"k" * 32)
    erase(who)
    assert db.session.scalars(select(QuestionAnswer)).all() == []
    assert somebody.stored(name) == []


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


def test_nothing_is_written_back_about_somebody_erased(who: Somebody) -> None:
    erase(who)
    late: list[object] = [
        lambda: apply_operations.save_draft(who.other, {"given_name": somebody.GIVEN}, who.person),
        lambda: apply_operations.apply(who.other, acting.application(), who.person),
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
    number = apply_operations.apply(
        who.other, acting.application(given_name=somebody.GIVEN, family_name=FAMILY), viewer
    )
    assert acting.registration(number).person_id != who.person_id
    assert privacy_queries.find(who.officer, f"{somebody.GIVEN} {FAMILY}") == [viewer.person_id]
