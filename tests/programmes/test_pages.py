"""The pages of programmes and lessons: opened in two clicks, asked one by one, who sees what."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import counting, factories, teaching
from tests.forms_in_pages import form_with
from tests.legislation import keeping as laws
from tests.planning import answers
from tests.programmes import keeping
from tests.programmes.keeping import CODE
from trainings.agenda import operations as agenda
from trainings.core import versions
from trainings.core.db import db
from trainings.core.permissions import Role, Viewer
from trainings.courses import operations as programme_operations
from trainings.courses.programme_rules import LessonKind, LessonSource, LessonState
from trainings.courses.rules import CourseState, Visibility
from trainings.people.models import IdentityRead
from trainings.planning import creation_operations
from trainings.planning.section_rules import Section
from trainings.programmes import operations
from trainings.programmes.operations import Opening

HERE = f"/programmes/{CODE}"


@pytest.fixture
def by(app: Flask) -> Viewer:
    """IOM's organiser."""
    return keeping.organiser(name=("Inés", "Dueña"))


def client_of(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, viewer)
    return client


def link(page: str, words: str) -> str:
    """The address behind these words."""
    found = re.search(rf'href="([^"]+)"[^>]*>{re.escape(words)}', page)
    assert found, words
    return found[1].replace("&amp;", "&")


def reads() -> int:
    db.session.remove()
    return db.session.scalar(select(func.count()).select_from(IdentityRead)) or 0


@pytest.mark.parametrize("state", [LessonState.OPEN, LessonState.TAKEN_UP, LessonState.DROPPED])
def test_the_page_tells_source_owner_status_and_what_came_of_each(
    app: Flask, by: Viewer, programme: str, state: LessonState
) -> None:
    laws.topics()
    phase = programme_operations.keep_phase(
        CODE, None, {"en": "Assessment"}, {"en": "Read files"}, None, None, by=by
    )
    lesson = keeping.lesson(by, phase_id=phase)
    keeping.lesson(by, "What was seen", kind=LessonKind.FINDING)
    if state is LessonState.TAKEN_UP:
        course = keeping.course(programme)
        module = teaching.module()
        teaching.teach(course, module)
        keeping.take_up(by, lesson, module_id=module, course_id=course, topic="offence")
    elif state is LessonState.DROPPED:
        keeping.drop(by, lesson, "Не для курса")
    client = client_of(app, by)
    page = client.get(HERE).text
    assert "Read files" in page and "Entered by hand" in page and ">Finding<" in page
    assert f">{state.label}<" in page
    assert ("Module: Module investigation" in page) is (state is LessonState.TAKEN_UP)
    assert ("Course: Course for investigators" in page) is (state is LessonState.TAKEN_UP)
    assert ("Law checked: Offence" in page) is (state is LessonState.TAKEN_UP)
    assert ("Не для курса" in page) is (state is LessonState.DROPPED)
    only = client.get(f"{HERE}?state={state}&kind=lesson").text
    assert "Follow the money" in only and "What was seen" not in only
    assert "Nothing matches these filters." in client.get(f"{HERE}?state=dropped&kind=finding").text
    assert client.get(f"{HERE}?state=odd&kind=odd&page=-3").status_code == 200


def test_a_module_that_the_course_gave_up_is_pointed_out(
    app: Flask, by: Viewer, programme: str
) -> None:
    lesson, module = keeping.lesson(by), teaching.module()
    course = keeping.course(programme)
    keeping.take_up(by, lesson, module_id=module, course_id=course)
    assert "does not teach this module any more" in client_of(app, by).get(HERE).text
    teaching.teach(course, module)
    assert "does not teach this module any more" not in client_of(app, by).get(HERE).text


def test_an_empty_programme_says_what_it_is_for(app: Flask, by: Viewer, programme: str) -> None:
    page = client_of(app, by).get(HERE).text
    assert "No phases yet" in page and "No findings or lessons yet" in page
    assert "line-picture" not in page


