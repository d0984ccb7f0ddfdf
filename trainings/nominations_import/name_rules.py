"""Names as lists write them: without titles and capitals, a whole name in its two parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from trainings.core.names import folded
from trainings.nominations_import.value_rules import SAYS, plain


class Name(NamedTuple):
    """A name in its two parts; ``sure`` if only one way to split it follows from the rule."""

    given: str
    family: str
    sure: bool = True


def unshouted(name: str) -> str:
    """A name in the usual letters where all of it is in capitals, or none of it."""
    if name not in (name.upper(), name.lower()):
        return name
    found: list[str] = []
    for word in name.split():
        small, before = folded(word), folded(found[-1]) if found else ""
        joins = small in ("de", "del", "da", "das", "do", "dos", "di", "du", "des", "y", "e")
        if joins or (small in ("la", "las", "los") and before == "de"):
            found.append(word.lower())
        else:
            found.append(re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word.lower()))
    return " ".join(found)


def without_title(name: str) -> str:
    """A name without what stands before it: *Dra.*, *Lic.*, *Mr*."""
    words = name.split()
    while len(words) > 1 and plain(words[0]) in SAYS["titles"]:
        words = words[1:]
    return " ".join(words)


def split_name(whole: str, *, family_first: bool = False) -> Name:
    """A whole name in its two parts.

    A comma stands behind the family name. Else what alone is in capitals is the family name. Else,
    with words such as *de la* taken together with the next one: of two, the first is the given
    name; of three, one given name and two family names, unless the one in the middle is usual as a
    second given name; of four, two and two. ``family_first``: the column says *apellidos y
    nombres*, so the same the other way round. Anything else is not sure.
    """
    family, comma, given = whole.partition(",")
    if comma and family.strip() and given.strip() and "," not in given:
        return Name(unshouted(without_title(given)), unshouted(family.strip()))
    words = without_title(whole.replace(",", " ")).split()
    loud = [len(word) > 1 and word == word.upper() != word.lower() for word in words]
    if True in loud and False in loud:
        parts = _loud_part(words, loud)
        if parts is not None:
            return parts
    certain = not comma
    groups = _groups(unshouted(" ".join(words)).split())
    usual = [folded(one.rpartition(" ")[2]) in SAYS["second_given"] for one in groups]
    count = len(groups)
    if count == 1:
        return Name("", unshouted(groups[0]), sure=False)
    if family_first:
        at = count - 1 if count < 4 else 2
        sure = count in (2, 4) or (count == 3 and not usual[1])
        return _name(groups[at:], groups[:at], sure and certain)
    at = 1 if count < 4 else 2
    sure = count == 2 or (count == 3 and not usual[1]) or (count == 4 and not usual[2])
    return _name(groups[:at], groups[at:], sure and certain)


def _name(given: Sequence[str], family: Sequence[str], sure: bool) -> Name:
    return Name(unshouted(" ".join(given)), unshouted(" ".join(family)), sure)


def _loud_part(words: Sequence[str], loud: Sequence[bool]) -> Name | None:
    """Given and family name where the family name alone is in capitals, before or behind."""
    first = loud.index(True)
    last = len(loud) - 1 - loud[::-1].index(True)
    small = {place for place in range(first, last) if folded(words[place]) in SAYS["particles"]}
    if not all(loud[place] or place in small for place in range(first, last)):
        return None
    while first and folded(words[first - 1]) in SAYS["particles"]:
        first -= 1
    family, given = words[first : last + 1], [*words[:first], *words[last + 1 :]]
    if not given or (first and last + 1 < len(words)):
        return None
    return Name(unshouted(" ".join(given)), unshouted(" ".join(family).upper()))


def _groups(words: Sequence[str]) -> list[str]:
    """The words of a name, each with the particles before it: *de la Cruz*."""
    groups: list[str] = []
    waiting: list[str] = []
    for word in words:
        waiting.append(word)
        if folded(word) not in SAYS["particles"]:
            groups.append(" ".join(waiting))
            waiting = []
    if waiting:
        groups.append(" ".join(waiting))
    return groups
