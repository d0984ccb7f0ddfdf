"""A condition that someone can read: what is asked for, whether it is met, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trainings.core.i18n import LazyText


@dataclass(frozen=True)
class Condition:
    """One line of a checklist.

    A condition that is not ``binding`` is worth a look, but does not stand in the way.
    ``label`` and ``hint`` keep their values beside them; pages show ``text`` and ``advice``.
    """

    label: LazyText
    met: bool
    hint: LazyText | None = None
    binding: bool = True
    values: tuple[tuple[str, object], ...] = ()

    @property
    def text(self) -> str:
        """The condition as a sentence."""
        return str(self.label) % dict(self.values) if self.values else str(self.label)

    @property
    def advice(self) -> str:
        """What to do when it is not met; empty when it is."""
        if self.met or self.hint is None:
            return ""
        return str(self.hint) % dict(self.values) if self.values else str(self.hint)


def all_met(conditions: Iterable[Condition]) -> bool:
    """Whether nothing stands in the way."""
    return all(one.met for one in conditions if one.binding)
