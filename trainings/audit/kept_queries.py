"""Numbers of people in a course, counted once after each act and kept by each worker.

They are kept with the code of the last entry of the course's trail: whatever changes them adds an
entry in the same transaction. Nobody is named. See docs/decisions/2026-11-30-headcounts.md.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from trainings.audit import queries
from trainings.core.db import read_for_page

Found = TypeVar("Found")


class _Kept(NamedTuple, Generic[Found]):
    """What was counted, after which entry of the trail, and how much it is."""

    entry: str
    found: Found
    size: int


class KeptNumbers(Generic[Found]):
    """What is counted of courses, kept for each until its trail goes on."""

    def __init__(
        self,
        name: str,
        count: Callable[[Collection[str]], dict[str, Found]],
        most: int,
        size: Callable[[Found], int] = lambda _found: 1,
    ) -> None:
        """``count``: counts them by course, in one statement. ``most``: of all sizes together."""
        self._name, self._count, self._size = name, count, size
        self.most = most
        self._kept: OrderedDict[str, _Kept[Found]] = OrderedDict()  # the last used is last
        self._turn = Lock()

    def of(self, course_ids: Collection[str]) -> dict[str, Found]:
        """The numbers of these courses; inside a transaction always counted."""
        read = read_for_page(self._name)
        if read is None:
            return self._count(course_ids)
        asked = [key for key in course_ids if key not in read]
        if asked:
            read.update(self._after(queries.last_of(asked), asked))
        return {key: read[key] for key in course_ids}

    def forget(self) -> None:
        """Forget all numbers; only speed depends on them."""
        with self._turn:
            self._kept.clear()

    def _after(self, entries: dict[str, str], course_ids: Collection[str]) -> dict[str, Found]:
        """What is kept of these courses since their last entries; what is not is counted."""
        found: dict[str, Found] = {}
        with self._turn:
            for key in course_ids:
                kept = self._kept.get(key)
                if kept is not None and kept.entry == entries.get(key):
                    self._kept.move_to_end(key)
                    found[key] = kept.found
        missing = [key for key in course_ids if key not in found]
        if missing:
            # counted after the entries were read: so these are of the entry, or of a later one
            counted = self._count(missing)
            found |= counted
            self._keep({key: (entries[key], counted[key]) for key in missing if key in entries})
        return found

    def _keep(self, fresh: dict[str, tuple[str, Found]]) -> None:
        with self._turn:
            for key, (entry, found) in fresh.items():
                self._kept[key] = _Kept(entry, found, self._size(found))
                self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(one.size for one in self._kept.values()) > self.most:
                self._kept.popitem(last=False)
