"""Two entries made one: nothing of either is lost, and nobody gets what they had not."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.agenda.test_bookings import booked, needed
from tests.availability.test_reader import calendar
from tests.duplicates.twins import Twins
from trainings.accounts import queries as accounts
from trainings.accounts.models import Account, OneTimeLink
from trainings.agenda import operations as agenda
from trainings.agenda.models import AgendaSession, Assignment, WaitingSession
from trainings.agenda_versions import queries as versions
from trainings.audit import operations as audit
from trainings.audit.models import AuditEntry
from trainings.availability import operations as availability
from trainings.availability import queries as availability_queries
from trainings.availability.rules import Period, PeriodKind
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role
from trainings.courses import queries as courses
from trainings.duplicates import rules
from trainings.duplicates.rules import From, Given
from trainings.people import reading
from trainings.people.models import Person
from trainings.register import register_mac
from trainings.register.models import Certificate
from trainings.register.rules import ChangedByOthers
from trainings.register.trust_rules import Trust
from trainings.registrations.rules import State
from trainings.rosters import operations as rosters
from trainings.rosters import queries
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import AlreadyOnRoster, Invitation
from trainings.session_replies import operations as replies
from trainings.session_replies import queries as reply_queries
from trainings.session_replies.rules import Answer, Reply


@pytest.fixture
def twins(each_app: Flask) -> Twins:
    return Twins(each_app)


def invitations() -> dict[tuple[str, str], CourseTrainer]:
    db.session.close()
    return {
        (one.course_id, one.trainer_id): one for one in db.session.scalars(select(CourseTrainer))
    }


def giver(session_id: str) -> list[str]:
    return list(
        db.session.scalars(
            select(CourseTrainer.trainer_id)
            .join(Assignment, Assignment.course_trainer_id == CourseTrainer.id)
            .where(Assignment.session_id == session_id)
        )
    )


def test_courses_and_sessions_become_those_of_the_one_who_stays(twins: Twins) -> None:
    twins.accept("TWO27", twins.second)
    twins.accept("BOTH27", twins.second)
    assert twins.merge(From.FIRST) == twins.first
    found = invitations()
    assert {key[1] for key in found} == {twins.first}
    assert len(found) == 3
    both = found[twins.courses["BOTH27"], twins.first]
    assert both.state is Invitation.ACCEPTED, "the better of two answers counts"
    assert found[twins.courses["ONE27"], twins.first].state is Invitation.INVITED
    for session in twins.sessions.values():
        assert giver(session) == [twins.first]
    assert db.session.get(Trainer, twins.second) is None


def test_bookings_versions_answers_and_availability_go_along(twins: Twins) -> None:
    who = twins.accept("BOTH27", twins.second)
    twins.accept("BOTH27", twins.first)
    both = twins.courses["BOTH27"]
    teaching.publish(both, twins.by)
    theirs = twins.sessions["BOTH27", twins.second]
    replies.answer(theirs, Answer(Reply.ACCEPTED, None, "Gladly", "A screen"), who)
    day = teaching.session_day(both)
    availability.add_period(Period(PeriodKind.AWAY, day, day, factories.ZONE), who)
    availability.take_calendar(calendar("DTSTART:20270118T090000Z"), "UTC", who)
    assert twins.merge(From.FIRST) == twins.first
    db.session.close()
    assert booked() == needed(*twins.courses.values()) != set()
    stays = invitations()[both, twins.first].id
    entries = versions.entries_of(versions.latest(both))
    assert {one for entry in entries.values() for one in entry.trainers} == {stays}
    assert versions.standing(both).changes == []
    (row,) = [one for one in reply_queries.of_course(courses.by_id(both)) if one.said]
    assert (row.course_trainer, row.said, row.needs) == (stays, "Gladly", "A screen")
    assert [one.first for one in availability_queries.periods_of(twins.first)] == [day]
    assert availability_queries.calendar_of(twins.first) is not None


def test_fields_are_taken_from_where_it_was_chosen(twins: Twins) -> None:
    twins.merge(
        From.FIRST,
        name=From.SECOND,
        mail=From.SECOND,
        station=From.SECOND,
        languages=From.BOTH,
        modules=From.BOTH,
        notes=From.BOTH,
    )
    kept = db.session.get_one(Trainer, twins.first)
    who = reading.opened([kept.person_id])[kept.person_id]
    assert (who.name, who.mail) == ("Ruth Choque Ortuño", "ruth@new.example")
    assert (kept.station_city, kept.languages) == ("Sucre", ["es", "en"])
    assert kept.module_ids == [twins.module]
    assert queries.notes_of(kept) == "Good with cases."
    account = db.session.get_one(Account, kept.account_id)
    person = db.session.get_one(Person, kept.person_id, execution_options={"scope": "operation"})
    assert account.mail_index == person.mail_index


def test_one_signs_in_with_the_account_that_stays_and_no_longer_with_the_other(
    twins: Twins,
) -> None:
    twins.accept("TWO27", twins.second)
    stays, goes = twins.viewer(twins.first), twins.viewer(twins.second)
    link = factories.link(goes)
    twins.merge(From.FIRST)
    other = db.session.get_one(Account, goes.account_id)
    assert other.disabled_at is not None
    assert (other.mail_index, other.password_hash) == ("", None)
    assert accounts.live_grants(other.id) == []
    (grant,) = accounts.live_grants(stays.account_id or "")
    assert (grant.course_id, grant.role) == (twins.courses["TWO27"], str(Role.TRAINER))
    wiped = reading.opened([goes.person_id or ""])[goes.person_id or ""]
    assert wiped.erased
    assert not wiped.mail
    assert link
    open_links = select(OneTimeLink.id).where(
        OneTimeLink.account_id == other.id, OneTimeLink.ends_at > clock.now()
    )
    assert db.session.scalars(open_links).all() == []


def test_who_has_not_answered_is_invited_again_with_a_link_that_works(twins: Twins) -> None:
    before = Counter(one.recipient for one in factories.mails("trainer_invited"))
    twins.merge(From.FIRST, mail=From.SECOND)
    after = Counter(one.recipient for one in factories.mails("trainer_invited"))
    assert after - before == {"ruth@new.example": 3}


def test_certificates_go_along_and_stay_genuine(twins: Twins) -> None:
    made = twins.certificate("TWO27", twins.second)
    joined = twins.certificate("BOTH27", twins.second)
    stays = twins.viewer(twins.first)
    twins.merge(From.FIRST)
    rows = {
        one.id: one
        for one in db.session.scalars(select(Certificate).execution_options(scope="operation"))
    }
    assert {one.person_id for one in rows.values()} == {stays.person_id}
    assert rows[made].course_trainer_id == twins.invited["TWO27", twins.second]
    assert rows[joined].course_trainer_id == twins.invited["BOTH27", twins.first]
    assert set(register_mac.standings(list(rows.values())).values()) == {Trust.SOUND}


def test_a_certificate_that_others_changed_stops_it(twins: Twins) -> None:
    made = twins.certificate("TWO27", twins.second)
    with transaction() as session:
        session.get_one(Certificate, made, execution_options={"scope": "operation"}).minutes = 9999
    with pytest.raises(ChangedByOthers):
        twins.merge(From.FIRST)
    assert db.session.get(Trainer, twins.second) is not None


def test_two_certificates_for_one_course_stop_it(twins: Twins) -> None:
    twins.certificate("BOTH27", twins.first)
    twins.certificate("BOTH27", twins.second)
    with pytest.raises(rules.BothCertified):
        twins.merge(From.FIRST)
    assert len(invitations()) == 4


def test_nobody_can_be_at_two_places_at_once(twins: Twins) -> None:
    slot = teaching.slot(
        twins.courses["BOTH27"], "09:30", "10:30", trainers=(twins.invited["BOTH27", twins.second],)
    )
    clash = agenda.add_session(twins.courses["BOTH27"], slot, twins.by)
    with pytest.raises(rules.AtOnce):
        twins.merge(From.FIRST)
    agenda.remove_session(twins.courses["BOTH27"], clash, twins.by)
    twins.merge(From.FIRST)


def test_what_waits_and_what_can_be_undone_names_the_one_who_stays(twins: Twins) -> None:
    course = twins.courses["BOTH27"]
    with transaction() as session:
        waiting = WaitingSession(
            course_id=course,
            kind="other",
            titles={"en": "Later"},
            minutes=30,
            trainers=[twins.invited["BOTH27", twins.second]],
        )
        session.add(waiting)
        session.flush()
        key = waiting.id
    agenda.remove_session(course, twins.sessions["BOTH27", twins.second], twins.by)
    twins.merge(From.FIRST)
    stays = twins.invited["BOTH27", twins.first]
    assert db.session.get_one(WaitingSession, key).trainers == [stays]
    agenda.undo(course, twins.by)
    db.session.close()
    assert giver(twins.sessions["BOTH27", twins.second]) == [twins.first]
    assert db.session.get(AgendaSession, twins.sessions["BOTH27", twins.second]) is not None


def test_it_is_on_the_trail_and_the_trail_holds(twins: Twins) -> None:
    twins.accept("TWO27", twins.second)
    twins.merge(From.FIRST)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "trainer.merge")).one()
    assert entry.object_id == twins.first
    assert twins.second in str(entry.details)
    assert "Ruth" not in str(entry.details)
    assert audit.verify() is None


def test_who_signs_in_for_other_work_has_to_stay(twins: Twins) -> None:
    with transaction() as session:
        person = session.get_one(Trainer, twins.second).person_id
        found = session.get_one(Person, person, execution_options={"scope": "operation"})
        factories.registration(
            session, twins.courses["ONE27"], found, State.APPLIED, country="BO", function="judge"
        )
    with pytest.raises(rules.GoesWorksElsewhere):
        twins.merge(From.FIRST)
    with pytest.raises(rules.IdentityStays):
        twins.merge(From.SECOND, mail=From.FIRST)
    assert twins.merge(From.SECOND) == twins.second


def test_nobody_gains_courses_that_the_organiser_does_not_see(twins: Twins) -> None:
    other = factories.account(Role.ORGANISER, agency="UNODC")
    hidden = factories.course("HID27", lead="UNODC", agencies=("UNODC",), starts_in=200)
    teaching.course_trainer(hidden, twins.second, other)
    with pytest.raises(rules.TeachesBeyond):
        twins.merge(From.FIRST)
    with pytest.raises(rules.IdentityStays):
        twins.merge(From.SECOND, mail=From.FIRST)
    assert twins.merge(From.SECOND) == twins.second


def test_beyond_reach_there_is_nothing_to_merge(twins: Twins) -> None:
    other = factories.account(Role.ORGANISER, agency="UNODC")
    with pytest.raises(NotFound):
        twins.merge(From.FIRST, by=other)
    with pytest.raises(NotFound):
        twins.merge(From.FIRST, by=twins.viewer(twins.first))
    assert len(invitations()) == 4


def test_what_was_changed_meanwhile_is_not_merged_unseen(twins: Twins) -> None:
    seen = twins.stamp()
    data = teaching.trainer_data(name=("Ruth", "Choque"), mail="ruth@old.example", city="Oruro")
    rosters.edit_trainer(twins.first, data, twins.by)
    with pytest.raises(rules.ChangedMeanwhile):
        twins.merge(From.FIRST, seen=seen)
    twins.merge(From.FIRST)


def test_a_third_entry_with_the_same_name_and_address_stops_it(twins: Twins) -> None:
    teaching.trainer(twins.by, name=("Ruth", "Choque Ortuño"), mail="ruth@old.example")
    with pytest.raises(AlreadyOnRoster):
        twins.merge(From.FIRST, name=From.SECOND)


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        (Invitation.INVITED, Invitation.ACCEPTED, Invitation.ACCEPTED),
        (Invitation.DECLINED, Invitation.INVITED, Invitation.INVITED),
        (Invitation.WITHDRAWN, Invitation.DECLINED, Invitation.DECLINED),
    ],
)
def test_which_answer_counts(one: Invitation, other: Invitation, counts: Invitation) -> None:
    assert rules.counts(one, other) is counts
    assert rules.counts(other, one) is counts


def test_one_after_the_other_is_not_at_once() -> None:
    def given(key: str, start: int, end: int) -> Given:
        day = date(2027, 1, 1)
        at = datetime(2027, 1, 1, tzinfo=UTC)
        return Given(key, at.replace(hour=start), at.replace(hour=end), day)

    rules.check_not_at_once([given("a", 9, 10)], [given("b", 10, 11), given("a", 9, 10)])
    with pytest.raises(rules.AtOnce):
        rules.check_not_at_once([given("a", 9, 11)], [given("b", 10, 11)])
