"""Refusals: what the house says when it will not do a thing."""

from __future__ import annotations

from typing import Any

from trainings.core.i18n import LazyText, _l


class Refusal(Exception):
    """Something a person asked for that a rule forbids, said in one sentence.

    A subclass stands beside its rule and sets ``sentence``, a lazy message with named
    placeholders; the values are given when it is raised. Views only show it.
    """

    sentence: LazyText = _l("This cannot be done.")
    field: str | None = None  # the form field it belongs to, where there is one

    def __init__(self, **values: Any) -> None:
        super().__init__(type(self).__name__)
        self.values = values

    def __str__(self) -> str:
        return str(self.sentence) % self.values if self.values else str(self.sentence)


class NotFound(Exception):
    """There is no such thing, or none that this viewer may see: always the same 404."""


class AlreadyDone(Exception):
    """The same form was sent before; the first sending counted."""
