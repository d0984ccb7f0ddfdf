"""One file for the printer, out of many that were stored: pikepdf."""

import io
from collections.abc import Iterable

import pikepdf

from trainings.printing.rules import PRINT_RUN


def join(files: Iterable[bytes], title: str, language: str, identifier: str = PRINT_RUN) -> bytes:
    """The pages of ``files`` in their order as one PDF: unsigned, and its title says what it is.

    Signatures cannot survive a joining: fields and tags are left out, so that nobody takes the
    print file for one of the certificates it shows.
    """
    with pikepdf.new() as whole:
        for data in files:
            with pikepdf.open(io.BytesIO(data)) as part:
                for key in ("/AcroForm", "/Perms", "/StructTreeRoot"):
                    _drop(part.Root, key)
                for page in part.pages:
                    for key in ("/Annots", "/StructParents", "/Tabs"):
                        _drop(page.obj, key)
                whole.pages.extend(part.pages)
        whole.Root.Lang = pikepdf.String(language)
        whole.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["dc:identifier"] = identifier
        whole.docinfo["/Title"] = title
        out = io.BytesIO()
        whole.remove_unreferenced_resources()
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _drop(holder: pikepdf.Object, key: str) -> None:
    if key in holder:
        del holder[key]
