"""The caged picture maker: one stranger's PNG or JPEG on its input, a plain PNG on its output.

What comes out was drawn anew from the pixels: no metadata, no profile, no second file inside.
"""

import io
import sys

from PIL import Image, ImageOps

from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits

LARGEST_SIDE = 2000  # pixels of what is taken at all
KEPT = (900, 300)  # pixels within which it is kept: 600 dots an inch on a certificate
FORMATS = ("PNG", "JPEG")
REFUSED = 3


def main() -> None:
    """Draw the picture anew; end with ``REFUSED`` where it is none."""
    cut_network()
    take_limits()
    allow_seconds(int(sys.argv[1]))
    refuse_calls_out()
    try:
        made = redrawn(sys.stdin.buffer.read())
    except Exception:  # whatever a decoder may say to a stranger's bytes
        raise SystemExit(REFUSED) from None
    sys.stdout.buffer.write(made)


def redrawn(data: bytes) -> bytes:
    """The picture's pixels as a new PNG, smaller where it was large; raises on what is none."""
    Image.MAX_IMAGE_PIXELS = LARGEST_SIDE * LARGEST_SIDE
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if max(opened.size) > LARGEST_SIDE:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(opened)
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail(KEPT)
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    out = io.BytesIO()
    fresh.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
