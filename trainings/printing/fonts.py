"""The typefaces of the paper, cut once from the packaged Noto files.

The packages ship one variable file per family. Cutting the weights we use out of them when a
page is made costs tens of milliseconds for each face and page, so it is done once and kept in
a folder of the installation: some ten seconds, in the setup or at the first printing.
Chinese, Japanese and Korean come from the system's ``Noto … CJK``.
"""

import fcntl
import functools
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

RECIPE = "2"  # raise it when the cut below changes
LETTERS = (
    (0x20, 0x250),  # Latin
    (0x259, 0x25A),
    (0x2B9, 0x2E0),
    (0x300, 0x370),  # marks that join any letter
    (0x370, 0x530),  # Greek, Cyrillic
    (0x1E00, 0x1F00),  # Vietnamese and other Latin with two marks
    (0x2010, 0x2070),
    (0x2070, 0x20C0),
    (0x2116, 0x2117),
    (0x2122, 0x2123),
    (0x2212, 0x2213),
    (0x25CC, 0x25CD),
)
FEATURES = ["kern", "mark", "mkmk", "liga", "locl", "ccmp", "tnum", "lnum", "calt", "rlig"]


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
        letters = functools.cache(_letters_of)
        for face, path in files.items():
            if not path.exists():
                part = path.with_suffix(f".{os.getpid()}")
                part.write_bytes(_cut(letters(face.source, face.whole), face.weight))
                part.replace(path)
    return files


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _letters_of(source: Path, whole: bool) -> bytes:
    """The variable font with the letters and features we use, and no more."""
    font = TTFont(source)
    if not whole:
        options = subset.Options(
            layout_features=FEATURES, hinting=False, notdef_outline=True, glyph_names=False
        )
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for span in LETTERS for code in range(*span)])
        cutter.subset(font)
    return _saved(font)


def _cut(letters: bytes, weight: int) -> bytes:
    font = TTFont(io.BytesIO(letters))
    return _saved(instantiateVariableFont(font, {"wght": weight, "wdth": 100}, static=True))


def _saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
