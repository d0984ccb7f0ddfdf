"""Which module, trainers and room of a course a row means; what is not one of them is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from trainings.agenda.rules import SessionKind
from trainings.agenda_import.reading_rules import Row
from trainings.core.names import folded

_LEADING = re.compile(r"^(?:module|módulo|modulo|mod\.?)\s*\d*\s*[:.–—-]*\s*", re.IGNORECASE)
_CONTINUED = re.compile(r"\s*[(,]?\s*(?:cont\w*\.?|suite|fin)\)?\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:module|módulo|modulo|mod\.?)\s*(\d+)", re.IGNORECASE)


class Matched(Struct, frozen=True):
    """A row with what it means in this course; ``unknown``: trainers who are not invited to it."""

    row: Row
    kind: SessionKind
    module_id: str
    trainers: tuple[str, ...]
    unknown: tuple[str, ...]
    there: bool  # already in the agenda

    @property
    def complete(self) -> bool:
        """Whether nothing has to be asked about it."""
        return not self.unknown and (self.kind is not SessionKind.MODULE or bool(self.module_id))


def module_of(title: str, modules: Mapping[str, Sequence[str]]) -> str:
    """The module that a title names, by its own titles or else by its number in the course.

    ``modules``: the titles of each in all languages, in the order of the course. Empty where it
    may be several, or none.
    """
    bare = folded(_CONTINUED.sub("", _LEADING.sub("", title)))
    if bare:
        named = [
            key
            for key, titles in modules.items()
            if any(bare in folded(one) or folded(one) in folded(title) for one in titles if one)
        ]
        if len(named) == 1:
            return named[0]
        if named:
            return ""
    number = _NUMBER.search(title)
    if number and not bare and 1 <= int(number[1]) <= len(modules):
        return list(modules)[int(number[1]) - 1]
    return ""


def trainer_of(written: str, trainers: Mapping[str, str]) -> str:
    """The trainer that a name means: all of it, or initials and the family name.

    ``trainers``: the names of those invited. Empty where it may be several, or none.
    """
    words = re.findall(r"[^\W\d_]+", written)
    if not words:
        return ""
    asked = [folded(word) for word in words]

    def fits(name: str) -> bool:
        parts = [folded(part) for part in re.findall(r"[^\W\d_]+", name)]
        long = [word for word in asked if len(word) > 1]
        short = [word for word in asked if len(word) == 1]
        left = [part for part in parts if part not in long]
        return (
            bool(long)
            and all(word in parts for word in long)
            and all(any(part.startswith(word) for part in left) for word in short)
        )

    found = [key for key, name in trainers.items() if fits(name)]
    return found[0] if len(found) == 1 else ""


def matched(
    rows: Iterable[Row],
    modules: Mapping[str, Sequence[str]],
    trainers: Mapping[str, str],
    there: Iterable[tuple[int, int, int]],
) -> list[Matched]:
    """The rows with what they mean; ``there``: day, start and end of what the agenda has."""
    known = set(there)
    found = []
    for row in rows:
        by_name = {name: trainer_of(name, trainers) for name in row.trainers}
        module_id = module_of(row.title, modules) if row.kind is SessionKind.MODULE else ""
        found.append(
            Matched(
                row,
                row.kind,
                module_id,
                tuple(dict.fromkeys(key for key in by_name.values() if key)),
                tuple(name for name, key in by_name.items() if not key),
                (row.day, row.start, row.end) in known,
            )
        )
    return found
