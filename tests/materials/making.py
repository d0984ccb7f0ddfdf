"""Files as people send them, courses that have some, and a scanner that speaks clamd's protocol."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from PIL import Image

from tests import factories, teaching
from trainings.agenda import operations as agenda
from trainings.core.permissions import Role, Viewer
from trainings.materials import operations
from trainings.materials.rules import Audience
from trainings.uploads.rules import MEDIA_TYPES, FileKind, Upload

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def png() -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "#0b3d91").save(out, "PNG")
    return out.getvalue()


def jpeg() -> bytes:
    """A photograph."""
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "#0b3d91").save(out, "JPEG")
    return out.getvalue()


def mp4() -> bytes:
    """The beginning of a video."""
    return b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(400)


def archive(**entries: str | bytes) -> bytes:
    """A ZIP file with these entries; a dash stands for a slash, two for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def office(kind: FileKind, *, macros: bool = False) -> bytes:
    """A document, presentation or workbook of Microsoft's kind."""
    media = f"{MEDIA_TYPES[kind]}.main+xml"
    types = f'<Types><Override PartName="/main.xml" ContentType="{media}"/></Types>'
    more = {"word/vbaProject.bin": b"macro"} if macros else {}
    return archive(**{"[Content_Types].xml": types, "main.xml": "<a/>", **more})


def open_document(kind: FileKind, *, macros: bool = False) -> bytes:
    """The same of the open kind."""
    more = {"Basic/Standard/Module1.xml": b"macro"} if macros else {}
    return archive(**{"mimetype": MEDIA_TYPES[kind], "content.xml": "<a/>", **more})


def upload(content: bytes = PDF, name: str = "Slides.pdf") -> Upload:
    """A file as an operation gets it."""
    return Upload(name, io.BytesIO(content))


def organiser(agency: str = "IOM") -> Viewer:
    """An organiser of an agency."""
    return factories.account(Role.ORGANISER, agency=agency)


def course_with_session(by: Viewer, code: str = "BUE27", **values: object) -> tuple[str, str]:
    """A course and one session of it; gives both ids."""
    course = factories.course(code, **values)  # type: ignore[arg-type]
    return course, agenda.add_session(course, teaching.slot(course), by)


def material(
    course: str,
    session: str,
    by: Viewer,
    *,
    audience: Audience = Audience.PARTICIPANTS,
    content: bytes = PDF,
    name: str = "Slides.pdf",
) -> str:
    """A file of a session; gives its id."""
    return operations.add_to_session(course, session, upload(content, name), audience, by)


def contents(app: Flask) -> list[Path]:
    """The contents that lie on the disk."""
    folder: Path = app.extensions["settings"].large_files
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _clamd(received: bytes) -> bytes:
    return b"stream: Eicar-Test FOUND" if EICAR in received else b"stream: OK"


@contextmanager
def scanner(
    path: Path | None = None, answer: Callable[[bytes], bytes] = _clamd
) -> Iterator[tuple[str, list[bytes]]]:
    """A scanner at a socket: where it listens, and what it was sent."""
    received: list[bytes] = []
    if path is not None:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(path))
        listening.listen()
        where = str(path)
    else:
        listening = socket.create_server(("127.0.0.1", 0))
        where = f"127.0.0.1:{listening.getsockname()[1]}"

    def serve() -> None:
        while True:
            try:
                client, _address = listening.accept()
            except OSError:
                return
            with client, client.makefile("rb") as sent:
                if sent.read(10) != b"zINSTREAM\0":
                    continue
                whole = b""
                while size := int.from_bytes(sent.read(4), "big"):
                    whole += sent.read(size)
                received.append(whole)
                client.sendall(answer(whole) + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield where, received
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)
