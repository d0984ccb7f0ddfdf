"""The lists of courses, a page at a time, and a course found by its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import counting, factories
from tests.asking import page
from tests.programmes import keeping
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.core.shown import KeptWhileShown
from trainings.courses import public_queries
from trainings.courses.models import Course
from trainings.courses.public_queries import Part
from trainings.courses.rules import CourseState, Visibility


def codes(text: str) -> list[str]:
    return re.findall(r'<span class="soft">(\w+27)</span>', text)


@pytest.fixture
def many(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five courses that come and three that are over, of IOM; two on a page."""
    monkeypatch.setattr(public_queries, "SIZE", 2)
    for place in range(5):
        titles = {"en": f"Course {place}", "es": "Investigación" if place == 3 else "Curso"}
        factories.course(f"NEW{place}27", starts_in=30 + place, titles=titles)
    for place in range(3):
        factories.course(f"OLD{place}27", starts_in=-30 - place, state=CourseState.COMPLETED)
    factories.course("PUB27", lead="UNODC", agencies=("UNODC",), visibility=Visibility.PUBLIC)


@pytest.mark.usefixtures("many")
def test_each_list_has_pages_of_its_own(each_app: Flask) -> None:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    found = public_queries.lists(viewer, {Part.CURRENT: 2, Part.PAST: 99}, "")
    shown = {part: [course.code for course in one.rows] for part, one in found.items()}
    assert shown[Part.CURRENT] == ["NEW227", "NEW327"], "the nearest first"
    assert shown[Part.PAST] == ["OLD227"], "the latest first; a page beyond the last is the last"
    assert shown[Part.OPEN] == ["PUB27"]
    assert shown[Part.DRAFTS] == [] and found[Part.DRAFTS].pages == 1
    assert found[Part.CURRENT].total == 5 and found[Part.CURRENT].pages == 3


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("new3", ["NEW327"]),
        ("investigación", ["NEW327"]),
        ("course 4", ["NEW427"]),
        ("buenos new1", ["NEW127"]),
        ("100%", []),
        ('"', []),
    ],
)
def test_courses_are_found_by_words(each_app: Flask, words: str, found: list[str]) -> None:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    shown = public_queries.lists(viewer, {}, words)[Part.CURRENT]
    assert [course.code for course in shown.rows] == found
    db.session.close()


def test_the_page_keeps_the_other_lists_where_they_are(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_queries, "SIZE", 2)
    for place in range(5):
        factories.course(f"NEW{place}27", starts_in=30 + place)
        factories.course(f"OLD{place}27", starts_in=-30 - place, state=CourseState.COMPLETED)
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    text = page(client, "/courses?current=2&past=3&find=7")
    assert codes(text) == ["NEW227", "NEW327", "OLD427"]
    onward = re.findall(r'href="/courses\?([^"]*current=3[^"]*)"', text)
    assert onward and all("past=3" in one and "find=7" in one for one in onward)
    assert "No matches" in page(client, "/courses?find=nothing")
    new = page(client, "/courses/new?find=old1")
    assert "OLD127" in new and "OLD227" not in new
    none = page(client, "/courses/new?find=nothing")
    assert "No course has these words in its title, city or code." in none
    assert 'value="nothing"' in none and 'href="/courses/new"' in none, "and a way back"


COUNTS = re.compile(r"count\(\*\)")


def seen(viewer: Viewer) -> dict[Part, list[str]]:
    """The courses that a viewer is shown now, as a page would."""
    db.session.close()
    found = public_queries.lists(viewer, {}, "")
    return {part: [course.code for course in one.rows] for part, one in found.items()}


def counted(act: Callable[[], object]) -> int:
    """How many statements count courses, in a page of its own."""
    db.session.close()
    with counting.statements() as sent:
        act()
    return sum(bool(COUNTS.search(one)) for one in sent)


def test_the_lists_are_looked_up_once_until_a_course_changes(each_app: Flask) -> None:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    programme = keeping.programme(viewer)
    made = factories.course("ONE27", programme_id=programme)
    pages = (
        lambda: public_queries.lists(viewer, {}, ""),
        lambda: public_queries.of_programme(viewer, programme, 1),
        lambda: public_queries.earlier(viewer, "", "ONE27"),
    )
    for one in pages:
        assert counted(one) == 1, "the first time"
        assert counted(one) == 0, "until something changes"
        with transaction() as session:
            session.execute(update(Course).values(capacity=Course.capacity + 1))
        assert counted(one) == 1, "whatever statement changes it"
    assert seen(viewer)[Part.CURRENT] == ["ONE27"]
    with transaction() as session:
        assert counted(pages[0]) == 1, "in a transaction each time"
        session.execute(update(Course).where(Course.id == made).values(state=CourseState.COMPLETED))
    assert seen(viewer)[Part.PAST] == ["ONE27"] and seen(viewer)[Part.CURRENT] == []
    assert [one.code for one in pages[2]().rows] == ["ONE27"]


def test_what_is_kept_for_one_is_not_shown_to_another(each_app: Flask) -> None:
    factories.course("IOM27", agencies=("IOM",))
    factories.course("UN27", lead="UNODC", agencies=("UNODC",))
    viewers = {
        "IOM27": factories.account(Role.ORGANISER, agency="IOM"),
        "UN27": factories.account(Role.ORGANISER, agency="UNODC"),
    }
    for _time in range(2):
        for code, viewer in viewers.items():
            assert seen(viewer)[Part.CURRENT] == [code]
            assert [one.code for one in public_queries.earlier(viewer, "", "").rows] == [code]


def test_what_changes_while_it_is_looked_up_is_looked_up_again(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = factories.account(Role.ORGANISER, agency="IOM")
    made = factories.course("ONE27")
    look = public_queries._looked_up

    def changed_meanwhile(*given: Any) -> Any:
        found = look(*given)
        db.session.close()
        with transaction() as session:
            session.execute(
                update(Course).where(Course.id == made).values(state=CourseState.COMPLETED)
            )
        return found

    monkeypatch.setattr(public_queries, "_looked_up", changed_meanwhile)
    seen(viewer)
    monkeypatch.undo()
    assert seen(viewer)[Part.PAST] == ["ONE27"]


def test_nothing_long_that_is_sent_is_kept(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand lists are kept; a form can hold half a megabyte."""
    monkeypatch.setattr(public_queries, "_PAGES", pages := KeptWhileShown[Any]())
    factories.course("ONE27")
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    assert client.post("/courses/new", data={"source": "x" * 100_000}).status_code == 200
    assert client.get(f"/courses/new?find={'x' * 5000}").status_code == 200
    keys = (wanted for wanted in pages._kept if isinstance(wanted, tuple))
    kept = [one for key in keys for one in key if isinstance(one, str)]
    assert len(pages._kept) == 2 and all(len(one) <= public_queries.LONGEST for one in kept)
