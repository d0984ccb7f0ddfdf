"""The questions of an evaluation, who can give one and when, and how answers are summed up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l
from trainings.core.text import TextRefused, clean
from trainings.registrations.rules import State

RATINGS = (1, 2, 3, 4, 5)
BATCH = 5  # this many answers are shown at once: each reading covers at least five people (S21)
LONGEST = 2000  # characters of a text
GIVERS = frozenset({State.CONFIRMED, State.ATTENDED})


class Statement(StrEnum):
    """A statement to rate from 1 to 5."""

    USEFUL = "useful"
    LEVEL = "level"
    TRAINERS = "trainers"
    EXCHANGE = "exchange"
    ORGANISATION = "organisation"
    COLLEAGUES = "colleagues"

    @property
    def label(self) -> LazyText:
        """The statement as it is displayed."""
        return STATEMENT_LABELS[self]


class Question(StrEnum):
    """A question to answer in free text, or to leave out."""

    FIRST_USE = "first_use"
    CHANGE = "change"

    @property
    def label(self) -> LazyText:
        """The question as it is displayed."""
        return QUESTION_LABELS[self]


STATEMENT_LABELS: Mapping[Statement, LazyText] = {
    Statement.USEFUL: _l("What I learnt is useful in my daily work."),
    Statement.LEVEL: _l("The level was right for me."),
    Statement.TRAINERS: _l("The trainers explained clearly and answered our questions."),
    Statement.EXCHANGE: _l("There was enough time for exercises and discussion."),
    Statement.ORGANISATION: _l("The organisation and the venue were good."),
    Statement.COLLEAGUES: _l("I met colleagues from other countries whom I can call about a case."),
}
QUESTION_LABELS: Mapping[Question, LazyText] = {
    Question.FIRST_USE: _l("What from this course will you use first?"),
    Question.CHANGE: _l("What should we change next time?"),
}


class Answers(Struct, frozen=True):
    """One person's answers about a course: ratings from 1 to 5, and texts where they wrote any."""

    ratings: Mapping[Statement, int]
    texts: Mapping[Question, str] = field(default_factory=dict)


class NotAsked(Refusal):
    """The course has no evaluation."""

    sentence = _l("This course does not ask for an evaluation.")


class NotOfTheCourse(Refusal):
    """The registration is not one of a participant who took part."""

    sentence = _l("Only people who take part in the course can evaluate it.")


class NotYet(Refusal):
    """The course has not reached its last day."""

    sentence = _l("The evaluation opens on the last day of the course.")


class GivenAlready(Refusal):
    """A person can evaluate a course only once."""

    sentence = _l("You have already evaluated this course.")


class RatingMissing(Refusal):
    """A statement was left without a rating."""

    sentence = _l("Choose a number from 1 to 5.")


def check_open(asks: bool, state: State, ends_on: date, today: date) -> None:
    """Check that somebody in this state may give their evaluation today, or raise a refusal.

    ``today`` is the date in the course's zone; evaluation opens on the last day and stays open.
    """
    if not asks:
        raise NotAsked
    if state not in GIVERS:
        raise NotOfTheCourse
    if today < ends_on:
        raise NotYet


def checked(answers: Answers) -> Answers:
    """The answers to store: every statement rated, texts cleaned, empty ones left out.

    Raises ``RatingMissing`` or ``TextRefused`` with the field it belongs to.
    """
    for statement in Statement:
        if answers.ratings.get(statement) not in RATINGS:
            missing = RatingMissing()
            missing.field = statement
            raise missing
    texts = {}
    for question, text in answers.texts.items():
        try:
            texts[question] = clean(text, LONGEST, lines=True)
        except TextRefused as refusal:
            refusal.field = question
            raise
    return Answers(
        {statement: answers.ratings[statement] for statement in Statement},
        {question: text for question, text in texts.items() if text},
    )


class Tally(Struct, frozen=True):
    """How one statement was rated: how many gave each number from 1 to 5."""

    statement: Statement
    counts: Sequence[int]

    @property
    def total(self) -> int:
        """How many people rated it."""
        return sum(self.counts)

    @property
    def points(self) -> int:
        """All ratings added up."""
        return sum(n * count for n, count in zip(RATINGS, self.counts, strict=True))

    @property
    def mean(self) -> float | None:
        """The mean of the ratings; None if nobody rated it."""
        return self.points / self.total if self.total else None


class Summary(Struct, frozen=True):
    """What answers come to: how many, how each statement was rated, how many wrote something."""

    shown: int
    tallies: Sequence[Tally]  # in the order of the questionnaire
    wrote: Mapping[Question, int]

    @property
    def mean(self) -> float | None:
        """The mean of all ratings of all statements; None if there are none."""
        total = sum(one.total for one in self.tallies)
        return sum(one.points for one in self.tallies) / total if total else None

    def of(self, statement: Statement) -> Tally:
        """How one statement was rated."""
        return next(one for one in self.tallies if one.statement is statement)


def summary(given: Sequence[Answers]) -> Summary:
    """What these answers come to."""
    return Summary(
        len(given),
        [
            Tally(one, [sum(answers.ratings.get(one) == n for answers in given) for n in RATINGS])
            for one in Statement
        ],
        {one: sum(one in answers.texts for answers in given) for one in Question},
    )


def together(one: Summary, other: Summary) -> Summary:
    """What the answers of both come to."""
    return Summary(
        one.shown + other.shown,
        [
            Tally(a.statement, [n + m for n, m in zip(a.counts, b.counts, strict=True)])
            for a, b in zip(one.tallies, other.tallies, strict=True)
        ],
        {question: number + other.wrote[question] for question, number in one.wrote.items()},
    )


def sayings(given: Iterable[Answers], question: Question) -> list[str]:
    """The answers to a question, in an order that does not reveal when or by whom they came."""
    found = [answers.texts[question] for answers in given if question in answers.texts]
    return sorted(found, key=lambda text: (text.casefold(), text))
