"""What differs between two agendas, and for whom, on plain values."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from msgspec.structs import replace

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import SessionKind
from trainings.agenda_versions.rules import (
    What,
    cancelled,
    changes,
    for_trainer,
    in_roles,
    moved,
    seen,
    sequence,
    to_tell,
)
from trainings.rosters.rules import TrainerRole

DAY = date(2027, 1, 25)
OPENING = Entry(
    kind=SessionKind.MODULE,
    minutes=90,
    day=DAY,
    starts_at=time(9),
    titles={"en": "Opening", "es": "Apertura"},
    module_id="m",
    room_id="r",
    trainers=("a",),
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(date(2027, 1, day), time(hour, minute))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"starts_at": time(11)}, [What.MOVED]),
        ({"day": date(2027, 1, 26)}, [What.MOVED]),
        ({"starts_at": time(11), "minutes": 60}, [What.MOVED]),
        ({"minutes": 60}, [What.LENGTH]),
        ({"room_id": None}, [What.ROOM]),
        ({"trainers": ("a", "b")}, [What.TRAINERS]),
        ({"roles": {"a": TrainerRole.CO}}, [What.TRAINERS]),
        ({"titles": {"en": "Welcome", "es": "Apertura"}}, [What.TITLE]),
        ({"module_id": None}, [What.TITLE]),
        ({"kind": SessionKind.TEST}, [What.TITLE]),
        (
            {"starts_at": time(8), "room_id": "s", "trainers": ()},
            [What.MOVED, What.ROOM, What.TRAINERS],
        ),
        ({"trainers": ("a",), "titles": {"en": "Opening", "es": "Apertura", "fr": ""}}, []),
    ],
)
def test_each_difference_is_named(change: dict[str, Any], what: list[What]) -> None:
    found = changes({"s": OPENING}, {"s": replace(OPENING, **change)})
    assert [list(one.what) for one in found] == ([what] if what else [])


def test_what_came_and_went() -> None:
    later = replace(OPENING, starts_at=time(11))
    found = changes({"old": later}, {"new": OPENING})
    assert [(one.session, one.what) for one in found] == [
        ("new", (What.NEW,)),
        ("old", (What.CANCELLED,)),
    ]
    assert changes({"s": OPENING}, {"s": OPENING}) == []


def test_a_trainer_is_told_of_their_own() -> None:
    second = replace(OPENING, starts_at=time(11), trainers=("b",))
    after = {
        "s": replace(OPENING, trainers=("b",)),
        "t": replace(second, trainers=("b", "c")),
        "u": replace(OPENING, starts_at=time(14), trainers=("c",)),
    }
    before = {"s": OPENING, "t": second, "v": replace(OPENING, starts_at=time(16))}
    found = changes(before, after)

    def part(who: str) -> list[tuple[str, tuple[What, ...]]]:
        return [(one.session, one.what) for one in for_trainer(found, who)]

    assert part("a") == [("s", (What.NOT_YOURS,)), ("v", (What.CANCELLED,))]
    assert part("b") == [("s", (What.YOURS,)), ("t", (What.TRAINERS,))]
    assert part("c") == [("t", (What.YOURS,)), ("u", (What.NEW,))]
    assert part("d") == []


def test_a_trainer_is_told_of_a_role_of_their_own() -> None:
    both = replace(OPENING, trainers=("a", "b"))
    helps = replace(both, roles={"b": TrainerRole.CO})
    (own,) = for_trainer(changes({"s": both}, {"s": helps}), "b")
    assert (own.what, own.role) == ((What.ROLE,), TrainerRole.CO)
    (other,) = for_trainer(changes({"s": both}, {"s": helps}), "a")
    assert (other.what, other.role) == ((What.TRAINERS,), TrainerRole.LEAD)
    (new,) = for_trainer(changes({}, {"s": helps}), "b")
    assert new.what == (What.NEW, What.ROLE)
    (new,) = for_trainer(changes({}, {"s": helps}), "a")
    assert new.what == (What.NEW,), "to lead is what is usual"
    (joins,) = for_trainer(changes({"s": OPENING}, {"s": helps}), "b")
    assert joins.what == (What.YOURS, What.ROLE)
    later = replace(helps, roles={"a": TrainerRole.OBSERVER})
    (turned,) = for_trainer(changes({"s": helps}, {"s": later}), "b")
    assert turned.what == (What.TRAINERS, What.ROLE), "others changed too"


def test_names_stand_in_their_roles() -> None:
    roles = {
        "1": TrainerRole.OBSERVER,
        "2": TrainerRole.LEAD,
        "3": TrainerRole.CO,
        "4": TrainerRole.LEAD,
    }
    names = {"1": "Ana", "2": "Zoe", "3": "Bea", "4": "Kim"}
    assert in_roles(roles, names) == ("Kim", "Zoe", "Bea (co-trainer)", "Ana (observer)")
    assert in_roles(roles, {"3": "Bea"}) == ("Bea (co-trainer)",)


def test_nobody_is_told_of_what_is_over() -> None:
    found = changes({}, {"s": OPENING})
    assert to_tell(found, at(25, 10, 29)) == found
    assert to_tell(found, at(25, 10, 30)) == []
    back = changes({"s": OPENING}, {"s": replace(OPENING, day=date(2027, 1, 24))})
    assert to_tell(back, at(24, 23)) == back  # it was still to come


def test_what_was_published_once_stays_cancelled_until_it_is_back() -> None:
    gone = cancelled({"s": OPENING, "t": OPENING}, {"u": OPENING}, {"t": OPENING})
    assert gone.keys() == {"s", "u"}
    assert cancelled({"t": OPENING}, gone, {"s": OPENING}).keys() == {"t", "u"}


def test_sessions_follow_the_days_of_the_course() -> None:
    assert moved({"s": OPENING}, 7)["s"] == replace(OPENING, day=date(2027, 2, 1))


def test_the_number_for_calendars_never_falls() -> None:
    story = [(1, 0, 0), (1, 0, 1), (2, 0, 0), (3, 4, 0), (4, 4, 0), (4, 4, 2000), (5, 4, 0)]
    numbers = [sequence(*one) for one in story]
    assert numbers == sorted(set(numbers))


def test_looking_at_another_agenda_or_version_is_noticed() -> None:
    assert seen(1, {"s": OPENING}) == seen(1, {"s": replace(OPENING)})
    assert seen(1, {"s": OPENING}) != seen(2, {"s": OPENING})
    assert seen(1, {"s": OPENING}) != seen(1, {"s": replace(OPENING, room_id=None)})
