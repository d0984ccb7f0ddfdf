"""A trainer answers about their published sessions; the organisers see it where they plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import counting, factories, racing, teaching
from trainings.agenda import operations as agenda
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.privacy import erasing_operations
from trainings.privacy.rules import Reason
from trainings.rosters import operations as rosters
from trainings.rosters import queries as roster_queries
from trainings.rosters.models import CourseTrainer, Trainer
from trainings.scheduling import queries as scheduling
from trainings.session_replies import operations, queries, rules
from trainings.session_replies.models import SessionReply
from trainings.session_replies.rules import Answer, Reply


class Case:
    """A course with a published session that Ruth is to give."""

    def __init__(self) -> None:
        self.by = factories.account(Role.ORGANISER, agency="IOM")
        self.course = factories.course()
        self.room = teaching.room()
        self.ruth = self.viewer(teaching.trainer(self.by))
        self.asked = teaching.course_trainer(self.course, self.trainer_id, self.by)
        slot = teaching.slot(
            self.course, titles={"en": "Court"}, room_id=self.room, trainers=(self.asked,)
        )
        self.session = agenda.add_session(self.course, slot, self.by)
        teaching.publish(self.course, self.by)

    def viewer(self, trainer_id: str) -> Viewer:
        row = db.session.get_one(Trainer, trainer_id)
        self.trainer_id = trainer_id
        found = Viewer(account_id=row.account_id, person_id=row.person_id)
        db.session.close()
        return found

    def own(self) -> list[queries.Given]:
        db.session.close()
        return queries.own(self.ruth)

    def move(self, start: str, end: str) -> None:
        data = teaching.slot(
            self.course, start, end, titles={"en": "Court"}, trainers=(self.asked,)
        )
        agenda.change_session(self.course, self.session, data, self.by)
        teaching.publish(self.course, self.by)

    def day(self) -> datetime:
        return datetime.combine(teaching.session_day(self.course), time(14))


@pytest.fixture
def case(each_app: Flask) -> Case:
    return Case()


def test_yes_is_kept_sealed_and_seen_by_the_organisers(case: Case) -> None:
    (one,) = case.own()
    assert (one.reply, one.session.title, one.session.room) == (Reply.NONE, "Court", "Sala A")
    operations.answer(
        case.session, Answer(Reply.ACCEPTED, None, "Gladly", "Tables in a U"), case.ruth
    )
    (one,) = case.own()
    assert (one.reply, one.said, one.needs) == (Reply.ACCEPTED, "Gladly", "Tables in a U")
    row = db.session.scalars(select(SessionReply)).one()
    assert b"Gladly" not in (row.said or b"") and b"Tables" not in (row.needs or b"")
    db.session.close()
    (seen,) = queries.of_course(courses.by_id(case.course))
    assert (seen.reply, seen.needs, bool(seen.person)) == (Reply.ACCEPTED, "Tables in a U", True)


def test_who_moves_a_session_asks_again_but_what_is_needed_stays(case: Case) -> None:
    operations.answer(case.session, Answer(Reply.ACCEPTED, None, "", "A screen"), case.ruth)
    case.move("09:00", "10:00")
    assert case.own()[0].reply is Reply.ACCEPTED, "a shorter one still suits"
    case.move("11:00", "12:00")
    (one,) = case.own()
    assert (one.reply, one.needs) == (Reply.NONE, "A screen")


def test_no_and_another_time_warn_in_the_timetable(case: Case) -> None:
    operations.answer(case.session, Answer(Reply.DECLINED), case.ruth)

    def declined() -> dict[tuple[str, str], Reply]:
        db.session.close()
        return scheduling.plan(courses.by_id(case.course)).declined

    assert declined() == {(case.session, case.asked): Reply.DECLINED}
    operations.answer(case.session, Answer(Reply.OTHER_TIME, case.day()), case.ruth)
    assert case.own()[0].proposed == case.day()
    assert declined() == {(case.session, case.asked): Reply.OTHER_TIME}
    case.move("14:00", "15:00")
    assert declined() == {}


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (Answer(Reply.OTHER_TIME), rules.TimeMissing),
        (Answer(Reply.OTHER_TIME, datetime.combine(date(2020, 1, 1), time(9))), rules.OutsideDays),
    ],
)
def test_another_time_needs_a_day_of_the_course(
    case: Case, answer: Answer, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        operations.answer(case.session, answer, case.ruth)
    assert refused.value.field == "day" and case.own()[0].reply is Reply.NONE


def test_only_ones_own_published_sessions_can_be_answered(case: Case) -> None:
    luis = case.viewer(teaching.trainer(case.by, name=("Luis", "Paz")))
    with pytest.raises(NotFound):
        operations.answer(case.session, Answer(Reply.ACCEPTED), luis)
    with pytest.raises(NotFound):
        operations.answer(case.session, Answer(Reply.ACCEPTED), case.by)
    draft = agenda.add_session(
        case.course, teaching.slot(case.course, "15:00", "16:00", trainers=(case.asked,)), case.by
    )
    with pytest.raises(rules.NotYours):
        operations.answer(draft, Answer(Reply.ACCEPTED), case.ruth)
    rosters.withdraw_invitation(case.asked, case.by)
    with pytest.raises(rules.NotYours):
        operations.answer(case.session, Answer(Reply.ACCEPTED), case.ruth)
    assert case.own() == []


def test_a_session_that_has_begun_is_not_answered(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=4000)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(rules.SessionOver):
        operations.answer(case.session, Answer(Reply.ACCEPTED), case.ruth)


def test_a_removed_session_takes_its_answer_along(case: Case) -> None:
    operations.answer(case.session, Answer(Reply.ACCEPTED), case.ruth)
    agenda.remove_session(case.course, case.session, case.by)
    assert db.session.scalars(select(SessionReply)).all() == []


def test_erasing_a_trainer_forgets_what_they_said(case: Case) -> None:
    operations.answer(case.session, Answer(Reply.ACCEPTED, None, "Gladly"), case.ruth)
    rosters.withdraw_invitation(case.asked, case.by)
    officer = factories.account(Role.DATA_PROTECTION)
    erasing_operations.erase(case.ruth.person_id or "", Reason.ASKED, "Choque", officer)
    assert db.session.scalars(select(SessionReply)).all() == []


def test_looking_up_a_course_does_not_grow_with_its_sessions(case: Case) -> None:
    counts = []
    for hour in ("15", "16", "17"):
        slot = teaching.slot(case.course, f"{hour}:00", f"{hour}:30", trainers=(case.asked,))
        agenda.add_session(case.course, slot, case.by)
        teaching.publish(case.course, case.by)
        db.session.close()
        course = courses.by_id(case.course)
        with counting.statements() as sent:
            assert len(queries.of_course(course)) == len(counts) + 2
        counts.append(len(sent))
    assert len(set(counts)) == 1 and counts[0] <= 6


def test_looking_up_ones_own_does_not_grow_with_courses(case: Case) -> None:
    counts = []
    for code in ("TWO27", "THREE27"):
        course = factories.course(code, starts_in=100 + len(counts) * 30)
        asked = teaching.course_trainer(course, case.trainer_id, case.by)
        agenda.add_session(course, teaching.slot(course, trainers=(asked,)), case.by)
        teaching.publish(course, case.by)
        db.session.close()
        with counting.statements() as sent:
            assert len(queries.own(case.ruth)) == len(counts) + 2
        counts.append(len(sent))
    assert len(set(counts)) == 1


def race(case: Case, app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A trainer answers twice at once; each has looked for a reply before either writes one."""
    acts: list[Callable[[], object]] = [
        lambda: operations.answer(case.session, Answer(Reply.ACCEPTED), case.ruth),
        lambda: operations.answer(case.session, Answer(Reply.DECLINED), case.ruth),
    ]
    return racing.both_look(app, monkeypatch, operations, "clean", acts)


