"""The questionnaire as a form: it checks shape only."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from trainings.core.i18n import _l
from trainings.evaluations.rules import LONGEST, RATINGS, Answers, Question, Statement
from trainings.web.forms import Form


def _rating(statement: Statement) -> RadioField:
    choose = _l("Choose a number from 1 to 5 for “%(statement)s”", statement=statement.label)
    return RadioField(
        statement.label,
        [InputRequired(choose)],
        choices=[str(n) for n in RATINGS],
        invalid_choice_message=choose,
    )


def _text(question: Question) -> TextAreaField:
    return TextAreaField(question.label, [Length(max=2 * LONGEST)])


class EvaluationForm(Form):
    """Six statements to rate and two optional questions."""

    useful = _rating(Statement.USEFUL)
    level = _rating(Statement.LEVEL)
    trainers = _rating(Statement.TRAINERS)
    exchange = _rating(Statement.EXCHANGE)
    organisation = _rating(Statement.ORGANISATION)
    colleagues = _rating(Statement.COLLEAGUES)
    first_use = _text(Question.FIRST_USE)
    change = _text(Question.CHANGE)

    def answers(self) -> Answers:
        """The ratings and texts that were entered."""
        return Answers(
            {statement: int(self[statement].data) for statement in Statement},
            {question: self[question].data or "" for question in Question},
        )
