"""The life of a lesson: opened, owned, taken up, dropped, taken back; who may; what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import factories, teaching
from tests.legislation import keeping as laws
from tests.programmes import keeping
from tests.programmes.keeping import CODE
from trainings.accounts.models import Account, AccountGrant
from trainings.audit.models import AuditEntry
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import operations as programme_operations
from trainings.courses.models import Lesson
from trainings.courses.ownership_rules import NotYours
from trainings.courses.programme_rules import LessonKind, LessonState, ModuleInUse, TextMissing
from trainings.courses.rules import CourseMove, CourseState
from trainings.desk import move_operations
from trainings.privacy import erasing_operations as privacy
from trainings.privacy.rules import Reason
from trainings.programmes import operations, queries
from trainings.programmes.models import LessonStep
from trainings.programmes.operations import Opening
from trainings.programmes.rules import (
    Cause,
    CourseGone,
    DropReasonMissing,
    LessonNotYours,
    LessonStanding,
    ModuleGone,
    NothingCameOfIt,
    NotTheLastChange,
    OpeningNotYours,
    OwnedByAnother,
    TopicGone,
)

OPEN = LessonStanding()


def test_whoever_opens_a_lesson_owns_it(by: Viewer, programme: str) -> None:
    found = keeping.kept(keeping.lesson(by))
    assert (found.state, found.kind) == (LessonState.OPEN, LessonKind.LESSON)
    assert (found.owner_id, found.agency_id) == (by.account_id, factories.agency_id())
    assert found.opened_at is not None
    second = keeping.kept(keeping.lesson(by, "Second", kind=LessonKind.FINDING))
    assert (second.position, second.kind) == (1, LessonKind.FINDING)
    with pytest.raises(TextMissing):
        operations.open_lesson(CODE, Opening(LessonKind.LESSON, {}), by)
    with pytest.raises(NotFound):
        operations.open_lesson(CODE, Opening(LessonKind.LESSON, {"en": "L"}, "no-phase"), by)


def test_organisers_of_its_courses_open_lessons_and_change_their_own_alone(
    by: Viewer, programme: str
) -> None:
    course_id = keeping.course(programme)
    theirs, helper = (
        keeping.organiser("INTERPOL"),
        factories.account(Role.ORGANISER, course_id=course_id),
    )
    first = keeping.lesson(by)
    for other in (theirs, helper):
        own = keeping.lesson(other, "Own")
        keeping.drop(other, own)
        assert keeping.standing(own).state is LessonState.DROPPED
        with pytest.raises(LessonNotYours):
            keeping.drop(other, first)
        with pytest.raises(LessonNotYours):
            operations.change_lesson(CODE, first, LessonKind.LESSON, {"en": "X"}, None, other)
    assert keeping.standing(first) == OPEN


def test_whoever_organises_none_of_its_courses_opens_nothing(by: Viewer, programme: str) -> None:
    elsewhere = factories.course("ELSE27", agencies=("UNODC",), lead="UNODC")
    keeping.course(programme, agencies=("IOM",))
    for stranger in (
        keeping.organiser("UNODC"),
        factories.account(Role.ORGANISER, course_id=elsewhere),
        factories.account(Role.TRAINER, course_id=elsewhere),
        factories.account(Role.FOCAL_POINT, country="BO"),
        factories.account(Role.ADMINISTRATOR),
        Viewer(),
    ):
        with pytest.raises(OpeningNotYours):
            keeping.lesson(stranger)


def test_something_has_to_come_of_what_is_taken_up(by: Viewer, programme: str) -> None:
    lesson = keeping.lesson(by)
    laws.topics()
    module_id = teaching.module()
    with pytest.raises(NothingCameOfIt):
        keeping.take_up(by, lesson)
    with pytest.raises(ModuleGone):
        keeping.take_up(by, lesson, module_id="gone")
    with pytest.raises(TopicGone):
        keeping.take_up(by, lesson, topic="gone")
    with pytest.raises(CourseGone):
        keeping.take_up(by, lesson, course_id="gone")
    assert keeping.standing(lesson) == OPEN
    course_id = keeping.course(programme)
    whole = {"module_id": module_id, "course_id": course_id, "topic": "offence", "note": "Água"}
    keeping.take_up(by, lesson, **whole)
    assert keeping.standing(lesson) == LessonStanding(LessonState.TAKEN_UP, **whole)
    assert keeping.causes(lesson) == [Cause.PERSON]


def test_a_course_elsewhere_or_a_cancelled_one_takes_nothing_up(by: Viewer, programme: str) -> None:
    lesson = keeping.lesson(by)
    other = factories.course("OTH27")
    cancelled = keeping.course(programme, "CAN27", state=CourseState.CANCELLED)
    beyond = keeping.course(programme, "UNO27", lead="UNODC", agencies=("UNODC",))
    template = keeping.course(programme, "TEM27", template=True)
    for course_id in (other, cancelled, beyond, template):
        with pytest.raises(CourseGone):
            keeping.take_up(by, lesson, course_id=course_id)


def test_what_is_dropped_says_why_and_can_be_taken_up_again(by: Viewer, programme: str) -> None:
    lesson, module_id = keeping.lesson(by), teaching.module()
    with pytest.raises(DropReasonMissing):
        keeping.drop(by, lesson, "  ")
    keeping.take_up(by, lesson, module_id=module_id)
    keeping.drop(by, lesson, "太长了 ‒ слишком долго")
    assert keeping.standing(lesson) == LessonStanding(
        LessonState.DROPPED, "太长了 ‒ слишком долго"
    ), "what had come of it is in its history"
    keeping.take_up(by, lesson, module_id=module_id)
    assert keeping.standing(lesson).state is LessonState.TAKEN_UP
    assert keeping.causes(lesson) == [Cause.PERSON] * 3
    operations.set_state(CODE, lesson, keeping.standing(lesson), by)
    assert len(queries.steps(lesson)) == 3, "nothing changed, nothing to tell"


def test_the_last_change_is_taken_back_and_no_other(by: Viewer, programme: str) -> None:
    lesson, module_id = keeping.lesson(by), teaching.module()
    with pytest.raises(NotTheLastChange):
        operations.undo(CODE, lesson, 1, by)
    keeping.take_up(by, lesson, module_id=module_id)
    keeping.drop(by, lesson)
    with pytest.raises(NotTheLastChange):
        operations.undo(CODE, lesson, 1, by)
    operations.undo(CODE, lesson, 2, by)
    assert keeping.standing(lesson) == LessonStanding(LessonState.TAKEN_UP, module_id=module_id)
    for number in (1, 2, 3):
        with pytest.raises(NotTheLastChange):
            operations.undo(CODE, lesson, number, by)
    steps = queries.steps(lesson)
    assert [one.by for one in steps] == [by.account_id] * 3
    assert steps[0].cause is Cause.UNDONE


def test_a_module_stays_while_a_lesson_names_it_and_cannot_come_back_from_the_dead(
    by: Viewer, programme: str
) -> None:
    lesson, module_id = keeping.lesson(by), teaching.module()
    keeping.take_up(by, lesson, module_id=module_id)
    with pytest.raises(ModuleInUse):
        programme_operations.remove_module("investigation", by=by)
    keeping.drop(by, lesson)
    programme_operations.remove_module("investigation", by=by)
    with pytest.raises(ModuleGone):
        operations.undo(CODE, lesson, 2, by)
    assert keeping.standing(lesson).state is LessonState.DROPPED


def test_a_cancelled_course_opens_its_lessons_again(by: Viewer, programme: str) -> None:
    course_id, module_id = keeping.course(programme), teaching.module()
    taken, other = keeping.lesson(by), keeping.lesson(by, "Other")
    keeping.take_up(by, taken, course_id=course_id, module_id=module_id)
    keeping.take_up(by, other, module_id=module_id)
    move_operations.move_course(by, "BUE27", CourseMove.CANCEL, "No money")
    assert keeping.standing(taken) == OPEN
    assert keeping.standing(other).state is LessonState.TAKEN_UP
    assert keeping.causes(taken) == [Cause.PERSON, Cause.CANCELLED]
    with pytest.raises(CourseGone):
        operations.undo(CODE, taken, 2, by)


def test_a_lesson_is_given_up_and_taken_on(by: Viewer, programme: str) -> None:
    keeping.course(programme)
    lesson, other = keeping.lesson(by), keeping.organiser("INTERPOL")
    with pytest.raises(OwnedByAnother):
        operations.take_on(CODE, lesson, other)
    with pytest.raises(LessonNotYours):
        operations.give_up(CODE, lesson, other)
    operations.give_up(CODE, lesson, by)
    assert keeping.kept(lesson).owner_id is None
    with pytest.raises(OpeningNotYours):
        operations.take_on(CODE, lesson, factories.account(Role.ADMINISTRATOR))
    operations.take_on(CODE, lesson, other)
    found = keeping.kept(lesson)
    assert (found.owner_id, found.agency_id) == (other.account_id, factories.agency_id("INTERPOL"))
    keeping.drop(other, lesson)


def test_only_the_programmes_agency_removes_a_lesson_and_its_history(
    by: Viewer, programme: str
) -> None:
    keeping.course(programme)
    other = keeping.organiser("INTERPOL")
    lesson = keeping.lesson(other)
    keeping.drop(other, lesson)
    with pytest.raises(NotYours):
        operations.remove_lesson(CODE, lesson, by=other)
    operations.remove_lesson(CODE, lesson, by=by)
    assert not db.session.scalars(select(Lesson)).all()
    assert not db.session.scalars(select(LessonStep)).all()


def test_the_trail_tells_each_act(by: Viewer, programme: str) -> None:
    course_id = keeping.course(programme, starts_in=200)
    lesson = keeping.lesson(by)
    keeping.drop(by, lesson)
    operations.undo(CODE, lesson, 1, by)
    operations.answer(course_id, lesson, None, by)
    operations.give_up(CODE, lesson, by)
    operations.take_on(CODE, lesson, by)
    operations.remove_lesson(CODE, lesson, by=by)
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.object_id == programme).order_by(AuditEntry.number)
    ).all()
    assert acts == [
        "programme.add",
        "programme.lesson",
        "programme.lesson_state",
        "programme.lesson_state",
        "programme.lesson_left",
        "programme.lesson_owner",
        "programme.lesson_owner",
        "programme.lesson_remove",
    ]


def test_what_an_erased_person_owned_is_nobodys(by: Viewer, programme: str) -> None:
    gone = keeping.organiser(name=("Gil", "Ido"), mail="gil@staff.example")
    lesson = keeping.lesson(gone)
    keeping.drop(gone, lesson)
    with transaction() as session:  # they have left
        session.get_one(Account, gone.account_id).disabled_at = clock.now()
        for grant in session.scalars(
            select(AccountGrant).where(AccountGrant.account_id == gone.account_id)
        ):
            grant.ended_at = clock.now()
    officer = factories.account(Role.DATA_PROTECTION)
    privacy.erase(gone.person_id or "", Reason.ASKED, "Ido", officer)
    found = keeping.kept(lesson)
    assert (found.owner_id, found.agency_id) == (None, factories.agency_id())
    assert [one.by for one in queries.steps(lesson)] == [None]
    operations.take_on(CODE, lesson, by)
