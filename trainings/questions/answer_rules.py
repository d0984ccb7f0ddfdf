"""Answers: what is kept of what was typed, and how it is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from trainings.core.dates import in_full
from trainings.core.i18n import _, localized
from trainings.core.text import clean
from trainings.questions.rules import (
    LONGEST_LONG,
    LONGEST_SHORT,
    Asking,
    FollowUpMissing,
    QuestionKind,
)

YES, NO = "yes", "no"


class Typed(NamedTuple):
    """What was typed as an answer, and to the follow-up question."""

    answer: Any
    more: str = ""


def kept(asking: Asking, given: Typed) -> Any:
    """What is kept of an answer; None where the question was left empty.

    An option that is not offered counts as nothing. Raises ``FollowUpMissing``.
    """
    typed, more = given
    codes = {one.code for one in asking.options}
    if asking.kind is QuestionKind.SHORT:
        return clean(typed or "", LONGEST_SHORT) or None
    if asking.kind is QuestionKind.LONG:
        return clean(typed or "", LONGEST_LONG, lines=True) or None
    if asking.kind is QuestionKind.NUMBER:
        return typed
    if asking.kind is QuestionKind.DATE:
        return typed.isoformat() if typed else None
    if asking.kind is QuestionKind.ONE:
        return typed if typed in codes else None
    if asking.kind is QuestionKind.SEVERAL:
        return [one for one in typed or () if one in codes] or None
    if typed not in (YES, NO):
        return None
    more = clean(more, LONGEST_SHORT) if typed == YES else ""
    question = localized(asking.follow_ups)
    if typed == YES and question and not more:
        raise FollowUpMissing(question=question)
    return {"yes": typed == YES, "more": more}


def as_typed(asking: Asking, value: Any) -> Typed:
    """A kept answer as the fields of its form hold it."""
    if asking.kind is QuestionKind.YES_NO:
        return Typed("") if value is None else Typed(YES if value["yes"] else NO, value["more"])
    if asking.kind is QuestionKind.DATE:
        return Typed(date.fromisoformat(value) if value else None)
    if asking.kind is QuestionKind.SEVERAL:
        return Typed(value or [])
    if asking.kind is QuestionKind.NUMBER:
        return Typed(value)
    return Typed(value or "")


def said(asking: Asking, value: Any) -> str:
    """An answer in the reader's language; empty where there is none."""
    if value is None:
        return ""
    if asking.kind is QuestionKind.DATE:
        return in_full(date.fromisoformat(value))
    if asking.kind in (QuestionKind.ONE, QuestionKind.SEVERAL):
        chosen = [value] if asking.kind is QuestionKind.ONE else value
        return ", ".join(localized(one.texts) for one in asking.options if one.code in chosen)
    if asking.kind is QuestionKind.YES_NO:
        answer = _("Yes") if value["yes"] else _("No")
        return f"{answer}: {value['more']}" if value["more"] else answer
    if asking.kind is QuestionKind.FILE:
        return str(value["name"])
    return str(value)


def choices_in(asking: Asking, value: Any) -> Collection[str]:
    """By what an answer can be filtered: the codes of its options, *yes* or *no*."""
    if asking.kind is QuestionKind.ONE:
        return [value]
    if asking.kind is QuestionKind.SEVERAL:
        return list(value)
    if asking.kind is QuestionKind.YES_NO:
        return [YES if value["yes"] else NO]
    return []


def choices_of(asking: Asking) -> Mapping[str, str]:
    """The answers that a question can be filtered by, in words."""
    if asking.kind is QuestionKind.YES_NO:
        return {YES: _("Yes"), NO: _("No")}
    return {one.code: localized(one.texts) for one in asking.options}
