"""Gives out stored files: to the printer in the room, to the holder, to a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from trainings.audit.writes import record
from trainings.core import clock, files, paging
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import language, localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.print_room import document as print_document
from trainings.print_room import queries as print_queries
from trainings.print_room.models import PrintRun
from trainings.print_room.rules import (
    NoneChosen,
    NoTablesToOrderBy,
    NotDrawn,
    NothingToPrint,
    NotReady,
    Order,
    Position,
    PrintChoice,
    check_number,
)
from trainings.printing import cage, joining
from trainings.printing.paper_rules import BackDocument
from trainings.register import document, file_mac, queries, register_mac, writes
from trainings.register.models import Certificate
from trainings.register.rules import VALID, Status
from trainings.tables import queries as seating

PORTION = 500  # certificates whose rows are in memory at once


def print_file(course_id: str, choice: PrintChoice, by: Viewer) -> bytes:
    """The chosen certificates of one kind as one unsigned PDF for the printer at the venue.

    In the chosen order, each followed by its back page if asked for, the check sheet last. The
    reading of the names and the print run are logged. Raises ``NothingToPrint``, ``NoneChosen``,
    ``TooManyAtOnce``, ``ChangedByOthers``, ``NoTablesToOrderBy``, ``NotDrawn``, ``NotFound``.
    """
    course = courses.course_by_id(by, Permission.CERTIFICATE_PRINT, course_id)
    if choice.chosen is None:
        check_number(print_queries.how_many(course, choice.kind))
    rows = print_queries.printable(
        course, choice.kind, choice.chosen, scope="viewer", whole=choice.back
    )
    if not rows:
        ready, _failed, _all = queries.progress(course.id, choice.kind)
        raise NoneChosen if ready else NothingToPrint
    check_number(len(rows))
    register_mac.check_untouched(rows)
    if choice.order is Order.TABLE and not seating.numbers(course.id).seated:
        raise NoTablesToOrderBy
    positions = _positions(course, rows, choice, by)
    ordered = sorted(rows, key=lambda row: positions[row.id].key(choice.order))
    pages: Iterable[bytes] = (content(row) for row in ordered)
    if choice.back:
        pages = _with_backs(pages, cage.drawn(_backs(ordered), NotDrawn))
    if choice.check_sheet:
        listed = [(positions[row.id], row.serial) for row in ordered]
        sheet = print_document.check_sheet(course, choice.kind, listed, reading.own_name(by))
        pages = chain(pages, cage.drawn([sheet], NotDrawn))
    title = f"{localized(course.titles)} ({course.code})"
    joined = file_mac.as_print_run(joining.join(pages, title, language().replace("_", "-")))
    _keep_run(course, ordered, choice, by)
    return joined


def _positions(
    course: Course, rows: Sequence[Certificate], choice: PrintChoice, by: Viewer
) -> dict[str, Position]:
    """The position of each certificate in the printer's tray; the read of the names is logged."""
    names = reading.open(
        [row.person_id for row in rows if row.person_id], by=by.account_id, purpose="print"
    )
    found = print_queries.holdings(course, choice.kind, [row.id for row in rows], scope="viewer")
    return print_queries.positions(found, {key: one.sorting for key, one in names.items()})


def _backs(rows: Sequence[Certificate]) -> list[BackDocument]:
    kept = cache(queries.kept)  # most show the same
    backs = []
    for row in rows:
        frozen = writes.content(row)
        if frozen is None:
            raise NotFound
        backs.append(print_document.back(document.thaw(frozen, kept), row.language))
    return backs


def _with_backs(fronts: Iterable[bytes], backs: Iterable[bytes]) -> Iterator[bytes]:
    for front, back in zip(fronts, backs, strict=True):
        yield front
        yield back


def _keep_run(course: Course, rows: Sequence[Certificate], choice: PrintChoice, by: Viewer) -> None:
    with transaction() as session:
        session.add(
            PrintRun(
                id=new_key(),
                course_id=course.id,
                at=clock.now(),
                by=by.account_id or "",
                certificates=sorted(row.id for row in rows),
                ordering=choice.order,
                back=choice.back,
                check_sheet=choice.check_sheet,
            )
        )
        serial = {"serial": rows[0].serial} if len(rows) == 1 else {}
        record(
            session,
            "certificate.print",
            "course",
            course.id,
            by=by.account_id,
            course_id=course.id,
            kind=str(rows[0].kind),
            number=len(rows),
            order=str(choice.order),
            back=choice.back,
            check_sheet=choice.check_sheet,
            **serial,
        )


def one_file(course_id: str, certificate_id: str, by: Viewer) -> tuple[bytes, str]:
    """The stored, signed file of one certificate of a course, and its serial; the read is logged.

    Raises ``ChangedByOthers``, ``NotFound``.
    """
    course = courses.course_by_id(by, Permission.CERTIFICATE_PRINT, course_id)
    row = queries.one_of_course(course, certificate_id)
    if row.status is not Status.READY:
        raise NotFound
    register_mac.check_untouched([row])
    if row.person_id:
        reading.log([row.person_id], by=by.account_id, purpose="certificate file")
    return content(row), row.serial


def own_file(certificate_id: str, by: Viewer) -> tuple[bytes, str]:
    """The holder's own file and its serial.

    Raises ``ChangedByOthers``, ``NotFound``, ``NotReady``.
    """
    row = queries.own(by, certificate_id)
    if row.status not in VALID:
        raise NotFound
    if row.file_name is None:
        raise NotReady
    register_mac.check_untouched([row])
    return content(row), row.serial


def export(course_code: str, folder: Path) -> int:
    """Write every stored certificate of a course into a folder, named by serial; gives how many.

    They are read some at a time, so that thousands take no more memory than some. Raises
    ``ChangedByOthers`` before anything is written.
    """
    course = courses.by_code(course_code)
    keys, holders = print_queries.printable_ids(course), []
    for ready in _in_portions(course, keys):
        holders += [row.person_id for row in ready if row.person_id]
    if holders:
        reading.log(holders, by=None, purpose="export")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 0
    for ready in _in_portions(course, keys):
        for row in ready:
            path = folder / f"{re.sub(r'[^A-Z0-9-]', '', row.serial)}.pdf"
            path.touch(0o600)
            path.chmod(0o600)  # before there is anything in it
            path.write_bytes(content(row))
        number += len(ready)
    with transaction() as session:
        record(
            session,
            "certificate.export",
            "course",
            course.id,
            by=None,
            course_id=course.id,
            number=number,
        )
    return number


def _in_portions(course: Course, keys: Sequence[str]) -> Iterator[Sequence[Certificate]]:
    """Those of these certificates that can still be had. Raises ``ChangedByOthers``."""
    for part in paging.portions(keys, PORTION):
        ready = print_queries.printable(course, chosen=part, scope="job")
        register_mac.check_untouched(ready)
        yield ready


def content(row: Certificate) -> bytes:
    """The stored file of a certificate. Raises ``NotFound`` where its key was destroyed."""
    key = writes.data_key(row)
    if key is None or row.file_name is None:
        raise NotFound
    return files.read(row.file_name, key)
