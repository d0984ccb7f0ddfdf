"""A condition that people can read: what is required, whether it is met, what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from trainings.core.i18n import Counted, LazyText, filled


class Condition(Struct, frozen=True):
    """One line of a checklist.

    A condition that is not ``binding`` should be checked, but does not block anything. ``label``
    and ``hint`` keep their values beside them; pages show ``text`` and ``advice``.
    """

    label: LazyText | Counted
    met: bool
    hint: LazyText | Counted | None = None
    binding: bool = True
    values: tuple[tuple[str, object], ...] = ()

    @property
    def text(self) -> str:
        """The condition as a sentence."""
        return filled(self.label, dict(self.values))

    @property
    def advice(self) -> str:
        """What to do if it is not met; empty if it is."""
        if self.met or self.hint is None:
            return ""
        return filled(self.hint, dict(self.values))


def all_met(conditions: Iterable[Condition]) -> bool:
    """Whether every binding condition is met."""
    return all(one.met for one in conditions if one.binding)
