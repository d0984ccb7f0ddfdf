"""What a timetable is warned about, and the ways out of a clash."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from msgspec.structs import replace

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import SessionKind
from trainings.rosters.rules import TrainerRole
from trainings.scheduling.warning_rules import Facts, Person, warnings
from trainings.scheduling.way_rules import ways

DAY = date(2027, 1, 18)
FACTS = Facts(
    people=60,
    languages=["es"],
    seats={"hall": 90, "side": 20},
    rooms={"hall": "Hall", "side": "Side"},
    trainers={"ruth": Person(True, ["es"]), "luis": Person(False, ["pt"])},
    names={"ruth": "Ruth", "luis": "Luis"},
    modules={"first": "First", "second": "Second"},
)


def session(start: str, minutes: int = 90, **given: object) -> Entry:
    given.setdefault("module_id", "first")
    given.setdefault("room_id", "hall")
    given.setdefault("trainers", ("ruth",))
    at = time.fromisoformat(start)
    return Entry(SessionKind.MODULE, minutes, DAY, at, **given)  # type: ignore[arg-type]


def said(*entries: Entry, facts: Facts = FACTS) -> list[str]:
    found = warnings({str(number): one for number, one in enumerate(entries)}, facts)
    return [str(one) for one in found]


def test_a_whole_session_has_nothing_to_look_at() -> None:
    assert said(session("09:00")) == []


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (session("09:00", trainers=()), "No trainer yet."),
        (session("09:00", roles={"ruth": TrainerRole.OBSERVER}), "No trainer yet."),
        (session("09:00", room_id=None), "No room yet."),
        (session("09:00", room_id="side"), "Side has 20 seats for 60 people."),
    ],
)
def test_what_a_session_lacks(entry: Entry, sentence: str) -> None:
    assert said(entry) == [sentence]


def test_a_trainer_who_waits_and_one_who_speaks_another_language() -> None:
    assert said(session("09:00", trainers=("luis",))) == [
        "Luis has not accepted yet.",
        "Luis speaks none of the languages of the course.",
    ]


def test_who_observes_need_not_speak_the_language() -> None:
    both = session("09:00", trainers=("luis", "ruth"), roles={"luis": TrainerRole.OBSERVER})
    assert said(both) == ["Luis has not accepted yet."]


def test_a_session_in_a_language_that_some_do_not_have() -> None:
    facts = replace(FACTS, readers={"es": 50, "pt_BR": 10})
    held = session("09:00", trainers=("luis",), languages=("en", "fr"))
    assert said(held, facts=facts)[1:] == [
        "Luis does not speak English and French, and there is no interpretation.",
        (
            "Participants who get our emails in Spanish: 50. This session is neither held in it "
            "nor interpreted into it."
        ),
        (
            "Participants who get our emails in Portuguese (Brazil): 10. This session is neither "
            "held in it nor interpreted into it."
        ),
    ]
    heard = replace(held, trainers=("ruth",), interpreted=("es", "pt_BR"))
    assert said(heard, facts=facts) == []


def test_who_reads_no_language_of_the_course_is_said_once() -> None:
    facts = replace(FACTS, readers={"es": 50, "pt_BR": 10})
    assert said(session("09:00"), session("11:00"), facts=facts) == [
        (
            "Participants who get our emails in Portuguese (Brazil): 10. "
            "It is not a language of the course."
        )
    ]


def test_a_break_lacks_nothing() -> None:
    pause = Entry(SessionKind.BREAK, 15, DAY, time(10, 30), room_id="side")
    assert said(pause) == []


def test_a_long_day_and_one_without_lunch() -> None:
    whole = [session(start, 120) for start in ("08:00", "10:00", "12:00", "14:00")]
    assert said(*whole) == ["No break for lunch."]
    assert said(*whole, session("16:00", 60)) == [
        "9:00 hours of modules and tests on one day.",
        "No break for lunch.",
    ]
    parallel = session("16:00", 60, room_id="hall")
    assert "10:00" not in " ".join(said(*whole, parallel, parallel))


@pytest.mark.parametrize(
    ("until", "again", "lacks"),
    [("12:30", "13:00", False), ("12:31", "13:00", True), ("11:00", "14:00", False)],
)
def test_lunch_is_half_an_hour_around_noon(until: str, again: str, lacks: bool) -> None:
    ends = datetime.combine(DAY, time.fromisoformat(until))
    length = int((ends - datetime.combine(DAY, time(9))).total_seconds()) // 60
    found = said(session("09:00", length), session(again, 150))
    assert ("No break for lunch." in found) is lacks


def test_modules_in_their_order_and_with_their_minutes() -> None:
    turned = [session("09:00", module_id="second"), session("14:00", module_id="first")]
    assert said(*turned) == ["“First” begins after “Second”, which follows it in the course."]
    planned = replace(FACTS, planned={"first": 120, "second": 60})
    assert said(*turned, facts=planned)[1:] == [
        "“First” has 90 of its 120 planned minutes.",
        "“Second” has 90 minutes; 60 are planned.",
    ]


def test_what_is_about_a_day_stands_with_it() -> None:
    later = replace(session("09:00", trainers=()), day=date(2027, 1, 19))
    found = warnings({"b": later, "a": session("09:00", trainers=())}, FACTS)
    assert [(one.day, one.session) for one in found] == [(DAY, "a"), (date(2027, 1, 19), "b")]


def span(start: str, end: str) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(DAY, time.fromisoformat(one)) for one in (start, end))
    return first, last


def test_ways_out_of_a_taken_room() -> None:
    taken = {"hall": [span("09:00", "10:30")], "side": [], "small": [span("08:00", "20:00")]}
    found = ways(session("10:00"), ["hall", "small", "side"], [], taken, {})
    assert [(f"{one.entry.starts_at:%H:%M}", one.room) for one in found] == [
        ("10:30", None),
        ("10:00", "side"),
    ]


def test_ways_out_of_a_trainer_who_is_not_free() -> None:
    taken = {"ruth": [span("09:00", "12:00")], "luis": []}
    found = ways(session("09:30"), [], ["ruth", "luis"], {}, taken)
    assert [(f"{one.entry.starts_at:%H:%M}", one.trainer) for one in found] == [
        ("07:30", None),
        ("09:30", "luis"),
    ]
    assert found[1].entry.trainers == ("luis",)


def test_no_way_out_of_a_full_day() -> None:
    taken = {"hall": [span("00:00", "23:59")]}
    assert ways(session("09:00"), ["hall"], [], taken, {}) == []
