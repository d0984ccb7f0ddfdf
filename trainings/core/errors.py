"""Refusals: how the application says that it will not do something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from trainings.core.dates import in_full
from trainings.core.i18n import Counted, LazyText, _l, filled


class Refusal(Exception):
    """Something a person asked for that a rule forbids, said in one sentence.

    A subclass is defined beside its rule and sets ``sentence``, a lazy message with named
    placeholders. The values are given when it is raised; dates are given as dates and are written
    out in the reader's language. Views only show it.
    """

    sentence: LazyText | Counted = _l("This cannot be done.")
    field: str | None = None  # the form field it belongs to, where there is one

    def __init__(self, **values: Any) -> None:
        super().__init__(type(self).__name__)
        self.values = values
        self.parts: tuple[Refusal, ...] = (self,)

    def __str__(self) -> str:
        values = {
            name: in_full(value) if isinstance(value, date) else value
            for name, value in self.values.items()
        }
        return filled(self.sentence, values)


class Refusals(Refusal):
    """Several refusals of one form, so that people can mend all of them at once."""

    def __init__(self, parts: Sequence[Refusal]) -> None:
        super().__init__()
        self.parts = tuple(parts)

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


def refuse(refusals: Sequence[Refusal]) -> None:
    """Raise the one refusal, or all of them; nothing where there are none."""
    if refusals:
        raise refusals[0] if len(refusals) == 1 else Refusals(refusals)


class NotFound(Exception):
    """The object does not exist, or this viewer may not see it: always the same 404."""


class AlreadyDone(Exception):
    """The same form was sent before; only the first time counted."""
