"""Messages to groups: who gets them, in which language, and who has to send a large one."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories, teaching
from tests.asking import page
from tests.materials import making
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.course_mails import attachment_queries, message_operations, queries
from trainings.course_mails.message_operations import Message
from trainings.course_mails.message_rules import (
    KEPT,
    MANY,
    FileNotForThem,
    FilesNotForThem,
    MessageGone,
    MessageTo,
    NobodyMeant,
    Recipients,
    SecondOrganiserSends,
)
from trainings.course_mails.models import WaitingMessage
from trainings.courses.models import Course
from trainings.mail.models import OutboxMail
from trainings.mail.text_rules import SubjectOrTextMissing, TokenInSubject, TokenUnknown
from trainings.materials import operations as materials
from trainings.materials.rules import Audience
from trainings.participants import operations as person_operations
from trainings.people import reading
from trainings.people.models import Person
from trainings.registrations.rules import State
from trainings.seats import answer_operations


def said(to: MessageTo | None = None, *, files: tuple[str, ...] = ()) -> Message:
    return Message(to or MessageTo(), {"en": "About {code}"}, {"en": "Dear {name}"}, files)


def many_confirmed(course: str, number: int) -> None:
    acting.share_out(course, {})
    acting.crowd(course, State.CONFIRMED, number)


def wants_second_sender(course: str) -> None:
    with transaction() as session:
        session.get_one(Course, course).second_sender = True


def test_a_message_reaches_each_confirmed_in_their_language(each_app: Flask) -> None:
    course = factories.course()
    _, one = acting.standing(course, State.CONFIRMED)
    _, two = acting.standing(course, State.CONFIRMED)
    acting.standing(course, State.OFFERED)
    with transaction() as session:
        session.get_one(Person, one.person_id).language = "es"
        session.get_one(Person, two.person_id).language = "fr"
    told = message_operations.send(
        course,
        Message(
            MessageTo(),
            {"en": "Arrival in {city}", "es": "Llegada a {city}"},
            {"en": "Dear {name}: {venue}, {dates}", "es": "Hola {name}: {venue} %(name)s"},
        ),
        acting.organiser("UNODC"),
    )
    assert told == (2, False)
    found = factories.events_and_mails()
    subjects = sorted(one.subject for _, one in found)
    assert subjects == ["Arrival in Buenos Aires", "Llegada a Buenos Aires"]
    spanish = next(one.body for _, one in found if one.subject.startswith("Llegada"))
    assert "Hola Rosa Ejemplo" in spanish and "%(name)s" in spanish


@pytest.mark.parametrize(
    ("subject", "text", "refusal"),
    [
        ("", "Text", SubjectOrTextMissing),
        ("Subject", " ", SubjectOrTextMissing),
        ("Dear {name}", "Text", TokenInSubject),
        ("Subject", "Dear {nmae}", TokenUnknown),
        ("Subject", "{name.__class__}", TokenUnknown),
        ("Subject", "{{7*7}}", TokenUnknown),
        ("Subject", "{course_page}", TokenUnknown),
        ("Subject", "{link}", TokenUnknown),
    ],
)
def test_a_message_that_cannot_be_goes_to_nobody(
    app: Flask, subject: str, text: str, refusal: type[Exception]
) -> None:
    course = factories.course()
    acting.standing(course, State.CONFIRMED)
    by = acting.organiser()
    with pytest.raises(refusal):
        message_operations.send(course, Message(MessageTo(), {"en": subject}, {"en": text}), by)
    with pytest.raises(NotFound):
        message_operations.send(course, said(), acting.focal_point("BO"))
    assert factories.events_and_mails() == []


def test_a_name_that_looks_like_a_token_stays_a_name(app: Flask) -> None:
    course = factories.course()
    number, person = acting.standing(course, State.CONFIRMED)
    person_operations.complete_details(number, acting.details(given_name="{venue}"), person)
    message_operations.send(course, said(), acting.organiser())
    (sent,) = factories.mails("registration_message")
    assert sent.subject == "About BUE27" and "Dear {venue} Ejemplo\n" in sent.body


def test_a_word_without_a_value_takes_its_line_with_it(app: Flask) -> None:
    course = factories.course(contact="")
    acting.standing(course, State.CONFIRMED)
    text = "One\n\nQuestions: {contact}\n\nTwo"
    message_operations.send(
        course, Message(MessageTo(), {"en": "A"}, {"en": text}), acting.organiser()
    )
    assert "One\n\nTwo\n" in factories.events_and_mails()[-1][1].body


@pytest.mark.parametrize(
    ("recipients", "states"),
    [
        (Recipients.CONFIRMED, {State.CONFIRMED}),
        (Recipients.OFFERED, {State.OFFERED}),
        (Recipients.RESERVE, {State.RESERVE}),
        (Recipients.UNDECIDED, {State.NOMINATED, State.ENDORSED}),
    ],
)
def test_a_message_goes_to_one_group_alone(
    app: Flask, recipients: Recipients, states: set[State]
) -> None:
    course = factories.course(capacity=20)
    there = {state: acting.standing(course, state)[0] for state in _STANDING}
    sent = message_operations.send(
        course,
        Message(MessageTo(recipients), {"en": "A"}, {"en": "No. {number}"}),
        acting.organiser(),
    )
    texts = "".join(one.body for one in factories.mails("registration_message"))
    assert {state for state, number in there.items() if number in texts} == states
    assert sent.people == len(states)


_STANDING = (
    State.CONFIRMED,
    State.OFFERED,
    State.RESERVE,
    State.NOMINATED,
    State.ENDORSED,
    State.WITHDRAWN,
)


def test_country_and_function_narrow_a_group(app: Flask) -> None:
    course = factories.course()
    acting.standing(course, State.CONFIRMED, country="BO", function="judge")
    acting.standing(course, State.CONFIRMED, country="PE", function="judge")
    acting.standing(course, State.CONFIRMED, country="PE", function="police")
    to = MessageTo(Recipients.CONFIRMED, ("PE",), ("judge",))
    assert message_operations.send(course, said(to), acting.organiser()).people == 1


def test_trainers_who_accepted_and_focal_points_get_their_own(app: Flask) -> None:
    course = factories.course()
    by = acting.organiser()
    teaching.answered(teaching.course_trainer(course, teaching.trainer(by), by))
    teaching.course_trainer(course, teaching.trainer(by, name=("Ruth", "Choque")), by)
    acting.focal_point("BO")
    acting.focal_point("ES")  # not invited
    text = {"en": "Dear {name}: {course_page}, {venue}"}
    for recipients in (Recipients.TRAINERS, Recipients.FOCAL_POINTS):
        message = Message(MessageTo(recipients), {"en": "Sessions of {code}"}, text)
        assert message_operations.send(course, message, by).people == 1
    bodies = [one.body for one in factories.mails("course_message")]
    assert len(bodies) == 2
    assert all("/courses/BUE27" in body and "Centro de Formación" in body for body in bodies)


def test_nobody_is_written_to_where_nobody_belongs_to_the_group(app: Flask) -> None:
    course = factories.course()
    with pytest.raises(NobodyMeant):
        message_operations.send(course, said(), acting.organiser())


def test_a_registration_number_is_no_word_for_trainers(app: Flask) -> None:
    course = factories.course()
    message = Message(MessageTo(Recipients.TRAINERS), {"en": "A"}, {"en": "{number}"})
    with pytest.raises(TokenUnknown):
        message_operations.send(course, message, acting.organiser())


def test_a_large_message_waits_for_a_second_organiser(each_app: Flask) -> None:
    course = factories.course(capacity=80)
    many_confirmed(course, MANY + 1)
    wants_second_sender(course)
    writer, second = acting.organiser(), acting.organiser("UNODC")
    assert message_operations.send(course, said(), writer) == (MANY + 1, True)
    assert [event for event, _ in factories.events_and_mails()] == ["message_waits"]
    told = factories.events_and_mails()[0][1]
    assert f"to {MANY + 1} people" in told.body and "/courses/BUE27/mail/messages/" in told.body
    assert told.recipient == reading.opened([second.person_id or ""])[second.person_id or ""].mail
    key = db.session.scalars(select(WaitingMessage.id)).one()
    with pytest.raises(SecondOrganiserSends):
        message_operations.send_waiting(course, key, writer)
    with pytest.raises(NotFound):
        message_operations.send_waiting(course, key, acting.focal_point("BO"))
    assert message_operations.send_waiting(course, key, second) == MANY + 1
    sent = [one.subject for one in factories.mails("registration_message")]
    assert sent == ["About BUE27"] * (MANY + 1)
    for act in (message_operations.send_waiting, message_operations.drop_waiting):
        with pytest.raises(MessageGone):
            act(course, key, second)


def test_what_waits_is_sealed_and_may_be_deleted(app: Flask) -> None:
    course = factories.course(capacity=80)
    many_confirmed(course, MANY + 1)
    wants_second_sender(course)
    by = acting.organiser()
    message_operations.send(course, said(), by)
    row = db.session.scalars(select(WaitingMessage)).one()
    assert b"Dear {name}" not in row.said and message_operations.opened(row) == said()
    message_operations.drop_waiting(course, row.id, by)
    assert factories.mails("registration_message") == []
    assert db.session.scalars(select(WaitingMessage)).all() == []


def test_what_nobody_sends_is_deleted_after_two_weeks(app: Flask) -> None:
    course = factories.course(capacity=80)
    many_confirmed(course, MANY + 1)
    wants_second_sender(course)
    message_operations.send(course, said(), acting.organiser())
    message_operations.clear()
    assert db.session.scalars(select(WaitingMessage.id)).one()
    with transaction() as session:
        session.scalars(select(WaitingMessage)).one().at = clock.now() - KEPT * 1.01
    message_operations.clear()
    assert db.session.scalars(select(WaitingMessage.id)).all() == []


def test_a_small_message_goes_at_once_and_so_does_any_where_the_course_does_not_ask(
    app: Flask,
) -> None:
    course = factories.course(capacity=80)
    many_confirmed(course, MANY)
    wants_second_sender(course)
    assert message_operations.send(course, said(), acting.organiser()) == (MANY, False)
    other = factories.course(code="LIM27", capacity=80)
    many_confirmed(other, MANY + 1)
    assert message_operations.send(other, said(), acting.organiser()) == (MANY + 1, False)


def test_only_files_that_the_readers_may_have_are_chosen(app: Flask) -> None:
    by = acting.organiser()
    course, session = making.course_with_session(by)
    acting.standing(course, State.CONFIRMED)
    for_all = making.material(course, session, by)
    inside = making.material(course, session, by, audience=Audience.STAFF, name="Notes.pdf")
    assert message_operations.send(course, said(files=(for_all,)), by).people == 1
    with pytest.raises(FileNotForThem):
        message_operations.send(course, said(files=(inside,)), by)
    with pytest.raises(FileNotForThem):
        message_operations.send(course, said(files=("gone",)), by)
    with pytest.raises(FilesNotForThem):
        reserve = MessageTo(Recipients.RESERVE)
        message_operations.send(course, said(reserve, files=(for_all,)), by)


def attached(mail: OutboxMail) -> list[tuple[str, str]]:
    return [(one.name, one.media_type) for one in attachment_queries.files_of(mail)]


def test_a_file_is_attached_when_it_is_sent_to_who_may_have_it_then(app: Flask) -> None:
    by = acting.organiser()
    course, session = making.course_with_session(by)
    number, person = acting.standing(course, State.CONFIRMED)
    key = making.material(course, session, by, name="Plan.pdf")
    message_operations.send(course, said(files=(key,)), by)
    mail = db.session.scalars(select(OutboxMail)).one()
    assert attached(mail) == [("Plan.pdf", "application/pdf")]
    assert attachment_queries.files_of(mail)[0].content == making.PDF
    answer_operations.withdraw(number, "", person)
    assert attached(mail) == []


def test_a_file_that_was_removed_is_left_out(app: Flask) -> None:
    by = acting.organiser()
    course, session = making.course_with_session(by)
    acting.standing(course, State.CONFIRMED)
    key = making.material(course, session, by)
    message_operations.send(course, said(files=(key,)), by)
    materials.remove(key, by)
    assert attached(db.session.scalars(select(OutboxMail)).one()) == []


def test_what_waits_is_found_read_and_sent_on_its_page(client: FlaskClient) -> None:
    course = factories.course(capacity=80)
    many_confirmed(course, MANY + 1)
    wants_second_sender(course)
    writer, second = acting.organiser(), acting.organiser("UNODC")
    message_operations.send(course, said(), writer)
    key = db.session.scalars(select(WaitingMessage.id)).one()
    where = f"/courses/BUE27/mail/messages/{key}"
    factories.sign_in(client, writer)
    assert where in page(client, "/courses/BUE27/mail")
    text = page(client, where)
    assert "You wrote this message" in text and f"{where}/send" not in text
    assert client.post(f"{where}/send", follow_redirects=True).text.count("Another organiser") == 1
    factories.sign_in(client, second)
    assert "Dear" in page(client, where)
    done = client.post(f"{where}/send", follow_redirects=True).text
    assert f"The message goes to {MANY + 1} people." in done


def test_how_many_a_group_has_agrees_with_who_belongs_to_it(each_app: Flask) -> None:
    """One is counted by the database, the other chosen in Python."""
    course_id = factories.course(countries=("BO", "PE"), functions=("police", "judge"))
    for country, function in (("BO", "police"), ("BO", "judge"), ("PE", "judge")):
        for state in (State.CONFIRMED, State.OFFERED):
            acting.standing(course_id, state, country=country, function=function)
    course = db.session.get_one(Course, course_id)
    for countries, functions in itertools.product(
        [(), ("BO",), ("BO", "PE"), ("UY",)], [(), ("judge",), ("judge", "police")]
    ):
        to = MessageTo(Recipients.CONFIRMED, countries, functions)
        there = queries.candidates_meant(course, to)
        if not there:
            with pytest.raises(NobodyMeant):
                queries.group_of(course, to)
            continue
        group = queries.group_of(course, to)
        assert (group.number, group.one) == (len(there), there[0]), to
