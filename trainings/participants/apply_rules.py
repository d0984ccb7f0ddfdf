"""An application with one topic per page: which pages, in which order, what each asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from trainings.registrations.candidate_rules import (
    LENGTHS,
    NOTICE,
    Application,
    BirthDateRefused,
    CountryNotInvited,
    Details,
    DetailsRefused,
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
    "notice": ("notice", "directory"),
}
ALL = tuple(FIELDS)
# Nominated people already have a country and a function, given by the focal point.
NOMINATED = ("identity", "work", "needs", "notice")


def steps(nominated: bool) -> tuple[str, ...]:
    """The pages of an application, in order."""
    return NOMINATED if nominated else ALL


def as_sent(answers: Mapping[str, Any], consents: Collection[str]) -> dict[str, Any]:
    """The answers of somebody who sent them before, with every page marked as answered."""
    return {**answers, **dict.fromkeys(consents, True), **{f"_{step}": True for step in NOMINATED}}


def first_open(answers: Mapping[str, Any], nominated: bool) -> str | None:
    """The first page not yet answered; None if all are."""
    return next((step for step in steps(nominated) if not answers.get(f"_{step}")), None)


def around(step: str, nominated: bool) -> tuple[str | None, str | None]:
    """The pages before and after a page."""
    order = steps(nominated)
    place = order.index(step)
    before = order[place - 1] if place else None
    after = order[place + 1] if place + 1 < len(order) else None
    return before, after


def answered(step: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of one page, cleaned; raises a refusal that names its field."""
    answers: dict[str, Any] = {}
    for name in FIELDS[step]:
        value = given.get(name) or ""
        answers[name] = cleaned_text(name, str(value)) if name in LENGTHS else value
    if step == "function" and not answers["function"]:
        raise FunctionNotInvited
    if step == "country" and not answers["country"]:
        raise CountryNotInvited
    if step == "identity":
        if not (answers["given_name"] or answers["family_name"]):
            raise NameMissing
        if answers["born"] and not is_birth_date(answers["born"]):
            raise BirthDateRefused
    if step == "work" and not answers["unit"]:
        raise UnitMissing
    if step == "notice":
        check_consent(_consents(answers))
    return {**answers, f"_{step}": True}


def kept(step: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of one page as they are, even if incomplete, to continue later."""
    try:
        return answered(step, given)
    except DetailsRefused:
        texts = {name: str(given.get(name) or "") for name in FIELDS[step] if name in LENGTHS}
        begun = {name: given.get(name) or "" for name in FIELDS[step]}
        begun |= {name: cleaned_text(name, text) for name, text in texts.items()}
        return {**begun, f"_{step}": False}


def _consents(answers: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(kind for kind in (NOTICE, "directory") if answers.get(kind))


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
