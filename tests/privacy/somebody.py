"""Somebody of whom everything is held that the house can hold, and a search for what is left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import LargeBinary, select

from tests import factories, teaching
from tests.certificates import graduates
from tests.certificates.test_operations import Paper
from tests.directory import alumni
from tests.registrations import acting
from trainings.accounts import operations as doors
from trainings.accounts.writes import give_grant
from trainings.certificates import operations, rendering_operations, waiver_operations
from trainings.core import sealed
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.mail.writes import enqueue
from trainings.nominations_import import writes as nominations
from trainings.nominations_import.reading_rules import Row
from trainings.participants import apply_operations
from trainings.people.models import Person
from trainings.people.queries import mail_index
from trainings.people.writes import change_identity, keep_consents
from trainings.print_room import operations as print_operations
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.register import writes as register
from trainings.register.models import Certificate
from trainings.registrations.candidate_rules import Candidate
from trainings.registrations.models import HistoryStep, Registration
from trainings.registrations.rules import State
from trainings.registrations.writes import keep_given
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.rosters.rules import Invitation
from trainings.unsent import operations as unsent
from trainings.unsent.rules import place as unsent_place
from trainings.web.refill import Ended

GIVEN, FAMILY = "Zenobia", "Quintanilla Yupanqui"
MAIL = "zenobia.quintanilla@fiscalia.example"
WORDS = (
    "zenobia",
    "quintanilla",
    "yupanqui",
    "+59171234567",
    "lp-4455667",
    "1979-05-06",
    "fiscalía especializada en trata",
    "wheelchair ramp",
    "spoke for the victim",
    "fever on day",
)


@dataclass
class Somebody:
    """The person, the courses, who works on them, and what they hold in their hands."""

    person: Viewer
    course_id: str
    number: str
    lead: Viewer
    officer: Viewer
    certificate: Certificate
    original: bytes
    other: str  # a course on which they have an application that was not sent

    @property
    def person_id(self) -> str:
        return self.person.person_id or ""


def build(monkeypatch: pytest.MonkeyPatch) -> Somebody:
    """A graduate with an exception, a certificate, mails, sessions, links and a draft."""
    monkeypatch.setattr(rendering_operations, "workers", lambda: Paper())
    lead = factories.account(Role.ORGANISER, agency="IOM")
    course_id = graduates.course_of(((GIVEN, FAMILY), ("Ana", "Álvarez")), attended=3)
    person = graduates.holder(course_id, GIVEN)
    registration = _write_about(person, course_id)
    waiver_operations.ask(course_id, registration.number, "Fever on day three, Zenobia", lead)
    second = factories.account(Role.ORGANISER, agency="UNODC")
    waiver_operations.approve(course_id, registration.number, second)
    operations.issue_for_course(course_id, lead)
    rendering_operations.render(course_id)
    other = acting.at_once("NEXT27")
    apply_operations.save_draft(other, {"given_name": GIVEN, "family_name": FAMILY}, person)
    apply_operations.start_application("NEXT27", MAIL, "es")
    doors.ask_for_link(MAIL, "/", doors.Browser(address="192.0.2.7"))
    unsent.keep(was_here(person), "/profile/details", f"typed: {GIVEN} {FAMILY}")
    with transaction() as session:
        row = Row("2", Candidate(GIVEN, FAMILY, MAIL, "BO", "prosecutor"))
        nominations.keep_rows(session, lead.account_id or "", other, [row])
    other_person = graduates.holder(course_id, "Ana").person_id or ""
    alumni.everything(person.person_id or "", other_person, "Fiscalía especializada en trata")
    factories.sign_in(current_app.test_client(), person)
    factories.link(person)
    db.session.close()
    row = db.session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person.person_id)
        .execution_options(scope="operation")
    ).one()
    return Somebody(
        person,
        course_id,
        registration.number,
        lead,
        factories.account(Role.DATA_PROTECTION),
        row,
        print_operations.content(row),
        other,
    )


def was_here(person: Viewer) -> Ended:
    """A session of theirs that has ended."""
    return Ended(person.account_id or "", "s" * 22, password=False)


def _write_about(person: Viewer, course_id: str) -> Registration:
    with transaction() as session:
        who = session.get_one(Person, person.person_id)
        change_identity(
            who,
            given_name=GIVEN,
            family_name=FAMILY,
            mail=MAIL,
            phone="+59171234567",
            document="LP-4455667",
            born="1979-05-06",
            unit="Fiscalía especializada en trata",
        )
        who.country, who.function, who.sex = "BO", "prosecutor", "F"
        session.flush()  # written here, and not by the house as it asks for the account
        account = factories.accounts.account_of(who.id)
        assert account is not None
        account.mail_index = mail_index(MAIL) or ""
        keep_consents(session, who.id, {"notice": "1"})
        registration = session.scalars(
            select(Registration)
            .where(Registration.person_id == who.id)
            .execution_options(scope="operation")
        ).one()
        details = acting.details(
            given_name=GIVEN,
            family_name=FAMILY,
            phone="+59171234567",
            document="LP-4455667",
            born="1979-05-06",
            unit="Fiscalía especializada en trata",
            needs="A wheelchair ramp",
        )
        keep_given(registration, details)
        session.add(
            HistoryStep(
                registration_id=registration.id,
                course_id=course_id,
                at=registration.created_at,
                act="reject",
                before=State.NOMINATED,
                after=State.ENDORSED,
                reason=sealed.seal("Spoke for the victim", f"move|reason|{registration.id}"),
            )
        )
        course = session.get_one(Course, course_id)
        course.threshold = 70
        enqueue(
            session,
            "course_cancelled",
            to=MAIL,
            language="es",
            person_id=who.id,
            course_id=course_id,
            course=course,
            name=f"{GIVEN} {FAMILY}",
        )
        return registration


def trainer(lead: Viewer, *, state: CourseState = CourseState.COMPLETED) -> tuple[str, str]:
    """A trainer of this name who gave a course; their id and the course's."""
    course_id = graduates.course_of(graduates.NAMES[:1], code="LIM26", state=CourseState.RUNNING)
    trainer_id = teaching.trainer(
        lead, name=(GIVEN, FAMILY), mail=MAIL, notes="Zenobia speaks Quechua"
    )
    asked = teaching.course_trainer(course_id, trainer_id, lead)
    with transaction() as session:
        session.get_one(CourseTrainer, asked).state = Invitation.ACCEPTED
        account_id = session.get_one(Trainer, trainer_id).account_id
        give_grant(session, account_id, Role.TRAINER, by=None, course_id=course_id)
        session.get_one(Course, course_id).state = state
    return trainer_id, course_id