def test_two_clicks_from_the_programme_the_evaluation_and_a_session(
    app: Flask, by: Viewer, programme: str
) -> None:
    course = keeping.course(programme, starts_in=-5, needs_evaluation=True)
    session = agenda.add_session(course, teaching.slot(course, titles={"en": "Opening"}), by)
    client = client_of(app, by)
    starts = {
        HERE: ("Open a finding or lesson", LessonSource.BY_HAND, "By hand"),
        "/courses/BUE27/evaluation": ("Open a lesson", LessonSource.EVALUATION, "Evaluation"),
        f"/courses/BUE27/agenda/{session}": (
            "Open a lesson from this session",
            LessonSource.SESSION,
            "Session",
        ),
        "/courses/BUE27/lessons": ("Open a lesson", LessonSource.BY_HAND, "Course"),
    }
    for path, (words, source, text) in starts.items():
        form = link(client.get(path).text, words)
        answer = client.post(form, data={"kind": "lesson", "text_es": f"Lección {text}"})
        assert answer.status_code == 303, path
        page = client.get(HERE).text
        lesson = link(page, f"Lección {text}").rpartition("/")[2]
        assert keeping.kept(lesson).source is source, path
    for said in (
        "Entered by hand",
        "Evaluation: Course for investigators",
        "Session “Opening”: Course for investigators",
        "Course: Course for investigators",
    ):
        assert said in page
    agenda.remove_session(course, session, by=by)
    assert "Session “Opening”" in client.get(HERE).text, "it says where it came from all the same"
    assert "Lección Evaluation" in client.get("/courses/BUE27/lessons").text


def test_a_planned_course_is_asked_one_by_one(app: Flask, by: Viewer, programme: str) -> None:
    first, second = keeping.lesson(by), keeping.lesson(by, "Second")
    module = teaching.module()
    client = client_of(app, by)
    start = client.get("/courses/new?programme=" + CODE)
    assert start.status_code == 200
    plan = creation_operations.begin_plan(by, programme_code=CODE)
    for section in Section:
        more = {"programme_id": programme} if section is Section.BASICS else {}
        typed = answers.typed(section, **more)
        assert client.post(f"/courses/new/{plan}/{section}", data=typed).status_code == 303
    asked = client.post(f"/courses/new/{plan}")
    assert asked.status_code == 303 and asked.location.endswith(f"/lessons/{first}")
    page = client.get(asked.location).text
    assert "Its programme has 2 open lessons." in page
    assert "Lesson 1 of 2" in page and "Follow the money" in page
    assert "Choose a module" in client.post(asked.location, data={}).text
    assert link(page, "Decide later").endswith(f"/lessons/{second}")
    following = client.post(asked.location, data={"module": "investigation"})
    assert following.location.endswith(f"/lessons/{second}")
    last = client.post(following.location, data={"module": "-"})
    assert last.location.endswith("/lessons")
    page = client.get(last.location).text
    assert "Module: Module investigation" in page and "not in this course" in page
    assert keeping.standing(first).module_id == module
    code = asked.location.split("/")[2]
    desk = client.get(f"/courses/{code}/desk").text
    assert "Lessons that it answers" in desk and "Follow the money" in desk
    assert "All lessons of this course" in desk


def test_the_last_change_is_taken_back_on_the_page(app: Flask, by: Viewer, programme: str) -> None:
    lesson = keeping.lesson(by)
    keeping.drop(by, lesson)
    client = client_of(app, by)
    here = f"{HERE}/lessons/{lesson}"
    page = client.get(here).text
    assert "Take this change back" in page and "Inés Dueña" in page and "Status changed" in page
    done = client.post(f"{here}/undo/1", follow_redirects=True).text
    assert "Taken back." in done and "Last change taken back" in done
    assert "Take this change back" not in done
    again = client.post(f"{here}/undo/1", follow_redirects=True).text
    assert "is not the last one any more" in again
    given = client.post(f"{here}/leave", follow_redirects=True).text
    assert "Nobody owns this now." in given and "no owner" in given
    assert "You own this now." in client.post(f"{here}/own", follow_redirects=True).text


def test_people_are_named_to_who_works_on_lessons_alone_and_it_is_logged(
    app: Flask, by: Viewer, programme: str
) -> None:
    lesson = keeping.lesson(by)
    keeping.drop(by, lesson)
    here = f"{HERE}/lessons/{lesson}"
    before = reads()
    for role, scope in (
        (Role.FOCAL_POINT, {"country": "BO"}),
        (Role.ANALYST, {}),
        (Role.DATA_PROTECTION, {}),
        (Role.ORGANISER, {"agency": "UNODC"}),
    ):
        client = client_of(app, factories.account(role, **scope))
        for path in (here, HERE):
            page = client.get(path).text
            assert "Follow the money" in page and "IOM" in page
            assert "Dueña" not in page and "Take this change back" not in page
    assert reads() == before
    assert "Dueña" in client_of(app, by).get(here).text
    assert reads() == before + 1
    assert "Dueña" not in client_of(app, by).get(HERE).text


def test_who_takes_part_and_nobody_else_is_kept_out(app: Flask, by: Viewer, programme: str) -> None:
    lesson = keeping.lesson(by)
    client = client_of(app, factories.account())
    for path in (HERE, f"{HERE}/lessons/{lesson}", f"{HERE}/programme.pdf", "/programmes"):
        assert client.get(path).status_code == 404, path


