"""Answers: what is kept of what was typed, and how it is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from trainings.core.dates import in_full
from trainings.core.errors import Refusal, refuse
from trainings.core.i18n import _, localized, with_colon
from trainings.core.text import clean
from trainings.questions.rules import (
    LONGEST_LONG,
    LONGEST_SHORT,
    AnswerMissing,
    Asking,
    FollowUpMissing,
    QuestionKind,
)

YES, NO = "yes", "no"
Unsent = Mapping[str, tuple[str, Any]]  # by question: its kind, and what is kept of the answer


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


def kept_all(
    askings: Mapping[str, Asking], given: Mapping[str, Typed], *, whole: bool = False
) -> dict[str, Any]:
    """What is kept of the answers to several questions, by question.

    ``whole``: none that is required may be missing. Raises what is wrong with each, beside the
    field of its form: ``FollowUpMissing``, ``AnswerMissing``.
    """
    found: dict[str, Any] = {}
    faults: list[Refusal] = []
    for key, typed in given.items():
        try:
            found[key] = kept(askings[key], typed)
        except FollowUpMissing as refusal:
            refusal.field = f"more_{key}"
            faults.append(refusal)
            continue
        if whole and askings[key].required and found[key] is None:
            missing = AnswerMissing(question=localized(askings[key].titles))
            missing.field = f"answer_{key}"
            faults.append(missing)
    refuse(faults)
    return found


def still_fitting(askings: Mapping[str, Asking], unsent: Unsent) -> dict[str, Any]:
    """The answers of an unsent application to these questions, as far as they are what they were.

    None where nothing is answered, or what was answered fits no more.
    """
    return {key: _still_fits(one, *unsent.get(key, ("", None))) for key, one in askings.items()}


def _still_fits(asking: Asking, kind: str, value: Any) -> Any:
    if kind != asking.kind or value is None:
        return None
    try:
        return kept(asking, as_typed(asking, value))
    except FollowUpMissing:
        return None


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
        return f"{with_colon(answer)} {value['more']}" if value["more"] else answer
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
