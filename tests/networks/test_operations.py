"""Waves: planned, sent, answered by link, reminded, closed; and what is left of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests import counting, factories
from tests.networks import asking
from tests.networks.asking import GROUPS, said
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound, Refusals
from trainings.core.permissions import Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.courses.rules import CourseState
from trainings.networks import operations, queries, shown_queries
from trainings.networks.group_rules import ORGANISERS, OTHERS
from trainings.networks.models import ContactAnswer, ContactAsk, ContactWave
from trainings.networks.rules import (
    CourseNotGoing,
    NobodyToAsk,
    WaveInThePast,
    WaveKind,
    WaveNotOpen,
    WaveSent,
    WaveState,
    WaveTooEarly,
    WaveTooLate,
)
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.tables import operations as tables
from trainings.tables import queries as seating
from trainings.tables import sitter_queries
from trainings.tables.rules import Layout

ZONE = "America/Argentina/Buenos_Aires"
ROOM = Layout(12, 4)
START, END = WaveKind.START, WaveKind.END


@pytest.fixture
def course(each_app: Flask) -> str:
    """A course in two months whose eighteen people are of three groups."""
    return asking.course()


@pytest.fixture
def by(course: str) -> Viewer:
    return asking.organiser()


def kept() -> tuple[int, int]:
    """How many links and answers are there."""
    db.session.close()
    counts = [db.session.scalar(select(func.count()).select_from(one)) for one in _TABLES]
    return counts[0] or 0, counts[1] or 0


_TABLES = (ContactAsk, ContactAnswer)


def loaded(course_id: str) -> Course:
    db.session.close()
    return courses.by_id(course_id)


def test_a_wave_from_its_day_to_its_count(course: str, by: Viewer) -> None:
    today = clock.today(ZONE)
    operations.plan(course, {START: today + timedelta(days=3), END: None}, by)
    operations.turn()
    assert factories.mails("network_asked") == []
    with clock.shifted(timedelta(days=3)):
        operations.turn()
        operations.turn()
    mails = factories.mails("network_asked")
    assert len(mails) == 18
    token, cell = asking.links(course)[0]
    assert any(f"http://trainings.example/network/{token}" in one.body for one in mails)
    with clock.shifted(timedelta(days=4)):
        operations.answer(token, said(*GROUPS))
    assert queries.answer_of(asking.wave_of(course).id, asking.registrations(course)[0][0])
    assert cell in GROUPS
    with clock.shifted(timedelta(days=11)):
        operations.turn()
        operations.turn()
    assert len(factories.mails("network_reminded")) == 17, "once, and not who has answered"
    with clock.shifted(timedelta(days=16)):
        operations.turn()
    assert asking.wave_of(course).state is WaveState.OPEN, "its last day"
    with clock.shifted(timedelta(days=17)):
        operations.turn()
    wave = asking.wave_of(course)
    assert wave.state is WaveState.CLOSED and wave.counted == {"answered": 1}
    assert kept() == (18, 0), "the answers are gone"


def test_what_is_refused_about_days(course: str, by: Viewer) -> None:
    today = clock.today(ZONE)
    starts = today + timedelta(days=60)
    with pytest.raises(Refusals) as refused:
        operations.plan(course, {START: starts, END: today - timedelta(days=1)}, by)
    assert [type(one) for one in refused.value.parts] == [WaveTooLate, WaveInThePast]
    assert [one.field for one in refused.value.parts] == ["start", "end"]
    with pytest.raises(WaveTooEarly):
        operations.plan(course, {WaveKind.THREE: starts}, by)
    operations.plan(course, {START: today + timedelta(days=1)}, by)
    operations.plan(course, {START: today + timedelta(days=2)}, by)
    assert asking.wave_of(course).sends_on == today + timedelta(days=2)
    operations.plan(course, {START: None}, by)
    db.session.close()
    assert queries.waves(course) == {}


def test_what_is_refused_about_sending(course: str, by: Viewer) -> None:
    with pytest.raises(WaveTooEarly):
        operations.send(course, END, by)
    operations.send(course, START, by)
    with pytest.raises(WaveSent):
        operations.send(course, START, by)
    operations.plan(course, {START: None}, by)
    assert asking.wave_of(course).state is WaveState.OPEN, "what was sent is not unplanned"
    empty = factories.course("EMPTY27")
    with pytest.raises(NobodyToAsk):
        operations.send(empty, START, by)
    acting.end(course, CourseState.CANCELLED)
    asking.move_days(course, clock.today(ZONE), clock.today(ZONE))
    with pytest.raises(CourseNotGoing):
        operations.send(course, END, by)
    with pytest.raises(WaveNotOpen):
        operations.close(course, END, by)


@pytest.mark.parametrize(
    "who",
    [
        lambda _course: factories.account(Role.FOCAL_POINT, country="BO"),
        lambda course: factories.account(Role.TRAINER, course_id=course),
        lambda _course: factories.account(
            Role.ORGANISER, course_id=factories.course("PER27", lead="UNODC", agencies=("UNODC",))
        ),
    ],
)
def test_nobody_else_sees_to_waves(course: str, who: object) -> None:
    viewer = who(course)  # type: ignore[operator]
    for act in (operations.send, operations.close):
        with pytest.raises(NotFound):
            act(course, START, viewer)
    with pytest.raises(NotFound):
        operations.plan(course, {START: None}, viewer)


def test_who_answers_again_changes_their_answer(course: str, by: Viewer) -> None:
    operations.send(course, START, by)
    links = asking.links(course)
    for token, _cell in links[:6]:
        operations.answer(token, said(*GROUPS))
    token, cell = links[0]
    operations.answer(token, said())
    assert kept() == (18, 6)
    db.session.close()
    told = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "network.answer").order_by(AuditEntry.number)
    ).all()
    assert len(told) == 6 and not any(one.by for one in told), "counted without names"
    wave_id = asking.wave_of(course).id
    changed = queries.answer_of(wave_id, asking.registrations(course)[0][0])
    assert changed is not None and changed.named == {}
    operations.close(course, START, by)
    with pytest.raises(WaveNotOpen):
        operations.answer(token, said(*GROUPS))
    assert cell in GROUPS
    assert (asking.wave_of(course).counted or {})["answered"] == 6


def test_a_link_opens_nothing_for_who_does_not_take_part(course: str, by: Viewer) -> None:
    operations.send(course, START, by)
    (token, _cell), *_rest = asking.links(course)
    operations.answer(token, said(*GROUPS))
    with pytest.raises(NotFound):
        queries.asked_with("0" * 32)
    with transaction() as session:
        one = asking.registrations(course)[0][0]
        row = session.get_one(Registration, one, execution_options={"scope": "operation"})
        row.state, row.block_id, row.seat_no = State.WITHDRAWN, None, None
    with pytest.raises(NotFound):
        operations.answer(token, said())
    operations.close(course, START, by)
    wave = asking.wave_of(course)
    assert (wave.counted, wave.asked) == ({"answered": 0}, 17), "nor does their answer count"


def test_own_groups_and_strange_ones_are_left_out(course: str, by: Viewer) -> None:
    operations.send(course, START, by)
    (token, cell), *_rest = asking.links(course)
    operations.answer(token, said(cell, ("XX", "judge"), ("BR", "police")))
    kept_answer = queries.answer_of(asking.wave_of(course).id, asking.registrations(course)[0][0])
    assert kept_answer is not None and list(kept_answer.named) == [("BR", "police")]


def test_answers_do_not_lead_to_people(course: str, by: Viewer) -> None:
    operations.send(course, START, by)
    for token, _cell in asking.links(course)[:6]:
        operations.answer(token, said(*GROUPS[: len(token) % 3]))
    db.session.close()
    rows = db.session.execute(text("SELECT * FROM contact_answer")).all()
    people = {one for one, _cell in asking.registrations(course)}
    tokens = {one for one, _cell in asking.links(course)}
    indexes = set(db.session.scalars(select(ContactAsk.token_index)))
    for row in rows:
        assert not {row.id} & (people | tokens | indexes)
        assert b"police" not in bytes(row.said)
    assert len({len(row.said) for row in rows}) == 1, "as long as any other"
    assert not tokens & indexes, "of a link only a hash is kept"


def test_erasing_a_person_takes_their_answer_and_changes_no_picture(
    course: str, by: Viewer
) -> None:
    asking.hold(course, by)
    before = asking.wave_of(course).counted
    asking.end(course)
    operations.send(course, END, by)
    for token, _cell in asking.links(course, END)[:7]:
        operations.answer(token, said(*GROUPS))
    assert kept() == (36, 7)
    guard = factories.account(Role.DATA_PROTECTION)
    registration_id = asking.registrations(course)[0][0]
    person_id = db.session.scalar(
        select(Registration.person_id)
        .where(Registration.id == registration_id)
        .execution_options(scope="operation")
    )
    number = db.session.scalar(
        select(Registration.number)
        .where(Registration.id == registration_id)
        .execution_options(scope="operation")
    )
    db.session.close()
    privacy.erase(person_id or "", Reason.ASKED, number or "", guard)
    assert kept() == (34, 6)
    assert asking.wave_of(course).counted == before, "what was shown stays as it was"
    operations.close(course, END, by)
    assert (asking.wave_of(course, END).counted or {})["answered"] == 6


def test_nobody_sees_anything_before_a_wave_is_closed(course: str, by: Viewer) -> None:
    operations.send(course, START, by)
    for token, _cell in asking.links(course):
        operations.answer(token, said(*GROUPS))
    db.session.close()
    waves = queries.waves(course)
    for k in (ORGANISERS, OTHERS):
        assert shown_queries.networks(waves, k) == {}
        assert shown_queries.shown(loaded(course), waves, k, "start") is None
    assert queries.shown_in("") == []


def test_everybody_else_sees_larger_groups(course: str, by: Viewer) -> None:
    asking.hold(course, by)
    waves = queries.waves(course)
    narrow = shown_queries.networks(waves, ORGANISERS)[START]
    wide = shown_queries.networks(waves, OTHERS)[START]
    assert narrow.people == (6, 6, 6) and wide.people in ((18,), (6, 12), (12, 6))
    assert sum(map(sum, wide.contacts)) == narrow.sums.total


def test_a_country_leaves_the_course_between_two_waves(course: str, by: Viewer) -> None:
    asking.hold(course, by)
    with transaction() as session:
        made = session.get_one(Course, course)
        made.countries = ["AR", "BO"]
    asking.move_days(course, clock.today(ZONE), clock.today(ZONE))
    asking.hold(course, by, END, named=(("AR", "police"), ("BR", "judge")))
    waves = queries.waves(course)
    shown = shown_queries.shown(loaded(course), waves, ORGANISERS, "end")
    assert shown is not None and shown.earlier is not None
    assert shown.network.sums.total == 12, "only what the course still asks about"
    assert any("Brazil" in one.name for one in shown.lines), "its people still answer"


def test_the_first_wave_brings_strangers_together(each_app: Flask) -> None:
    friends = {"AR": "BO", "BR": "CL", "CO": "EC", "PE": "PY"}
    friends |= {other: one for one, other in friends.items()}
    functions = ("judge", "police", "prosecutor")
    groups = [(country, one) for country in sorted(friends) for one in functions]
    course = asking.course(48, groups, countries=sorted(friends))
    by = asking.organiser()
    assert queries.known_in(course) is None
    tables.set_tables(course, ROOM, by)
    operations.send(course, START, by)
    for token, cell in asking.links(course):
        operations.answer(token, said(*((friends[cell[0]], one) for one in functions)))
    assert queries.known_in(course) is None, "not before it is closed"
    operations.close(course, START, by)
    db.session.close()
    assert queries.known_in(course) is not None
    before = _acquainted(course)
    tables.seat_anew(course, by)
    after = _acquainted(course)
    assert after < before, (before, after)
    people = seating.participants(course, scope="operation")
    mixed = sitter_queries.mixed(people, ROOM)
    assert mixed is not None
    assert (mixed.country, mixed.function) == (mixed.country_best, mixed.function_best)
    db.session.close()


def _acquainted(course_id: str) -> float:
    db.session.close()
    people = seating.participants(course_id, scope="operation")
    found = sitter_queries.strangers(course_id, people, ROOM)
    assert found is not None
    return float(found.now.rstrip("%\xa0 "))


def test_as_many_statements_for_forty_as_for_ten(app: Flask) -> None:
    by = asking.organiser()
    asked: list[tuple[int, int]] = []
    for people in (10, 40):
        course = asking.course(people, code=f"N{people}")
        with counting.statements() as sending:
            operations.send(course, START, by)
        for token, _cell in asking.links(course):
            operations.answer(token, said(*GROUPS))
        db.session.close()
        with counting.statements() as closing:
            operations.close(course, START, by)
        asked.append((len(sending), len(closing)))
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 25, asked


def test_permissions_are_those_of_the_days_of_a_course() -> None:
    assert operations.EDIT is Permission.AGENDA_EDIT
    assert ContactWave.__tablename__ == "contact_wave"
