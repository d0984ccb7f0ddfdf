"""A module or programme is changed by the agency that owns it, and copied by others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, racing, teaching
from tests.programmes import keeping
from trainings.accounts.models import AccountGrant
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.courses import operations, ownership_rules, programme_queries
from trainings.courses import writes as course_writes
from trainings.courses.models import Module, Programme
from trainings.courses.ownership_rules import NobodysYet, NotYourAgency, NotYours
from trainings.courses.programme_rules import (
    CodeTaken,
    FollowsItself,
    LessonState,
    ModuleInUse,
    ShortCodeRefused,
)
from trainings.programmes import operations as lessons


def organiser(agency: str = "IOM") -> Viewer:
    return factories.account(Role.ORGANISER, agency=agency)


def change(by: Viewer, agency_id: str | None = None) -> None:
    operations.change_module("investigation", {"en": "New"}, {}, [], by=by, agency_id=agency_id)


def module(code: str = "investigation") -> Module:
    db.session.remove()
    return programme_queries.module(code)


def programme(code: str = "SPAR") -> Programme:
    db.session.remove()
    return programme_queries.programme(code)


@pytest.fixture
def phase_id(each_app: Flask) -> str:
    """A phase of IOM's programme, which has a lesson that IOM's module covers."""
    by = organiser()
    module_id = teaching.module()
    agency_id = factories.agency_id()
    operations.add_programme("SPAR", {"en": "Spartacus"}, {"en": "T"}, agency_id=agency_id, by=by)
    lesson_id = keeping.lesson(by, "Follow", "SPAR")
    keeping.take_up(by, lesson_id, "SPAR", module_id=module_id)
    return operations.keep_phase("SPAR", None, {"en": "Operation"}, {"en": "F"}, None, None, by=by)


def test_its_own_organisers_change_a_module_and_nobody_else(each_app: Flask) -> None:
    course_id = factories.course()
    teaching.module()
    for stranger in (
        organiser("INTERPOL"),
        factories.account(Role.ORGANISER, course_id=course_id),
        factories.account(Role.ADMINISTRATOR),
        Viewer(),
    ):
        with pytest.raises(NotYours) as refused:
            change(stranger)
        assert str(refused.value).startswith("IOM owns this")
        with pytest.raises(NotYours):
            operations.remove_module("investigation", by=stranger)
    change(organiser())
    assert module().titles == {"en": "New"}


def test_what_nobody_owns_is_the_administrators_to_change_and_to_give(each_app: Flask) -> None:
    teaching.module(agency=None)
    with pytest.raises(NobodysYet):
        change(organiser())
    administrator = factories.account(Role.ADMINISTRATOR)
    change(administrator)
    assert module().agency_id is None
    change(administrator, factories.agency_id("UNODC"))
    assert module().agency_id == factories.agency_id("UNODC")
    with pytest.raises(NotYours):
        change(administrator, factories.agency_id("IOM"))
    change(organiser("UNODC"), factories.agency_id("IOM"))
    assert module().agency_id == factories.agency_id("UNODC"), "an owner stays the owner"


def test_a_copy_is_the_copiers_and_says_where_it_comes_from(each_app: Flask) -> None:
    by, source_id = organiser("INTERPOL"), teaching.module()
    own = {"agency_id": factories.agency_id("INTERPOL"), "by": by}
    with pytest.raises(CodeTaken):
        operations.copy_module("investigation", "investigation", **own)
    with pytest.raises(ShortCodeRefused):
        operations.copy_module("investigation", "a/b", **own)
    with pytest.raises(NotYourAgency):
        operations.copy_module("investigation", "mine", agency_id=factories.agency_id(), by=by)
    assert operations.copy_module("investigation", "mine", **own) == "mine"
    operations.change_module("mine", {"en": "Ours"}, {"en": ["See"]}, ["mining"], by=by)
    made = module("mine")
    assert (made.titles, made.copied_from_id) == ({"en": "Ours"}, source_id)
    assert module().titles == {"en": "Module investigation"}
    operations.remove_module("investigation", by=organiser())
    assert module("mine").copied_from is None


def test_nobody_writes_in_the_name_of_another_agency(each_app: Flask) -> None:
    by, other = organiser("INTERPOL"), factories.agency_id("UNODC")
    with pytest.raises(NotYourAgency):
        operations.add_module("m1", {"en": "M"}, {}, [], agency_id=other, by=by)
    with pytest.raises(NotYourAgency):
        operations.add_programme("P1", {"en": "P"}, {}, agency_id=other, by=by)
    assert not programme_queries.modules() and not programme_queries.programmes()


def test_a_programme_with_all_its_parts_is_its_owners(phase_id: str) -> None:
    lesson_id = programme().lessons[0].id
    acts: list[Callable[[Viewer], object]] = [
        lambda by: operations.change_programme("SPAR", {"en": "X"}, {}, by=by),
        lambda by: operations.keep_phase("SPAR", phase_id, {"en": "X"}, {}, None, None, by=by),
        lambda by: operations.keep_phase("SPAR", None, {"en": "X"}, {}, None, None, by=by),
        lambda by: lessons.remove_lesson("SPAR", lesson_id, by=by),
        lambda by: operations.remove_phase("SPAR", phase_id, by=by),
    ]
    stranger, own = organiser("INTERPOL"), organiser()
    for act in acts:
        with pytest.raises(NotYours):
            act(stranger)
    kept = programme()
    assert (kept.titles, len(kept.phases), len(kept.lessons)) == ({"en": "Spartacus"}, 1, 1)
    for act in acts:
        act(own)


def test_a_programme_is_copied_with_its_phases_and_lessons(phase_id: str) -> None:
    by = organiser("INTERPOL")
    agency_id = factories.agency_id("INTERPOL")
    with pytest.raises(CodeTaken):
        operations.copy_programme("SPAR", "SPAR", agency_id=agency_id, by=by)
    with pytest.raises(NotYourAgency):
        operations.copy_programme("SPAR", "OURS", agency_id=factories.agency_id(), by=by)
    operations.copy_programme("SPAR", "OURS", agency_id=agency_id, by=by)
    source, made = programme(), programme("OURS")
    assert made.copied_from_id == source.id and made.agency_id == agency_id
    assert [(one.titles, one.texts) for one in made.phases] == [({"en": "Operation"}, {"en": "F"})]
    assert [one.texts for one in made.lessons] == [one.texts for one in source.lessons]
    assert {one.state for one in made.lessons} == {LessonState.OPEN}, "nobody took up the copy"
    operations.remove_phase("OURS", made.phases[0].id, by=by)
    assert len(programme().phases) == 1


def test_a_programme_never_follows_itself_round_a_corner(phase_id: str) -> None:
    own = {"agency_id": factories.agency_id(), "by": organiser()}
    operations.add_programme("NEXT", {"en": "Next"}, {}, **own)
    first, following = programme(), programme("NEXT")
    operations.change_programme("NEXT", {"en": "N"}, {}, by=own["by"], follows_id=first.id)
    assert programme_queries.line(following.id) == [following.id, first.id]
    for other in (first.id, following.id):
        with pytest.raises(FollowsItself):
            operations.change_programme("SPAR", {"en": "S"}, {}, by=own["by"], follows_id=other)


def test_a_proposed_code_is_short_enough_and_free() -> None:
    assert ownership_rules.code_of_copy("money", "INTERPOL", []) == "money-interpol"
    assert ownership_rules.code_of_copy("a" * 20, "UNODC", []) == "a" * 14 + "-unodc"
    taken = ["money-iom", "money-iom-2"]
    assert ownership_rules.code_of_copy("money", "IOM", taken) == "money-iom-3"


def _copy_while_removed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What came of a copy and a removal that both looked before either wrote.

    The copy is written once the removal has let go of the copies there are, unless the lock
    forbids it.
    """
    own, other = organiser(), organiser("INTERPOL")
    agency_id = factories.agency_id("INTERPOL")
    teaching.module()
    db.session.remove()
    forgotten = threading.Event()
    forget_source, add_module = course_writes.forget_source, course_writes.add_module

    def forget(*args: Any) -> None:
        forget_source(*args)
        forgotten.set()

    def add(*args: Any, **values: Any) -> Module:
        racing.wait_until(forgotten.is_set)
        return add_module(*args, **values)

    monkeypatch.setattr(course_writes, "forget_source", forget)
    monkeypatch.setattr(course_writes, "add_module", add)
    acts: list[Callable[[], object]] = [
        lambda: operations.copy_module("investigation", "mine", agency_id=agency_id, by=other),
        lambda: operations.remove_module("investigation", by=own),
    ]
    return racing.both_look(app, monkeypatch, programme_queries, "module", acts)


