"""Draws the agenda as a PDF, in the sandboxed renderer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from trainings.agenda.grid_rules import Shown
from trainings.agenda.rules import SessionKind
from trainings.core.errors import Refusal
from trainings.core.i18n import _, _l
from trainings.printing import cage
from trainings.printing.rules import (
    AgendaDocument,
    AgendaForm,
    AgendaSheet,
    AgendaWording,
    Day,
    Mark,
    SessionLine,
    gaps_words,
)


def document(
    *,
    language: str,
    course: tuple[str, str],
    days: Mapping[date, Sequence[Shown]],
    day_titles: Mapping[date, str],
    marks: tuple[Mark, ...],
    printed: str,
    form: AgendaForm = AgendaForm.PAGES,
    sheets: Mapping[str, Mapping[date, Sequence[Shown]]] | None = None,
) -> AgendaDocument:
    """The agenda as a document to render.

    ``course`` is its title and the line below; ``marks`` are the agencies' own; ``printed`` says
    when and by whom it was printed; ``sheets``: by title, the days of each sheet of its own.
    """
    heading = _("Agenda")

    def made(some: Mapping[date, Sequence[Shown]]) -> tuple[Day, ...]:
        return tuple(Day(day_titles[day], tuple(map(_line, part))) for day, part in some.items())

    return AgendaDocument(
        wording=AgendaWording(
            language=language,
            document_title=f"{heading} · {course[0]}",
            heading=heading,
            time=_("Time"),
            session=_("Session"),
            room=_("Room"),
            trainers=_("Trainers"),
            page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            printed=printed,
            empty=_("No sessions."),
            confidential=_("Confidential") if form is AgendaForm.PAGES else "",
        ),
        course_title=course[0],
        course_line=course[1],
        days=made(days),
        marks=marks,
        form=form,
        sheets=tuple(AgendaSheet(title, made(some)) for title, some in (sheets or {}).items()),
    )


def _line(one: Shown) -> SessionLine:
    return SessionLine(
        start=f"{one.starts_at:%H:%M}",
        end=f"{one.ends_at:%H:%M}",
        title=f"{one.title} ({one.speech})" if one.speech else one.title,
        room=one.room,
        trainers=one.trainers,
        quiet=one.kind is SessionKind.BREAK,
    )


class AgendaNotDrawn(Refusal):
    """The renderer could not produce the agenda."""

    sentence = _l(
        "We could not make the PDF of the agenda. Print the page from your browser instead."
    )


def draw(drawn: AgendaDocument) -> tuple[bytes, str]:
    """The PDF's bytes, and a sentence where characters of it cannot be printed.

    Raises ``AgendaNotDrawn``. Do not call it inside a transaction.
    """
    (pdf,), gaps = cage.drawn_with_gaps([drawn], AgendaNotDrawn())
    if not gaps:
        return pdf, ""
    lacking = set(gaps[0])
    every = [*drawn.days, *(day for sheet in drawn.sheets for day in sheet.days)]
    holding = [line for day in every for line in day.sessions if lacking & set(_text(line))]
    where = list(dict.fromkeys(f"{line.start} {line.title}".strip() for line in holding))
    if lacking.difference(*map(_text, holding)):
        where.append(_("the texts of the course"))
    return pdf, gaps_words(where)


def _text(line: SessionLine) -> str:
    return f"{line.title}{line.room}{line.trainers}"
