"""A drawn page as a picture for the screen: pypdfium2, in the cage with the renderer."""

import io


def first_page(pdf: bytes, width: int) -> bytes:
    """The first page of ``pdf`` as a PNG of this width in pixels."""
    import pypdfium2  # only a renderer that is asked for a picture loads it

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        picture = page.render(scale=width / page.get_width()).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
