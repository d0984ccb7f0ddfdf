"""Proposed timetables: nothing clashes, wishes are met where they can be, the rest says why."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

import pytest
from msgspec.structs import replace

from tests.proposals.problems import FIRST, course, lesson, mixed, places
from trainings.agenda.rules import SessionKind
from trainings.proposals import operations, reason_rules
from trainings.proposals.rules import (
    Ended,
    Hall,
    Kept,
    Placed,
    Problem,
    Proposal,
    Stretch,
    Teacher,
    Wanted,
    Wish,
    check_no_clash,
    gaps,
    pieces,
)
from trainings.proposals.usual_rules import usual_frame


def proposed(problem: Problem, seconds: float = 20) -> Proposal:
    found = operations.propose(problem, seconds)
    assert check_no_clash(problem, found.placed) == []
    return found


def times(found: Proposal) -> list[tuple[str, str]]:
    return [(one.wanted.title, f"{one.start:%H:%M}") for one in found.placed]


def wishes(found: Proposal) -> dict[Wish, str]:
    return {one.wish: str(one) for one in found.unmet}


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(FIRST, time(hour, minute))


ALL_DAY = Stretch(at(0), at(23))


def test_modules_stand_in_their_order_in_one_room() -> None:
    wanted = (lesson("c", 2), lesson("a", 0), lesson("b", 1))
    halls = (Hall("r", "Sala A", 30), Hall("s", "Sala B", 30))
    problem = Problem(
        wanted, places()[:3], halls, (Teacher("t", modules=frozenset("abc")),), people=20
    )
    found = proposed(problem)
    assert times(found) == [("a", "09:00"), ("b", "10:45"), ("c", "13:30")]
    assert len({one.room for one in found.placed}) == 1 and not found.unmet


def test_a_trainer_who_is_elsewhere_turns_the_order_and_it_says_why() -> None:
    early = Stretch(at(9), at(10, 30))
    teachers = (
        Teacher("t", modules=frozenset("a"), taken=(early,)),
        Teacher("u", modules=frozenset("b")),
    )
    modules = {"a": "Law", "b": "Care"}
    wanted = (lesson("a", 0), lesson("b", 1))
    found = proposed(Problem(wanted, places()[:2], (), teachers, modules=modules))
    assert times(found) == [("b", "09:00"), ("a", "10:45")]
    assert [one.trainers for one in found.placed] == [("u",), ("t",)]
    assert wishes(found)[Wish.ORDER] == (
        "“Law” begins after “Care”, which follows it in the course. "
        "Those who teach it are not free earlier."
    )


def test_what_is_kept_stays_and_is_gone_around() -> None:
    kept = Kept(lesson("k", room="r", trainers=("t",)), at(9))
    problem = Problem((lesson("a", 0),), places()[1:2], (Hall("r"),), (Teacher("t"),), (kept,))
    (one,) = proposed(problem).placed
    assert one.start == at(10, 45)  # the only one who could is giving the other


def test_tests_are_in_the_morning_where_they_can_be() -> None:
    test = Wanted(SessionKind.TEST, 90, "test")
    found = proposed(Problem((lesson("a"), lesson("b", 1), test), places()[1:], (), ()))
    assert ("test", "10:45") in times(found)
    none = proposed(Problem((test,), places()[2:], (), ()))
    assert wishes(none)[Wish.MORNING].endswith("No morning has free time for it.")


def test_days_and_agencies_get_alike() -> None:
    wanted = tuple(lesson(f"m{number}", number) for number in range(6))
    teachers = tuple(Teacher(one, one, one) for one in ("IOM", "INTERPOL", "UNODC"))
    found = proposed(Problem(wanted, places(2), (), teachers))
    assert sorted(one.start.day for one in found.placed) == [18] * 3 + [19] * 3
    given = [who for one in found.placed for who in one.trainers]
    assert {given.count(one.id) for one in teachers} == {2}


def test_free_time_lies_between_what_stands() -> None:
    def stretch(start: tuple[int, int], end: tuple[int, int]) -> Stretch:
        return Stretch(at(*start), at(*end))

    day = stretch((9, 0), (17, 0))
    coffee, lunch = stretch((10, 30), (10, 45)), stretch((12, 30), (13, 30))
    court, late = stretch((12, 0), (13, 0)), stretch((16, 45), (18, 0))
    shortest = timedelta(minutes=20)
    assert gaps(day, [], shortest) == [day]
    assert gaps(day, [lunch, coffee, court, late], shortest) == [
        stretch((9, 0), (10, 30)),
        stretch((10, 45), (12, 0)),
        stretch((13, 30), (16, 45)),
    ]
    assert gaps(day, [stretch((9, 15), (17, 0))], shortest) == []


def test_a_session_in_a_language_of_its_own_is_given_by_who_speaks_it() -> None:
    spoken = {"a": "es", "b": "en", "c": "fr"}
    wanted = tuple(
        replace(lesson(one, number), languages=(code,))
        for number, (one, code) in enumerate(spoken.items())
    )
    teachers = tuple(
        Teacher(code, languages=frozenset([code, "qu"])) for code in reversed(spoken.values())
    )
    found = proposed(Problem(wanted, places()[:3], (Hall("r"),), teachers))
    assert {one.wanted.title: one.trainers for one in found.placed} == {
        one: (code,) for one, code in spoken.items()
    }
    assert Wish.LANGUAGE not in wishes(found)


def test_an_observer_is_there_and_somebody_else_gives_it() -> None:
    wanted = replace(lesson("a"), trainers=("o",), observers=("o",), languages=("es",))
    teachers = tuple(
        Teacher(one, modules=frozenset("a"), languages=frozenset([code]))
        for one, code in (("o", "en"), ("t", "es"))
    )
    found = proposed(Problem((wanted,), places(), (Hall("r"),), teachers))
    assert [one.trainers for one in found.placed] == [("o", "t")] and not found.unmet
    alone = proposed(Problem((wanted,), places(), (Hall("r"),), teachers[:1]))
    assert [one.trainers for one in alone.placed] == [("o",)]
    assert set(wishes(alone)) == {Wish.TRAINER}


def test_short_sessions_share_a_place_one_after_the_other() -> None:
    wanted = (lesson("a", 0, 45), lesson("b", 1, 45))
    found = proposed(
        Problem(wanted, places()[:1], (Hall("r"),), (Teacher("t", modules=frozenset("ab")),))
    )
    assert times(found) == [("a", "09:00"), ("b", "09:45")] and not found.unmet


def test_too_much_for_the_time_stands_beside_or_nowhere_and_says_so() -> None:
    wanted = (lesson("a", 0), lesson("b", 1), lesson("c", 2))
    halls, teachers = (Hall("r"), Hall("s")), (Teacher("t"), Teacher("u"))
    found = proposed(Problem(wanted, places()[:1], halls, teachers))
    assert len(found.placed) == 2
    assert "There is more to schedule" in wishes(found)[Wish.ALONE]
    assert "has no place" in wishes(found)[Wish.PLACED]


TAKEN = {"halls": (Hall("r", taken=(ALL_DAY,)),)}
LACKING = [
    (TAKEN, Wish.ROOM, "All rooms are taken"),
    ({"halls": (Hall("r", "Sala A", 8),)}, Wish.SEATS, "No larger room"),
    ({"teachers": ()}, Wish.TRAINER, "No trainer has been invited."),
    ({"teachers": (Teacher("t", taken=(ALL_DAY,)),)}, Wish.TRAINER, "None of those"),
    (
        {
            "wanted": (replace(lesson("a"), languages=("es", "pt_BR")),),
            "teachers": (Teacher("t", "Ruth", languages=frozenset(["en"])),),
        },
        Wish.LANGUAGE,
        "Ruth speaks none of the languages of “a”.",
    ),
    ({"wanted": (lesson("a", room="r"),), **TAKEN}, Wish.PLACED, "never free"),
    ({"places": ()}, Wish.PLACED, "No free time is long enough."),
]


@pytest.mark.parametrize(("change", "wish", "reason"), LACKING)
def test_what_lacks_is_named_with_its_reason(
    change: dict[str, object], wish: Wish, reason: str
) -> None:
    problem = Problem((lesson("a"),), places(), (Hall("r", "Sala A", 30),), (Teacher("t"),))
    found = proposed(replace(problem, people=20, **change))  # type: ignore[arg-type]
    assert reason in wishes(found)[wish]


def test_clashes_are_found() -> None:
    problem = Problem((), (), (Hall("r", taken=(ALL_DAY,)),), (Teacher("t"),))
    one = Placed(lesson("a"), at(9), "r", ("t",))
    other = Placed(lesson("b"), at(10), None, ("t",))
    assert [clash.who for clash in check_no_clash(problem, [one, other])] == ["t", "r"]


def test_the_same_course_gets_the_same_timetable() -> None:
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    problem = course(seed, sessions=14, trainers=6)
    first, second = proposed(problem), proposed(problem)
    assert first.ended is Ended.ITSELF and first == second


def test_any_course_is_proposed_without_a_clash() -> None:
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    found = proposed(course(seed))
    assert len(found.placed) == 30
    assert all(one.reason is not reason_rules.NEVER_FREE for one in found.unmet)


def test_what_a_session_names_it_gets_or_it_has_no_place() -> None:
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    for number in (seed, seed + 1, seed + 2, 648060):
        for one in proposed(mixed(number)).placed:
            assert one.wanted.room in (None, one.room)
            assert not one.wanted.trainers or set(one.wanted.trainers) == set(one.trainers)


@pytest.mark.parametrize("minutes", [5, 90, 100, 240, 270, 475])
def test_cut_into_equal_pieces_of_which_the_first_is_the_one_that_waited(minutes: int) -> None:
    cut = list(pieces(lesson("a", 0, minutes, key="k"), 90))
    assert sum(one.minutes for one in cut) == minutes
    assert max(one.minutes for one in cut) <= 90 and [one.key for one in cut][:1] == ["k"]
    assert all(one.key is None for one in cut[1:])


def test_the_usual_day_is_as_long_as_it_must_be() -> None:
    frame = usual_frame([90] * 16, 4)
    assert (frame.starts_at, frame.ends_at, frame.session) == (time(9), time(16, 30), 90)
    assert usual_frame([60] * 28, 4).ends_at > time(16, 30)
    assert usual_frame([], 4).session == 90
