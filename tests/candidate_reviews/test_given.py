"""Whom each reader was given, a page at a time, and how far the reading is, after any acts."""

from __future__ import annotations

import random
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from tests import counting
from tests.candidate_reviews import desk as desks
from tests.candidate_reviews.desk import Desk
from tests.registrations import acting
from trainings.candidate_reviews import given_queries, progress_queries
from trainings.candidate_reviews.models import CandidateReview
from trainings.candidate_reviews.rules import READERS
from trainings.core import paging
from trainings.core.db import db
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.nominations import operations as nominations
from trainings.registrations.listing_rules import UNDECIDED
from trainings.registrations.models import Registration
from trainings.registrations.rules import LIVE, State
from trainings.seats import answer_operations
from trainings.selection import operations as selection

Row = tuple[str, str, State, str, str, int | None]
GROUPS = (("BO", "judge"), ("PE", "judge"), ("BO", "police"), ("AR", "judge"))


def kept() -> list[Row]:
    """Every review with its candidate, as the database has them."""
    db.session.close()
    of = Registration
    rows = db.session.execute(
        select(
            CandidateReview.account_id,
            *(of.number, of.state, of.country, of.function),
            CandidateReview.score,
        ).join(of, of.id == CandidateReview.registration_id)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def expected(rows: list[Row], reader: Viewer) -> list[str]:
    """The candidates of a reader in their order: first who is to be read."""
    mine = [row for row in rows if row[0] == reader.account_id and row[2] in LIVE]
    mine.sort(key=lambda row: (row[5] is not None or row[2] not in UNDECIDED, *row[3:5], row[1]))
    return [row[1] for row in mine]


def paged(desk: Desk, reader: Viewer, size: int) -> list[str]:
    """The same, by all pages of a size."""
    db.session.close()
    course = courses.by_id(desk.course)
    counted = given_queries.numbers(reader, course)
    pages = range(1, paging.pages(sum(counted.values()), size) + 1)
    shown = [given_queries.given(reader, course, counted, page, size) for page in pages]
    assert all(len(one) == size for one in shown[:-1])
    return [one.number for part in shown for one in part]


def unread(rows: list[Row]) -> dict[str, int]:
    """How many who wait were not read by both, by country, as the database has them."""
    db.session.close()
    read: dict[str, list[int | None]] = {}
    for row in rows:
        read.setdefault(row[1], []).append(row[5])
    waiting = db.session.execute(
        select(Registration.number, Registration.country).where(Registration.state.in_(UNDECIDED))
    )
    found: dict[str, int] = {}
    for number, country in waiting:
        scores = read.get(number, [])
        if len(scores) < READERS or None in scores:
            found[country] = found.get(country, 0) + 1
    return found


def test_pages_and_numbers_are_those_of_the_database_after_any_acts(each_app: Flask) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    desk = desks.desk()
    for group in GROUPS:
        desk.numbers += acting.crowd(desk.course, State.ENDORSED, 2, groups=(group,))
    focal = acting.focal_point("BO")

    def one() -> int:
        return chance.randrange(len(desk.numbers))

    acts: list[Callable[[], object]] = [
        lambda: desk.score(0, chance.randint(1, 5), candidate=one()),
        lambda: desk.score(1, chance.randint(1, 5), candidate=one()),
        lambda: answer_operations.withdraw(desk.numbers[one()], "Ill", focal),
        lambda: nominations.reject(desk.course, [desk.numbers[one()]], "Not now", focal),
        lambda: selection.select(desk.course, [desk.numbers[one()]], desk.by),
        desk.share,
    ]
    done = 0
    desk.share()
    for step in range(30):
        try:  # whoever is selected ends the reading, so that comes late
            chance.choice(acts if step > 20 else acts[:3])()
            done += 1
        except (NotFound, Refusal):
            pass
        rows = kept()
        for reader in desk.readers:
            for size in (2, 3, 50):
                assert paged(desk, reader, size) == expected(rows, reader), f"{seed}, {size}"
        db.session.close()
        far = progress_queries.progress(desk.course)
        assert far.unread == unread(rows), seed
        assert progress_queries.loads(far) == {
            who: (len(mine), sum(score is not None for score in mine))
            for who in {row[0] for row in rows}
            if (mine := [row[5] for row in rows if row[0] == who and row[2] in UNDECIDED])
        }, seed
    assert done > 5, f"seed {seed}: hardly anything was done"


def test_the_reading_is_counted_once_after_each_act(each_app: Flask) -> None:
    desk = desks.desk()
    desk.share()

    def counted() -> int:
        db.session.close()
        with counting.statements() as sent:
            progress_queries.progress(desk.course)
        return len(sent)

    assert [counted(), counted()] == [3, 1]
    desk.score(0, 4)
    assert [counted(), counted()] == [3, 1]
    db.session.close()
    assert progress_queries.loads(progress_queries.progress(desk.course))[
        desk.readers[0].account_id or ""
    ] == (2, 1)


def test_a_page_goes_through_one_country_alone(each_app: Flask) -> None:
    desk = desks.desk()
    for group in GROUPS:
        desk.numbers += acting.crowd(desk.course, State.ENDORSED, 2, groups=(group,))
    desk.share()
    course = courses.by_id(desk.course)
    counted = given_queries.numbers(desk.readers[0], course)
    with counting.statements() as sent:
        given_queries.given(desk.readers[0], course, counted, 1, 2)
    (listed,) = [one for one in sent if "ORDER BY registration.country" in one]
    assert "registration.country IN" in listed and " OR " not in listed
