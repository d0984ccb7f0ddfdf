"""The mails of a registration's life: each in every language, and what may stand in them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.i18n import LANGUAGES
from trainings.courses.models import Course
from trainings.mail import queries as mail
from trainings.mail.models import OutboxMail
from trainings.people.models import Person
from trainings.registrations import mail_writes
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

FOLDER = Path(__file__).parent.parent.parent / "templates" / "mail"
EVENTS = sorted(
    path.name.removeprefix("registration_")
    for path in FOLDER.glob("registration_*")
    if path.name not in ("registration_start", "registration_message")
)
WITH_A_DEADLINE = {"offer", "reminder", "rescheduled"}


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("event", EVENTS)
def test_each_mail_speaks_its_readers_language(app: Flask, event: str, language: str) -> None:
    course_id = factories.course(titles={code: f"Title {code}" for code in LANGUAGES})
    number, person = acting.standing(course_id, State.OFFERED)
    zone = "America/Argentina/Buenos_Aires"  # where the course is: 23:59 there
    until = clock.end_of(clock.today(zone) + timedelta(days=7), zone)
    with transaction() as session:
        session.get_one(Person, person.person_id).language = language
        session.flush()
        course = session.get_one(Course, course_id)
        found = session.scalars(select(Registration).where(Registration.number == number)).one()
        session.refresh(found, ["person"])
        told: dict[str, Any] = {"reason": "why", "before": course, "lines": [], "first": True}
        mail_writes.tell(session, event, course, found, until=until, **told)
    sent = mail.opened(db.session.scalars(select(OutboxMail)).one())
    assert f"Title {language}" in sent.body and number in sent.body
    assert "Rosa" in sent.body and "Rosa" not in sent.subject and "Ejemplo" not in sent.subject
    assert "BUE27" in sent.subject and "\n" not in sent.subject
    assert not re.search(r"None|Undefined|%\(|\{\{|\{%", sent.subject + sent.body)
    assert ("23:59" in sent.body or "23 h 59" in sent.body) == (event in WITH_A_DEADLINE)
    assert "America/" not in sent.body
    links = re.findall(r"http://\S+", sent.body)
    assert all(link.startswith("http://trainings.example/sign-in/link/") for link in links)


def test_every_act_that_concerns_a_person_has_its_mail() -> None:
    """A folder that nobody mails, or a mail without a folder, would be found here."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (FOLDER.parent.parent / "trainings").rglob("*.py")
    )
    said = r'(?:\btell\(\s*session,|Notice\(|_move_and_tell\([\w, ]+,)\s*"(\w+)"'
    told = set(re.findall(said, code))
    events = {path.name.removeprefix("registration_") for path in FOLDER.glob("registration_*")}
    assert told <= events
    assert events - told <= {"start"}
