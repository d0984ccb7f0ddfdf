"""Draws the agenda as a PDF, in the cage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from trainings.agenda.grid_rules import Shown
from trainings.agenda.rules import SessionKind
from trainings.core.i18n import _
from trainings.printing import warm
from trainings.printing.rules import (
    AgendaDocument,
    AgendaWording,
    Day,
    Failure,
    Mark,
    SessionLine,
)


def document(
    *,
    language: str,
    course: tuple[str, str],
    days: Mapping[date, Sequence[Shown]],
    day_titles: Mapping[date, str],
    marks: tuple[Mark, ...],
    printed: str,
) -> AgendaDocument:
    """The agenda as it shall be read.

    ``course`` is its title and the line below; ``marks`` are the agencies' own; ``printed``
    says when and by whom it was printed.
    """
    heading = _("Agenda")
    return AgendaDocument(
        wording=AgendaWording(
            language=language, document_title=f"{heading} · {course[0]}",
            heading=heading, time=_("Time"), session=_("Session"), room=_("Room"),
            trainers=_("Trainers"),
            page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            printed=printed, empty=_("No sessions."), confidential=_("Confidential"),
        ),
        course_title=course[0],
        course_line=course[1],
        days=tuple(
            Day(day_titles[day], tuple(map(_line, sessions))) for day, sessions in days.items()
        ),
        marks=marks,
    )  # fmt: skip


def _line(one: Shown) -> SessionLine:
    return SessionLine(
        start=f"{one.starts_at:%H:%M}", end=f"{one.ends_at:%H:%M}", title=one.title,
        room=one.room, trainers=one.trainers, quiet=one.kind is SessionKind.BREAK,
    )  # fmt: skip


def draw(drawn: AgendaDocument) -> bytes | None:
    """The PDF's bytes, or None where the renderer gave up. Not inside a transaction."""
    result = warm.draw(drawn)
    return None if isinstance(result, Failure) else result
