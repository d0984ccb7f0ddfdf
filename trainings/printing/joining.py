"""Joins many stored files into one file for the printer, with pikepdf, in a caged process.

The web process never loads the reader of files: it would stay a tenth larger.
"""

import io
import sys
from collections.abc import Iterable
from typing import Any

from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits
from trainings.printing.renderer import answer_of
from trainings.printing.wire import Parts, parted, together

SECONDS = 15  # of processor time: two hundred certificates take one


def join(files: Iterable[bytes], title: str, language: str) -> bytes:
    """The pages of ``files`` in their order as one unsigned PDF, with a title that says what it is.

    Signatures cannot survive joining: form fields and tags are left out, so that nobody mistakes
    the print file for one of the certificates in it. Raises ``OutOfTime``.
    """
    given = together({"title": title, "language": language}, files)
    joined = answer_of("trainings.printing.joining", SECONDS, given)
    if joined is None:
        raise RuntimeError("the files could not be joined")
    return joined


def main() -> None:
    """Join what comes in, in the cage."""
    cut_network()
    take_limits()
    allow_seconds(int(sys.argv[1]))
    refuse_calls_out()
    sys.stdout.buffer.write(_joined(parted(sys.stdin.buffer.read())))


def _joined(given: Parts) -> bytes:
    import pikepdf

    with pikepdf.new() as whole:
        for data in given.files:
            with pikepdf.open(io.BytesIO(data)) as part:
                for key in ("/AcroForm", "/Perms", "/StructTreeRoot"):
                    _drop(part.Root, key)
                for page in part.pages:
                    for key in ("/Annots", "/StructParents", "/Tabs"):
                        _drop(page.obj, key)
                whole.pages.extend(part.pages)
        whole.Root.Lang = pikepdf.String(given.head["language"])
        whole.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = given.head["title"]
        whole.docinfo["/Title"] = given.head["title"]
        out = io.BytesIO()
        whole.remove_unreferenced_resources()
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _drop(holder: Any, key: str) -> None:
    if key in holder:
        del holder[key]


if __name__ == "__main__":
    main()
