"""An application with one topic per page: which pages, in which order, what each asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from trainings.core.errors import Refusal
from trainings.registrations.candidate_rules import (
    LENGTHS,
    NOTICE,
    Application,
    BirthDateRefused,
    CountryNotInvited,
    Details,
    FunctionNotInvited,
    NameMissing,
    UnitMissing,
    check_consent,
    cleaned_text,
    is_birth_date,
)

FIELDS: Mapping[str, tuple[str, ...]] = {
    "function": ("function",),
    "country": ("country",),
    "identity": ("given_name", "family_name", "born", "sex", "document"),
    "work": ("unit", "phone"),
    "needs": ("needs",),
    "questions": (),  # those of the course, if it has any
    "notice": ("notice",),
}
ALL = tuple(FIELDS)
# Nominated people already have a country and a function, given by the focal point.
NOMINATED = ("identity", "work", "needs", "questions", "notice")
QUESTIONS = "questions"


# Among the answers, by page: the fields of a page that was left with *Back* and is not right yet.
TYPED = "_typed"
MOST_TYPED = 64 * 1024  # characters of such a page
# Among the answers: the fields that were filled in from before and not looked at yet.
EARLIER = "_earlier"


def steps(nominated: bool, asked: bool) -> tuple[str, ...]:
    """The pages of an application, in order; ``asked``: whether the course has questions."""
    found = NOMINATED if nominated else ALL
    return found if asked else tuple(one for one in found if one != QUESTIONS)


def as_sent(answers: Mapping[str, Any], consents: Collection[str]) -> dict[str, Any]:
    """The answers of somebody who sent them before, with every page marked as answered."""
    return {**answers, **dict.fromkeys(consents, True), **{f"_{step}": True for step in NOMINATED}}


def earlier(known: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that start with what somebody said before; empty where nothing is known."""
    found = {name: value for name, value in known.items() if value}
    return {**found, EARLIER: sorted(found)} if found else {}


def first_open(answers: Mapping[str, Any], order: Sequence[str]) -> str | None:
    """The first of these pages not yet answered; None if all are."""
    typed = answers.get(TYPED, {})
    return next((one for one in order if one in typed or not answers.get(f"_{one}")), None)


def around(step: str, order: Sequence[str]) -> tuple[str | None, str | None]:
    """The pages before and after a page."""
    place = order.index(step)
    before = order[place - 1] if place else None
    after = order[place + 1] if place + 1 < len(order) else None
    return before, after


def answered(step: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of one page, cleaned; raises a refusal that names its field."""
    answers = {name: _right(name, given.get(name) or "") for name in FIELDS[step]}
    if step == "function" and not answers["function"]:
        raise FunctionNotInvited
    if step == "country" and not answers["country"]:
        raise CountryNotInvited
    if step == "identity" and not (answers["given_name"] or answers["family_name"]):
        raise NameMissing
    if step == "work" and not answers["unit"]:
        raise UnitMissing
    if step == "notice":
        check_consent(_consents(answers))
    return {**answers, f"_{step}": True}


def kept(
    step: str, given: Mapping[str, Any], wrong: Collection[str]
) -> tuple[dict[str, Any], list[Refusal]]:
    """The valid answers of one page, even if incomplete, to continue later; and what is refused.

    ``wrong`` are the fields that the form has refused already: of them nothing is kept.
    """
    answers: dict[str, Any] = {}
    refused: list[Refusal] = []
    for name in FIELDS[step]:
        if name in wrong:
            continue
        value = given.get(name) or ""
        try:
            answers[name] = _right(name, value)
        except Refusal as refusal:
            refused.append(refusal)
    return {**answers, f"_{step}": not wrong and is_answered(step, given)}, refused


def _right(name: str, value: Any) -> Any:
    """One answer, cleaned; it may be missing. Raises a refusal that names its field."""
    answer = cleaned_text(name, str(value)) if name in LENGTHS else value
    if name == "born" and answer and not is_birth_date(answer):
        raise BirthDateRefused
    return answer


def is_answered(step: str, given: Mapping[str, Any]) -> bool:
    """Whether the answers of one page are whole and right."""
    try:
        answered(step, given)
    except Refusal:
        return False
    return True


def with_page(
    answers: Mapping[str, Any],
    step: str,
    given: Mapping[str, Any],
    typed: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    """All answers with those given on a page; ``typed``: its fields as they are, not right yet."""
    others = {name: kept for name, kept in answers.get(TYPED, {}).items() if name != step}
    if typed is not None:
        others[step] = dict(typed)
    unseen = [name for name in answers.get(EARLIER, ()) if name not in FIELDS[step]]
    return {**answers, **given, TYPED: others, EARLIER: unseen}


def begun(answers: Mapping[str, Any], step: str, typed: Mapping[str, list[str]]) -> bool:
    """Whether there is anything to keep of a page that is left: now, or from before."""
    now = any(value.strip() for values in typed.values() for value in values)
    return now or f"_{step}" in answers or step in answers.get(TYPED, {})


def _consents(answers: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(kind for kind in (NOTICE,) if answers.get(kind))


def application(answers: Mapping[str, Any], language: str) -> Application:
    """The answers of all pages as an application."""
    return Application(
        country=answers.get("country", ""),
        function=answers.get("function", ""),
        **_personal(answers, language),
    )


def details(answers: Mapping[str, Any], language: str) -> Details:
    """The answers of a nominated person as their details."""
    return Details(**_personal(answers, language))


def _personal(answers: Mapping[str, Any], language: str) -> dict[str, Any]:
    texts = ("given_name", "family_name", "unit", "phone", "document", "born", "needs")
    return {
        **{name: answers.get(name, "") for name in texts},
        "sex": answers.get("sex") or None,
        "language": language,
        "consents": _consents(answers),
    }