def test_a_course_that_the_reader_may_not_see_is_not_told(
    app: Flask, by: Viewer, programme: str
) -> None:
    lesson, module = keeping.lesson(by), teaching.module()
    course = keeping.course(programme, state=CourseState.DRAFT)
    keeping.take_up(by, lesson, module_id=module, course_id=course)
    opening = Opening(LessonKind.LESSON, {"en": "Second"}, None, LessonSource.SESSION, course)
    operations.open_lesson(CODE, opening, by)
    for path in (HERE, f"{HERE}/lessons/{lesson}"):
        page = client_of(app, factories.account(Role.ANALYST)).get(path).text
        assert "Course: A course of the programme" in page
        assert "Course for investigators" not in page and "/courses/BUE27" not in page
    focal = client_of(app, factories.account(Role.FOCAL_POINT, country="BO"))
    assert "Course for investigators" not in focal.get(HERE).text, "it is a draft"
    keeping.lesson(by, "Third")
    public = keeping.course(programme, "PUB27", visibility=Visibility.PUBLIC)
    keeping.take_up(by, lesson, course_id=public)
    assert "Course for investigators" in focal.get(HERE).text


def test_whoever_does_not_organise_sees_months(app: Flask, by: Viewer, programme: str) -> None:
    programme_operations.keep_phase(
        CODE, None, {"en": "Course"}, {}, date(2027, 2, 15), date(2027, 2, 18), by=by
    )
    for viewer, days in ((by, True), (factories.account(Role.FOCAL_POINT, country="BO"), False)):
        page = client_of(app, viewer).get(HERE).text
        assert ("18 Feb 2027" in page) is days
        assert "February 2027" in page


def test_two_people_who_change_one_lesson_at_once(app: Flask, by: Viewer, programme: str) -> None:
    lesson = keeping.lesson(by)
    client, path = client_of(app, by), f"{HERE}/lessons/{lesson}/state"
    first = form_with(client.get(path).text, versions.VERSION)
    second = form_with(client.get(path).text, versions.VERSION)
    change = {"state": ["dropped"], "note": ["Too long"]}
    assert client.post(path, data=first | change).status_code == 303
    module = teaching.module()
    wanted = {"state": ["taken_up"], "module_id": [module]}
    asked = client.post(path, data=second | wanted)
    assert asked.status_code == 200 and "Which do you want to keep?" in asked.text
    assert keeping.standing(lesson).state is LessonState.DROPPED


def test_what_is_missing_is_said_at_its_field(app: Flask, by: Viewer, programme: str) -> None:
    lesson = keeping.lesson(by)
    client = client_of(app, by)
    path = f"{HERE}/lessons/{lesson}/state"
    assert "Choose a status." in client.post(path, data={}).text
    assert "Choose what came of it" in client.post(path, data={"state": "taken_up"}).text
    assert "Say why it is dropped." in client.post(path, data={"state": "dropped"}).text
    long = {"state": "dropped", "note": "x" * 1001}
    assert "This is too long" in client.post(path, data=long).text
    new = f"{HERE}/lessons/new"
    assert (
        "Enter the text in at least one language." in client.post(new, data={"kind": "lesson"}).text
    )
    assert client.get("/courses/NONE27/lessons/new").status_code == 404
    factories.course("NOP27")
    assert client.get("/courses/NOP27/lessons/new").status_code == 404
    assert "belongs to no programme" in client.get("/courses/NOP27/lessons").text


def test_pages_cost_no_more_for_more_lessons_and_phases(
    app: Flask, by: Viewer, programme: str
) -> None:
    course, module = keeping.course(programme), teaching.module()

    def cost(path: str) -> int:
        client = client_of(app, by)
        client.get(path)
        with counting.statements() as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    def take(number: int) -> None:
        for one in range(number):
            lesson = keeping.lesson(by, f"Taken {one}")
            keeping.take_up(by, lesson, module_id=module, course_id=course)

    keeping.fill(programme, 1, 1)
    take(1)
    paths = (f"{HERE}?state=taken_up", HERE, "/courses/BUE27/lessons", "/courses/BUE27/desk")
    few = [cost(path) for path in paths]
    keeping.fill(programme, 200, 40)
    take(3)
    many = [cost(path) for path in paths]
    assert many[0] == few[0] and many[2:] == few[2:]
    assert many[1] <= few[1] <= 14, "the first page of many names fewer modules and courses"
    page = client_of(app, by).get(HERE).text
    assert page.count("<tr role") < 110 and 'rel="next"' in page
