"""A programme on paper: the time line on the first page, findings and lessons on the second."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from math import ceil

from trainings.agencies import mark_queries
from trainings.core import clock
from trainings.core.dates import days, in_full, month
from trainings.core.i18n import _, html_language, localized, ngettext, with_colon
from trainings.core.permissions import Permission, Viewer
from trainings.courses.models import Programme
from trainings.courses.programme_rules import LessonKind, LessonState
from trainings.printing.paper_rules import (
    Fact,
    PaperWording,
    ProgrammeDocument,
    ProgrammeLesson,
    ProgrammePhase,
)
from trainings.printing.rules import Mark
from trainings.programmes import queries, told_queries
from trainings.programmes.rules import Span, drawn, in_months
from trainings.programmes.told_queries import Told

PHASE_CHARACTERS, LESSON_CHARACTERS = 180, 260
PAGE = 238.0  # millimetres of a page below the heading of its table
LINE, SMALL, GAP = 3.8, 3.35, 2.1  # of a line of text, of a smaller one, between two rows


def spans(programme: Programme, following: Sequence[Programme], *, exact: bool) -> list[Span]:
    """When each phase is, and each programme that follows; to the month, unless ``exact``.

    Phases say when a course is, and its days are shown to those involved alone.
    """
    found = [Span(one.starts_on, one.ends_on) for one in programme.phases]
    found += [queries.span_of(one) for one in following]
    return found if exact else [in_months(one) for one in found]


def when_for(exact: bool) -> Callable[[Span], str]:
    """How a span is written out: by its days or by its months."""

    def when(span: Span) -> str:
        first, last = span
        if first is None and last is None:
            return _("no dates set yet")
        if exact:
            if first is not None and last is not None:
                return days(first, last)
            if first is not None:
                return _("from %(day)s", day=days(first, first))
            return _("until %(day)s", day=days(last, last)) if last else ""
        if first is not None and last is not None:
            begins, ends = month(first), month(last)
            return begins if begins == ends else f"{begins} – {ends}"
        if first is not None:
            return _("from %(day)s", day=month(first))
        return _("until %(day)s", day=month(last)) if last else ""

    return when


def paper(programme: Programme, by: Viewer, printed_by: str) -> ProgrammeDocument:
    """A programme loaded with phases and agency as a paper, in the current language."""
    exact = by.can(Permission.PROGRAMME_EDIT)
    when = when_for(exact)
    following = queries.followers(programme.id)
    shown = spans(programme, following, exact=exact)
    line = drawn(shown, clock.now().date())
    bars = line.bars if line else [None] * len(shown)
    titled = [
        *((one.titles, one.texts) for one in programme.phases),
        *((one.titles, one.texts) for one in following),
    ]
    phases = [
        ProgrammePhase(
            localized(titles),
            cut(localized(texts), PHASE_CHARACTERS),
            when(span),
            bar.at if bar else 0.0,
            bar.width if bar else 0.0,
        )
        for (titles, texts), span, bar in zip(titled, shown, bars, strict=True)
    ]
    title, explained = localized(programme.titles), cut(localized(programme.texts), 600)
    above = 62 + 8.5 * _lines(title, 34) + 4.7 * _lines(explained, 88)
    first = _fitting([_phase_height(one) for one in phases], 250 - above)
    told = told_queries.told(by, queries.lessons(programme.id))
    rows = [_row(one) for one in told]
    second = _fitting([_height(one) for one in rows], PAGE)
    agency = programme.agency
    return ProgrammeDocument(
        wording=PaperWording(
            language=html_language(),
            document_title=" · ".join((_("Programme"), title)),
            heading=_("Programme"),
            page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            printed=_(
                "Printed on %(moment)s by %(name)s",
                moment=in_full(clock.now().date()),
                name=printed_by,
            ),
        ),
        title=title,
        explained=explained,
        sums=_sums(told),
        line_title=_("Time line"),
        line_heads=(
            _("Phase"),
            _("Dates"),
            f"{month(line.first)} – {month(line.last)}" if line else _("Time line"),
        ),
        phases=tuple(phases[:first]),
        phases_note=_rest(len(phases) - first),
        lessons_title=_("Findings and lessons"),
        lessons_heads=(
            _("What was found or learned"),
            _("Source and owner"),
            _("Status and what came of it"),
        ),
        lessons=tuple(rows[:second]),
        lessons_note=_rest(len(rows) - second) if rows else _("No findings or lessons yet."),
        marks=(Mark(localized(agency.short_names), agency.colour, mark_queries.picture(agency)),)
        if agency is not None
        else (),
    )


def _row(told: Told) -> ProgrammeLesson:
    lesson = told.lesson
    owner = localized(lesson.agency.short_names) if lesson.agency else _("nobody")
    came = [f"{one.words} ({one.doubt})" if one.doubt else one.words for one in told.outcomes]
    if lesson.note:
        came.append(cut(lesson.note, 120))
    return ProgrammeLesson(
        str(lesson.kind.label),
        cut(localized(lesson.texts), LESSON_CHARACTERS),
        cut(told.source, 90),
        _("Owner: %(owner)s", owner=owner),
        str(lesson.state.label),
        tuple(cut(one, 120) for one in came),
    )


def _sums(told: Sequence[Told]) -> tuple[Fact, ...]:
    """How many findings and lessons are in which state."""
    found = []
    for kind, label in ((LessonKind.FINDING, _("Findings")), (LessonKind.LESSON, _("Lessons"))):
        numbers = [
            f"{with_colon(state.label)} {number}"
            for state in LessonState
            if (number := sum(t.lesson.kind is kind and t.lesson.state is state for t in told))
        ]
        found.append(Fact(label, " · ".join(numbers) or "–"))
    return tuple(found)


def _rest(number: int) -> str:
    if number <= 0:
        return ""
    return ngettext(
        "%(num)s more is on the page of the programme.",
        "%(num)s more are on the page of the programme.",
        number,
    )


def cut(text: str, most: int) -> str:
    """A text on one line, cut between words where it is longer than there is room for."""
    plain = " ".join(text[: 8 * most].split())
    if len(plain) <= most and _wide(plain) <= most:
        return plain
    kept, room = 0, most - _wide("…")
    while (room := room - _wide(plain[kept])) >= 0:
        kept += 1
    shorter = plain[: kept + 1].rpartition(" ")[0]
    return (shorter if shorter and kept - len(shorter) < 30 else plain[:kept]) + "…"


_BROAD = frozenset("MWmwÆŒ@%—…")


def _wide(text: str) -> float:
    """How wide a text is, in letters: Chinese signs take the room of two."""
    return sum(
        2
        if unicodedata.east_asian_width(one) in "WF"
        else 1.7
        if one in _BROAD
        else 1.3
        if one.isupper()
        else 1
        for one in text
    )


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many letters; rather one too many."""
    lines, left = 0, 0.0
    for word in text.split():
        needed = _wide(word) + 1
        if needed <= left:
            left -= needed
            continue
        more = ceil(needed / width)  # a word longer than a line is broken
        lines += more
        left = more * width - needed
    return lines


def _phase_height(phase: ProgrammePhase) -> float:
    return GAP + LINE * _lines(phase.title, 36) + SMALL * _lines(phase.text, 42)


def _height(row: ProgrammeLesson) -> float:
    return GAP + max(
        LINE * _lines(f"{row.kind} {row.text}", 46),
        SMALL * (_lines(row.source, 28) + _lines(row.owner, 28)),
        SMALL * (1 + sum(_lines(one, 30) for one in row.came)),
    )


def _fitting(heights: Sequence[float], room: float) -> int:
    """How many rows fit on a page."""
    for number, height in enumerate(heights):
        room -= height
        if room < 0:
            return number
    return len(heights)
