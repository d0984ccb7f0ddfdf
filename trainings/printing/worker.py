"""The caged renderer: reads documents from its input, writes PDF files to its output.

Where a width is asked for it writes the picture of the first page instead.

Started by ``cage.py`` as ``python -m trainings.printing.worker FOLDER SECONDS``. It has no
database, no secret in its environment, no network where the kernel allows, a gigabyte of
memory and a few seconds for each document. It ends when its input ends.
"""

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
from trainings.printing.raster import first_page
from trainings.printing.rules import Reason
from trainings.printing.wire import LENGTHS, document_from_head, lengths, pack


def main() -> None:
    """Serve until the input ends, or until a document used up the memory."""
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    source, sink = _private_streams()
    engine = Engine(folder)
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
            return  # what is left of this process is not worth trusting


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
    """The two pipes, moved where a stray ``print`` of a library cannot reach them."""
    source, sink = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return os.fdopen(source, "rb"), os.fdopen(sink, "wb")


if __name__ == "__main__":
    main()
