"""Acts that tell many people: what is written later says what it would have said at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories, teaching
from tests.mailings import sent
from tests.planning.test_settings import place
from tests.questions.asking import asking
from tests.registrations import acting
from trainings.agenda import operations as agenda
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseMove
from trainings.desk import move_operations
from trainings.mail import queries as mails
from trainings.mail.models import OutboxMail
from trainings.mail.text_writes import written
from trainings.mailings import rules, writes
from trainings.mailings.rules import MailingState, Said, kept, read
from trainings.people import reading
from trainings.planning import setting_operations
from trainings.planning.section_rules import Section
from trainings.questions import answer_operations
from trainings.questions import operations as questions
from trainings.registrations import mail_writes
from trainings.registrations.rules import State
from trainings.seats import writes as seats
from trainings.selection import name_operations
from trainings.selection import operations as selection

Texts = dict[str, tuple[str, str]]


def cancel(course: str, by: Viewer) -> None:
    move_operations.move_course(by, "BUE27", CourseMove.CANCEL, "A flood.\nWe are sorry.")


def publish(course: str, by: Viewer) -> None:
    agenda.add_session(course, teaching.slot(course), by)
    teaching.publish(course, by)


def move(course: str, by: Viewer) -> None:
    asked = setting_operations.change_section(
        by, "BUE27", Section.PLACE, place(venue="Elsewhere"), agreed=""
    )
    assert asked is not None
    setting_operations.change_section(
        by, "BUE27", Section.PLACE, place(venue="Elsewhere"), agreed=asked.mark
    )


def remind_of_names(course: str, by: Viewer) -> None:
    assert name_operations.remind(course, by)[0] == sent.PEOPLE


def chase_answers(course: str, by: Viewer) -> None:
    questions.add(course, asking(titles={"en": "Your size?", "es": "¿Su talla?"}), by)
    assert answer_operations.chase(course, by) == sent.PEOPLE
    with pytest.raises(answer_operations.NobodyMissing):
        answer_operations.chase(course, by)  # theirs is still to be written


def select_all(course: str, by: Viewer) -> None:
    numbers = acting.crowd(course, State.ENDORSED, 3)
    numbers += acting.crowd(course, State.ENDORSED, 3)
    with transaction() as session:
        session.get_one(Course, course).offer_days = 5
    selection.select(course, numbers, by)


def offer_to_the_reserve(course: str, by: Viewer) -> None:
    acting.crowd(course, State.RESERVE, 4)
    with transaction() as session:
        seats.fill_seats(session, courses.course_for_update(course))


ACTS = {
    cancel: "cancelled",
    publish: "agenda",
    move: "rescheduled",
    remind_of_names: "name",
    chase_answers: "questions",
    select_all: "offer",
    offer_to_the_reserve: "offer",
}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_is_written_later_is_what_would_have_been_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, act: Callable[[str, Viewer], None]
) -> None:
    monkeypatch.setattr(rules, "PORTION", 2)
    course, by = sent.course(), acting.organiser()
    at_once: Texts = {}
    tell_each = writes.tell_each

    def noted(session: Any, about: Course, notices: Sequence[mail_writes.Notice]) -> int:
        at_once.update(texts_of(about, notices))
        return tell_each(session, about, notices)

    monkeypatch.setattr(writes, "tell_each", noted)
    act(course, by)
    assert len(at_once) > 2 and not later(ACTS[act])
    row = sent.mailing()
    assert (row.event, row.total) == (f"registration_{ACTS[act]}", len(at_once))
    factories.run_jobs(app)
    assert later(ACTS[act]) == at_once
    assert sent.mailing().state is MailingState.WRITTEN


def texts_of(course: Course, notices: Sequence[mail_writes.Notice]) -> Texts:
    """What these emails say, by person, with marks for their links."""
    people = reading.opened([one.registration.person_id for one in notices])
    links = {one.registration.id: "https://there" for one in notices if one.with_link}
    letters = [mail_writes._letter(course, one, people, links) for one in notices]
    found = [written(one.event, one.language, one.context, one.own) for one in letters]
    return {
        letter.person_id or "": (said.subject, said.body)
        for letter, said in zip(letters, found, strict=True)
    }


def later(event: str) -> Texts:
    """The same of the emails that are there."""
    db.session.close()
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.event == f"registration_{event}"))
    return {
        one.person_id or "": (mails.stored_subject(one), mails.stored_body(one)) for one in rows
    }


def test_what_is_said_is_kept_as_plain_values() -> None:
    day, moment = clock.today("UTC"), clock.now()
    said = Said(
        "offer",
        until=moment,
        context={"days": [day, moment], "named": {"es": "Sí", "of": "1"}, "of": Said("x")},
        texts={"en": "{name}"},
        files=("one",),
    )
    (back,) = read(kept([said]))
    assert (back.event, back.until, back.texts) == ("offer", moment, {"en": "{name}"})
    assert back.context["days"] == [day, moment] and back.context["of"].event == "x"
    assert back.context["named"] == {"es": "Sí", "of": "1"} and list(back.files) == ["one"]


def test_what_cannot_be_kept_is_refused_where_it_is_said() -> None:
    with pytest.raises(TypeError, match="object is not kept"):
        kept([Said("offer", context={"it": object()})])


def test_alike_is_kept_once() -> None:
    class Row:
        def __init__(self, key: str) -> None:
            self.id = key

    same = {"reason": "A flood"}
    notices: list[Any] = [
        mail_writes.Notice("cancelled", Row(str(number)), context=given)  # type: ignore[arg-type]
        for number, given in enumerate([same, same, dict(same), {"reason": "Fire"}, same])
    ]
    texts, which = writes._texts(notices)
    assert [one.context["reason"] for one in texts] == ["A flood", "Fire"]
    assert list(which.values()) == [0, 0, 0, 1, 0]
