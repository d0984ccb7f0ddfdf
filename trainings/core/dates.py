"""Days, moments and deadlines as people read them, in the reader's language and region.

Use dates written out in sentences (``in_full``, ``range_in_full``, ``moment_in_full``) and the
short forms in tables (``days``, ``local_moment``). A time of day always comes with its place.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, get_timezone, get_timezone_location
from flask_babel import get_locale

from trainings.core.i18n import _, language, ngettext

# How a language writes a day, in CLDR's letters; English as in Britain unless the region says so.
_IN_FULL = {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y", "fr": "d MMMM y"}
_IN_FULL["pt_BR"] = _IN_FULL["es"]
_IN_FULL["en_US"] = _IN_FULL["en_CA"] = "MMMM d, y"
_WITH_WEEKDAY = {"pt_BR": "EEEE, {}", "en_US": "EEEE, {}", "en_CA": "EEEE, {}"}
_SHORT = {"en_US": "EEE, MMM d, y", "en_CA": "EEE, MMM d, y"}
_SHORT_ELSEWHERE = "EEE d MMM y"
_FIRST_OF_MONTH = {"fr": "1er", "pt_BR": "1º"}
_MONTH_FIRST = ("en_US", "en_CA")
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)  # whatever is typed lies between them


def region() -> str:
    """The language of this page or email, with its region where dates differ by it: ``en_US``."""
    code = str(get_locale() or "en")
    return code if code in _IN_FULL else language()


def within_reach(day: date) -> bool:
    """Whether we reckon with a day: there is always a day before it and one after it."""
    return _FIRST <= day <= _LAST


def in_full(day: date) -> str:
    """A day written out: *1 February 2027*, *1er février 2027*, *1º de fevereiro de 2027*."""
    code = region()
    return _written(day, _IN_FULL[code], code)


def born_in_full(day: str) -> str:
    """A stored date of birth written out; empty if none was given."""
    return in_full(date.fromisoformat(day)) if day else ""


def with_weekday(day: date) -> str:
    """A day written out with its weekday: *Monday 1 February 2027*."""
    return _with_weekday(day, region())


@lru_cache(1000)
def _with_weekday(day: date, code: str) -> str:
    weekday = str(format_date(day, "EEEE", locale=code))
    between = ", " if "," in _WITH_WEEKDAY.get(code, "") else " "
    return f"{weekday}{between}{_written(day, _IN_FULL[code], code)}"


def range_in_full(first: date, last: date) -> str:
    """Days written out: *25 to 28 January 2027*, *del 25 al 28 de enero de 2027*.

    Across the end of a month or a year, each date states what differs: *28 January to 2 February
    2027*. A single day is written like ``in_full``.
    """
    if first == last:
        return in_full(last)
    code = region()
    pattern = _IN_FULL[code]
    ends_with = pattern
    if first.year == last.year:
        pattern = pattern.removesuffix("y").removesuffix(" 'de' ").rstrip(" ,")
        if first.month == last.month:
            if code in _MONTH_FIRST:
                ends_with = "d, y"
            else:
                pattern = "d"
    start, end = _written(first, pattern, code), _written(last, ends_with, code)
    return _("%(first)s to %(last)s", first=start, last=end)


@lru_cache(4000)
def _written(day: date, pattern: str, code: str) -> str:
    written = str(format_date(day, pattern, locale=code))
    if day.day == 1 and code in _FIRST_OF_MONTH:
        return re.sub(r"\b1\b", _FIRST_OF_MONTH[code], written, count=1)
    return written


def days(first: date, last: date) -> str:
    """One or two days, short, for tables: *Mon 25 – Thu 28 Jan 2027*."""
    return _days(first, last, region())


@lru_cache(1000)
def _days(first: date, last: date, code: str) -> str:
    pattern = _SHORT.get(code, _SHORT_ELSEWHERE)
    end = _written(last, pattern, code)
    if first == last:
        return end
    if first.year == last.year:
        pattern = _without_year(pattern)
        if first.month == last.month and code not in _MONTH_FIRST:
            pattern = pattern.removesuffix(" MMM")
    return f"{_written(first, pattern, code)} – {end}"


def _without_year(pattern: str) -> str:
    return pattern.removesuffix("y").rstrip(" ,")


def day_and_month(day: date) -> str:
    """A day at the head of a column, where the year is known: *Mon 25 Jan*, *lun 25 ene*."""
    code = region()
    return _written(day, _without_year(_SHORT.get(code, _SHORT_ELSEWHERE)), code)


def day_in_brief(day: date) -> str:
    """A day, short, for tables: *25 Jan 2027*."""
    code = region()
    return _written(day, "MMM d, y" if code in _MONTH_FIRST else "d MMM y", code)


def weekday_in_brief(day: date) -> str:
    """A day of a course among its days: *Mon 25*, *lun. 1er*."""
    return _written(day, "EEE d", region())


def weekday_name(number: int) -> str:
    """A day of the week: 0 is *Monday*."""
    return str(format_date(date(2024, 1, 1 + number), "EEEE", locale=region()))


def month(day: date) -> str:
    """The month of a day with its year: *February 2027*, *febrero de 2027*."""
    return _month(day.replace(day=1), region())


@lru_cache(1000)
def _month(first: date, code: str) -> str:
    return str(format_skeleton("yMMMM", first, locale=code))


def zone_name(zone: str, code: str | None = None) -> str:
    """The place that gives a time zone its name: *Buenos Aires*, *Viena*."""
    return _zone_name(zone, code or language())


@lru_cache(1000)
def _zone_name(zone: str, code: str) -> str:
    try:
        city = str(get_timezone_location(get_timezone(zone), locale=code, return_city=True))
    except LookupError:
        city = zone
    return city.rpartition("/")[2].replace("_", " ")


def local_moment(moment: datetime | None, zone: str) -> str:
    """A moment in local time of a zone, short, for tables that name the place."""
    if moment is None:
        return ""
    there = moment.astimezone(ZoneInfo(zone))
    return f"{days(there.date(), there.date())}, {there:%H:%M}"


def local_day(moment: datetime, zone: str) -> str:
    """The local date of a moment in a zone, short: *11 Dec 2026*."""
    return day_in_brief(moment.astimezone(ZoneInfo(zone)).date())


def moment_in_full(moment: datetime, zone: str) -> str:
    """A moment in a sentence that names the place: *11 December 2026 at 23:59*, *à 23 h 59*."""
    there = moment.astimezone(ZoneInfo(zone))
    time = f"{there.hour} h {there:%M}" if language() == "fr" else f"{there:%H:%M}"
    return _("%(day)s at %(time)s", day=in_full(there.date()), time=time)


def time_span(span: timedelta) -> str:
    """A span of time in whole days or hours, in a sentence: *one hour*, *7 days*."""
    if span % timedelta(days=1):
        return ngettext("one hour", "%(num)s hours", span // timedelta(hours=1))
    return ngettext("one day", "%(num)s days", span // timedelta(days=1))
