"""Publishing: what people see from then on, and who is told what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.agenda_versions.told import taken
from tests.counting import statements
from trainings.agenda import operations as agenda
from trainings.agenda.rules import AgendaClosed
from trainings.agenda_versions import operations, queries
from trainings.agenda_versions.models import AgendaVersion
from trainings.agenda_versions.rules import ChangedMeanwhile, NothingToPublish
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.people.models import IdentityRead, Person
from trainings.registrations.rules import State


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def add(course: str, by: Viewer, start: str = "09:00", end: str = "10:00", **values: object) -> str:
    return agenda.add_session(course, teaching.slot(course, start, end, **values), by)


def change(course: str, key: str, by: Viewer, start: str, end: str, **values: object) -> None:
    agenda.change_session(course, key, teaching.slot(course, start, end, **values), by)


def test_the_first_version_is_what_is_there(by: Viewer) -> None:
    course = factories.course()
    key = add(course, by, titles={"en": "Opening"})
    assert queries.latest(course) is None
    now = queries.standing(course)
    done = operations.publish(course, now.seen, by)
    assert (done.number, done.told) == (1, 0)
    db.session.close()
    version = queries.latest(course)
    assert version is not None and version.account_id == by.account_id
    assert queries.entries_of(version) == now.draft and now.draft.keys() == {key}
    assert queries.standing(course).changes == []


def test_only_whom_it_concerns_is_told_and_each_once(by: Viewer) -> None:
    course = factories.course()
    ruth, omar = (
        teaching.course_trainer(
            course, teaching.trainer(by, name=(name, "Choque"), mail=f"{name}@trainer.example"), by
        )
        for name in ("Ruth", "Omar")
    )
    teaching.participant(course, mail="ana@police.example")
    for state in (State.OFFERED, State.RESERVE, State.WITHDRAWN):
        teaching.participant(course, mail=f"{state}@police.example", state=state)
    first = add(course, by, "09:00", "10:00", titles={"en": "First"}, trainers=(ruth,))
    second = add(course, by, "11:00", "12:00", titles={"en": "Second"}, trainers=(omar,))
    teaching.publish(course, by)
    assert taken("registration_agenda").keys() == {"ana@police.example"}
    told = taken("trainer_agenda")
    assert told.keys() == {"Ruth@trainer.example", "Omar@trainer.example"}
    ruths = told["Ruth@trainer.example"]
    assert "First" in ruths and "Second" not in ruths
    change(course, second, by, "11:00", "12:30", titles={"en": "Second"}, trainers=(omar,))
    assert teaching.publish(course, by) == 2
    assert taken("registration_agenda").keys() == {"ana@police.example"}
    told = taken("trainer_agenda")
    assert told.keys() == {"Omar@trainer.example"}
    assert "Termina a las 12:30 en lugar de las 12:00" in told["Omar@trainer.example"]
    change(course, first, by, "09:00", "10:00", titles={"en": "First"}, trainers=(omar,))
    teaching.publish(course, by)
    told = taken("trainer_agenda")
    assert "Usted ya no imparte esta sesión" in told["Ruth@trainer.example"]
    assert "Ahora usted imparte esta sesión" in told["Omar@trainer.example"]
    anas = taken("registration_agenda")["ana@police.example"]
    assert "Otros formadores" in anas and "First" in anas
    assert "Ruth" not in anas and "Choque" not in anas  # an email names its reader alone


def test_in_the_language_of_each(by: Viewer) -> None:
    course = factories.course()
    ruth = teaching.course_trainer(course, teaching.trainer(by, mail="r@trainer.example"), by)
    teaching.participant(course, mail="ana@police.example")
    with transaction() as session:
        trainer = session.scalar(select(queries.Trainer.person_id))
        who = session.get_one(Person, trainer, execution_options={"scope": "operation"})
        who.language = "fr"
    key = add(course, by, titles={"en": "Opening", "es": "Apertura"}, trainers=(ruth,))
    teaching.publish(course, by)
    for event in ("registration_agenda", "trainer_agenda"):
        taken(event)
    change(
        course,
        key,
        by,
        "14:00",
        "15:00",
        titles={"en": "Opening", "es": "Apertura"},
        trainers=(ruth,),
    )
    teaching.publish(course, by)
    spanish = taken("registration_agenda")["ana@police.example"]
    french = taken("trainer_agenda")["r@trainer.example"]
    assert "Apertura" in spanish and "Pasa del" in spanish and "Hora de Buenos Aires" in spanish
    assert "Opening" in french and "Déplacée du" in french


def test_what_was_changed_back_is_no_change(by: Viewer) -> None:
    course = factories.course()
    key = add(course, by)
    teaching.publish(course, by)
    change(course, key, by, "14:00", "15:00")
    assert len(queries.standing(course).changes) == 1
    agenda.undo(course, by)
    assert queries.standing(course).changes == []
    agenda.remove_session(course, key, by)
    agenda.undo(course, by)
    assert queries.standing(course).changes == []
    change(course, key, by, "14:00", "15:00")
    change(course, key, by, "09:00", "10:00")
    with pytest.raises(NothingToPublish):
        operations.publish(course, queries.standing(course).seen, by)


def test_an_empty_agenda_is_nothing_to_publish(by: Viewer) -> None:
    course = factories.course()
    with pytest.raises(NothingToPublish):
        operations.publish(course, queries.standing(course).seen, by)
    key = add(course, by)
    teaching.publish(course, by)
    agenda.remove_session(course, key, by)
    assert teaching.publish(course, by) == 2  # all is cancelled, and people have to know
    db.session.close()
    version = queries.latest(course)
    assert queries.entries_of(version) == {} and queries.cancelled_of(version).keys() == {key}


def test_what_was_not_looked_at_is_not_published(by: Viewer) -> None:
    course = factories.course()
    add(course, by)
    looked_at = queries.standing(course).seen
    add(course, by, "11:00", "12:00")
    with pytest.raises(ChangedMeanwhile):
        operations.publish(course, looked_at, by)
    assert queries.latest(course) is None and factories.mails() == []


def test_who_may_not_edit_may_not_publish(by: Viewer) -> None:
    course = factories.course(agencies=("IOM",))
    add(course, by)
    for other in (
        factories.account(Role.ORGANISER, agency="UNODC"),
        factories.account(Role.TRAINER, course_id=course),
        factories.account(Role.ADMINISTRATOR),
    ):
        with pytest.raises(NotFound):
            operations.publish(course, queries.standing(course).seen, other)
    for changed, refusal in (({"state": CourseState.COMPLETED}, AgendaClosed), ({}, NotFound)):
        with transaction() as session:
            row = session.get_one(Course, course)
            row.state, row.template = changed.get("state", CourseState.PUBLISHED), not changed
        with pytest.raises(refusal):
            operations.publish(course, queries.standing(course).seen, by)


def test_of_what_is_over_nobody_is_told(by: Viewer) -> None:
    course = factories.course(starts_in=0)
    teaching.participant(course, mail="ana@police.example")
    with clock.shifted(timedelta(days=-1)):
        key = add(course, by)
        teaching.publish(course, by)
    assert taken("registration_agenda").keys() == {"ana@police.example"}
    with clock.shifted(timedelta(days=2)):
        change(course, key, by, "09:00", "10:30")
        teaching.publish(course, by)
    assert taken("registration_agenda") == {}


def test_who_declined_is_not_told_and_who_is_both_is_told_once(by: Viewer) -> None:
    course = factories.course()
    ruth = teaching.course_trainer(course, teaching.trainer(by, mail="r@trainer.example"), by)
    key = add(course, by, trainers=(ruth,))
    person = db.session.scalar(select(queries.Trainer.person_id))
    seat = teaching.seat(course)
    with transaction() as session:
        who = session.get_one(Person, person, execution_options={"scope": "operation"})
        factories.registration(session, course, who, State.CONFIRMED, function="judge", **seat)
    teaching.publish(course, by)
    assert taken("registration_agenda").keys() == {"r@trainer.example"}
    assert taken("trainer_agenda") == {}
    teaching.answered(ruth, accept=False)
    assert [list(one.what) for one in queries.standing(course).changes] == [["trainers"]]
    assert key


def test_publishing_is_on_the_trail_and_reads_no_name(by: Viewer) -> None:
    course = factories.course()
    ruth = teaching.course_trainer(course, teaching.trainer(by), by)
    teaching.participant(course, mail="ana@police.example")
    add(course, by, trainers=(ruth,))
    before = db.session.query(IdentityRead).count()
    teaching.publish(course, by)
    db.session.close()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "agenda.publish")).one()
    assert entry.details == {"version": 1, "changes": 1, "told": 2}
    assert db.session.query(IdentityRead).count() == before


def test_many_people_are_no_more_statements(by: Viewer) -> None:
    counts = []
    for number, code in enumerate(("ONE27", "TWO27")):
        course = factories.course(code, starts_in=60 + 10 * number)
        for one in range(2 + 6 * number):
            teaching.participant(course, mail=f"{code}{one}@police.example")
            asked = teaching.course_trainer(
                course, teaching.trainer(by, name=(f"T{one}", code)), by
            )
            add(course, by, f"{8 + one:02}:00", f"{8 + one:02}:45", trainers=(asked,))
        seen = queries.standing(course).seen
        with statements() as sent:
            assert operations.publish(course, seen, by).told == 2 * (2 + 6 * number)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 40, counts


def test_versions_are_numbered_within_their_course(by: Viewer) -> None:
    for code in ("ONE27", "TWO27"):
        course = factories.course(code)
        add(course, by)
        assert teaching.publish(course, by) == 1
    assert db.session.query(AgendaVersion).count() == 2
