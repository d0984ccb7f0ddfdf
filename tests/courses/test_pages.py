"""What the public finds of a course, and at what cost; programmes, modules, rooms."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories, teaching
from tests.programmes import keeping
from tests.registrations import acting
from trainings.core.permissions import Role
from trainings.courses import operations, programme_queries, queries
from trainings.courses.access_rules import DaysShownTo
from trainings.courses.programme_rules import (
    CodeTaken,
    ModuleInUse,
    PhaseEndsBeforeStart,
    RoomTaken,
    ShortCodeRefused,
    TextMissing,
    TitleMissing,
)
from trainings.courses.rules import CourseState, Visibility
from trainings.programmes import operations as lessons
from trainings.registrations.rules import State


def public_course(**values: object) -> str:
    return factories.course(
        visibility=Visibility.PUBLIC, starts_on=date(2031, 2, 3), ends_on=date(2031, 2, 6), **values
    )  # type: ignore[arg-type]


def test_strangers_read_month_and_city_and_no_more(client: FlaskClient) -> None:
    public_course()
    page = client.get("/courses/BUE27").get_data(as_text=True)

    assert "February 2031" in page
    assert "Buenos Aires" in page
    assert "INTERPOL" in page
    assert "Centro de Formación" not in page
    assert "Feb 2031" not in page


@pytest.mark.parametrize("shown_to", DaysShownTo)
@pytest.mark.parametrize("state", [None, *State])
def test_the_page_tells_days_and_venue_by_how_near_somebody_is(
    client: FlaskClient, shown_to: DaysShownTo, state: State | None
) -> None:
    course_id = public_course(days_shown_to=shown_to)
    if state is not None:
        _number, person = acting.standing(course_id, state)
        factories.sign_in(client, person)
    page = client.get("/courses/BUE27").get_data(as_text=True)

    there, offered = {State.CONFIRMED, State.ATTENDED}, {State.OFFERED}
    days_to = {
        DaysShownTo.EVERYONE: {None, *State},
        DaysShownTo.INVOLVED: set(State),
        DaysShownTo.CONFIRMED: there | offered,
    }
    assert ("Feb 2031" in page) is (state in days_to[shown_to])
    assert ("Centro de Formación" in page) is (state in there)


def test_the_public_page_and_list_take_few_statements(
    client: FlaskClient, statements: list[str]
) -> None:
    course_id = public_course()
    for number in range(5):
        teaching.teach(course_id, teaching.module(f"module{number}"))
    for number in range(9):
        factories.course(f"C-{number}0", visibility=Visibility.PUBLIC)

    statements.clear()
    assert client.get("/courses/BUE27").status_code == 200
    assert len(statements) <= 4, statements
    statements.clear()
    assert client.get("/courses").status_code == 200
    assert len(statements) <= 4, statements  # the stamp, how many, which, and these


def test_the_list_tells_strangers_of_public_courses_only(client: FlaskClient) -> None:
    factories.course("PUB27", visibility=Visibility.PUBLIC, titles={"en": "For all"})
    factories.course("NOM27", titles={"en": "For some"})
    factories.course(
        "DRA27", visibility=Visibility.PUBLIC, state=CourseState.DRAFT, titles={"en": "Later"}
    )
    page = client.get("/courses").get_data(as_text=True)

    assert "For all" in page
    assert "For some" not in page
    assert "Later" not in page


def test_staff_find_their_courses_by_state(client: FlaskClient) -> None:
    factories.course("NOM27", titles={"en": "Ours to run"}, agencies=("UNODC",))
    factories.course("OTH27", titles={"en": "Not ours"}, lead="INTERPOL", agencies=())
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="UNODC"))
    page = client.get("/courses").get_data(as_text=True)

    assert "Ours to run" in page
    assert "/courses/NOM27/desk" in page
    assert "Not ours" not in page


def test_a_programme_grows_by_phases_and_lessons(each_app: Flask) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    own = {"agency_id": factories.agency_id(), "by": by}
    module_id = operations.add_module(
        "investigation", {"en": "Investigation"}, {"en": ["See signs"]}, ["mining"], **own
    )
    operations.add_programme("SPARTACUS", {"en": "Spartacus"}, {}, **own)
    first = operations.keep_phase(
        "SPARTACUS", None, {"en": "Assessment"}, {}, date(2026, 1, 1), None, by=by
    )
    operations.keep_phase("SPARTACUS", None, {"en": "Operation"}, {}, None, None, by=by)
    operations.keep_phase(
        "SPARTACUS", first, {"es": "Evaluación"}, {"en": "Much"}, None, None, by=by
    )
    lesson = keeping.lesson(by, "Follow money", "SPARTACUS", phase_id=first)
    keeping.take_up(by, lesson, "SPARTACUS", module_id=module_id)

    found = programme_queries.programme("SPARTACUS")
    assert [phase.titles for phase in found.phases] == [{"es": "Evaluación"}, {"en": "Operation"}]
    assert [one.module_id for one in found.lessons] == [module_id]
    with pytest.raises(ModuleInUse):
        operations.remove_module("investigation", by=by)
    operations.remove_phase("SPARTACUS", first, by=by)
    assert keeping.kept(lesson).phase_id is None, "what was learned stays"
    lessons.remove_lesson("SPARTACUS", lesson, by=by)
    operations.remove_module("investigation", by=by)

    found = programme_queries.programme("SPARTACUS")
    assert len(found.phases) == 1
    assert not found.lessons
    assert not programme_queries.modules()


def test_what_has_no_name_or_a_wrong_code_is_refused(app: Flask) -> None:
    by = factories.account(Role.ORGANISER, agency="IOM")
    own = {"agency_id": factories.agency_id(), "by": by}
    operations.add_programme("SPARTACUS", {"en": "Spartacus"}, {}, **own)
    with pytest.raises(CodeTaken):
        operations.add_programme("SPARTACUS", {"en": "Again"}, {}, **own)
    with pytest.raises(TitleMissing):
        operations.add_programme("OTHER", {}, {}, **own)
    with pytest.raises(ShortCodeRefused):
        operations.add_programme("a/b", {"en": "Odd"}, {}, **own)
    with pytest.raises(TextMissing):
        keeping.lesson(by, "", "SPARTACUS")
    with pytest.raises(PhaseEndsBeforeStart):
        operations.keep_phase(
            "SPARTACUS", None, {"en": "Odd"}, {}, date(2026, 2, 1), date(2026, 1, 1), by=by
        )
    assert len(programme_queries.programmes()) == 1


def test_a_venue_has_each_room_once(each_app: Flask) -> None:
    room = operations.keep_room(None, "Centro", "Sala A", 40, by=None)
    operations.keep_room(room, "Centro", "Sala A", 50, by=None)
    with pytest.raises(RoomTaken):
        operations.keep_room(None, "Centro", "Sala A", 10, by=None)
    operations.remove_room(room, by=None)

    assert not programme_queries.rooms()


def test_a_form_refuses_in_words_and_keeps_what_was_typed(client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    answer = client.post("/rooms/new", data={"venue": "Centro", "name": "Sala", "seats": "many"})
    page = answer.get_data(as_text=True)

    assert "Enter a whole number in digits." in page
    assert 'value="Sala"' in page
    assert 'value="many"' in page
    assert not programme_queries.rooms()


def test_an_organiser_writes_a_programme_on_its_pages(client: FlaskClient) -> None:
    factories.sign_in(client, factories.account(Role.ORGANISER, agency="IOM"))
    client.post(
        "/modules/new",
        data={
            "code": "money",
            "title_en": "Money",
            "objectives_en": "Read\n\nFollow",
            "exploitation": ["mining"],
        },
    )
    client.post("/programmes/new", data={"code": "SPAR", "title_en": "Spartacus"})
    client.post(
        "/programmes/SPAR/phases/new",
        data={"title_en": "Assessment", "text_en": "One\nTwo", "starts_on": "2026-01-02"},
    )
    module = programme_queries.module("money")
    client.post("/programmes/SPAR/lessons/new", data={"text_en": "Follow it", "kind": "lesson"})
    page = client.get("/programmes/SPAR").get_data(as_text=True)

    assert module.objectives == {"en": ["Read", "Follow"]}
    assert all(words in page for words in ("Spartacus", "Assessment", "Two", "Follow it"))


def test_a_public_page_falls_back_to_a_language_that_is_there(client: FlaskClient) -> None:
    factories.course(visibility=Visibility.PUBLIC, titles={"es": "Curso"}, texts={"en": "About"})
    page = client.get("/courses/BUE27", headers={"Accept-Language": "fr"}).get_data(as_text=True)

    assert "Curso" in page
    assert "About" in page
    assert queries.by_code("BUE27").titles == {"es": "Curso"}


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", "Germany, South Africa, Spain"),
        ("es", "Alemania, España, Sudáfrica"),
        ("fr", "Afrique du Sud, Allemagne, Espagne"),
        ("pt-BR", "África do Sul, Alemanha, Espanha"),
    ],
)
def test_countries_stand_in_the_order_of_the_readers_alphabet(
    client: FlaskClient, language: str, order: str
) -> None:
    public_course(countries=["ZA", "DE", "ES"])
    page = client.get("/courses/BUE27", headers={"Accept-Language": language}).text
    assert order in page
