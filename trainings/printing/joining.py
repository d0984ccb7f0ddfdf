"""Joins many stored files into one file for the printer, with pikepdf."""

import io
from collections.abc import Iterable

import pikepdf


def join(files: Iterable[bytes], title: str, language: str) -> bytes:
    """The pages of ``files`` in their order as one unsigned PDF, with a title that says what it is.

    Signatures cannot survive joining: form fields and tags are left out, so that nobody mistakes
    the print file for one of the certificates in it.
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
        whole.docinfo["/Title"] = title
        out = io.BytesIO()
        whole.remove_unreferenced_resources()
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _drop(holder: pikepdf.Object, key: str) -> None:
    if key in holder:
        del holder[key]
