"""A visitor's page changes at once with what it shows, whoever changes it, and with time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests import counting, factories, teaching
from tests.web import shown
from tests.web.shown import COURSE, kept, lead, text
from trainings.agencies import operations as agencies
from trainings.agencies.operations import AgencyFacts, FunctionFacts
from trainings.agreements import operations as agreements
from trainings.app import create_app
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role
from trainings.core.shown import ASKED
from trainings.courses import operations as courses
from trainings.courses import views as courses_views
from trainings.courses.models import Course
from trainings.courses.rules import CourseMove, Visibility
from trainings.desk.move_operations import move_course
from trainings.planning.section_rules import Section
from trainings.planning.setting_operations import change_section
from trainings.web import visitor_pages

NEW = {"en": "Altogether new"}


@pytest.fixture
def course(each_app: Flask) -> str:
    """A public course with a module, whose second agency has not answered; nothing is kept."""
    return shown.course(each_app)


def _agency() -> None:
    agencies.change_agency("IOM", AgencyFacts(NEW, NEW, "#000000", 0), by="x" * 22)


def _function() -> None:
    agencies.change_function("judge", FunctionFacts(NEW, {}, 0), by="x" * 22)


def _module() -> None:
    courses.change_module("investigation", NEW, {}, [], by=lead())


def _modules() -> None:
    course_id = db.session.query(Course.id).scalar()
    teaching.teach(course_id)


def _agreement() -> None:
    agreements.agree(factories.account(Role.ORGANISER, agency="UNODC"), "BUE27", "UNODC")


def _invited() -> None:
    values = {"functions": ["judge", "police"], "countries": ["BO"]}
    change_section(lead(), "BUE27", Section.INVITED, values)


def _contact() -> None:
    values = {"contact": "new@iom.example", "signatories": []}
    change_section(lead(), "BUE27", Section.CERTIFICATES, values)


def _hidden() -> None:
    with transaction() as session:
        session.execute(update(Course).values(visibility=Visibility.BY_LINK))


def _moved() -> None:
    move_course(lead(), "BUE27", CourseMove.CANCEL, "Floods")


def _added() -> None:
    factories.course("NEW27", visibility=Visibility.PUBLIC, titles=NEW)


# The act; the page it changes; what stands there before and not after, and the other way round.
ACTS: dict[str, tuple[Callable[[], None], str, str, str]] = {
    "an agency is renamed": (_agency, COURSE, "IOM · INTERPOL", "Altogether new · INTERPOL"),
    "an agency is renamed: list": (_agency, "/courses", "IOM · INTERPOL", "Altogether new"),
    "an agency is renamed: start": (_agency, "/", "IOM · INTERPOL", "Altogether new"),
    "a function is renamed": (_function, COURSE, "Judge", "Altogether new"),
    "a module is renamed": (_module, COURSE, "Module investigation", "Altogether new"),
    "modules are taken away": (_modules, COURSE, "Module investigation", ""),
    "an agency agrees": (_agreement, COURSE, "", "INTERPOL · UNODC"),
    "others are invited": (_invited, COURSE, "Argentina, ", "<p>Bolivia</p>"),
    "another contact": (_contact, COURSE, "courses@trainings.example", "new@iom.example"),
    "by link only": (_hidden, COURSE, "Course for investigators", "Page not found"),
    "by link only: list": (_hidden, "/courses", "Course for investigators", "No courses are"),
    "cancelled": (_moved, COURSE, "Apply for a seat", "Cancelled"),
    "cancelled: start": (_moved, "/", "Course for investigators", "No course is open"),
    "another course": (_added, "/courses", "", "Altogether new"),
}


@pytest.mark.parametrize("what", ACTS)
def test_a_page_changes_with_the_act(each_app: Flask, course: str, what: str) -> None:
    act, path, before, after = ACTS[what]
    client = each_app.test_client()
    for _ in range(2):
        page = text(client, path)
        assert before in page
        assert not after or after not in page
    assert len(kept(each_app)) == 1
    act()
    with counting.statements() as sent:
        page = text(client, path)
    assert sent.count(ASKED) == 1
    assert after in page
    assert not before or before not in page


@pytest.mark.parametrize("what", ["an agency is renamed", "by link only", "another course"])
def test_without_the_triggers_it_would_not(each_app: Flask, course: str, what: str) -> None:
    act, path, before, after = ACTS[what]
    client = each_app.test_client()
    shown.watch_no_more()
    assert before in text(client, path)
    act()
    assert after not in text(client, path)
    shown.pages(each_app)
    assert after in text(client, path)


def test_two_workers_each_with_a_memory(
    request: pytest.FixtureRequest, each_app: Flask, course: str
) -> None:
    other = create_app(each_app.extensions["settings"])
    ours, theirs = each_app.test_client(), other.test_client()
    try:
        for _ in range(2):
            assert text(ours) == text(theirs)
        assert len(kept(other)) == len(kept(each_app)) == 1
        _module()
        assert "Altogether new" in text(theirs)
        assert text(ours) == text(theirs)
    finally:
        with other.app_context():
            db.session.remove()
            db.engine.dispose()


def _change_meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, while the page is made and before it is kept, somebody renames the module."""
    rendered = courses_views.render_template
    left = [_module]

    def render(*names: str, **values: Any) -> str:
        page = rendered(*names, **values)
        if left:
            act = left.pop()
            thread = threading.Thread(target=lambda: _in(app, act))
            db.session.rollback()
            thread.start()
            thread.join()
        return page

    monkeypatch.setattr(courses_views, "render_template", render)


def _in(app: Flask, act: Callable[[], None]) -> None:
    with app.app_context():
        act()
        db.session.remove()


def test_what_is_changed_while_a_page_is_made_is_there_the_next_time(
    each_app: Flask, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change_meanwhile(each_app, monkeypatch)
    client = each_app.test_client()
    assert "Module investigation" in text(client)
    assert "Altogether new" in text(client)


def test_if_the_stamp_were_read_after_the_page_it_would_not_be(
    each_app: Flask, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change_meanwhile(each_app, monkeypatch)
    view = each_app.view_functions["courses.show"]
    unmarked = view.__wrapped__  # type: ignore[attr-defined]

    def late(**values: Any) -> Any:
        page = unmarked(**values)
        marked = visitor_pages.kept_for_visitors(lambda: page)
        return marked()

    late._access = "public"  # type: ignore[attr-defined]
    monkeypatch.setitem(each_app.view_functions, "courses.show", late)
    client = each_app.test_client()
    assert "Module investigation" in text(client)
    assert "Altogether new" not in text(client)


def test_time_alone_changes_it_to_the_second(
    each_app: Flask, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = each_app.test_client()
    found = db.session.query(Course).one()
    opens, closes, zone = found.registration_opens_on, found.registration_closes_on, found.zone
    db.session.rollback()
    day_before = clock.end_of(opens - timedelta(days=1), zone)
    last = clock.end_of(closes, zone)
    for moment, line, may in (
        (day_before, "opens tomorrow", False),
        (day_before + timedelta(seconds=1), "closes in", True),
        (last, "closes today", True),
        (last + timedelta(seconds=1), "closed", False),
    ):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        page = text(client)
        assert line in page, moment
        assert ("Apply for a seat" in page) is may, moment
