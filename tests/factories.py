"""Rows that tests need, made the short way; each gives ids or plain values."""

from __future__ import annotations

import secrets
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.accounts import queries as accounts
from trainings.accounts import writes as account_writes
from trainings.accounts.models import Account, AccountGrant, Agency, WebSession
from trainings.audit.writes import record
from trainings.core import clock, password_hash
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Grant, Role, Viewer
from trainings.courses.models import Course, CourseAgency
from trainings.courses.rules import CourseState
from trainings.jobs import operations as jobs
from trainings.mail import queries as outbox
from trainings.mail.models import OutboxMail
from trainings.mail.queries import Opened
from trainings.people.models import Function, Person
from trainings.people.queries import mail_index
from trainings.people.writes import add_person
from trainings.registrations.models import Registration
from trainings.registrations.rules import HOLDS_SEAT, State

AGENCIES = {"IOM": "#0b3d91", "INTERPOL": "#1b2a4a", "UNODC": "#0b6fa4"}
FUNCTIONS = ("police", "prosecutor", "judge")
ZONE = "America/Argentina/Buenos_Aires"  # of all courses, unless a test says another
AGENCY_IDS = "the prepared agencies"


def seed() -> None:
    """The agencies and functions that every test finds."""
    with transaction() as session:
        for position, (code, colour) in enumerate(AGENCIES.items()):
            session.add(
                Agency(
                    code=code,
                    position=position,
                    colour=colour,
                    short_names={"en": code},
                    names={"en": f"Agency {code}"},
                )
            )
        for position, code in enumerate(FUNCTIONS):
            session.add(
                Function(code=code, position=position, names={"en": code.title()}, hints={"en": ""})
            )


def agency_id(code: str = "IOM") -> str:
    """Asked of the database once for all tests of an app: each copy of the prepared one has it."""
    known: dict[str, str] = current_app.extensions.get(AGENCY_IDS, {})
    if code not in known:
        known[code] = db.session.scalars(select(Agency.id).where(Agency.code == code)).one()
    return known[code]


def account(
    role: Role | str | None = None,
    *,
    mail: str | None = None,
    name: tuple[str, str] = ("Ada", "Ejemplo"),
    staff: bool | None = None,
    agency: str | None = None,
    **scope: Any,
) -> Viewer:
    """An account with one grant (``agency="IOM"``, ``course_id=``, ``country=`` …)."""
    mail = mail or f"{secrets.token_hex(6)}@staff.example"
    if agency is not None:
        scope["agency_id"] = agency_id(agency)
    with transaction() as session:
        person = add_person(session, given_name=name[0], family_name=name[1], mail=mail)
        session.flush()
        made = Account(
            id=new_key(),
            person_id=person.id,
            mail_index=mail_index(mail) or "",
            staff=role is not None if staff is None else staff,
            created_at=clock.now(),
        )
        session.add(made)
        session.flush()
        if role is not None:
            session.add(
                AccountGrant(account_id=made.id, role=str(role), given_at=clock.now(), **scope)
            )
        account_id, person_id = made.id, person.id
    grants = ()
    if role is not None:
        held = {**scope, "functions": frozenset(scope.get("functions", ()))}
        grants = (Grant(role=Role(role), **held),)
    return Viewer(account_id=account_id, person_id=person_id, grants=grants)