def values() -> Iterator[tuple[str, str]]:
    """Every value of every table as text, sealed ones opened with the keys: place and text."""
    for table in db.metadata.sorted_tables:
        statement = select(table).execution_options(scope="operation")
        for row in db.session.execute(statement).mappings():
            for column in table.columns:
                value = row[column.name]
                if value is None:
                    continue
                place = f"{table.name}.{column.name}"
                if isinstance(column.type, LargeBinary):
                    yield place, _opened(table.name, column.name, value, row)
                else:
                    yield place, value if isinstance(value, str) else json.dumps(value, default=str)
    db.session.close()


def _opened(table: str, column: str, value: bytes, row: Any) -> str:
    if not value:
        return ""
    if (table, column) == ("certificate", "content"):
        certificate = db.session.get_one(
            Certificate, row["id"], execution_options={"scope": "operation"}
        )
        return (register.content(certificate) or b"").decode()
    if table == "unsent_form":
        place = unsent_place(row["id"], row["account_id"], row["session_id"])
        return sealed.unseal(value, place)
    pair = f"{row.get('session_id')}|{row.get('course_trainer_id')}"
    for key in (*row.values(), pair):
        try:
            return sealed.open_bytes(value, f"{table}|{column}|{key}").decode("utf-8", "replace")
        except sealed.SealBroken:
            continue
    raise AssertionError(f"nothing opens {table}.{column}")


def found(words: tuple[str, ...]) -> set[str]:
    """Where any of the words stands, as table and column."""
    lower = [word.casefold() for word in words]
    return {place for place, text in values() if any(word in text.casefold() for word in lower)}


def ciphertexts(*person_tables: str) -> list[bytes]:
    """The sealed values that are there now."""
    kept: list[bytes] = []
    for table in db.metadata.sorted_tables:
        if table.name not in person_tables:
            continue
        columns = [one for one in table.columns if isinstance(one.type, LargeBinary)]
        for row in db.session.execute(select(*columns).execution_options(scope="operation")):
            kept += [value for value in row if value]
    db.session.close()
    return kept


def stored(name: str) -> list[Path]:
    """The sealed files of this name; without a name, all of them."""
    folder = current_app.extensions["settings"].files
    return [path for path in folder.rglob(f"{name}*") if path.is_file()]


def files() -> list[Path]:
    """Every file of the installation's folder."""
    folder = current_app.extensions["settings"].instance
    return [path for path in folder.rglob("*") if path.is_file()]


def erase(one: Somebody, typed: str | None = None, reason: Reason = Reason.ASKED) -> str:
    """Erase them, as the officer does; gives the receipt."""
    receipt = privacy.erase(one.person_id, reason, typed or one.number, one.officer)
    db.session.close()
    return receipt


def person(person_id: str) -> Person:
    db.session.close()
    return db.session.get_one(Person, person_id, execution_options={"scope": "operation"})
