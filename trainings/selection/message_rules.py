"""Organisers' own texts: a fixed list of tokens, each replaced in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _l

TOKENS: Mapping[str, LazyText] = {
    "name": _l("given and family name"),
    "course": _l("course title"),
    "code": _l("course code"),
    "dates": _l("first and last day"),
    "city": _l("city"),
    "venue": _l("venue"),
    "number": _l("registration number"),
    "page": _l("link to their registration"),
}
NAMELESS = frozenset({"course", "code", "dates", "city", "venue"})  # what a subject may hold

_TOKEN = re.compile(r"\{([^{}\n]{1,30})\}")


class TokenUnknown(Refusal):
    """Braces around an unknown token."""

    sentence = _l(
        "“{%(token)s}” cannot be used here. Use one of the words in curly brackets listed on "
        "this page."
    )
    field = "text"


class TokenInSubject(TokenUnknown):
    """An email's subject must not name anybody."""

    field = "subject"


def check_texts(texts: Iterable[str]) -> None:
    """Check that all tokens of the texts are known. Raises ``TokenUnknown``."""
    for text in texts:
        for token in _TOKEN.findall(text):
            if token not in TOKENS:
                raise TokenUnknown(token=token)


def check_subjects(texts: Iterable[str]) -> None:
    """Check that the subjects hold only tokens that name nobody. Raises ``TokenInSubject``."""
    for text in texts:
        for token in _TOKEN.findall(text):
            if token not in NAMELESS:
                raise TokenInSubject(token=token)


def replaced(text: str, values: Mapping[str, str]) -> str:
    """The text with each token replaced once: tokens inside values are not replaced."""
    return _TOKEN.sub(lambda found: values.get(found[1], found[0]), text)