def sign_in(client: FlaskClient, viewer: Viewer) -> None:
    """Give the client a live session of this account, as signing in would."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction() as session:
        session.add(
            WebSession(
                token_hash=accounts.token_hash(token),
                account_id=viewer.account_id or "",
                started_at=now,
                seen_at=now,
                ends_at=now + timedelta(hours=12),
                confirmed_at=now,
            )
        )
    client.set_cookie("session_id", token)


def act(course_id: str, within: Session | None = None) -> None:
    """An act in a course: what is counted once after each act is counted anew.

    ``within``: the session of a transaction that it is part of.
    """
    with nullcontext(within) if within else transaction() as session:
        record(session, "course.change", "course", course_id, by=None, course_id=course_id)


def course(
    code: str = "BUE27",
    *,
    lead: str = "IOM",
    agencies: tuple[str, ...] = ("IOM", "INTERPOL", "UNODC"),
    state: CourseState = CourseState.PUBLISHED,
    starts_in: int = 60,
    waiting: tuple[str, ...] = (),
    **values: Any,
) -> str:
    """A four-day course; gives its id. ``waiting``: the agencies that have not answered."""
    today = clock.today(values.get("zone", ZONE))
    starts = today + timedelta(days=starts_in)
    fields: dict[str, Any] = {
        "titles": {"en": "Course for investigators", "es": "Curso para investigadores"},
        "texts": {"en": "What it is about."},
        "venue": "Centro de Formación",
        "city": "Buenos Aires",
        "country": "AR",
        "zone": ZONE,
        "starts_on": starts,
        "ends_on": starts + timedelta(days=3),
        "languages": ["es"],
        "capacity": 60,
        "countries": ["AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY"],
        "functions": list(FUNCTIONS),
        "registration_opens_on": today - timedelta(days=10),
        "registration_closes_on": starts - timedelta(days=20),
        "release_on": starts - timedelta(days=15),
        "contact": "courses@trainings.example",
        **values,
    }
    with transaction() as session:
        made = Course(
            id=new_key(),
            code=code,
            lead_agency_id=agency_id(lead),
            state=state,
            link_key=new_key(),
            state_at=clock.now(),
            created_at=clock.now(),
            **fields,
        )
        session.add(made)
        session.flush()
        for position, name in enumerate(agencies):
            session.add(
                CourseAgency(
                    course_id=made.id,
                    agency_id=agency_id(name),
                    position=position,
                    agreed_at=None if name in waiting else clock.now(),
                )
            )
        return made.id


def registration(
    session: Session, course_id: str, person: Person, state: State, **values: Any
) -> Registration:
    """A person's registration, straight in a state, whatever would have led there."""
    now = clock.now()
    fields: dict[str, Any] = {
        "id": new_key(),
        "number": f"R-{secrets.token_hex(4).upper()}",
        "course_id": course_id,
        "person_id": person.id,
        "state": state,
        "state_at": now,
        "country": person.country or "",
        "function": person.function or "",
        "created_at": now,
        "selected_at": now if state in HOLDS_SEAT or state is State.RESERVE else None,
        "offered_until": now + timedelta(days=7) if state is State.OFFERED else None,
        **values,
    }
    made = Registration(**fields)
    session.add(made)
    return made


def set_password(viewer: Viewer, password: str) -> None:
    """Give an account a password, without the mail that asks for it."""
    kept = password_hash.hashed(password)
    with transaction() as session:
        found = session.get(Account, viewer.account_id)
        assert found is not None
        found.password_hash = kept


def link(viewer: Viewer, purpose: str = "sign_in", **more: Any) -> str:
    """A one-time link's secret for an account."""
    with transaction() as session:
        return account_writes.make_link(session, purpose, viewer.account_id, **more)


def mails(event: str | None = None) -> list[Opened]:
    """What lies in the outbox, in the order it was written."""
    statement = select(OutboxMail).order_by(OutboxMail.created_at, OutboxMail.id)
    if event is not None:
        statement = statement.where(OutboxMail.event == event)
    return [outbox.opened(mail) for mail in db.session.scalars(statement)]


def events_and_mails() -> list[tuple[str, Opened]]:
    """The same, each with what it is about, as it is kept."""
    db.session.close()
    statement = select(OutboxMail).order_by(OutboxMail.created_at, OutboxMail.id)
    return [(mail.event, outbox.opened(mail)) for mail in db.session.scalars(statement)]


def run_jobs(app: Flask) -> None:
    """Do what is due, as the worker would."""
    while jobs.run_next(app.extensions["work"].tasks):
        pass
