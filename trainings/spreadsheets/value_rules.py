"""Times, days and countries as people type them in four languages; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from trainings.core.i18n import LANGUAGES, countries
from trainings.core.names import folded
from trainings.spreadsheets.rules import Cell, as_text

MINUTES_A_DAY = 24 * 60
_FIRST_DAY = date(1899, 12, 30)  # of spreadsheets, which count days from it

# Times of day

_TIME = re.compile(
    r"""(?<![\d.,:])
    (?P<hour>\d{1,2}) (?: \s?[:.hH]\s? (?P<minute>\d{2}) (?::\d{2}(?:\.0+)?)? | (?P<bare>h\b)? )
    (?: \s* (?P<half>[ap]) \.? \s? m \.? )?
    (?![\d:]) """,
    re.VERBOSE | re.IGNORECASE,
)
_COMPACT = re.compile(r"(?<!\d)(\d{2})(\d{2})(?!\d)")
_NOON = re.compile(
    r"\b12(?:[:.]00)?\s*(?:m\b\.?|noon)|\b(?:noon|midday|mediod[ií]a|midi|meio[ -]dia)\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"0?[.,]\d{3,}|0?[.,]5")
_LENGTH = re.compile(
    r"(?:\(\s*(?P<hours>\d{1,2})\s*(?:h|hs|hrs?|horas?|hours?|heures?)\s*(?P<more>\d{2})?"
    r"(?:\s*min\w*)?\s*\)|[\s(](?P<minutes>\d{1,3})\s*(?:min\w*\.?|['’′])\s*\)?)\s*$",
    re.IGNORECASE,
)
# What may stand around times without changing them.
_AROUND = re.compile(
    "a|al|and|as|at|até|au|das|de|des|desde|du|e|entre|et|from|h|hasta|horas?|horario|hrs?|hs|"
    "las|los|of|the|till|to|until|y|à|às"
)


class Times(NamedTuple):
    """When something begins and ends, in minutes from midnight; no end: until the next begins."""

    start: int
    end: int | None


def clock_time(minutes: int) -> time:
    """Minutes from midnight as a time of day."""
    return time(minutes // 60, minutes % 60)


def times_of(cell: Cell) -> Times | None:
    """The time or the two times of a cell: *9:00-10:30*, *2 p. m. a 3 p. m.*, *13:10 (60 min)*.

    Also the fractions of a day that spreadsheets store. None where it says no time, or more than
    two, or one that no clock shows.
    """
    if isinstance(cell, time):
        return Times(cell.hour * 60 + cell.minute, None)
    if isinstance(cell, datetime):
        return times_of(cell.time())
    if isinstance(cell, float):
        return _of_fraction(cell) if 0 <= cell < 1 else None
    if not isinstance(cell, str):
        return None
    text = _NOON.sub("12:00", cell.strip())
    if _FRACTION.fullmatch(text):
        return _of_fraction(float(text.replace(",", ".")))
    length = _LENGTH.search(text)
    if length and length.start():
        begins = times_of(text[: length.start()])
        if begins is None:
            return None
        hours, more, minutes = (int(length[name] or 0) for name in ("hours", "more", "minutes"))
        end = begins.start + hours * 60 + more + minutes
        return Times(begins.start, end) if begins.end in (None, end) else None
    return _of_text(text)


def _of_fraction(value: float) -> Times | None:
    minutes = round(value * MINUTES_A_DAY)
    return Times(minutes, None) if minutes < MINUTES_A_DAY else None


def _of_text(text: str) -> Times | None:
    text = _COMPACT.sub(r"\1:\2", text) if not re.search(r"\d[:.hH]\d", text) else text
    found = list(_TIME.finditer(text))
    rest = _TIME.sub(" ", text)
    words = re.findall(r"\w+", rest.casefold())
    if not 1 <= len(found) <= 2 or not all(map(_AROUND.fullmatch, words)):
        return None
    if len(found) == 1 and not _says_time(found[0]):
        return None
    first, last = found[0], found[-1]
    if len(found) == 1:
        start = _minutes(first, first["half"])
        return None if start is None else Times(start, None)
    end = _minutes(last, last["half"])
    if first["half"] or not last["half"]:
        start = _minutes(first, first["half"])
    else:  # 2:00 - 3:30 p. m. and 11:00 - 1:00 p. m.
        likely = [_minutes(first, half) for half in (last["half"], "a")]
        start = next((one for one in likely if one is not None and end and one < end), None)
    return None if start is None or end is None else Times(start, end)


def _says_time(found: re.Match[str]) -> bool:
    """Whether one number alone is a time and not just a number."""
    return bool(found["minute"] or found["bare"] or found["half"])


def _minutes(found: re.Match[str], half: str | None) -> int | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        return None
    if half and half in "aA":
        return None if hour > 12 else hour % 12 * 60 + minute  # no clock shows 14:00 a. m.
    if half and hour < 12:
        hour += 12
    return hour * 60 + minute


# Days

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january enero janeiro janvier jan ene janv",
            "february febrero fevereiro février feb fev fév févr",
            "march marzo março mars mar",
            "april abril avril apr abr avr",
            "may mayo maio mai",
            "june junio junho juin jun",
            "july julio julho juillet jul juil",
            "august agosto août aug ago aout",
            "september septiembre setiembre setembro septembre sep sept set",
            "october octubre outubro octobre oct out",
            "november noviembre novembro novembre nov",
            "december diciembre dezembro décembre dec dic dez déc",
        ),
        start=1,
    )
    for name in map(folded, names.split())
}
_WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lunes lun segunda seg lundi",
            "tuesday tue tues martes mar terça ter mardi",
            "wednesday wed miércoles mié mie quarta qua mercredi mer",
            "thursday thu thur thurs jueves jue quinta qui jeudi jeu",
            "friday fri viernes vie sexta sex vendredi ven",
            "saturday sat sábado sáb sab samedi sam",
            "sunday sun domingo dom dimanche dim",
        )
    )
    for name in map(folded, names.split())
}
_NUMBERED = re.compile(
    r"(?:day|d[ií]a|jour)\s*n?[.º°]*\s*(\d{1,3})\b[\s:,(–—-]*(.*)", re.IGNORECASE
)
_ORDINAL = re.compile(r"(?<=\d)(?:er|ro|[ºª°]|st|nd|rd|th)\b|(?<=\d)[ºª°]", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{4}|\d{2}))?\.?")


class Day(NamedTuple):
    """A day as written: its number in the course, or dates that it may mean, or its weekday."""

    number: int | None = None
    dates: tuple[date, ...] = ()
    weekday: int | None = None
    bare: bool = False  # a number and nothing else: it may be the day of the month, too

    def of_course(self, starts: date, days: int) -> Sequence[int]:
        """Which days of a course it can be, counted from 1; none if it lies outside."""
        dates = [starts + timedelta(days=ahead) for ahead in range(days)]
        if self.number is not None:
            dates = dates[self.number - 1 : self.number] if self.number > 0 else []
        if self.dates:
            dates = [one for one in dates if one in self.dates]
        if self.weekday is not None:
            dates = [one for one in dates if one.weekday() == self.weekday]
        return [(one - starts).days + 1 for one in dates]


def day_of(cell: Cell, near: date) -> Day | None:
    """The day that a cell names: *Día 2*, *Lunes 18/1*, *Tue 2 Feb*, a date; None if it is none.

    ``near``: where the year is missing, the year that lies nearest to this day.
    """
    if isinstance(cell, datetime):
        return Day(dates=(cell.date(),))
    if isinstance(cell, date):
        return Day(dates=(cell,))
    if isinstance(cell, time):
        return None
    if isinstance(cell, float):
        if not cell.is_integer():
            return None
        if 20_000 < cell < 90_000:
            return Day(dates=(_FIRST_DAY + timedelta(days=int(cell)),))
        return Day(number=int(cell), bare=True) if 0 < cell < 1000 else None
    text = as_text(cell)
    return _day_of_text(text, near) if text else None


def _day_of_text(text: str, near: date) -> Day | None:
    text = _ORDINAL.sub("", text)
    if numbered := _NUMBERED.match(text):
        also = _day_of_text(numbered[2], near) if re.search(r"\w", numbered[2]) else Day()
        return also and also._replace(number=int(numbered[1]))
    words = [folded(word) for word in re.findall(r"[^\W\d_]+", text)]
    digits = re.findall(r"\d+", text)
    weekdays = [_WEEKDAYS[word] for word in words[:1] if word in _WEEKDAYS]
    weekday = weekdays[0] if weekdays else None
    others = [word for word in words[len(weekdays) :] if word not in ("feira", "de", "del", "of")]
    if iso := _ISO.search(text):
        return _with(list(_real([(int(iso[1]), int(iso[2]), int(iso[3]))])), weekday)
    months = [_MONTHS[word] for word in others if word in _MONTHS]
    if months and len(months) == len(others) and digits:
        years = [int(one) for one in digits if len(one) == 4]
        numbers = [int(one) for one in digits if len(one) <= 2]
        if len(numbers) == 1:
            return _with(list(_years(months[0], numbers[0], years, near)), weekday)
        return None
    if others:
        return None
    if numeric := _NUMERIC.search(text):
        first, second = int(numeric[1]), int(numeric[2])
        years = [_full(numeric[3])] if numeric[3] else []
        dates = [*_years(second, first, years, near), *_years(first, second, years, near)]
        return _with(dates, weekday)
    if len(digits) == 1 and len(digits[0]) <= 2:
        number = int(digits[0])
        if weekday is None:
            return Day(number=number, bare=True)
        dates = [one for one in _nth(number, near) if one.weekday() == weekday]
        if words[0] in _MONTHS:  # "mar 3": a Tuesday in Spanish, in March in English
            dates += _years(_MONTHS[words[0]], number, [], near)
        return Day(dates=tuple(dates))
    return Day(weekday=weekday) if weekday is not None and not digits else None


def _nth(number: int, near: date) -> Iterator[date]:
    """The days of the months around a day that have this number."""
    months = range(near.year * 12 + near.month - 13, near.year * 12 + near.month + 12)
    return _real((month // 12, month % 12 + 1, number) for month in months)


def _with(dates: Sequence[date], weekday: int | None) -> Day | None:
    return Day(dates=tuple(dict.fromkeys(dates)), weekday=weekday) if dates else None


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _years(month: int, day: int, years: Sequence[int], near: date) -> Iterator[date]:
    found = list(_real((year, month, day) for year in years or range(near.year - 1, near.year + 2)))
    if found:
        yield min(found, key=lambda one: abs((one - near).days))


def _real(parts: Iterable[tuple[int, int, int]]) -> Iterator[date]:
    """Those that exist: there is no 31 February."""
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


# Countries


def country_of(said: str) -> str:
    """The country that a word means, in any of our languages or as its code; else nothing."""
    written = folded(said)
    if len(said) == 2 and said.upper() in dict(countries()):
        return said.upper()
    found = {
        code
        for language in LANGUAGES
        for code, name in countries(code=language)
        if folded(name) == written
    }
    return found.pop() if len(found) == 1 else ""
