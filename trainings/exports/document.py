"""Makes the file of a list: the table, the page that says who took it and why, and its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from trainings.core.dates import moment_in_full, zone_name
from trainings.core.i18n import _, language, localized
from trainings.courses import paper_document
from trainings.courses.models import Course
from trainings.exports.rules import OFFERS, FileKind, Listing
from trainings.exports.table_rules import Table
from trainings.spreadsheets import workbook
from trainings.spreadsheets.taking_rules import TakenList


class File(Struct, frozen=True):
    """A file to be handed out: its bytes, its name and its type."""

    content: bytes
    name: str
    type: str


class Taking(Struct, frozen=True):
    """Who takes a list and what for, as the file says it.

    ``more``: further lines of its first page; ``number``: of the request, if people are named.
    """

    who: str
    at: datetime
    purpose: str = ""
    number: str = ""
    more: Sequence[tuple[str, str]] = ()


def draw(course: Course, listing: Listing, table: Table, kind: FileKind, taking: Taking) -> File:
    """The file of a list, in the reader's language."""
    title = str(OFFERS[listing].title)
    when = _(
        "%(moment)s (%(zone)s time)",
        moment=moment_in_full(taking.at, course.zone),
        zone=zone_name(course.zone),
    )
    about = [
        (_("Course"), f"{localized(course.titles)} ({course.code})"),
        (_("Dates and place"), paper_document.line(course)),
        (_("Taken out by"), taking.who),
        (_("When"), when),
        (_("What for"), taking.purpose or _("Nobody is named in it.")),
        *taking.more,
        (_("Rows"), str(table.number)),
    ]
    taken = TakenList(
        title=title,
        about_name=_("About this list"),
        about=about,
        name=_("List"),
        head=table.head,
        rows=table.rows,
        number=table.number,
        mark=_mark(taking, when),
    )
    name = f"{listing}-{course.code}"
    if kind is FileKind.XLSX:
        return File(workbook.xlsx(taken), f"{name}.xlsx", workbook.XLSX)
    # where a comma stands in numbers, programs expect a semicolon between columns
    separator = "," if language() == "en" else ";"
    return File(workbook.zipped(taken, separator), f"{name}.zip", workbook.ZIP)


def _mark(taking: Taking, when: str) -> str:
    if not taking.number:
        return ""
    return _(
        "Confidential. Request %(number)s, taken out by %(who)s on %(when)s.",
        number=taking.number,
        who=taking.who,
        when=when,
    )
