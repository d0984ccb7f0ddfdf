"""A view of the candidates is saved, opened, renamed and deleted; whose it is; what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.racing import both_look, take_locks_off
from tests.registrations import acting
from tests.selection.desk import DESK
from trainings.core.db import db, transaction
from trainings.core.errors import NotFound
from trainings.core.permissions import Role, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.registrations.rules import State
from trainings.saved_views import operations, queries, writes
from trainings.saved_views.models import SavedView
from trainings.saved_views.rules import MOST, NameTaken, NothingToKeep, TooManyViews, asked_of

ASKED = {"state": "undecided", "country": "BO", "columns": "unit,sex", "sort": "-country"}
NEW = f"{DESK}/views/new"


@pytest.fixture
def course(each_app: Flask) -> str:
    """A course with a candidate."""
    found = factories.course()
    acting.standing(found, State.ENDORSED)
    return found


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    """Its organiser."""
    return acting.organiser()


def client_of(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, viewer)
    return client


def names(course_id: str, viewer: Viewer) -> list[str]:
    db.session.close()
    return [one.name for one in queries.views(viewer, db.session.get_one(Course, course_id))]


def test_saved_opened_renamed_and_deleted(each_app: Flask, course: str, by: Viewer) -> None:
    client = client_of(each_app, by)
    here = f"{DESK}?state=undecided&country=BO&columns=unit"
    assert "Save this view" in client.get(here).text
    assert "Save this view" not in client.get(DESK).text, "everything is no view"
    address = f"{NEW}?state=undecided&country=BO&columns=unit&q=yes"
    page = client.get(address).text
    assert "What you searched for is not kept" in page
    assert "Enter a name for the view." in client.post(address, data={"whose": "me"}).text
    saved = client.post(address, data={"name": "To decide", "whose": "me"})
    assert saved.status_code == 303 and "q=" not in saved.headers["Location"]
    page = client.get(saved.headers["Location"]).text
    assert "To decide" in page and 'aria-current="true"' in page and "(only mine)" in page
    assert "Save this view" not in page, "it is saved already"
    (row,) = db.session.scalars(select(SavedView))
    assert row.asked == {"state": "undecided", "country": "BO", "columns": "unit"}
    assert b"decide" not in row.name
    path = f"{DESK}/views/{row.id}"
    db.session.close()
    assert client.post(path, data={"name": "Bolivia", "whose": "course"}).status_code == 303
    assert names(course, by) == ["Bolivia"]
    assert client.post(f"{path}/remove").status_code == 303
    assert names(course, by) == [] and client.get(path).status_code == 404


def test_ones_own_view_is_nobody_elses_and_the_courses_is_everybodys(
    each_app: Flask, course: str, by: Viewer
) -> None:
    own = operations.save(course, "Mine", False, ASKED, by)
    shared = operations.save(course, "Ours", True, ASKED, by)
    other = acting.organiser("INTERPOL")
    assert names(course, by) == ["Ours", "Mine"] and names(course, other) == ["Ours"]
    client = client_of(each_app, other)
    assert client.get(f"{DESK}/views/{own}").status_code == 404
    assert client.post(f"{DESK}/views/{own}/remove").status_code == 404
    for act in (
        operations.remove,
        lambda *given: operations.rename(*given[:2], "X", True, by=other),
    ):
        with pytest.raises(NotFound):
            act(course, own, other)
    operations.rename(course, shared, "Everybody's", True, other)
    operations.remove(course, shared, other)
    assert names(course, by) == ["Mine"]


def test_who_does_not_organise_the_course_has_no_views(
    each_app: Flask, course: str, by: Viewer
) -> None:
    elsewhere = factories.account(Role.ORGANISER, course_id=factories.course("PER27"))
    key = operations.save(course, "Ours", True, ASKED, by)
    for act in (
        lambda: operations.save(course, "Theirs", False, ASKED, elsewhere),
        lambda: operations.rename(course, key, "Theirs", True, elsewhere),
        lambda: operations.remove(course, key, elsewhere),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_is_refused(each_app: Flask, course: str, by: Viewer) -> None:
    operations.save(course, "Judges", False, ASKED, by)
    with pytest.raises(NameTaken):
        operations.save(course, "judges", False, ASKED, by)
    operations.save(course, "Judges", True, ASKED, by)  # of the course: another place
    with pytest.raises(NothingToKeep):
        operations.save(course, "All", False, {"q": "c2VhbGVk", "sort": "waiting"}, by)
    for number in range(MOST - 1):
        operations.save(course, f"View {number}", False, ASKED, by)
    with pytest.raises(TooManyViews):
        operations.save(course, "One more", False, ASKED, by)
    client = client_of(each_app, by)
    page = client.post(f"{NEW}?country=BO", data={"name": "Judges", "whose": "course"}).text
    assert "There is already a view of this name." in page and 'value="Judges"' in page


def test_no_search_and_no_person_is_kept() -> None:
    assert asked_of({**ASKED, "q": "c2VhbGVk", "page": "3", "text": "Rosa"}) == ASKED


def test_ones_own_views_go_with_the_account(each_app: Flask, course: str, by: Viewer) -> None:
    operations.save(course, "Mine", False, ASKED, by)
    operations.save(course, "Ours", True, ASKED, by)
    with transaction() as session:
        writes.forget_views(session, by.account_id or "")
    assert names(course, by) == ["Ours"]


def saved_at_once(app: Flask, course_id: str, by: Viewer, patch: pytest.MonkeyPatch) -> list[Any]:
    def save() -> Any:
        return operations.save(course_id, "Judges", True, ASKED, by)

    acts: list[Callable[[], Any]] = [save, save]
    return both_look(app, patch, queries, "views", acts)


def test_of_two_of_one_name_at_once_one_is_refused(
    each_app: Flask, course: str, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = saved_at_once(each_app, course, by, monkeypatch)
    assert sorted(isinstance(one, NameTaken) for one in found) == [False, True]
    assert names(course, by) == ["Judges"]


def test_without_the_lock_both_are_saved(
    each_app: Flask, course: str, by: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL then keeps two; SQLite turns the second away as busy."""
    take_locks_off(monkeypatch, courses)
    found = saved_at_once(each_app, course, by, monkeypatch)
    assert not any(isinstance(one, NameTaken) for one in found)
