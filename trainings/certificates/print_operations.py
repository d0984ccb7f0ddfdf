"""Gives out stored files: to the printer in the room, to the holder, to a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from trainings.audit.writes import record
from trainings.certificates import (
    document,
    picture_queries,
    print_document,
    print_queries,
    queries,
    writes,
)
from trainings.certificates.models import Certificate, PrintRun
from trainings.certificates.print_rules import (
    NoneChosen,
    NoTablesToOrderBy,
    NotDrawn,
    Order,
    PrintChoice,
    check_number,
)
from trainings.certificates.rules import VALID, NothingToPrint, NotReady
from trainings.core import clock, files
from trainings.core.db import new_key, transaction
from trainings.core.errors import NotFound
from trainings.core.i18n import language, localized
from trainings.core.permissions import Permission, Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.people import reading
from trainings.printing import joining, warm
from trainings.printing.paper_rules import BackDocument, PaperDocument


def print_file(course_id: str, choice: PrintChoice, by: Viewer) -> bytes:
    """The chosen certificates of one kind as one unsigned PDF for the printer in the room.

    In the wished order, each followed by its back page if wished, the check sheet last. The look
    at the names and the run are kept. Raises ``NothingToPrint``, ``NoneChosen``,
    ``TooManyAtOnce``, ``NoTablesToOrderBy``, ``NotDrawn``, ``NotFound``.
    """
    course = courses.course_by_id(by, Permission.CERTIFICATE_PRINT, course_id)
    ready = print_queries.printable(course, choice.kind, scope="viewer")
    if not ready:
        raise NothingToPrint
    chosen = [row for row in ready if choice.chosen is None or row.id in choice.chosen]
    if not chosen:
        raise NoneChosen
    check_number(len(chosen))
    names = reading.open(
        [row.person_id for row in chosen if row.person_id], by=by.account_id, purpose="print"
    )
    known = {key: one.sorting for key, one in names.items()}
    standings = print_queries.standings(course, ready, known, scope="viewer")
    if choice.order is Order.TABLE and not any(one.place for one in standings.values()):
        raise NoTablesToOrderBy
    ordered = sorted(chosen, key=lambda row: standings[row.id].key(choice.order))
    pages: Iterable[bytes] = (content(row) for row in ordered)
    if choice.back:
        pages = _with_backs(pages, _drawn([_back(row) for row in ordered]))
    if choice.check_sheet:
        listed = [(standings[row.id], row.serial) for row in ordered]
        sheet = print_document.check_sheet(course, choice.kind, listed, _name_of(by))
        pages = chain(pages, _drawn([sheet]))
    title = f"{localized(course.titles)} ({course.code})"
    joined = joining.join(pages, title, language().replace("_", "-"))
    _keep_run(course, ordered, choice, by)
    return joined


def _name_of(by: Viewer) -> str:
    own = reading.opened([by.person_id or ""]).get(by.person_id or "")
    return own.name if own else ""


def _back(row: Certificate) -> BackDocument:
    frozen = writes.content(row)
    if frozen is None:
        raise NotFound
    return print_document.back(document.thaw(frozen, picture_queries.kept), row.language)


def _drawn(papers: Sequence[PaperDocument]) -> list[bytes]:
    drawn = warm.draw_all(papers)
    pages = [one for one in drawn if isinstance(one, bytes)]
    if len(pages) != len(papers):
        raise NotDrawn
    return pages


def _with_backs(fronts: Iterable[bytes], backs: Iterable[bytes]) -> Iterator[bytes]:
    for front, back in zip(fronts, backs, strict=True):
        yield front
        yield back


def _keep_run(course: Course, rows: Sequence[Certificate], choice: PrintChoice, by: Viewer) -> None:
    with transaction() as session:
        session.add(
            PrintRun(
                id=new_key(), course_id=course.id, at=clock.now(), by=by.account_id or "",
                certificates=[row.id for row in rows], ordering=choice.order,
                back=choice.back, check_sheet=choice.check_sheet,
            )
        )  # fmt: skip
        serial = {"serial": rows[0].serial} if len(rows) == 1 else {}
        record(
            session, "certificate.print", "course", course.id, by=by.account_id,
            course_id=course.id, kind=str(rows[0].kind), number=len(rows),
            order=str(choice.order), back=choice.back, check_sheet=choice.check_sheet, **serial,
        )  # fmt: skip


def one_file(course_id: str, certificate_id: str, by: Viewer) -> tuple[bytes, str]:
    """The stored, signed file of one certificate of a course, and its serial; the look is kept.

    Raises ``NotFound``.
    """
    course = courses.course_by_id(by, Permission.CERTIFICATE_PRINT, course_id)
    ready = print_queries.printable(course, scope="viewer")
    row = next((one for one in ready if one.id == certificate_id), None)
    if row is None:
        raise NotFound
    if row.person_id:
        reading.log([row.person_id], by=by.account_id, purpose="certificate file")
    return content(row), row.serial


def own_file(certificate_id: str, by: Viewer) -> tuple[bytes, str]:
    """The holder's own file and its serial. Raises ``NotFound``, ``NotReady``."""
    row = queries.own(by, certificate_id)
    if row.status not in VALID:
        raise NotFound
    if row.file_name is None:
        raise NotReady
    return content(row), row.serial


def export(course_code: str, folder: Path) -> int:
    """Write every stored certificate of a course into a folder, named by serial; gives how many."""
    course = courses.by_code(course_code)
    ready = print_queries.printable(course, scope="job")
    if ready:
        reading.log([row.person_id for row in ready if row.person_id], by=None, purpose="export")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for row in ready:
        path = folder / f"{re.sub(r'[^A-Z0-9-]', '', row.serial)}.pdf"
        path.touch(0o600)
        path.chmod(0o600)  # before there is anything in it
        path.write_bytes(content(row))
    with transaction() as session:
        record(
            session, "certificate.export", "course", course.id, by=None, course_id=course.id,
            number=len(ready),
        )  # fmt: skip
    return len(ready)


def content(row: Certificate) -> bytes:
    """The stored file of a certificate. Raises ``NotFound`` where its key was destroyed."""
    key = writes.data_key(row)
    if key is None or row.file_name is None:
        raise NotFound
    return files.read(row.file_name, key)
