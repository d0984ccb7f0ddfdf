"""Migrations go up and down with data on both databases, and their head equals the models (S27)."""

from __future__ import annotations

import json
from datetime import timedelta

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from msgspec.structs import replace
from sqlalchemy import inspect, select, text

from tests import factories, teaching
from tests.registrations import acting
from trainings.accounts import queries as accounts
from trainings.accounts.models import AccountGrant
from trainings.accounts.rules import SIGN_IN
from trainings.accounts.writes import end_grant, make_link
from trainings.audit.writes import record
from trainings.calendars.models import CalendarLink
from trainings.calendars.operations import make_link as make_calendar_link
from trainings.calendars.queries import viewer_with
from trainings.core import clock, sealed
from trainings.core.config import ROOT
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.courses import operations, programme_queries
from trainings.courses import queries as courses
from trainings.courses import writes as course_writes
from trainings.courses.models import Signatory
from trainings.courses.programme_rules import LessonKind, LessonState
from trainings.people.queries import name_index
from trainings.people.writes import add_person, erase
from trainings.programmes import queries as lesson_queries
from trainings.registrations.models import Registration
from trainings.registrations.rules import State


def test_head_equals_the_models(each_app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_down_and_up_again_with_data(each_app: Flask) -> None:
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    factories.course()
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert "course" in inspect(db.engine).get_table_names()


def test_details_go_to_the_registrations_they_were_given_for(each_app: Flask) -> None:
    """What others gave goes to the first registration, what the person gave to each completed."""
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    given, own = _two_registrations(complete=False), _two_registrations(complete=True)
    nobody = factories.account(Role.ORGANISER, agency="IOM").person_id
    db.session.remove()
    downgrade(revision="0008")
    for person_id in (*given, *own):
        _write_document(person_id)
    upgrade()
    for key, (first, second) in {**given, **own}.items():
        assert _document("registration", first) == "LP-1"
        assert _document("registration", second) == ("LP-1" if key in own else "")
        assert _document("person", key) == ("LP-1" if key in own else "")
    assert _document("person", nobody or "") == ""
    downgrade(revision="0008")
    for key in (*given, *own):
        assert _document("person", key) == "LP-1"
    upgrade()


def test_names_are_found_as_they_are_compared_now(each_app: Flask) -> None:
    """Going up makes each index anew, going down makes the one of before; the erased have none."""
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    lukasz, sita = (_named(*names) for names in (("Łukasz", "Yıldız"), ("सीता", "राम")))
    gone = _named("Ana", "Lima", erased=True)
    downgrade(revision="0011")
    assert _index(lukasz) == sealed.blind_index("name", "yıldız łukasz")
    assert _index(sita) == sealed.blind_index("name", "रम सत")
    upgrade()
    assert _index(lukasz) == name_index("Yildiz", "LUKASZ") != name_index("Lukas", "Yildiz")
    assert _index(sita) == name_index("सीता", "राम") != name_index("सती", "रोम")
    assert _index(gone) is None


def _named(given: str, family: str, *, erased: bool = False) -> str:
    with transaction() as session:
        person = add_person(session, given_name=given, family_name=family, mail="a@example.org")
        session.flush()
        if erased:
            erase(session, person)
            record(session, "person.erase", "person", person.id, by=None)
        key: str = person.id
    db.session.remove()
    return key


def _index(key: str) -> str | None:
    with db.engine.connect() as connection:
        statement = text("SELECT name_index FROM person WHERE id = :id")
        found: str | None = connection.execute(statement, {"id": key}).scalar_one()
    return found


def _two_registrations(*, complete: bool) -> dict[str, tuple[str, str]]:
    """A person, and the ids of their two registrations, of which the latest may be completed."""
    codes = (f"A{complete}", f"B{complete}")
    courses = [factories.course(code.upper()) for code in codes]
    _number, who = acting.standing(courses[0], State.NOMINATED)
    acting.add_registration(
        courses[1],
        who.person_id or "",
        State.NOMINATED,
        "BO",
        "judge",
        complete=complete,
        created_at=clock.now() + timedelta(days=1),
    )
    db.session.close()
    ids = db.session.scalars(
        select(Registration.id)
        .where(Registration.person_id == who.person_id)
        .order_by(Registration.created_at)
        .execution_options(scope="operation")
    ).all()
    db.session.remove()
    return {who.person_id or "": (ids[0], ids[1])}


def _write_document(person_id: str) -> None:
    value = sealed.seal("LP-1", f"person|document|{person_id}")
    with db.engine.begin() as connection:
        statement = text("UPDATE person SET document = :value, sex = 'F' WHERE id = :id")
        connection.execution_options(write=True).execute(
            statement, {"value": value, "id": person_id}
        )


def _document(name: str, key: str) -> str:
    with db.engine.connect() as connection:
        statement = text(f"SELECT document FROM {name} WHERE id = :id")
        value = connection.execute(statement, {"id": key}).scalar_one()
    return sealed.unseal(bytes(value), f"{name}|document|{key}") if value else ""


def test_agencies_on_courses_count_as_agreed_and_who_was_only_asked_leaves(each_app: Flask) -> None:
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    course_id = factories.course(waiting=("UNODC",))
    with transaction() as session:
        for place, agreed_at in enumerate((clock.now(), None)):
            session.add(
                Signatory(
                    course_id=course_id,
                    agency_id=factories.agency_id(),
                    position=place,
                    titles={"en": f"Director {place}"},
                    agreed_at=agreed_at,
                )
            )
    db.session.remove()
    downgrade(revision="0015")
    upgrade()
    kept = courses.by_id(course_id, ("signatories",))
    assert [row.agency.code for row in kept.asked] == ["IOM", "INTERPOL"]
    assert kept.waiting == []
    assert kept.asked[0].agreed_at == kept.created_at
    assert [who.titles["en"] for who in kept.signing] == ["Director 0"]


def test_modules_go_to_the_agency_of_who_wrote_them_where_that_is_one(each_app: Flask) -> None:
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    one = factories.account(Role.ORGANISER, agency="UNODC")
    two = factories.account(Role.ORGANISER, agency="UNODC")
    with transaction() as session:
        session.add(
            AccountGrant(
                account_id=two.account_id,
                role=str(Role.ORGANISER),
                agency_id=factories.agency_id("IOM"),
                given_at=clock.now(),
            )
        )
    for code, by in (("sure", one), ("either", two)):
        own = {"agency_id": factories.agency_id("UNODC"), "by": by}
        operations.add_module(code, {"en": code}, {}, [], **own)
        operations.add_programme(code, {"en": code}, {}, **own)
    teaching.module("nobody")
    db.session.remove()
    downgrade(revision="0016")
    upgrade()
    expected = {"sure": factories.agency_id("UNODC"), "either": None}
    found = {one.code: one.agency_id for one in programme_queries.modules()}
    assert found == {**expected, "nobody": None}
    assert {one.code: one.agency_id for one in programme_queries.programmes()} == expected


def test_who_could_come_in_still_can(each_app: Flask) -> None:
    """Accounts, sessions, roles and links of before get the codes without which they count not."""
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    who = factories.account(Role.ANALYST)
    gone = factories.account(Role.ORGANISER, agency="IOM")
    factories.set_password(who, "una frase larga que nadie sabe")
    client = each_app.test_client()
    factories.sign_in(client, who)
    with transaction() as session:
        token = make_link(session, SIGN_IN, who.account_id, data={"course": "x"})
        (grant,) = accounts.live_grants(gone.account_id or "")
        end_grant(session, grant, by=None)
    feed = make_calendar_link(who)
    db.session.remove()
    downgrade(revision="0057")
    upgrade()
    assert accounts.not_ours(CalendarLink) == []
    assert viewer_with(feed).account_id == who.account_id
    db.session.remove()
    assert client.get("/profile").status_code == 200
    assert accounts.live_link(token)[1].id == who.account_id
    assert accounts.viewer_of(who.account_id or "") == replace(who, language="")


def test_lines_of_findings_become_findings_and_come_back(each_app: Flask) -> None:
    """A finding for each line; where languages have not as many lines, one for all of them."""
    Migrate(each_app, db, directory=str(ROOT / "trainings" / "migrations"), render_as_batch=True)
    with transaction() as session:
        made = course_writes.add_programme(
            session, code="SPAR", agency_id=None, titles={"en": "S"}, texts={}
        )
        days = {"starts_on": None, "ends_on": None}
        same = course_writes.add_phase(session, made.id, 0, titles={}, texts={}, **days).id
        odd = course_writes.add_phase(session, made.id, 1, titles={}, texts={}, **days).id
        session.flush()
        learned = course_writes.add_lesson(session, made.id, 0, {"en": "L"})
        taught = course_writes.add_lesson(session, made.id, 1, {"en": "T"}, module_id=None)
        learned_id, taught_id, programme_id = learned.id, taught.id, made.id
    module_id = teaching.module()
    db.session.remove()
    downgrade(revision="0043")
    lines = {same: {"en": "One\n\nTwo", "es": "Uno\nDos"}, odd: {"en": "Only", "es": "Una\nDos"}}
    with db.engine.begin() as connection:
        for phase_id, found in lines.items():
            connection.execute(
                text("UPDATE phase SET findings = :found WHERE id = :id"),
                {"found": json.dumps(found), "id": phase_id},
            )
        connection.execute(
            text("UPDATE lesson SET module_id = :module WHERE id = :id"),
            {"module": module_id, "id": taught_id},
        )
    upgrade()
    kept = {one.id: one for one in lesson_queries.lessons(programme_id)}
    assert kept.pop(learned_id).state is LessonState.OPEN
    assert kept.pop(taught_id).state is LessonState.TAKEN_UP
    found = sorted(kept.values(), key=lambda one: one.position)
    assert [(one.kind, one.phase_id, one.texts) for one in found] == [
        (LessonKind.FINDING, same, {"en": "One", "es": "Uno"}),
        (LessonKind.FINDING, same, {"en": "Two", "es": "Dos"}),
        (LessonKind.FINDING, odd, lines[odd]),
    ]
    db.session.remove()
    downgrade(revision="0043")
    with db.engine.connect() as connection:
        again = connection.execute(text("SELECT findings FROM phase WHERE id = :id"), {"id": same})
        value = again.scalar_one()
    db.session.remove()
    assert (json.loads(value) if isinstance(value, str) else value) == {
        "en": "One\nTwo",
        "es": "Uno\nDos",
    }
    upgrade()
