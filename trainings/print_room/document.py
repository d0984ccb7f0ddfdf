"""What is printed with certificates: their back pages, and the check sheet for handing them out."""

from __future__ import annotations

from collections.abc import Sequence

from trainings.core.i18n import _, localized, speaking
from trainings.courses import paper_document
from trainings.courses.models import Course
from trainings.print_room.rules import Position
from trainings.printing.paper_rules import BackDocument, Blank, Column, SheetDocument, Table
from trainings.printing.rules import CertificateDocument, Template
from trainings.register.rules import Kind
from trainings.tables.rules import Place


def back(paper: CertificateDocument, language: str) -> BackDocument:
    """The back of a certificate: modules and hours as frozen at issue, in its language."""
    words = paper.first
    with speaking(language):
        return BackDocument(
            language=words.language,
            document_title=f"{words.modules_label} · {words.course_title}",
            heading=words.modules_label,
            course_title=words.course_title,
            when_and_where=words.when_and_where,
            module_label=_("Module"),
            hours_label=_("Hours"),
            modules=words.modules,
            serial_label=words.serial_label,
            serial=paper.serial,
            portrait=paper.template is Template.LETTER,
        )


def check_sheet(
    course: Course, kind: Kind, rows: Sequence[tuple[Position, str]], printed_by: str
) -> SheetDocument:
    """The list for handing out certificates: name, country, serial, and space for a signature.

    Shows table and place if anyone has one.
    """
    tables = any(who.place for who, _serial in rows)
    numbered = tuple(
        (str(number), who.name, who.country, *((_at(who.place),) if tables else ()), serial)
        for number, (who, serial) in enumerate(rows, 1)
    )
    return SheetDocument(
        wording=paper_document.wording(course, _("Certificates to hand over"), printed_by),
        course_title=localized(course.titles),
        course_line=paper_document.line(course),
        columns=(
            Column(_("No."), 9),
            Column(_("Name")),
            Column(_("Country"), 36),
            *((Column(_("Table, place"), 22),) if tables else ()),
            Column(_("Serial number"), 36),
            Column(_("Given"), 18, Blank.BOX),
            Column(_("Signature"), 55, Blank.HAND),
        ),
        tables=(Table(str(kind.label), numbered),),
        landscape=True,
    )


def _at(place: Place | None) -> str:
    return f"{place.table}, {place.number}" if place else ""
