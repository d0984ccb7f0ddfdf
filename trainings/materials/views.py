"""The materials of a course as its people find them: by day and session, one by one or as a ZIP."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from io import BufferedReader
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from trainings.core import large_files
from trainings.core.errors import NotFound
from trainings.core.large_files import Opened
from trainings.core.permissions import Permission
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.materials import queries, zipping
from trainings.materials.models import Material
from trainings.materials.queries import Shelf
from trainings.materials.rules import Item, Relation
from trainings.uploads.rules import safe_name, unique
from trainings.web.access import in_place, requires, viewer

bp = Blueprint("materials", __name__)

OWN = Permission.MATERIAL_OWN
_SLASH = re.compile(r"[/\\]")


@bp.app_template_global()
def file_size(size: int) -> str:
    """How large a file is, in the reader's format: *1.4 MB*."""
    if size < 1024 * 1024:
        return f"{format_decimal(max(1, round(size / 1024)))} kB"
    return f"{format_decimal(size / (1024 * 1024), format='#,##0.0')} MB"


@bp.get("/courses/<code>/materials")
@requires(OWN)
def index(code: str) -> ResponseReturnValue:
    """The files of a course by day and session: staff change them, others get theirs.

    The page asks by itself whether something changed since; where nothing did, that is all it gets.
    """
    course, standing = queries.course_with(viewer(), code)
    shelves = queries.shelves(course, standing)
    mark = _mark(shelves)
    if in_place() and request.args.get("seen") == mark:
        return "", 204
    page = "read"
    if courses.may(viewer(), Permission.AGENDA_READ, course):
        page = "desk" if Relation.STAFF in standing else "trainer"
    return render_template(
        f"materials/{page}.html",
        course=course,
        shelves=shelves,
        on_days=sorted({one.day for one in shelves if one.day}),
        zips={one.day for one in shelves if one.day and one.items},
        mark=mark,
        there_are_files=any(one.items for one in shelves),
    )


def _mark(shelves: list[Shelf]) -> str:
    """What the page shows, in a few letters: another where something changed."""
    return hashlib.sha256(repr(shelves).encode()).hexdigest()[:16]


@bp.get("/courses/<code>/materials/<day>.zip")
@requires(OWN)
def day_zip(code: str, day: str) -> ResponseReturnValue:
    """All files of a day that the viewer may have, as one ZIP file."""
    course, standing = queries.course_with(viewer(), code)
    shelves = [one for one in queries.shelves(course, standing) if one.day and one.items]
    entries = _entries(course, [one for one in shelves if str(one.day) == day])
    if not entries:
        raise NotFound
    found = Response(zipping.streamed(entries), mimetype="application/zip")
    name = f"{course.code} {date.fromisoformat(day):%Y-%m-%d}.zip"
    found.headers.set("Content-Disposition", "attachment", filename=name)
    for entry in entries:
        found.call_on_close(entry.content.close)
    return found


def _entries(course: Course, shelves: list[Shelf]) -> list[zipping.Entry]:
    """The files of a day, each opened: what is replaced meanwhile is still the one that was there.

    One of a module that is taught twice stands in it once.
    """
    wanted: dict[str, tuple[str, Item]] = {}
    for shelf in shelves:
        for item in shelf.items:
            folder = safe_name(f"{shelf.time[:5].replace(':', '.')} {_SLASH.sub(' ', shelf.title)}")
            wanted.setdefault(item.id, (folder, item))
    names = unique(f"{folder}/{item.file_name}" for folder, item in wanted.values())
    found = []
    for name, (_folder, item) in zip(names, wanted.values(), strict=True):
        content = _opened(queries.given_to(viewer(), item.id))
        if content is not None:
            when = item.changed_at.astimezone(ZoneInfo(course.zone))
            found.append(zipping.Entry(name, when, content))
    return found


def _opened(row: Material) -> BufferedReader | None:
    """The content of a file; None where it is gone from the disk, which is logged."""
    try:
        opened = Opened(row.file, row.size, queries.key_of(row))
    except FileNotFoundError:
        current_app.logger.error("the content of material %s is gone", row.id)
        return None
    return BufferedReader(opened, large_files.PIECE)


@bp.get("/materials/<material_id>/file")
@requires(OWN)
def download(material_id: str) -> ResponseReturnValue:
    """A file, whole or in parts (Range): it is saved, never shown; rights are asked each time."""
    row = queries.given_to(viewer(), material_id)
    content = _opened(row)
    if content is None:
        raise NotFound
    item = queries.item_of(row)
    found = send_file(
        content,
        mimetype=item.kind.media_type,
        as_attachment=True,
        download_name=item.file_name,
        etag=False,
        conditional=False,
        max_age=None,
    )
    found.cache_control.clear()
    found.headers["Cache-Control"] = "private, no-store"
    found.content_length = row.size
    found.set_etag(f"{row.id}-{row.version}")
    found.response = wrap_file(request.environ, content, large_files.PIECE)
    environ = dict(request.environ)
    part = request.range
    if part is None or part.units != "bytes" or len(part.ranges) != 1:
        environ.pop("HTTP_RANGE", None)  # what is no range, or several: the whole is an answer too
    try:
        return found.make_conditional(environ, accept_ranges=True, complete_length=row.size)
    except RequestedRangeNotSatisfiable:
        content.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{row.size}"})
