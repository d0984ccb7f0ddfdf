"""The caged renderer: reads documents from its input, writes PDF files to its output.

If a width is given, it writes a picture of the first page instead.

Started by ``cage.py`` as ``python -m trainings.printing.worker FOLDER SECONDS``. It has no
database, no secret in its environment, no network where the kernel allows, a gigabyte of
memory and a few seconds for each document. It ends when its input ends.
"""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from trainings.printing.limits import (
    allow_seconds,
    cut_network,
    hush,
    refuse_calls_out,
    take_limits,
)
from trainings.printing.pdf import Engine, Undrawable
from trainings.printing.rules import (
    CertificateDocument,
    Mark,
    ModuleLine,
    Reason,
    Signatory,
    Wording,
)
from trainings.printing.wire import LENGTHS, document_from_head, lengths, pack

SPECIMEN = CertificateDocument(
    first=Wording(
        language="en",
        document_title="Aa",
        heading="Aa",
        subheading="Aa",
        certifies="Aa",
        holder_line="Aa",
        completed="Aa",
        course_title="Aa",
        when_and_where="Aa",
        modules_label="Aa",
        modules=(ModuleLine("Aa", "1 h"),),
        serial_label="Aa",
        verify_label="Aa",
        code_text="Aa",
    ),
    holder_name="Aa",
    serial="A",
    verify_url="https://trainings.example/c/A",
    short_url="trainings.example",
    marks=(Mark("Aa", "#0b5563"),),
    signatories=(Signatory("Aa", "Aa"),),
)


def main() -> None:
    """Serve until the input ends, or until a document has used up the memory."""
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    source, sink = _private_streams()
    engine = Engine(folder)
    engine.draw(SPECIMEN)  # the first document takes several times as long as the next
    offline = cut_network()
    take_limits()
    refuse_calls_out()
    hush()
    sink.write(pack({"ready": True, "offline": offline}))
    sink.flush()
    while start := source.read(LENGTHS.size):
        head_length, body_length = lengths(start)
        head = json.loads(source.read(head_length))
        body = source.read(body_length)
        allow_seconds(seconds)
        answer, drawn = _draw(engine, head, body)
        sink.write(pack(answer, drawn))
        sink.flush()
        if answer.get("reason") == Reason.TOO_LARGE:
            return  # this process is in no state to be trusted


def _draw(engine: Engine, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        pdf = engine.draw(document_from_head(head, body))
        width = head.get("width")
        return {"drawn": True}, first_page(pdf, width) if width else pdf
    except Undrawable as refusal:
        return {"reason": refusal.reason, "detail": refusal.detail}, b""
    except MemoryError:
        return {"reason": Reason.TOO_LARGE, "detail": ""}, b""
    except Exception as fault:
        return {"reason": Reason.NOT_DRAWN, "detail": type(fault).__name__}, b""


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, moved where a stray ``print`` in a library cannot reach them."""
    source, sink = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return os.fdopen(source, "rb"), os.fdopen(sink, "wb")


def first_page(pdf: bytes, width: int) -> bytes:
    """The first page of ``pdf`` as a PNG of this width in pixels."""
    import pypdfium2  # only a renderer that is asked for a picture loads it

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        picture = page.render(scale=width / page.get_width()).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
