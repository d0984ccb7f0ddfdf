"""What an agenda that somebody sent says: sessions, and what to put to a person.

Two layouts are known: a row a session, or a row a time with a column a day. Nothing is guessed in
silence: a row that does not say its day, time or room for certain becomes a question.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from trainings.agenda.rules import SessionKind
from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, _l
from trainings.core.names import folded
from trainings.spreadsheets.rules import Cell, FileRefused, Sheet
from trainings.spreadsheets.table_rules import Table, find_table, meaning_of
from trainings.spreadsheets.value_rules import Day, Times, day_of, times_of

_WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
COLUMNS: Mapping[str, Sequence[str]] = _WORDS["columns"]
_KINDS = {SessionKind(kind): words for kind, words in _WORDS["kinds"].items()}
_ROOMS = re.compile(r"(?:rooms|salas|aulas|salones|salles|auditori(?:ums|os|a)|halls)\b", re.I)
_ROOM_WORD = re.compile(
    r"\b(?:room|hall|sala|aula|salón|salao|salão|salle|audit\w+|patio|pátio|lab\w*|plenar\w+|"
    r"plenári\w+|plén\w+|library|biblioteca|bibliothèque|chapel|theat\w+|teatro|amphi\w*)",
    re.I,
)
_BETWEEN_ROOMS = re.compile(r"\s*(?:[,;/+&]|\b(?:y|e|and|et|o|ou|or)\b)\s+|\s*[;/+&]\s*", re.I)
_BETWEEN_TRAINERS = re.compile(r"\s*[;/&+\n]\s*|\s+(?:y|e|and|et)\s+", re.I)
_AGENCY = re.compile(r"\s*\([^()]*\)\s*$")
_IN_CELL = re.compile(
    r"^(?P<title>.+?)\s*(?:\((?P<room>[^()]*)\))?\s*(?:\s[-–—]\s(?P<by>.+))?$", re.S
)


class RowAsks(Refusal):
    """What a row of an agenda does not say for certain."""


class NoTime(RowAsks):
    """No time, or one that no clock shows."""

    sentence = _l("It gives no time that we can read.")


class NoDay(RowAsks):
    """No day, or one that may be several."""

    sentence = _l("It does not say which day of the course it is on.")


class DayOutside(RowAsks):
    """A day that the course does not have."""

    sentence = Counted(
        "The course has one day, and this is not it.",
        "The course has %(days)s days, and this is none of them.",
        "days",
    )


class EndsFirst(RowAsks):
    """It ends before it begins, or as it begins."""

    sentence = _l("It ends before it begins.")


class NoEnd(RowAsks):
    """No end, and nothing later on the same day from which it would follow."""

    sentence = _l("It gives no end, and nothing follows on that day.")


class TwoRooms(RowAsks):
    """More than one room."""

    sentence = _l("It names two rooms. A session has one: make it two sessions, or choose.")


class NoTitle(RowAsks):
    """A time at which nothing is said to happen."""

    sentence = _l("It has a time but no title.")


class TrainersUnclear(RowAsks):
    """Names that may be of one person or of two."""

    sentence = _l("“%(names)s” may be one person or two.")


class NoAgenda(FileRefused):
    """A file without a table of sessions."""

    sentence = _l(
        "We found no agenda in this file. Its first row names the columns: day, time, title, "
        "room and trainers; or time and then a column for each day."
    )


class Row(Struct, frozen=True):
    """A session as a careful clerk would enter it; ``row`` and ``day`` count from 1."""

    row: int
    day: int
    start: int  # minutes from midnight
    end: int
    kind: SessionKind
    title: str
    room: str
    trainers: tuple[str, ...]


class Question(NamedTuple):
    """Something to put to a person: the row, its day where it is known, and why."""

    row: int
    day: int | None
    why: RowAsks
    said: str  # what the row says
    title: str = ""
    times: Times | None = None
    named_day: int | None = None  # also where each row of the file has one day


class Reading(NamedTuple):
    """What a file says, in its order."""

    rows: list[Row]
    ask: list[Question]


class _Found(Struct, frozen=True):
    """What stands in one row, or in one cell of a grid, before it is understood."""

    row: int
    day: Day | None
    times: Times | None
    title: str
    room: str
    trainers: str
    kind: str = ""
    grid_day: int | None = None
    said: str = ""


def read(sheets: Iterable[Sheet], starts: date, days: int) -> Reading:
    """The agenda of a course in the sheets of a file; raises :class:`NoAgenda` if there is none.

    ``starts``: the first day of the course; ``days``: how many it has.
    """
    for sheet in sheets:
        grid = _grid(sheet, starts, days)
        if grid is not None:
            return _understood(list(grid), starts, days)
        table = find_table(sheet, COLUMNS, ("title",))
        if table is not None and table.columns.keys() & {"time", "start"}:
            return _understood(list(_listed(table, starts)), starts, days)
    raise NoAgenda


# The two layouts


def _listed(table: Table, starts: date) -> Iterator[_Found]:
    """A row a session; a row without a day is on the day above."""
    day: Day | None = None
    for row in table.rows():
        named = _cell(table, row, "day")
        if named != "":
            day = day_of(named, starts)
        title, said = table.text(row, "title"), _said(table.sheet, row)
        times = _times(table, row)
        if times is None and not title and named != "":
            continue  # a line that only names the day
        yield _Found(
            row + 1,
            day,
            times,
            title,
            table.text(row, "room"),
            table.text(row, "trainers"),
            table.text(row, "kind"),
            said=said,
        )


def _cell(table: Table, row: int, column: str) -> Cell:
    if column not in table.columns:
        return ""
    above = table.columns[column]
    for top, left, bottom, right in table.sheet.merged:
        if top <= row <= bottom and left <= above <= right:
            return table.sheet.cell(top, left)
    return table.sheet.cell(row, above)


def _times(table: Table, row: int) -> Times | None:
    if "start" not in table.columns:
        return times_of(_cell(table, row, "time"))
    start = times_of(_cell(table, row, "start"))
    until = table.sheet.cell(row, table.columns["end"]) if "end" in table.columns else ""
    if start is None or until == "":
        return start
    end = times_of(until)
    return None if end is None or end.end is not None else Times(start.start, end.start)


def _said(sheet: Sheet, row: int) -> str:
    texts = [sheet.text(row, column) for column in range(len(sheet.rows[row]))]
    return " · ".join(text for text in texts if text)


def _grid(sheet: Sheet, starts: date, days: int) -> Iterator[_Found] | None:
    """A row a time and a column a day, where the names of the columns are days."""
    for row in range(min(len(sheet.rows), 40)):
        if meaning_of(sheet.text(row, 0), COLUMNS) not in ("time", "start"):
            continue
        named = {
            column: day_of(sheet.cell(row, column), starts)
            for column in range(1, len(sheet.rows[row]))
            if sheet.text(row, column)
        }
        if named and all(named.values()):
            return _cells(sheet, row, {column: day for column, day in named.items() if day})
    return None


def _cells(sheet: Sheet, header: int, days: Mapping[int, Day]) -> Iterator[_Found]:
    for row in range(header + 1, len(sheet.rows)):
        times = times_of(sheet.cell(row, 0))
        for column, day in days.items():
            inside = next(
                (
                    one
                    for one in sheet.merged
                    if one.top <= row <= one.bottom and one.left <= column <= one.right
                ),
                None,
            )
            if inside and row > max(inside.top, header + 1):
                continue
            said = sheet.text(inside.top, inside.left) if inside else sheet.text(row, column)
            if not said:
                continue
            lasts = times_of(sheet.cell(inside.bottom, 0)) if inside else None
            until = Times(times.start, lasts.end) if times and lasts and lasts.end else times
            title, room, trainers = _taken_apart(said)
            yield _Found(row + 1, day, until, title, room, trainers, said=said, grid_day=column)


def _taken_apart(said: str) -> tuple[str, str, str]:
    """Title, room and trainers of a cell such as *Module 2 (Room 2) - L. Baptiste*."""
    found = _IN_CELL.match(" ".join(said.split()))
    if found is None:
        return said, "", ""
    title, room, trainers = found["title"], found["room"] or "", found["by"] or ""
    if room and not (_ROOM_WORD.search(room) or _ROOMS.search(room)):
        title, room = f"{title} ({room})", ""
    return title, room, trainers


# What the rows mean


def _understood(found: Sequence[_Found], starts: date, days: int) -> Reading:
    found = _of_month(found, starts, days)
    rows: list[Row] = []
    ask: list[Question] = []
    for number, one in enumerate(found):
        day: int | None = None
        try:
            if one.times is None:
                raise NoTime
            day = _day(one, starts, days)
            rows.append(_row(one, day, one.times, found[number + 1 :], starts, days))
        except RowAsks as why:
            shown = day if one.grid_day is not None else None
            ask.append(Question(one.row, shown, why, one.said, one.title, one.times, day))
    return Reading(rows, ask)


def _of_month(found: Sequence[_Found], starts: date, days: int) -> Sequence[_Found]:
    """Numbers alone are days of the course, or all of them days of the month: whichever fits."""
    bare = [one.day for one in found if one.day and one.day.bare]
    as_dates = {day: _dates(day, starts, days) for day in bare}
    if sum(bool(as_dates[day].dates) for day in bare) <= sum(
        bool(day.of_course(starts, days)) for day in bare
    ):
        return found
    return [
        replace(one, day=as_dates[one.day]) if one.day and one.day.bare else one for one in found
    ]


def _dates(day: Day, starts: date, days: int) -> Day:
    ahead = [date.fromordinal(starts.toordinal() + number) for number in range(days)]
    return Day(dates=tuple(one for one in ahead if one.day == day.number))


def _day(one: _Found, starts: date, days: int) -> int:
    if one.day is None:
        raise NoDay
    possible = one.day.of_course(starts, days)
    if not possible:
        raise DayOutside(days=days)
    if len(possible) > 1:
        raise NoDay
    return possible[0]


def _row(
    one: _Found, day: int, times: Times, later: Sequence[_Found], starts: date, days: int
) -> Row:
    end = times.end if times.end is not None else _next_start(one, times, later)
    if end <= times.start:
        raise EndsFirst
    if not one.title:
        raise NoTitle
    if _ROOMS.search(one.room) or len(_BETWEEN_ROOMS.split(one.room)) > 1:
        raise TwoRooms
    kind = kind_of(one.kind or one.title)
    trainers = tuple(_trainers(one.trainers))
    return Row(one.row, day, times.start, end, kind, one.title, one.room, trainers)


def _next_start(one: _Found, times: Times, later: Sequence[_Found]) -> int:
    for other in later:
        if other.day != one.day:
            if one.grid_day is None:
                break
            continue
        if other.times is None:
            break  # it may begin at any time
        if other.times.start > times.start:
            return other.times.start
    raise NoEnd


def kind_of(title: str) -> SessionKind:
    """What happens in a session, by the words of its title or of a column that says it."""
    words = [folded(word) for word in re.findall(r"[\w'’-]+", title)]
    for kind, several in _KINDS.items():
        for known in (folded(word).split() for word in several):
            first = words[: len(known)] == known
            inside = kind is SessionKind.MODULE and known[0] in words
            if first or inside:
                return kind
    return SessionKind.OTHER


def _trainers(written: str) -> Iterator[str]:
    for part in _BETWEEN_TRAINERS.split(written.strip()):
        names = [_AGENCY.sub("", name).strip() for name in part.split(",")]
        if len(names) == 2 and all(len(name.split()) == 1 and "." not in name for name in names):
            raise TrainersUnclear(names=part.strip())
        yield from (name for name in names if name)
