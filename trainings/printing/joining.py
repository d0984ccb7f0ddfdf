"""One file for the printer, out of many that were stored: pikepdf."""

import io
from collections.abc import Iterable

import pikepdf


def join(files: Iterable[bytes], title: str, language: str) -> bytes:
    """The pages of ``files`` in their order as one PDF: unsigned, and its title says what it is.

    Signatures cannot survive a joining: fields and tags are left out, so that nobody takes the
    print file for one of the certificates it shows.
    """
    with pikepdf.new() as whole:
        for data in files:
            with pikepdf.open(io.BytesIO(data)) as part:
                whole.pages.extend(part.pages)
        for page in whole.pages:
            for key in ("/StructParents", "/Tabs"):
                if key in page:
                    del page[key]
            if "/Annots" in page:
                del page["/Annots"]
        whole.Root.Lang = pikepdf.String(language)
        whole.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
        whole.docinfo["/Title"] = title
        out = io.BytesIO()
        whole.remove_unreferenced_resources()
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()
