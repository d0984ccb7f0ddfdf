"""Group commit: what several requests ask for at the same moment is done in one transaction.

Who comes while others are being served waits with all who come meanwhile, and they are served
together: locks, what all of them read, and the commit are paid for once.
See docs/decisions/2026-11-29-rush.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Generic, TypeVar

from msgspec import Struct, field

from trainings.core.db import db, form_token

MOST = 32  # served in one transaction

# How a thread lets another work in its place while it waits; the web server has few.
aside: ContextVar[Callable[[], AbstractContextManager[None]]] = ContextVar(
    "aside", default=nullcontext
)

Wish = TypeVar("Wish")
Outcome = TypeVar("Outcome")


class Apart(Exception):
    """These cannot be served together."""


class _Waiting(Struct, Generic[Wish, Outcome]):
    """A request that waits: what it asks for, and the token of its form."""

    wish: Wish
    token: str | None
    called: threading.Event = field(default_factory=threading.Event)
    outcome: Outcome | None = None
    served: bool = False
    batch: list[_Waiting[Wish, Outcome]] = field(default_factory=list)  # which it is to serve


class GroupCommit(Generic[Wish, Outcome]):
    """Serves the requests of this process that concern the same thing, all who wait at a time."""

    def __init__(
        self, act: Callable[[str, Sequence[Wish], Sequence[str]], Sequence[Outcome]]
    ) -> None:
        """``act`` opens the transaction: for the key, the wishes and the other requests' tokens."""
        self._act = act
        self._guard = threading.Lock()
        self._waiting: dict[str, list[_Waiting[Wish, Outcome]]] = {}  # by what is being served

    def ask(self, key: str, wish: Wish) -> Outcome:
        """What became of a wish: alone, or together with others who ask for the same ``key``.

        Where serving several together fails, for whatever reason, nothing is stored and each is
        served alone, in its own thread: raises what ``act`` raises.
        """
        db.session.close()  # who waits holds no connection
        mine: _Waiting[Wish, Outcome] = _Waiting(wish, form_token.get())
        if self._must_wait(key, mine):
            with aside.get()():
                mine.called.wait()
        if mine.batch:
            self._serve(key, mine.batch)
        if not mine.served:
            (mine.outcome,) = self._act(key, [wish], ())
        form_token.set(None)
        return mine.outcome  # type: ignore[return-value]

    def _must_wait(self, key: str, mine: _Waiting[Wish, Outcome]) -> bool:
        with self._guard:
            if key in self._waiting:
                self._waiting[key].append(mine)
                return True
            self._waiting[key] = []
            mine.batch = [mine]
            return False

    def _serve(self, key: str, batch: list[_Waiting[Wish, Outcome]]) -> None:
        """Serve these, whose first is the thread's own; then call who comes next."""
        try:
            tokens = [one.token for one in batch[1:] if one.token is not None]
            outcomes = self._act(key, [one.wish for one in batch], tokens)
            for one, outcome in zip(batch, outcomes, strict=True):
                one.outcome, one.served = outcome, True
        except Exception:
            if len(batch) == 1:
                raise
        finally:
            self._call_next(key)
            for one in batch[1:]:
                one.called.set()

    def _call_next(self, key: str) -> None:
        with self._guard:
            waiting = self._waiting[key]
            following, self._waiting[key] = waiting[:MOST], waiting[MOST:]
            if not following:
                del self._waiting[key]
        if following:
            following[0].batch = following
            following[0].called.set()
