"""The lists of courses, a page at a time, and a course found by its words."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.asking import page
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.courses import public_queries
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
