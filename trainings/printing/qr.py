"""The square code on a paper, as a small grey picture."""

import io
import struct
import zlib

import segno

SCALE = 8
# Any of the eight masks can be read. Trying all of them for the prettiest takes seven times as
# long; our payloads are random, so that none is ugly with one mask for all.
MASK = 2
BORDER = 4  # the quiet zone that the standard asks for


def code_picture(payload: str) -> bytes:
    """A PNG of the code for ``payload``, quiet zone included, eight pixels a module."""
    code = segno.make_qr(payload, error="m", boost_error=False, mask=MASK)
    rows = []
    for line in code.matrix_iter(scale=1, border=BORDER):
        row = b"".join(b"\x00" * SCALE if dark else b"\xff" * SCALE for dark in line)
        rows.append((b"\x00" + row) * SCALE)
    side = len(rows) * SCALE
    picture = io.BytesIO()
    picture.write(b"\x89PNG\r\n\x1a\n")
    _chunk(picture, b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    _chunk(picture, b"IDAT", zlib.compress(b"".join(rows), 6))
    _chunk(picture, b"IEND", b"")
    return picture.getvalue()


def _chunk(picture: io.BytesIO, kind: bytes, data: bytes) -> None:
    picture.write(struct.pack(">I", len(data)) + kind + data)
    picture.write(struct.pack(">I", zlib.crc32(kind + data)))
