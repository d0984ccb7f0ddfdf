"""The caged picture maker: reads an untrusted PNG or JPEG, writes a plain PNG.

The output is redrawn from the pixels: no metadata, no profile, no second file inside.
"""

import io
import sys

from PIL import Image, ImageOps

from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits

LARGEST_SIDE = 2000  # most pixels accepted
KEPT = (900, 300)  # most pixels kept: 600 dots an inch on a certificate
FORMATS = ("PNG", "JPEG")
REFUSED = 3


def main() -> None:
    """Redraw the picture; exits with ``REFUSED`` if it is not one."""
    cut_network()
    take_limits()
    allow_seconds(int(sys.argv[1]))
    refuse_calls_out()
    try:
        made = redrawn(sys.stdin.buffer.read())
    except Exception:  # whatever a decoder may raise on untrusted bytes
        raise SystemExit(REFUSED) from None
    sys.stdout.buffer.write(made)


def redrawn(data: bytes) -> bytes:
    """The picture's pixels as a new PNG, scaled down if large; raises if it is not a picture."""
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
