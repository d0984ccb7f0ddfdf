"""A first message: relayed, answered or not, shared, ended, reported, erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.directory import alumni
from tests.directory.alumni import entry_of, find, written
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.directory import (
    care_operations,
    contact_queries,
    operations,
    queries,
    search_queries,
)
from trainings.directory import contact_operations as contacts
from trainings.directory.contact_rules import (
    AddressInWords,
    AlreadyInContact,
    AlreadyReported,
    ContactCard,
    ContactOver,
    ContactState,
    ContactSubject,
    NoOperations,
)
from trainings.directory.models import CarriedRequest, DirectoryContact
from trainings.directory.rules import Admission, Consenting, NotListed
from trainings.mail.queries import Opened
from trainings.people import reading
from trainings.people.models import IdentityRead, Person
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.models import Erasure
from trainings.privacy.rules import Reason

WORDS = "¿Cómo se prueba la explotación? ¿并且? كيف؟ ñ"


@pytest.fixture
def pair(each_app: Flask) -> tuple[Viewer, Viewer]:
    """Ana, judge of Bolivia, and Luz, prosecutor of Paraguay, can be found."""
    course = alumni.over()
    return alumni.listed(course), alumni.listed(course, "PY", "prosecutor")


@pytest.fixture
def two(app: Flask) -> tuple[Viewer, Viewer]:
    """The same two, on one database."""
    course = alumni.over()
    return alumni.listed(course), alumni.listed(course, "PY", "prosecutor")


def of(key: str) -> DirectoryContact:
    db.session.close()
    return db.session.get_one(DirectoryContact, key)


def told(event: str = "directory_answered") -> list[Opened]:
    return factories.mails(event)


def name_of(who: Viewer) -> str:
    return reading.opened([who.person_id or ""])[who.person_id or ""].name


def test_it_is_passed_on_without_name_or_address(pair: tuple[Viewer, Viewer]) -> None:
    ana, luz = pair
    key = written(ana, luz, WORDS)
    contact = of(key)
    assert contact.state is ContactState.WAITING
    assert contact_queries.text_of(contact, "words") == WORDS
    assert WORDS.encode() not in (contact.words or b"")
    (mail,) = told("directory_written")
    assert f"/directory/contacts/{key}" in mail.body and "I-24/7" in mail.body
    for secret in (name_of(ana), WORDS, contact.sender_alias):
        assert secret not in mail.subject + mail.body
    assert contacts.open_contact(contact, luz) == ""
    db.session.close()
    assert "directory contact" in db.session.scalars(select(IdentityRead.purpose)).all()


def test_accepted_each_decides_what_the_other_sees(pair: tuple[Viewer, Viewer]) -> None:
    ana, luz = pair
    key = written(ana, luz)
    contacts.accept(key, WORDS, ContactCard(name=True, mail="luz@office.example"), luz)
    assert of(key).state is ContactState.ACCEPTED
    (mail,) = told()
    assert "accepted" in mail.body and "luz@office" not in mail.body
    mine, theirs = contact_queries.cards(of(key), ana.person_id or "")
    assert theirs.mail == "luz@office.example" and mine == ContactCard()
    assert contacts.open_contact(of(key), ana) == "", "a name only if both agree"
    contacts.share(key, ContactCard(name=True), ana)
    assert contacts.open_contact(of(key), ana) == name_of(luz)
    assert contacts.open_contact(of(key), luz) == name_of(ana)
    contacts.share(key, ContactCard(), luz)
    assert contacts.open_contact(of(key), ana) == ""
    contacts.end(key, ana)
    assert of(key).state is ContactState.ENDED and of(key).sender_card is None
    for act in (contacts.end, contacts.decline):
        with pytest.raises(ContactOver):
            act(key, luz)
    with pytest.raises(ContactOver):
        contacts.share(key, ContactCard(), luz)


def test_declined_and_no_second_try(pair: tuple[Viewer, Viewer]) -> None:
    ana, luz = pair
    key = written(ana, luz)
    contacts.decline(key, luz)
    assert of(key).state is ContactState.DECLINED
    (mail,) = told()
    assert "declined" in mail.body
    assert find(ana).people == [], "found no more, under no alias"
    operations.renew(luz)
    assert find(ana).people == [] and find(luz).people == []
    with pytest.raises(AlreadyInContact):
        contacts.write(entry_of(luz), ContactSubject.LAW, "Once more", ana)
    with clock.shifted(timedelta(days=91)):
        contacts.tidy()
        assert len(find(ana).people) == 1


def test_silence_is_told_and_texts_go(pair: tuple[Viewer, Viewer]) -> None:
    ana, luz = pair
    key = written(ana, luz)
    with clock.shifted(timedelta(days=20)):
        contacts.tidy()
        assert of(key).state is ContactState.WAITING
    with clock.shifted(timedelta(days=22)):
        contacts.tidy()
        assert of(key).state is ContactState.SILENT and len(told()) == 1
        with pytest.raises(ContactOver):
            contacts.accept(key, "", ContactCard(), luz)
    assert of(key).words is not None
    with clock.shifted(timedelta(days=91)):
        contacts.tidy()
        assert of(key).words is None
    with clock.shifted(timedelta(days=120)):
        contacts.tidy()
        db.session.close()
        assert db.session.get(DirectoryContact, key) is None


def test_texts_of_what_goes_on_are_erased_after_90_days_too(two: tuple[Viewer, Viewer]) -> None:
    ana, luz = two
    key = written(ana, luz)
    contacts.accept(key, "Gladly", ContactCard(phone="+595 21 1"), luz)
    with clock.shifted(timedelta(days=91)):
        contacts.tidy()
    kept = of(key)
    assert (kept.words, kept.reply, kept.state) == (None, None, ContactState.ACCEPTED)
    assert contact_queries.cards(kept, ana.person_id or "")[1].phone == "+595 21 1"


def test_what_is_urgent_goes_elsewhere(two: tuple[Viewer, Viewer]) -> None:
    ana, luz = two
    find(ana)
    with pytest.raises(NoOperations) as refused:
        contacts.write(entry_of(luz), ContactSubject.URGENT, "A bus leaves tonight", ana)
    assert "I-24/7" in str(refused.value)
    with pytest.raises(AddressInWords):
        contacts.write(entry_of(luz), ContactSubject.LAW, "ana@unit.example", ana)
    db.session.close()
    assert db.session.scalars(select(DirectoryContact.id)).all() == []


def test_nobody_writes_to_whom_they_were_not_shown(two: tuple[Viewer, Viewer]) -> None:
    ana, luz = two
    for who in (ana, alumni.listed(alumni.over("ELSE27")), Viewer()):
        with pytest.raises(NotFound):
            contacts.write(entry_of(luz), ContactSubject.LAW, "Good day", who)
    find(ana)
    operations.withdraw(ana)
    with pytest.raises(NotListed):
        contacts.write(entry_of(luz), ContactSubject.LAW, "Good day", ana)


def test_an_earlier_entry_does_not_tell_whose_it_was(pair: tuple[Viewer, Viewer]) -> None:
    ana, luz = pair
    find(ana)
    before = entry_of(luz)
    operations.renew(luz)
    written(ana, luz)
    with pytest.raises(NotFound):  # not that the two are in contact already
        contacts.write(before, ContactSubject.LAW, "Good day", ana)


def test_a_contact_is_of_the_two_alone(two: tuple[Viewer, Viewer]) -> None:
    ana, luz = two
    key = written(ana, luz)
    other = alumni.listed(alumni.over("ELSE27"))
    acts = (
        lambda who: contacts.accept(key, "", ContactCard(), who),
        lambda who: contacts.decline(key, who),
        lambda who: contacts.end(key, who),
        lambda who: contacts.share(key, ContactCard(), who),
        lambda who: contacts.report(key, "Rude", who),
    )
    for act in acts:
        for who in (other, Viewer()):
            with pytest.raises(NotFound):
                act(who)
    for act in acts[:2]:
        with pytest.raises(NotFound):
            act(ana)
    contacts.end(key, ana)
    assert of(key).state is ContactState.ENDED


def test_consent_withdrawn_ends_what_is_open_and_says_no_reason(
    pair: tuple[Viewer, Viewer],
) -> None:
    ana, luz = pair
    waits = written(ana, luz)
    third = alumni.listed(alumni.over("MORE27"), "PE")
    assert operations.withdraw(luz) == 1
    assert of(waits).state is ContactState.ENDED
    (mail,) = told()
    assert "No reason is given" in mail.body and "withdr" not in mail.body
    assert third.person_id not in (of(waits).sender_id, of(waits).recipient_id)
    with pytest.raises(ContactOver):
        contacts.accept(waits, "", ContactCard(), luz)


def test_a_consent_that_runs_out_ends_contacts(two: tuple[Viewer, Viewer]) -> None:
    ana, luz = two
    key = written(ana, luz)
    contacts.accept(key, "", ContactCard(), luz)
    with clock.shifted(timedelta(days=366)):
        operations.tidy()
        assert of(key).state is ContactState.ENDED


def test_abuse_is_reported_and_the_officer_decides(pair: tuple[Viewer, Viewer]) -> None:
    ana, luz = pair
    officer = factories.account(Role.DATA_PROTECTION, mail="dpo@staff.example")
    key = written(ana, luz)
    contacts.report(key, "Asks for names of victims", luz)
    assert of(key).state is ContactState.ENDED and len(told("directory_reported")) == 1
    with pytest.raises(AlreadyReported):
        contacts.report(key, "Again", luz)
    for who in (ana, luz, factories.account(Role.ADMINISTRATOR)):
        with pytest.raises(NotFound):
            contact_queries.reported(who)
        with pytest.raises(NotFound):
            care_operations.close_report(key, True, who)
    (report,) = contact_queries.reported(officer)
    assert contact_queries.text_of(report, "report") == "Asks for names of victims"
    care_operations.close_report(key, True, officer)
    db.session.close()
    assert queries.admission(ana.person_id) is Admission.EXCLUDED
    assert queries.admission(luz.person_id) is Admission.LISTED
    with pytest.raises(NotFound):
        care_operations.close_report(key, False, officer)


def test_a_report_may_be_settled(two: tuple[Viewer, Viewer]) -> None:
    ana, luz = two
    key = written(ana, luz)
    contacts.report(key, "A mistake", ana)
    officer = factories.account(Role.DATA_PROTECTION)
    care_operations.close_report(key, False, officer)
    db.session.close()
    assert queries.admission(luz.person_id) is Admission.LISTED
    with clock.shifted(timedelta(days=91)):
        contacts.tidy()
        db.session.close()
        assert db.session.get(DirectoryContact, key) is None


def test_requests_are_counted_by_month_and_border_without_content(
    pair: tuple[Viewer, Viewer],
) -> None:
    ana, luz = pair
    written(ana, luz, WORDS)
    ((month, origin, destination, number),) = queries.carried()
    assert (month.day, origin, destination, number) == (1, "BO", "PY", 1)
    kept = set(CarriedRequest.__table__.columns.keys())
    assert kept == {"id", "month", "origin", "destination"}


def test_a_message_within_a_country_crosses_no_border(two: tuple[Viewer, Viewer]) -> None:
    ana, _luz = two
    course = alumni.over("SAME27")
    one, other = alumni.listed(course), alumni.listed(course)
    written(one, other)
    assert queries.carried() == [] and ana


def test_erasing_a_person_takes_the_directory_along(pair: tuple[Viewer, Viewer]) -> None:
    ana, luz = pair
    key = written(ana, luz, WORDS)
    contacts.accept(key, "Gladly", ContactCard(mail="luz@office.example"), luz)
    operations.propose("Minería", luz)
    officer = factories.account(Role.DATA_PROTECTION)
    db.session.close()
    typed = db.session.scalars(
        select(Person.id).where(Person.id == luz.person_id).execution_options(scope="operation")
    ).one()
    number = privacy.queries.numbers_of([typed])[typed][0]
    privacy.erase(typed, Reason.ASKED, number, officer)
    db.session.close()
    erasure = db.session.scalars(select(Erasure)).one()
    assert (erasure.entries, erasure.contacts) == (1, 1)
    assert db.session.scalars(select(DirectoryContact.id)).all() == []
    assert find(ana).people == [] and queries.proposals() == []
    assert search_queries.looks_at(typed) == []
    assert search_queries.seen_since(ana.person_id or "") == set()
    assert any("has ended" in one.body for one in told())
    assert [row[3] for row in queries.carried()] == [1], "the number stays"


def test_after_an_erasure_the_erased_cannot_agree(two: tuple[Viewer, Viewer]) -> None:
    ana, luz = two
    with transaction() as session:
        session.get_one(Person, luz.person_id).erased_at = clock.now()
    with pytest.raises(NotFound):
        operations.consent(Consenting(), luz)
    assert ana.person_id
