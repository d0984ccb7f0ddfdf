"""The calendar file that goes with an email: made at sending, for whom it is then."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import vobject
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select, update

from tests import factories, postbox, teaching
from tests.calendars.reading import by_title, events
from trainings.agenda import operations as agenda
from trainings.core import config
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.mail import operations
from trainings.mail.models import OutboxMail
from trainings.mail.queries import opened
from trainings.registrations import locked_queries, mail_writes
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


@pytest.fixture
def box(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[postbox.Postbox]:
    monkeypatch.setattr(operations, "rest", operations._Rest())
    with postbox.opened() as box:
        host, port = box.server_address[:2]
        smtp = config.Smtp(
            host=str(host),
            port=int(port),
            user="",
            password="",
            tls=False,
            utf8=False,
            sender="courses@trainings.example",
        )
        settings = app.extensions["settings"]
        monkeypatch.setitem(app.extensions, "settings", replace(settings, smtp=smtp))
        yield box


@pytest.fixture
def by(app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


def send(box: postbox.Postbox) -> dict[str, EmailMessage]:
    """Send what waits; gives the emails by address: of several, one with a file."""
    for key in db.session.scalars(select(OutboxMail.id).where(OutboxMail.state == "waiting")).all():
        operations.send(key)
    db.session.close()
    mails = sorted(box.mails, key=lambda mail: any(mail.iter_attachments()))
    found = {str(mail["To"]): mail for mail in mails}
    box.mails.clear()
    return found  # type: ignore[return-value]


def file_of(mail: EmailMessage) -> Any:
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH" and part.get_param("charset") == "utf-8"
    assert part.get_filename() == "agenda-BUE27.ics"
    text: str = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
    calendar = vobject.readOne(text)
    calendar.validate(raiseException=True)
    assert calendar.method.value == "PUBLISH"
    return text


def add(course: str, by: Viewer, start: str, end: str, title: str, **values: object) -> str:
    data = teaching.slot(course, start, end, titles={"en": title, "es": f"{title} (es)"}, **values)
    return agenda.add_session(course, data, by)


def test_each_gets_their_part_in_their_language(box: postbox.Postbox, by: Viewer) -> None:
    course = factories.course()
    ruth = teaching.course_trainer(
        course, teaching.trainer(by, mail="ruth@trainer.example", languages=("fr",)), by
    )
    teaching.answered(ruth)
    teaching.participant(course, mail="ana@police.example")
    mine = add(course, by, "09:00", "10:00", "Mine", trainers=(ruth,))
    add(course, by, "11:00", "12:00", "Another's")
    teaching.publish(course, by)
    sent = send(box)
    anas = file_of(sent["ana@police.example"])
    assert by_title(anas).keys() == {"Mine (es)", "Another's (es)"}
    ruths = file_of(sent["ruth@trainer.example"])
    assert len(events(ruths)) == 1 and "Mine" in ruths and "Centro de Formación" in ruths
    for file in (anas, ruths):
        for name in ("Ruth", "Choque", "Ana", "Rojas", "trainer.example"):
            assert name not in file
    data = teaching.slot(course, "09:00", "10:00", titles={"en": "Mine"})
    agenda.change_session(course, mine, data, by)
    teaching.publish(course, by)
    sent = send(box)
    file = file_of(sent["ruth@trainer.example"])
    (taken_back,) = [one for one in events(file) if one.status.value == "CANCELLED"]
    assert taken_back.uid.value == f"{mine}@trainings.example"
    assert int(taken_back.sequence.value) > int(events(ruths)[0].sequence.value)
    assert by_title(file_of(sent["ana@police.example"]))["Mine"].status.value == "CONFIRMED"


def test_the_email_of_a_confirmed_seat_brings_the_days_until_there_is_an_agenda(
    box: postbox.Postbox, by: Viewer
) -> None:
    course = factories.course()
    key = teaching.participant(course, mail="ana@police.example")

    def confirm() -> str:
        with transaction() as session:
            registration = locked_queries.by_id(key)
            assert registration is not None
            mail_writes.tell(session, "confirmed", courses.by_id(course), registration)
        return str(file_of(send(box)["ana@police.example"]))

    (days,) = events(confirm())
    assert days.dtstart.value == teaching.session_day(course)
    add(course, by, "09:00", "10:00", "Opening")
    (days,) = events(confirm())
    assert days.dtstart.value == teaching.session_day(course)  # the draft is nobody's
    teaching.publish(course, by)
    send(box)
    (one,) = events(confirm())
    assert one.summary.value == "Opening (es)"


def test_rights_are_asked_when_it_is_sent(box: postbox.Postbox, by: Viewer) -> None:
    course = factories.course()
    key = teaching.participant(course, mail="ana@police.example")
    add(course, by, "09:00", "10:00", "Opening")
    teaching.publish(course, by)
    with transaction() as session:
        session.execute(
            update(Registration)
            .where(Registration.id == key)
            .values(state=State.WITHDRAWN, block_id=None, seat_no=None)
        )
    mail = send(box)["ana@police.example"]
    assert list(mail.iter_attachments()) == []


def test_other_emails_have_no_file_and_none_is_stored(box: postbox.Postbox, by: Viewer) -> None:
    course = factories.course()
    teaching.course_trainer(course, teaching.trainer(by, mail="ruth@trainer.example"), by)
    teaching.participant(course, mail="ana@police.example")
    add(course, by, "09:00", "10:00", "Opening")
    teaching.publish(course, by)
    for mail in db.session.scalars(select(OutboxMail)):
        assert "VCALENDAR" not in opened(mail).body
    assert list(send(box)["ruth@trainer.example"].iter_attachments()) == []  # an invitation