def test_a_module_removed_while_it_is_copied_leaves_no_loose_end(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = _copy_while_removed(each_app, monkeypatch)
    assert not [one for one in came if isinstance(one, Exception) and not _said(one)], came
    assert all(one.copied_from_id is None for one in programme_queries.modules())


def _said(fault: Exception) -> bool:
    return isinstance(fault, ModuleInUse) or type(fault).__name__ == "NotFound"


def test_without_the_lock_it_breaks(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    racing.take_locks_off(monkeypatch, programme_queries)
    came = _copy_while_removed(each_app, monkeypatch)
    assert [one for one in came if isinstance(one, Exception)], "it holds without its lock"


def test_the_pages_say_whose_it_is_and_offer_what_one_may(client: FlaskClient) -> None:
    teaching.module()
    with transaction() as session:
        course_writes.add_programme(
            session,
            code="SPAR",
            agency_id=factories.agency_id(),
            titles={"en": "Spartacus"},
            texts={},
        )
    factories.sign_in(client, organiser("INTERPOL"))
    assert "IOM" in client.get("/modules").text
    page = client.get("/modules/investigation").text
    assert "<dt>Owned by</dt><dd>IOM</dd>" in page and "Copy to my agency" in page
    assert "/modules/investigation/edit" not in page
    refused = client.get("/modules/investigation/edit")
    assert refused.status_code == 409 and "IOM owns this" in refused.text
    spartacus = client.get("/programmes/SPAR").text
    assert "Copy to my agency" in spartacus and "/programmes/SPAR/edit" not in spartacus
    assert "Add a phase" not in spartacus and "Open a finding" not in spartacus
    form = client.get("/modules/investigation/copy").text
    assert 'value="investigati-interpol"' in form
    made = client.post("/modules/investigation/copy", data={"code": "mine"}, follow_redirects=True)
    assert "Copied. Your agency can change the copy." in made.text
    assert '<a href="/modules/investigation">Module investigation</a></dd>' in made.text
    assert "/modules/mine/edit" in made.text
    copied = client.post("/programmes/SPAR/copy", data={"code": "OURS"}, follow_redirects=True)
    assert '<a href="/programmes/SPAR">Spartacus</a></dd>' in copied.text
    assert "is already in use" in client.post("/modules/mine/copy", data={"code": "mine"}).text


def test_an_administrator_gives_an_owner_on_the_page(client: FlaskClient) -> None:
    teaching.module(agency=None)
    factories.sign_in(client, factories.account(Role.ADMINISTRATOR))
    assert client.get("/modules/new").status_code == 404
    assert client.get("/modules/investigation/copy").status_code == 404
    assert "Add a module" not in client.get("/modules").text
    assert "Agency that owns it" in client.get("/modules/investigation/edit").text
    data = {"title_en": "Known", "agency_id": factories.agency_id("UNODC")}
    saved = client.post("/modules/investigation/edit", data=data, follow_redirects=True)
    assert "<dt>Owned by</dt><dd>UNODC</dd>" in saved.text
    assert client.get("/modules/investigation/edit").status_code == 409


def test_who_organises_for_two_agencies_says_for_which(client: FlaskClient) -> None:
    both = organiser()
    with transaction() as session:
        session.add(
            AccountGrant(
                account_id=both.account_id,
                role=str(Role.ORGANISER),
                agency_id=factories.agency_id("UNODC"),
                given_at=clock.now(),
            )
        )
    factories.sign_in(client, both)
    assert "Agency that owns it" in client.get("/modules/new").text
    data = {"code": "m1", "title_en": "M", "agency_id": factories.agency_id("UNODC")}
    assert client.post("/modules/new", data=data).status_code == 303
    assert module("m1").agency_id == factories.agency_id("UNODC")
    wrong = {**data, "code": "m2", "agency_id": factories.agency_id("INTERPOL")}
    assert client.post("/modules/new", data=wrong).status_code == 200
