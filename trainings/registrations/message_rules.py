"""Organisers' own texts: a fixed list of tokens, each replaced in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l

TOKENS: Mapping[str, LazyText] = {
    "name": _l("given and family name"),
    "course": _l("title of the course"),
    "code": _l("code of the course"),
    "dates": _l("first and last day"),
    "city": _l("city"),
    "venue": _l("venue"),
    "number": _l("number of the registration"),
    "page": _l("address of one's registration"),
}
NAMELESS = frozenset({"course", "code", "dates", "city", "venue"})  # what a subject may hold

_TOKEN = re.compile(r"\{([^{}\n]{1,30})\}")


class TokenUnknown(Refusal):
    """Braces around something that nothing is known for."""

    sentence = _l("“{%(token)s}” is not one of the words in braces that can be used here.")
    field = "text"


class TokenInSubject(TokenUnknown):
    """A mail's subject names nobody."""

    field = "subject"


def check_texts(texts: Iterable[str]) -> None:
    """Whether all tokens of the texts are known. Raises ``TokenUnknown``."""
    for text in texts:
        for token in _TOKEN.findall(text):
            if token not in TOKENS:
                raise TokenUnknown(token=token)


def check_subjects(texts: Iterable[str]) -> None:
    """Whether the subjects hold only tokens that name nobody. Raises ``TokenInSubject``."""
    for text in texts:
        for token in _TOKEN.findall(text):
            if token not in NAMELESS:
                raise TokenInSubject(token=token)


def replaced(text: str, values: Mapping[str, str]) -> str:
    """The text with each token replaced once: what a value contains is never looked into."""
    return _TOKEN.sub(lambda found: values.get(found[1], found[0]), text)
