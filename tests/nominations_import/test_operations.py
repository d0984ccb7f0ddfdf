"""Lists are compared with whom the asker may see, and entered in one transaction or not at all."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests import factories, racing
from tests.counting import statements
from tests.registrations import acting
from trainings.audit import operations as audit
from trainings.core import clock, sealed
from trainings.core.db import db
from trainings.core.permissions import ROLE_PERMISSIONS, Permission, Role, Viewer
from trainings.courses import queries as courses
from trainings.mail.models import OutboxMail
from trainings.nominations_import import ask_rules as asks
from trainings.nominations_import import operations, queries, writes
from trainings.nominations_import.ask_rules import Asked
from trainings.nominations_import.models import ColumnLayout, WaitingRow
from trainings.nominations_import.queries import RowStanding
from trainings.nominations_import.reading_rules import Row
from trainings.nominations_import.waiting_rules import ChangedMeanwhile, TooManyWait
from trainings.people import reading
from trainings.registrations.candidate_rules import Candidate, NotForYourCountry
from trainings.registrations.models import Registration
from trainings.registrations.rules import State

INPUTS = Path(__file__).parent / "inputs"


def who(**values: Any) -> Candidate:
    return replace(
        Candidate("Ruth", "Choque", "ruth@unit.example", "BO", "judge", born="1985-05-31"), **values
    )


def there() -> int:
    db.session.close()
    statement = select(func.count()).select_from(Registration)
    return db.session.scalar(statement.execution_options(scope="operation")) or 0


def standing(by: Viewer, course_id: str, one: Candidate) -> tuple[RowStanding, Any]:
    found = queries.compared(by, course_id, {"2": one})["2"]
    db.session.close()
    return found.standing, found.why


def enter(course_id: str, by: Viewer, *rows: Candidate) -> tuple[int, int]:
    return operations.enter(course_id, {str(at): one for at, one in enumerate(rows)}, [], by)


def test_who_is_in_the_askers_sight_is_known_or_asked_about(app: Flask) -> None:
    course, other = factories.course(), factories.course("OTHER")
    by = acting.focal_point("BO")
    enter(course, by, who())
    enter(other, by, who(given_name="Eva", family_name="Lima", mail="eva@unit.example", born=""))
    eva = who(given_name="Eva", family_name="Lima", mail="eva@unit.example", born="")
    for one, expected in (
        (who(), (RowStanding.KNOWN, None)),
        (who(given_name="Choque", family_name="RUTH"), (RowStanding.KNOWN, None)),
        (who(mail="new@unit.example"), (RowStanding.KNOWN, None)),
        (who(function=""), (RowStanding.KNOWN, None)),
        (who(function="police"), (RowStanding.ASK, asks.FunctionOtherwise)),
        (who(mail="new@unit.example", born=""), (RowStanding.ASK, asks.NameOfAnother)),
        (who(given_name="Luz"), (RowStanding.ASK, asks.AddressOfAnother)),
        (eva, (RowStanding.NEW, None)),
        (replace(eva, given_name="Eda"), (RowStanding.ASK, asks.AddressOfAnother)),
        (replace(eva, mail="x@unit.example"), (RowStanding.ASK, asks.NameOfAnother)),
        (who(family_name="Vera", mail="vera@unit.example"), (RowStanding.NEW, None)),
    ):
        assert standing(by, course, one) == expected, one


def test_somebody_known_from_another_course_stays_one_person(app: Flask) -> None:
    course, other = factories.course(), factories.course("OTHER")
    by = acting.focal_point("BO")
    enter(other, by, who())
    enter(course, by, who())
    persons = set(
        db.session.scalars(select(Registration.person_id).execution_options(scope="operation"))
    )
    assert there() == 2 and len(persons) == 1


def test_persons_who_are_known_are_read_together(app: Flask) -> None:
    by = acting.focal_point("BO")
    counts = []
    for many, names in ((1, "A"), (5, "BCDEF")):
        known = [
            who(given_name=f"Ruth {one}", mail=f"{one}@unit.example", born=f"1985-05-1{at}")
            for at, one in enumerate(names)
        ]
        enter(factories.course(f"BEFORE-{many}"), by, *known)
        course = factories.course(f"AFTER-{many}")
        with statements() as sent:
            assert enter(course, by, *known)[0] == many
        counts.append(len(sent))
    assert counts[0] == counts[1], counts


def test_who_left_the_course_is_asked_about(app: Flask) -> None:
    course, by = factories.course(), acting.focal_point("BO")
    enter(course, by, who())
    number = db.session.scalar(select(Registration.number).execution_options(scope="operation"))
    with operations.transaction() as session:
        for one in session.scalars(select(Registration).execution_options(scope="operation")):
            one.state = State.WITHDRAWN
    assert standing(by, course, who()) == (RowStanding.ASK, asks.EndedBefore)
    rows, known = queries.with_questions(
        by, courses.course_by_id(by, queries.IMPORT, course), [Row("2", who())]
    )
    assert known == {} and str(number) in str(rows[0].asked[0])


def test_who_is_registered_is_no_question_whatever_else_is_open(app: Flask) -> None:
    course, by = factories.course(), acting.focal_point("BO")
    enter(course, by, who())
    unsure = Row("2", who(given_name="Ruth Choque", family_name=""), (_ask(),))
    other = Row("3", who(mail="eva@unit.example", given_name="Eva", born=""), (_ask(),))
    here = courses.course_by_id(by, queries.IMPORT, course)
    rows, known = queries.with_questions(by, here, [unsure, other])
    assert list(known) == ["2"] and [bool(one.asked) for one in rows] == [False, True]


@pytest.mark.parametrize("change", [{}, {"given_name": "Luz"}, {"mail": "new@unit.example"}])
def test_beyond_the_askers_sight_everybody_is_new(app: Flask, change: dict[str, str]) -> None:
    """F1: neither known nor asked about, whatever of them another country or agency has."""
    course = factories.course(agencies=("IOM",))
    foreign = factories.course("FOREIGN", lead="UNODC", agencies=("UNODC",))
    enter(course, acting.focal_point("PE"), who(country="PE"))
    enter(foreign, acting.organiser("UNODC"), who(country="CL"))
    by = acting.focal_point("BO")
    one = who(**change)
    assert standing(by, course, one) == (RowStanding.NEW, None)
    assert enter(course, by, one) == (1, 0)
    assert there() == 3
    db.session.close()
    persons = db.session.scalars(
        select(Registration.person_id).execution_options(scope="operation")
    ).all()
    assert len(set(persons)) == 3, "nobody is made one with somebody unseen"


def test_an_organiser_of_another_agency_sees_no_match(app: Flask) -> None:
    course = factories.course(agencies=("IOM",))
    foreign = factories.course("FOREIGN", lead="UNODC", agencies=("UNODC",))
    enter(course, acting.focal_point("BO"), who())
    by = acting.organiser("UNODC")
    assert standing(by, foreign, who(given_name="Luz")) == (RowStanding.NEW, None)
    assert standing(acting.organiser("IOM"), course, who()) == (RowStanding.KNOWN, None)


def test_all_or_none(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    course, by = factories.course(), acting.focal_point("BO")
    two = who(given_name="Eva", mail="eva@unit.example", born="")
    with pytest.raises(NotForYourCountry):
        enter(course, by, two, who(country="PE"))
    enter(course, by, who())
    with pytest.raises(ChangedMeanwhile):
        enter(course, by, two, who())
    monkeypatch.setattr(operations.seat_writes, "schedule_release", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        operations.enter(course, {"1": two}, [Row("3", who(), (_ask(),))], by)
    assert there() == 1
    for model, count in ((WaitingRow, 0), (ColumnLayout, 0), (OutboxMail, 1)):
        db.session.close()
        assert db.session.scalar(select(func.count()).select_from(model)) == count


def _ask(said: str = "x") -> Asked:
    return Asked("born", "C2", said, asks.DateNotThere())


def test_many_take_the_ranks_after_those_who_are_there(app: Flask) -> None:
    course, by = factories.course(), acting.organiser()
    enter(course, by, who(priority=7))
    rows = [
        who(given_name=name, mail=f"{name}@unit.example", born="", priority=rank, country=country)
        for name, rank, country in (("Eva", 9, "BO"), ("Luz", 3, "BO"), ("Ana", 5, "PE"))
    ]
    enter(course, by, *rows)
    db.session.close()
    found = db.session.scalars(select(Registration).execution_options(scope="operation")).all()
    names = reading.opened([one.person_id for one in found])
    ranks = {names[one.person_id].given_name: (one.country, one.priority) for one in found}
    assert ranks == {"Ruth": ("BO", 1), "Luz": ("BO", 2), "Eva": ("BO", 3), "Ana": ("PE", 1)}
    assert audit.verify() is None


def test_what_waits_is_sealed_kept_once_and_bounded(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, by = factories.course(), acting.focal_point("BO")
    row = Row("2", who(), (_ask(),))
    assert operations.enter(course, {}, [row, row], by) == (0, 1)
    assert operations.enter(course, {}, [replace(row, label="9")], by) == (0, 0)
    db.session.close()
    (kept,) = db.session.scalars(select(WaitingRow)).all()
    assert kept.content is not None and row.candidate.mail.encode() not in kept.content
    assert "Ruth" in sealed.unseal(kept.content, queries.content_place(kept.id))
    ((_id, waiting),) = queries.waiting(by.account_id, course)
    assert waiting.row.candidate == row.candidate
    assert str(waiting.row.asked[0]) == "C2 “x”: This date does not exist, or we cannot read it."
    monkeypatch.setattr(writes, "MOST_ROWS", 2)
    more = [Row(str(at), who(given_name=f"A{at}"), (_ask(),)) for at in range(2)]
    with pytest.raises(TooManyWait):
        operations.enter(course, {}, more, by)


def test_only_the_latest_layouts_of_an_account_are_remembered(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "MOST_LAYOUTS", 2)
    course, by = factories.course(), acting.focal_point("BO")
    for later, layout in enumerate(("a", "b", "a", "c")):
        with clock.at(clock.now() + timedelta(minutes=later)):
            operations.enter(course, {}, [], by, layout=layout, columns=[layout])
    db.session.close()
    found = [queries.remembered(by.account_id, layout) for layout in ("a", "b", "c", "")]
    assert found == [["a"], [], ["c"], []]
    assert queries.remembered(acting.focal_point("BO").account_id, "a") == []


def test_the_permission_is_of_organisers_and_focal_points(app: Flask) -> None:
    able = {role for role in Role if Permission.REGISTRATION_IMPORT in ROLE_PERMISSIONS[role]}
    assert able == {Role.ORGANISER, Role.FOCAL_POINT}


# The command


def test_a_list_is_entered_from_the_command_line(app: Flask) -> None:
    factories.course()
    factories.account(Role.FOCAL_POINT, country="BO", mail="focal@unit.example")
    args = ["nominations", "import", str(INPUTS / "bolivia.xlsx"), "--course", "BUE27"]
    run = app.test_cli_runner().invoke(args=[*args, "--by", "focal@unit.example"])
    assert run.exit_code == 0, run.output
    found = json.loads(run.output)
    assert (found["nominated"], found["known"], found["kept"]) == (7, 0, 2)
    assert [one.partition(":")[0] for one in found["ask"]] == ["row 9", "row 10"]
    again = json.loads(
        app.test_cli_runner().invoke(args=[*args, "--by", "focal@unit.example"]).output
    )
    assert (again["nominated"], again["known"], again["kept"]) == (0, 7, 0)
    assert there() == 7


@pytest.mark.parametrize("mail", ["nobody@unit.example", "trainer@unit.example"])
def test_nobody_else_enters_one_from_the_command_line(app: Flask, mail: str) -> None:
    factories.course()
    factories.account(Role.ANALYST, mail="trainer@unit.example")
    args = ["nominations", "import", str(INPUTS / "bolivia.xlsx"), "--course", "BUE27", "--by"]
    run = app.test_cli_runner().invoke(args=[*args, mail])
    assert run.exit_code == 1 and "nobody with this email address" in run.output
    assert there() == 0


# The race


def two_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """Two organisers enter the same list: both looked whether somebody is there already."""
    course = factories.course()
    by = [acting.organiser() for _one in range(2)]
    enter(course, by[0], who(given_name="Eva", mail="eva@unit.example", born=""))
    acts = [lambda viewer=viewer: enter(course, viewer, who()) for viewer in by]
    answers = racing.both_look(app, monkeypatch, queries, "compared", acts)
    return answers, there()


def test_the_same_list_by_two_at_once_enters_each_once(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, count = two_at_once(each_app, monkeypatch)
    assert count == 2, answers
    assert sum(isinstance(one, ChangedMeanwhile) for one in answers) == 1, answers


def test_without_the_lock_they_are_there_twice(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    racing.take_locks_off(monkeypatch, courses)
    answers, count = two_at_once(each_app, monkeypatch)
    assert not any(isinstance(one, ChangedMeanwhile) for one in answers), answers
    if db.engine.dialect.name == "postgresql":
        assert count == 3, answers
    else:  # SQLite notices that the second wrote on an old view, and can only give up
        assert any(isinstance(one, OperationalError) for one in answers), answers
