"""People who took part in a course, and are in the directory or not."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tests import factories
from tests.registrations import acting
from trainings.core import clock, sealed
from trainings.core.db import db, new_key, transaction
from trainings.core.permissions import Viewer
from trainings.courses.rules import CourseState
from trainings.courses.writes import add_programme
from trainings.directory import care_operations, contact_operations, operations, queries, writes
from trainings.directory.contact_rules import ContactCard, ContactState, ContactSubject, pair_of
from trainings.directory.models import DirectoryContact, DirectoryField, DirectoryLook
from trainings.directory.rules import Consenting, FieldState, Sought
from trainings.people.writes import add_person
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

ANY = Sought()


def programme(code: str = "spartacus", agency: str = "IOM") -> str:
    """A programme of an agency; gives its id."""
    with transaction() as session:
        made = add_programme(
            session,
            code=code,
            agency_id=factories.agency_id(agency),
            titles={"en": code.title()},
            texts={},
        )
        session.flush()
        return made.id


def over(code: str = "DONE27", programme_id: str | None = None, **values: Any) -> str:
    """A course that is over; gives its id."""
    return factories.course(
        code, starts_in=-10, state=CourseState.COMPLETED, programme_id=programme_id, **values
    )


def alumnus(
    course_id: str, country: str = "BO", function: str = "judge", state: State = State.ATTENDED
) -> Viewer:
    """Somebody who took part in a course to the end."""
    name = ("Rosa", f"Ejemplo {secrets.token_hex(3)}")
    who = factories.account(staff=False, name=name)
    acting.add_registration(course_id, who.person_id or "", state, country, function)
    return who


def listed(course_id: str, country: str = "BO", function: str = "judge", **given: Any) -> Viewer:
    """Somebody who can be found."""
    who = alumnus(course_id, country, function)
    operations.consent(Consenting(**given), who)
    return who


def many(course_id: str, number: int, country: str = "PY") -> None:
    """Many people who can be found, made in one go."""
    with transaction() as session:
        for _ in range(number):
            who = add_person(session, given_name="Rosa", family_name="Ejemplo", country=country)
            who.function = "judge"
            session.flush()
            factories.registration(session, course_id, who, State.ATTENDED)
            session.flush()
            was = queries.attended(who.id)
            assert was is not None
            writes.enter(session, who.id, was, Consenting())


def entry_of(who: Viewer) -> str:
    """The id of somebody's entry."""
    db.session.close()
    found = queries.live(who.person_id or "")
    assert found is not None
    return found.id


def find(who: Viewer, after: str = "", **sought: str) -> operations.Found:
    """What somebody is shown of a search."""
    db.session.close()
    return operations.look_up(Sought(**sought), after, who)


def all_found(who: Viewer, **sought: str) -> list[str]:
    """The entries somebody is shown, page by page, until nobody else is."""
    entries: list[str] = []
    last = ""
    while True:
        found = find(who, last, **sought)
        entries += [one.entry_id for one in found.people]
        if not found.people or not found.left:
            return entries
        last = found.last


def written(who: Viewer, to: Viewer, words: str = "May I ask about your law?") -> str:
    """A first message from one to another, who was found; gives the contact's id."""
    all_found(who)
    subject = ContactSubject.LAW
    return contact_operations.write(entry_of(to), subject, words, who)


def gaps(course_id: str, viewers: Mapping[str, Viewer | None]) -> dict[tuple[str, str], str]:
    """What the access matrix needs of a course that Ana and Luz took: both can be found.

    Ana wrote to Sol, who has not answered, and to Mar, who reported it; Nil is protected.
    """
    ana, luz, officer = (
        viewers[one] or Viewer()
        for one in ("participant_self", "participant_other", "data_protection")
    )
    for who in (ana, luz):
        operations.consent(Consenting(), who)
    sol, mar = (listed(course_id, "PY") for _ in range(2))
    nil = alumnus(course_id, "PE")
    waits, reported = written(ana, sol), written(ana, mar)
    contact_operations.report(reported, "Rude", mar)
    find(luz)
    number = db.session.scalar(
        select(Registration.number)
        .where(Registration.person_id == nil.person_id)
        .execution_options(scope="operation")
    )
    db.session.close()
    care_operations.keep_out(number or "", officer)
    operations.propose("Fishing", luz)
    (field,) = queries.proposals()
    key = field.id
    db.session.close()
    return {
        ("/directory/people", "entry_id"): entry_of(luz),
        ("/directory/contacts", "contact_id"): waits,
        ("/directory/contacts", "act"): "end",
        ("/directory/reports", "contact_id"): reported,
        ("/directory/reports", "act"): "close",
        ("/directory/fields", "field_id"): key,
        ("/directory/programmes", "code"): "spartacus",
        ("/directory/programmes", "act"): "open",
        ("/directory/protected", "person_id"): nil.person_id or "",
    }


def everything(person_id: str, other_id: str, unit: str) -> None:
    """All that the directory can hold of somebody, in their words: straight into the tables."""
    key, field, now = new_key(), new_key(), clock.now()
    with transaction() as session:
        was = queries.Attended("BO", "prosecutor", unit, ("c" * 22,), ())
        entry = writes.enter(session, person_id, was, Consenting(unit=unit))
        session.add(
            DirectoryField(
                id=field,
                state=FieldState.PROPOSED,
                titles={},
                proposed=sealed.seal(unit, f"directory_field|proposed|{field}"),
                proposed_by=person_id,
                at=now,
            )
        )
        contact = DirectoryContact(
            id=key,
            pair=pair_of(person_id, other_id),
            sender_id=person_id,
            sender_alias=entry.alias,
            sender_country="BO",
            sender_function="prosecutor",
            recipient_id=other_id,
            recipient_alias="Vega 100",
            recipient_country="PY",
            recipient_function="judge",
            state=ContactState.ACCEPTED,
            subject=ContactSubject.LAW,
            at=now,
            reported_at=now,
            reported_by=other_id,
        )
        for column in ("words", "reply", "report"):
            place = f"directory_contact|{column}|{key}"
            setattr(contact, column, sealed.seal(f"{column}: {unit}", place))
        for whose in (person_id, other_id):
            writes.put_card(contact, whose, ContactCard(unit=unit))
        session.add(contact)
        session.add(
            DirectoryLook(
                by_person_id=other_id,
                person_id=person_id,
                country="PY",
                function="judge",
                counted_at=now,
                times=1,
            )
        )
