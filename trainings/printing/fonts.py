"""The typefaces of the paper, cut once from the packaged Noto files.

The packages ship one variable file per family. Cutting the weights we use out of them when a
page is made costs tens of milliseconds for each face and page, so it is done once and kept in
a folder of the installation: about twenty seconds, at the first printing or in the setup.
Chinese, Japanese and Korean come from the system's ``Noto … CJK``.
"""

import fcntl
import hashlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_noto_serif
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

RECIPE = "1"  # raise it when the cut below changes
LETTERS = (
    (0x20, 0x530),  # Latin with all its marks, Greek, Cyrillic
    (0x1AB0, 0x1AFF),
    (0x1C80, 0x1CFF),
    (0x1D00, 0x2070),
    (0x2070, 0x20F0),
    (0x2100, 0x2190),
    (0x2212, 0x2213),
    (0x25CC, 0x25CD),
    (0x2C60, 0x2C80),
    (0x2DE0, 0x2E60),
    (0xA640, 0xA6A0),
    (0xA700, 0xA800),
    (0xAB30, 0xAB70),
    (0xFB00, 0xFB07),
    (0xFE20, 0xFE30),
)


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of one family, as the style sheets name it."""

    family: str
    weight: int
    source: Path
    whole: bool = False  # take every letter of the source

    @property
    def file_name(self) -> str:
        """The name of its cut file: another source or recipe gives another name."""
        stamp = f"{RECIPE}|{self.source.name}|{self.source.stat().st_size}|{self.weight}"
        digest = hashlib.sha256(stamp.encode()).hexdigest()[:12]
        return f"{self.family.replace(' ', '')}-{self.weight}-{digest}.ttf"


SANS = fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf"
SERIF = fontpkg_noto_serif.ROOT / "files" / "NotoSerif[wdth,wght].ttf"
ARABIC = fontpkg_noto_sans_arabic.ROOT / "files" / "NotoSansArabic[wdth,wght].ttf"
FACES = (
    Face("Paper Sans", 400, SANS),
    Face("Paper Sans", 700, SANS),
    Face("Paper Serif", 300, SERIF),
    Face("Paper Serif", 700, SERIF),
    Face("Paper Arabic", 400, ARABIC, whole=True),
    Face("Paper Arabic", 700, ARABIC, whole=True),
)


def prepare(folder: Path) -> dict[Face, Path]:
    """The cut files of all faces in ``folder``, made now where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {face: folder / face.file_name for face in FACES}
    if all(path.exists() for path in files.values()):
        return files
    with _alone_in(folder):
        for face, path in files.items():
            if not path.exists():
                part = path.with_suffix(f".{os.getpid()}")
                part.write_bytes(_cut(face))
                part.replace(path)
    return files


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cut(face: Face) -> bytes:
    font = TTFont(face.source)
    if not face.whole:
        options = subset.Options(
            layout_features=["*"], hinting=False, notdef_outline=True, glyph_names=False
        )
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for span in LETTERS for code in range(*span)])
        cutter.subset(font)
        font = _through_bytes(font)
    font = instantiateVariableFont(font, {"wght": face.weight, "wdth": 100}, static=True)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _through_bytes(font: TTFont) -> TTFont:
    out = io.BytesIO()
    font.save(out)
    return TTFont(io.BytesIO(out.getvalue()))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
