"""Writes the text of an email in a language: its standard text, or the course's own.

Standard texts are templates in ``templates/mail/<event>/``. An own text is never a template: only
its words in brackets are replaced, each by ``templates/mail/_tokens.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

from flask import current_app
from jinja2 import UndefinedError
from sqlalchemy import select
from sqlalchemy.orm import Session

from trainings.core.db import new_key
from trainings.core.i18n import speaking
from trainings.mail.models import MailText
from trainings.mail.rules import mark, with_links, without_links
from trainings.mail.text_rules import (
    ALWAYS_STANDARD,
    EVERYWHERE,
    NEEDED,
    TOKENS,
    OwnText,
    replaced,
    tokens_in,
)

_links: ContextVar[list[str]] = ContextVar("links")


class Written(NamedTuple):
    """An email as written in a language: marks stand in the body for the personal links."""

    subject: str
    body: str
    links: list[str]


def written(
    event: str, language: str, context: Mapping[str, Any], own: OwnText | None = None
) -> Written:
    """Write an email from its templates in ``templates/mail/<event>/``, or with an own text."""
    kept = _links.set([])
    try:
        with speaking(language):
            if own is not None:
                context = {**context, **_with_values(own, context)}
                subject = context["subject"]
                fixed = event in ALWAYS_STANDARD
                body = _rendered(
                    f"mail/{event}/body.txt" if fixed else "mail/_own.txt",
                    {**context, "event": event},
                )
            else:
                subject = _rendered(f"mail/{event}/subject.txt", context)
                body = _rendered(f"mail/{event}/body.txt", context)
        return Written(" ".join(subject.split()), _without_gaps(body) + "\n", _links.get())
    finally:
        _links.reset(kept)


def personal(link: str) -> str:
    """In the templates of emails: keeps a link apart, and leaves a mark in its place."""
    links = _links.get()
    links.append(link)
    return mark(len(links) - 1)


def _with_values(own: OwnText, context: Mapping[str, Any]) -> dict[str, str]:
    """Subject and text of an own text with each word in brackets replaced."""
    found = tokens_in(own.subject + own.text)
    values = {one: _rendered("mail/_tokens.txt", {**context, "token": one}) for one in found}
    return {"subject": replaced(own.subject, values), "text": replaced(own.text, values)}


def _rendered(template: str, context: Mapping[str, Any]) -> str:
    """A rendered text without what only pages need: the signed-in user, tabs, counts."""
    return current_app.jinja_env.get_template(template).render(context).strip()


def previewed(own: OwnText, language: str, context: Mapping[str, Any]) -> OwnText:
    """A text as a reader will see it; what is not known yet is named in square brackets."""
    kept = _links.set([])
    try:
        with speaking(language):
            found = tokens_in(own.subject + own.text)
            values = {one: _known(one, context) for one in found}
            shown = [without_links(replaced(said, values), language) for said in own]
        return OwnText(*shown)
    finally:
        _links.reset(kept)


def _known(token: str, context: Mapping[str, Any]) -> str:
    try:
        said = _rendered("mail/_tokens.txt", {**context, "token": token})
    except UndefinedError:
        said = ""
    return said if said or token in EVERYWHERE else f"[{TOKENS[token]}]"


class Standard(NamedTuple):
    """The standard text of an email with its words in brackets, and which of them it may hold."""

    subject: str
    text: str
    allowed: frozenset[str]
    needed: tuple[str, ...]


_COURSE = SimpleNamespace(
    titles="{course}",
    code="{code}",
    city="{city}",
    contact="{contact}",
    zone="{zone}",
    starts_on="{dates}",
    ends_on="{dates}",
    registration_closes_on="{closes}",
    place="{place}",
)
_BEFORE = SimpleNamespace(
    starts_on="{earlier_dates}", ends_on="{earlier_dates}", zone="{zone}", place="{earlier_place}"
)
# Stand in for what templates ask for: each gives the word in brackets of what it would say.
_STAND_INS: Mapping[str, Any] = MappingProxyType(
    {
        "course": _COURSE,
        "course_titles": "{course}",
        "before": _BEFORE,
        "near": None,
        "name": "{name}",
        "number": "{number}",
        "link": "{link}",
        "check": "{check}",
        "until": "{until}",
        "reason": "{reason}",
        "serial": "{serial}",
        "printed_name": "{printed_name}",
        "address": "{agenda_page}",
        "first": True,
        "teaching": False,
        "lines": [SimpleNamespace(when="{agenda}", title="", room="", parts=[])],
        "localized": lambda said: said,
        "range_in_full": lambda first, last: first,
        "month": lambda _day: "{month}",
        "in_full": lambda day: day,
        "moment_in_full": lambda moment, zone: moment,
        "zone_name": lambda _zone: "{zone}",
        "where": lambda course, near: course.place,
        "sees_days": lambda *_: True,
        "sees_venue": lambda *_: True,
        "external_url": lambda *_, **__: "{course_page}",
    }
)


def standard(event: str, language: str) -> Standard:
    """The standard text of an email of a course, as a text that can be changed."""
    kept = _links.set([])
    try:
        with speaking(language):
            subject = _rendered(f"mail/{event}/subject.txt", _STAND_INS)
            template = current_app.jinja_env.get_template(f"mail/{event}/body.txt")
            parts = template.blocks["body"](template.new_context(dict(_STAND_INS)))
            text = with_links("".join(parts), _links.get())
    finally:
        _links.reset(kept)
    text = _tidy(text)
    found = set(tokens_in(subject + text)) | EVERYWHERE
    if event.startswith(("registration", "trainer")):
        found.add("name")
    return Standard(subject, text, frozenset(found), tuple(t for t in NEEDED if t in found))


def _without_gaps(text: str) -> str:
    """A text with one empty line at most between paragraphs; templates leave more."""
    return re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", text)


def _tidy(text: str) -> str:
    """Without the gaps and indents that templates leave."""
    return _without_gaps("\n".join(line.strip() for line in text.strip().split("\n")))


def copy_texts(session: Session, from_id: str, to_id: str) -> bool:
    """Give a course the own texts of the course it is made from; returns whether it has some."""
    found = session.scalars(select(MailText).where(MailText.course_id == from_id)).all()
    for one in found:
        session.add(
            MailText(
                id=new_key(),
                course_id=to_id,
                event=one.event,
                language=one.language,
                subject=one.subject,
                text=one.text,
            )
        )
    return bool(found)
