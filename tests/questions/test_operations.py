"""Questions are asked, answered, changed, chased and erased at their date; what is refused."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests import counting, factories, racing
from tests.materials import making
from tests.questions import asking
from tests.questions.asking import Desk, kept, question
from tests.registrations import acting
from trainings.audit.models import AuditEntry
from trainings.core import clock, config
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.mail.models import OutboxMail
from trainings.planning import creation_operations
from trainings.questions import answer_operations, operations, queries
from trainings.questions.answer_rules import Typed
from trainings.questions.change_rules import (
    AnswersChanged,
    KindFixed,
    OptionChosen,
    TooManyQuestions,
)
from trainings.questions.models import QuestionAnswer
from trainings.questions.rules import (
    AskedOf,
    CourseIsOver,
    FollowUpMissing,
    KeptFor,
    NobodyMissing,
    NotAsked,
    QuestionKind,
    SeenBy,
)
from trainings.questions.usual_rules import SETS, UsualSet
from trainings.registrations import locked_queries
from trainings.registrations.listing_rules import Step
from trainings.registrations.models import Registration
from trainings.registrations.rules import State
from trainings.seats import answer_operations as seats
from trainings.uploads.rules import FileTooLarge, KindNotTaken

K = QuestionKind


def files_kept() -> int:
    return sum(path.is_file() for path in config.settings().files.rglob("*"))


def ends(course_id: str, days: int) -> None:
    """Let a course end so many days from today, as it is where the course is."""
    with transaction() as session:
        zone = session.scalars(select(Course.zone).where(Course.id == course_id)).one()
        day = clock.today(zone) + timedelta(days=days)
        values = {"starts_on": day, "ends_on": day}
        session.execute(update(Course).where(Course.id == course_id).values(**values))


def test_an_answer_is_sealed_and_can_be_changed_and_taken_back(desk: Desk) -> None:
    text = desk.ask()
    desk.answer(text, "A bus from La Paz")
    assert kept() == {text: "A bus from La Paz"}
    db.session.close()
    row = db.session.scalars(select(QuestionAnswer)).one()
    assert b"La Paz" not in row.value
    trail = db.session.scalars(select(AuditEntry.details).order_by(AuditEntry.number)).all()
    assert "La Paz" not in repr(trail), "the trail keeps that there are answers, not what they say"
    desk.answer(text, "A train")
    assert kept() == {text: "A train"}
    desk.answer(text, " ")
    assert kept() == {}


def test_what_is_wrong_with_one_answer_keeps_all_out_and_is_said_at_its_field(desk: Desk) -> None:
    text, access = desk.ask(), desk.ask(K.YES_NO)
    given = {text: Typed("A bus"), access: Typed("yes")}
    with pytest.raises(FollowUpMissing) as told:
        answer_operations.answer_own(desk.number, given, desk.person)
    assert told.value.field == f"more_{access}"
    assert kept() == {}


def test_nobody_answers_what_they_are_not_asked(desk: Desk) -> None:
    focal = desk.ask(asked_of=AskedOf.FOCAL_POINT)
    with pytest.raises(NotFound):
        desk.answer(focal, "About myself")
    paused = desk.ask(going_on=False)
    with pytest.raises(NotAsked):
        desk.answer(paused, "Unasked")
    other = factories.course("ELSE27")
    elsewhere = operations.add(other, asking.asking(), desk.by)
    with pytest.raises(NotFound):
        desk.answer(elsewhere, "Elsewhere")
    stranger = acting.standing(desk.course, State.CONFIRMED)[1]
    with pytest.raises(NotFound):
        answer_operations.answer_own(desk.number, {}, stranger)


def test_details_are_asked_late_and_not_after_the_course(each_app: Flask) -> None:
    desk = asking.desk(State.OFFERED)
    text, early = desk.ask(), desk.ask(asked_of=AskedOf.CANDIDATE)
    with pytest.raises(NotAsked):
        desk.answer(text, "Too early")
    desk.answer(early, "In time")
    seats.accept(desk.number, desk.person)
    desk.answer(text, "Now")
    ends(desk.course, -1)
    with pytest.raises(CourseIsOver):
        desk.answer(text, "Too late")


def test_a_focal_point_answers_for_their_country_alone(desk: Desk) -> None:
    about = desk.ask(asked_of=AskedOf.FOCAL_POINT)
    given = {about: Typed("Leads the unit")}
    with pytest.raises(NotFound):
        answer_operations.answer_about(desk.course, desk.number, given, acting.focal_point("PE"))
    answer_operations.answer_about(desk.course, desk.number, given, acting.focal_point())
    assert kept() == {about: "Leads the unit"}
    own = desk.ask()
    with pytest.raises(NotFound):
        answer_operations.answer_about(
            desk.course, desk.number, {own: Typed("Not mine")}, acting.focal_point()
        )


def test_only_the_lead_agency_asks(desk: Desk) -> None:
    text = desk.ask()
    for other in (acting.organiser("INTERPOL"), acting.organiser("UNODC"), acting.focal_point()):
        with pytest.raises(NotFound):
            operations.add(desk.course, asking.asking(), other)
        with pytest.raises(NotFound):
            operations.change(desk.course, text, asking.asking(), other)
        with pytest.raises(NotFound):
            operations.move(desk.course, text, Step.UP, other)
        with pytest.raises(NotFound):
            operations.remove(desk.course, text, other, answered=0)
        with pytest.raises(NotFound):
            operations.add_usual(desk.course, [UsualSet.TRAVEL], other)


def test_a_change_loses_no_answer(desk: Desk) -> None:
    choice = desk.ask(K.ONE)
    desk.answer(choice, "1")
    less = asking.asking(K.ONE, options=(asking.OPTIONS[1],))
    with pytest.raises(OptionChosen) as told:
        operations.change(desk.course, choice, less, desk.by, fits=True)
    assert "Window" in str(told.value)
    with pytest.raises(KindFixed):
        earlier = asking.asking(K.ONE, asked_of=AskedOf.CANDIDATE)
        operations.change(desk.course, choice, earlier, desk.by)
    operations.change(desk.course, choice, asking.asking(K.ONE, going_on=False), desk.by)
    assert kept() == {choice: "1"}


def test_removing_says_how_many_answers_go(desk: Desk) -> None:
    text = desk.ask()
    desk.answer(text, "A bus")
    with pytest.raises(AnswersChanged):
        operations.remove(desk.course, text, desk.by, answered=0)
    operations.remove(desk.course, text, desk.by, answered=1)
    assert kept() == {} and not queries.questions(desk.course)


def test_order_within_those_who_are_asked(desk: Desk) -> None:
    keys = [desk.ask(), desk.ask(asked_of=AskedOf.CANDIDATE), desk.ask(), desk.ask()]
    operations.move(desk.course, keys[3], Step.UP, desk.by)
    operations.move(desk.course, keys[1], Step.UP, desk.by)
    found = [one.id for one in queries.questions(desk.course)]
    assert found == [keys[0], keys[1], keys[3], keys[2]]


def test_the_usual_questions_once_and_in_four_languages(desk: Desk) -> None:
    added = operations.add_usual(desk.course, list(UsualSet), desk.by)
    assert added == sum(map(len, SETS.values()))
    assert operations.add_usual(desk.course, list(UsualSet), desk.by) == 0
    for one in queries.questions(desk.course):
        assert set(one.titles) == {"en", "es", "fr", "pt_BR"}
        assert len(set(one.titles.values())) > 1, one.titles
        assert one.asked_of is AskedOf.SELECTED


def test_a_course_asks_a_bounded_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST", 2)
    desk.ask()
    desk.ask()
    with pytest.raises(TooManyQuestions):
        desk.ask()
    with pytest.raises(TooManyQuestions):
        operations.add_usual(desk.course, [UsualSet.TRAVEL], desk.by)


def test_a_copied_course_asks_the_same_and_nobody_has_answered(desk: Desk) -> None:
    choice = desk.ask(K.ONE, seen_by=SeenBy.LEAD, kept_for=KeptFor.YEAR)
    desk.answer(choice, "1")
    code = creation_operations.save_template(desk.by, "BUE27", "T-BUE27")
    made = courses.by_code(code).id
    (copied,) = queries.questions(made)
    assert copied.asking == question(choice).asking
    assert copied.id != choice and queries.numbers(made) == {}


def test_a_file_is_known_by_its_content_sealed_and_replaced(desk: Desk) -> None:
    file = desk.ask(K.FILE)
    before = files_kept()
    for content, refusal in (
        (b"<html>", KindNotTaken),
        (making.PDF + bytes(6_000_000), FileTooLarge),
    ):
        with pytest.raises(refusal):
            desk.send(file, content=content)
    assert files_kept() == before, "nothing is left of what was refused"
    desk.send(file)
    desk.send(file, "Photo.png", making.png())
    assert kept()[file]["name"] == "Photo.png"
    assert files_kept() == before + 1, "the one before is gone"
    answer_operations.answer_own(desk.number, {file: Typed("words")}, desk.person)
    assert kept()[file]["name"] == "Photo.png", "a file is not answered by words"
    answer_operations.remove_file(desk.number, file, desk.person)
    assert files_kept() == before and kept() == {}
    with pytest.raises(NotFound):
        answer_operations.remove_file(desk.number, file, desk.person)
    with pytest.raises(NotFound):
        desk.send(desk.ask())
    assert files_kept() == before


def test_whose_answers_are_missing_is_emailed_once_a_day(desk: Desk) -> None:
    text = desk.ask(titles={"en": "How do you come?", "es": "¿Cómo viene?"})
    desk.ask(required=False)
    desk.ask(asked_of=AskedOf.FOCAL_POINT)
    acting.standing(desk.course, State.OFFERED)
    assert answer_operations.chase(desk.course, desk.by) == 1
    (mail,) = factories.mails("registration_questions")
    assert "How do you come?" in mail.body and desk.number in mail.body
    with pytest.raises(NobodyMissing):
        answer_operations.chase(desk.course, desk.by)
    later(timedelta(days=1, minutes=1))
    assert answer_operations.chase(desk.course, desk.by) == 1
    later(timedelta(days=2))
    desk.answer(text, "By bus")
    with pytest.raises(NobodyMissing):
        answer_operations.chase(desk.course, desk.by)
    with pytest.raises(NotFound):
        answer_operations.chase(desk.course, acting.focal_point())


def later(much: timedelta) -> None:
    """Let all emails have been written earlier."""
    with transaction() as session:
        for mail in session.scalars(select(OutboxMail)):
            mail.created_at -= much


def test_emailing_many_takes_no_more_statements(each_app: Flask) -> None:
    found = []
    for number, people in enumerate((2, 12)):
        course = factories.course(f"MANY2{number}", capacity=40)
        acting.share_out(course, {})
        acting.crowd(course, State.CONFIRMED, people)
        by = acting.organiser()
        operations.add(course, asking.asking(), by)
        with counting.statements() as sent:
            assert answer_operations.chase(course, by) == people
        found.append(len(sent))
    assert found[0] == found[1]


@pytest.mark.parametrize(("days", "mails"), [(30, 0), (20, 1), (1, 1), (0, 0), (-3, 0)])
def test_the_round_reminds_weekly_from_three_weeks_before(
    desk: Desk, days: int, mails: int
) -> None:
    desk.ask()
    ends(desk.course, days)
    answer_operations.remind()
    answer_operations.remind()
    assert len(factories.mails("registration_questions")) == mails
    later(timedelta(days=7))
    answer_operations.remind()
    assert len(factories.mails("registration_questions")) == 2 * mails


def test_answers_are_erased_at_their_date(desk: Desk) -> None:
    file = desk.ask(K.FILE, kept_for=KeptFor.COURSE)
    month = desk.ask(kept_for=KeptFor.MONTH)
    before = files_kept()
    desk.send(file)
    desk.answer(month, "A bus")
    ends(desk.course, 0)
    answer_operations.clear()
    assert set(kept()) == {file, month}, "on the last day all is there"
    ends(desk.course, -2)
    answer_operations.clear()
    assert set(kept()) == {month} and files_kept() == before
    ends(desk.course, -31)
    answer_operations.clear()
    assert kept() == {}
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.act == "answer.clear").order_by(AuditEntry.number)
    ).all()
    assert len(acts) == 2, "a round with nothing to erase leaves no row"


def test_details_of_who_withdrew_are_erased_after_a_week(desk: Desk) -> None:
    text, early = desk.ask(), desk.ask(asked_of=AskedOf.CANDIDATE)
    desk.answer(text, "A bus")
    desk.answer(early, "Kept for the record")
    seats.withdraw(desk.number, "Ill", desk.person)
    answer_operations.clear()
    assert set(kept()) == {text, early}
    with transaction() as session:
        session.execute(
            update(Registration)
            .values(state_at=clock.now() - timedelta(days=7, minutes=1))
            .execution_options(scope="operation")
        )
    answer_operations.clear()
    assert set(kept()) == {early}


def raced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A question is removed, as one without answers, while somebody answers it."""
    desk = asking.desk()
    text = desk.ask()
    acts = [
        partial(operations.remove, desk.course, text, desk.by, answered=0),
        partial(desk.answer, text, "A bus"),
    ]
    found = racing.both_look(app, monkeypatch, queries, ("number", "answers_of"), acts)
    return sorted(type(one).__name__ for one in found)


ONE = (["NoneType", "NotFound"], ["AnswersChanged", "NoneType"])


def test_a_question_is_not_removed_from_under_an_answer(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raced(each_app, monkeypatch) in ONE


def test_without_the_locks_it_would_be(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    racing.take_locks_off(monkeypatch, courses, locked_queries)
    assert raced(each_app, monkeypatch) not in ONE


def given_twice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What becomes of two answers to one question at the same moment."""
    desk = asking.desk()
    text = desk.ask()
    acts = [partial(desk.answer, text, "A bus"), partial(desk.answer, text, "A train")]
    found = racing.both_look(app, monkeypatch, queries, "answers_of", acts)
    return [type(one).__name__ for one in found]


def test_of_two_answers_at_once_the_later_stands(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert given_twice(each_app, monkeypatch) == ["NoneType", "NoneType"]
    assert len(kept()) == 1


def test_without_the_locks_one_answer_breaks(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses, locked_queries)
    assert given_twice(each_app, monkeypatch) != ["NoneType", "NoneType"]
