"""A trainer's answer about a session: yes, no, or another time; it holds for the time it had."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import _l, _lp
from trainings.core.states import Tone, Worded

LONGEST = 500  # characters of what a trainer says or needs


class Reply(Worded):
    """What a trainer answers."""

    NONE = "none", _lp("session reply", "No reply yet"), Tone.AMBER
    ACCEPTED = "accepted", _lp("session reply", "Accepted"), Tone.GREEN
    DECLINED = "declined", _lp("session reply", "Declined"), Tone.RED
    OTHER_TIME = "other_time", _lp("session reply", "Proposes another time"), Tone.BLUE


class NotYours(Refusal):
    """An answer about a session that the trainer does not give, or that is not published so."""

    sentence = _l("This session is not yours any more, or has moved. Look at your sessions again.")


class SessionOver(Refusal):
    """An answer about a session that has begun."""

    sentence = _l("This session has begun, so your answer can no longer change.")


class TimeMissing(Refusal):
    """Another time without a day or a time of day."""

    sentence = _l("Enter the day and the time that would suit you.")
    field = "day"


class OutsideDays(Refusal):
    """Another time on a day that the course does not have."""

    sentence = _l("Choose a day of the course.")
    field = "day"


class Answer(Struct, frozen=True):
    """What a trainer answers about a session, as it was typed."""

    reply: Reply
    proposed: datetime | None = None  # local time of the course
    said: str = ""
    needs: str = ""


def check_answer(answer: Answer, first: date, last: date) -> None:
    """Refuse an answer that says too little. Raises ``TimeMissing``, ``OutsideDays``."""
    if answer.reply is not Reply.OTHER_TIME:
        return
    if answer.proposed is None:
        raise TimeMissing
    if not first <= answer.proposed.date() <= last:
        raise OutsideDays


def holds(reply: Reply, answered: tuple[datetime, int], starts: datetime, minutes: int) -> Reply:
    """What an answer says today: none where the session moved since, or is longer than it was.

    ``answered``: start and minutes when it was given.
    """
    start, length = answered
    return reply if start == starts and minutes <= length else Reply.NONE
