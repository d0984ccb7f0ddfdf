"""What is done about readers: they are named, candidates are shared out, each is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import delete

from trainings.audit.writes import record
from trainings.candidate_reviews import queries, writes
from trainings.candidate_reviews.models import CandidateReader, CandidateReview, ReadingSetting
from trainings.candidate_reviews.rules import (
    LONGEST,
    READERS,
    AlreadyDecided,
    NotStaffHere,
    OwnCandidate,
    SelectionBegun,
    Shown,
    TooFewReaders,
    shared_out,
)
from trainings.core import clock, sealed, versions
from trainings.core.db import new_key, transaction
from trainings.core.permissions import Permission, Viewer
from trainings.core.text import clean
from trainings.courses import queries as courses
from trainings.registrations.listing_rules import UNDECIDED

SELECT, WORK = Permission.REGISTRATION_SELECT, Permission.COURSE_WORK


def set_readers(
    course_id: str, accounts: Collection[str], shown: Collection[Shown], by: Viewer
) -> None:
    """Say who reads the candidates of a course, and what they see of them.

    Whoever is no longer named loses what they have not read; their scores stay. Raises
    ``NotStaffHere``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        versions.check()
        before, after = set(queries.readers(course.id)), set(accounts)
        if after - before - queries.able(course):
            raise NotStaffHere
        session.execute(
            delete(CandidateReader).where(
                CandidateReader.course_id == course.id,
                CandidateReader.account_id.in_(sorted(before - after)),
            )
        )
        session.execute(
            delete(CandidateReview).where(
                CandidateReview.course_id == course.id,
                CandidateReview.account_id.not_in(sorted(after)),
                CandidateReview.score.is_(None),
            )
        )
        for one in sorted(after - before):
            session.add(CandidateReader(course_id=course.id, account_id=one))
        session.merge(ReadingSetting(course_id=course.id, shown=sorted(shown)))
        record(
            session,
            "reading.readers",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            readers=sorted(after),
            shown=sorted(shown),
        )


class Shares(NamedTuple):
    """What sharing out came to: how many candidates got a reader, and how many still lack one."""

    given: int
    lacking: int


def share_out(course_id: str, by: Viewer) -> Shares:
    """Give every candidate who waits for a decision two readers; what was given stays.

    Readers who no longer work on the course get nobody. Raises ``TooFewReaders``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, SELECT, course_id)
        able = queries.able(course)
        readers = [one for one in queries.readers(course.id) if one in able]
        if len(readers) < READERS:
            raise TooFewReaders
        waiting = queries.to_share(course, by)
        loads = Counter(who for one in waiting for who in one.readers)
        more = shared_out(waiting, readers, loads)
        for registration_id, chosen in more.items():
            for account_id in chosen:
                session.add(
                    CandidateReview(
                        id=new_key(),
                        course_id=course.id,
                        registration_id=registration_id,
                        account_id=account_id,
                    )
                )
        writes.tell_readers(session, course, Counter(who for one in more.values() for who in one))
        record(
            session,
            "reading.share",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            number=len(more),
        )
        lacking = sum(len(one.readers) + len(more.get(one.id, ())) < READERS for one in waiting)
        return Shares(len(more), lacking)


def score(course_id: str, number: str, given: int, note: str, by: Viewer) -> None:
    """Say what one thinks of a candidate whom one has to read, or change it.

    Raises ``AlreadyDecided``, ``OwnCandidate``, ``SelectionBegun``, ``NotFound``.
    """
    with transaction() as session:
        course = courses.course_locked(by, WORK, course_id)
        known = queries.given_to(by, course, number)
        versions.check()
        review = queries.review_of(known.id, by.account_id)
        if known.state not in UNDECIDED:
            raise AlreadyDecided
        if by.account_id in queries.barred_from({known.id: known.person_id})[known.id]:
            raise OwnCandidate
        if review.score is not None and queries.begun(course.id):
            raise SelectionBegun
        note = clean(note, LONGEST, lines=True)
        changed = review.score is not None
        review.score, review.at = given, clock.now()
        review.note = sealed.seal(note, queries.label(review)) if note else None
        record(
            session,
            "reading.score",
            "registration",
            known.id,
            by=by.account_id,
            course_id=course.id,
            number=number,
            changed=changed,
        )
