"""How candidates are shared out, what a reader sees, and which scores weigh."""

from __future__ import annotations

from collections import Counter

from trainings.candidate_reviews.rules import (
    Reading,
    Review,
    ToShare,
    shared_out,
    totals_that_count,
)


def test_each_candidate_gets_two_readers_and_nobody_many_more_than_others() -> None:
    people = [ToShare(str(number)) for number in range(50)]
    given = shared_out(people, ["a", "b", "c", "d"], {})
    assert all(len(set(who)) == 2 for who in given.values()) and len(given) == 50
    assert set(Counter(who for one in given.values() for who in one).values()) == {25}
    assert len({frozenset(who) for who in given.values()}) == 6, "pairs change"


def test_what_was_given_stays_and_only_what_lacks_is_added() -> None:
    people = [ToShare("x", ("a", "b")), ToShare("y", ("a",)), ToShare("z")]
    given = shared_out(people, ["a", "b", "c"], {"a": 2, "b": 1})
    assert "x" not in given and given["y"] == ["c"] and sorted(given["z"]) == ["b", "c"]


def test_nobody_reads_whom_they_must_not() -> None:
    people = [ToShare(str(n), barred=frozenset({"a"} if n % 2 else {"b"})) for n in range(8)]
    given = shared_out(people, ["a", "b", "c"], {})
    for one in people:
        assert len(given[one.id]) == 2 and not one.barred & set(given[one.id])
    assert shared_out([ToShare("x", barred=frozenset("a"))], ["a", "b"], {}) == {"x": ["b"]}


def test_one_reader_alone_sees_their_own_only() -> None:
    half = Reading((Review("a", 5, "Good"), Review("b")))
    assert half.total is None and half.mean is None and not half.far and half.unread == ("b",)
    assert [one.account_id for one in half.seen_by("a")] == ["a"]
    assert [one.account_id for one in half.seen_by("b")] == ["b"]
    assert half.seen_by("organiser") == ()
    alone = Reading((Review("a", 5),))
    assert alone.total is None and alone.seen_by("organiser") == ()


def test_once_both_are_in_everybody_sees_both() -> None:
    whole = Reading((Review("a", 5), Review("b", 3)))
    assert (whole.total, whole.mean, whole.far) == (8, 4.0, True)
    assert len(whole.seen_by("a")) == len(whole.seen_by("organiser")) == 2
    assert not Reading((Review("a", 5), Review("b", 4))).far


def test_scores_weigh_where_a_whole_country_was_read() -> None:
    people = [("1", "BO"), ("2", "BO"), ("3", "PE"), ("4", "PE")]
    assert totals_that_count({"1": 8, "2": 4, "3": 10}, people) == {"1": 8, "2": 4}
    assert totals_that_count({}, people) == {}
