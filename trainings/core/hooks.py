"""Hooks: how a lower layer calls a higher one without importing it.

A domain declares a hook where it calls it; ``wiring.py`` sets the function of each, and start-up
fails if one has none.

See docs/decisions/2026-11-24-foundation.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


_declared: list[Any] = []


class Hook(Generic[P, T]):
    """A function that a lower layer calls and a higher layer provides."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._function: Callable[P, T] | None = None
        _declared.append(self)

    @property
    def given(self) -> bool:
        """Whether there is a function to call."""
        return self._function is not None

    def give(self, function: Callable[P, T]) -> None:
        """Set the function to call."""
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function; raises ``RuntimeError`` if none was set."""
        if self._function is None:
            raise RuntimeError(f"the hook {self.name} is not set")
        return self._function(*args, **kwargs)


def check() -> None:
    """Raises ``RuntimeError`` naming the hooks that have no function."""
    unset = sorted(hook.name for hook in _declared if not hook.given)
    if unset:
        raise RuntimeError(f"hooks without a function: {', '.join(unset)}")