def test_two_answers_at_once_leave_one(
    case: Case, each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert race(case, each_app, monkeypatch) == [None, None]
    db.session.close()
    assert len(db.session.scalars(select(SessionReply)).all()) == 1


def test_without_the_lock_one_of_them_fails(
    case: Case, each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, roster_queries)
    answers = race(case, each_app, monkeypatch)
    assert any(isinstance(one, Exception) for one in answers), answers


def test_the_pages_of_trainer_and_organiser(case: Case, each_app: Flask) -> None:
    phone, desk = each_app.test_client(), each_app.test_client()
    factories.sign_in(phone, case.ruth)
    factories.sign_in(desk, case.by)
    assert "No reply yet" in phone.get("/my/sessions").text
    page = f"/my/sessions/{case.session}"
    assert "Sala A" in phone.get(page).text
    asked = phone.post(page, data={"reply": "other_time", "said": "Flight at noon"}).text
    assert "Enter the day and the time" in asked and "Flight at noon" in asked
    given = {"reply": "other_time", "day": case.day().date().isoformat(), "at": "14:00"}
    assert phone.post(page, data=given).status_code == 303
    assert "Proposes another time" in phone.get("/my/sessions").text
    seen = desk.get("/courses/BUE27/agenda/replies").text
    assert "Ruth Choque" in seen and "14:00" in seen and "Proposes another time" in seen
    plan = desk.get("/courses/BUE27/agenda/plan?names=1").get_json()
    assert "would rather give this session at another time" in str(plan["warnings"])


def test_nothing_published_is_nothing_to_answer(each_app: Flask) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    course = factories.course()
    trainer_id = teaching.trainer(by)
    asked = teaching.course_trainer(course, trainer_id, by)
    agenda.add_session(course, teaching.slot(course, trainers=(asked,)), by)
    account = db.session.get_one(Trainer, trainer_id).account_id
    assert db.session.get_one(CourseTrainer, asked).course_id == course
    db.session.close()
    client, desk = each_app.test_client(), each_app.test_client()
    factories.sign_in(client, Viewer(account_id=account))
    factories.sign_in(desk, by)
    assert "No sessions yet" in client.get("/my/sessions").text
    assert "Nobody has been asked yet" in desk.get("/courses/BUE27/agenda/replies").text
    with transaction() as session:
        session.get_one(Course, course).template = True
    assert client.get("/my/sessions").status_code == 200
