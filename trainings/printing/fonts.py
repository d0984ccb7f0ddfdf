"""The typefaces of the paper: those cut once from the packaged Noto files, and those installed.

The packages ship one variable file per family. Cutting out the weights we use costs tens of
milliseconds per face and page, so it is done once, in the setup or at the first printing (about ten
seconds), and the result is kept in a folder of the installation. The other scripts come from the
system's Noto files, which ``fonts.conf`` names: each is opened when a page first needs it. Which
letters all of them have is written down in ``core/printable.txt``, so that a letter that paper
cannot show is refused where it is typed.
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
import fontpkg_noto_serif
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

RECIPE = "3"  # raise this when the cut below changes
LETTERS = (
    (0x20, 0x530),  # Latin, marks that join any letter, Greek, Cyrillic
    (0x1AB0, 0x1B00),  # more marks
    (0x1C80, 0x1C90),  # Cyrillic
    (0x1D00, 0x2000),  # phonetic letters, Vietnamese and other Latin with two marks, Greek
    (0x2010, 0x2190),  # punctuation, currencies, signs like letters, fractions
    (0x2212, 0x2213),
    (0x25CC, 0x25CD),
    (0x2C60, 0x2C80),  # Latin of African languages
    (0x2DE0, 0x2E60),
    (0xA640, 0xA6A0),  # Cyrillic
    (0xA700, 0xA800),  # Latin
    (0xAB30, 0xAB70),
    (0xFB00, 0xFB07),
    (0xFE20, 0xFE30),
)
FEATURES = ["kern", "mark", "mkmk", "liga", "locl", "ccmp", "tnum", "lnum", "calt", "rlig"]


@dataclass(frozen=True, slots=True)
class Face:
    """One weight of one family, as the style sheets name it."""

    family: str
    weight: int
    source: Path

    @property
    def file_name(self) -> str:
        """The name of its cut file; it changes with the source and the recipe."""
        stamp = f"{RECIPE}|{self.source.name}|{self.source.stat().st_size}|{self.weight}"
        digest = hashlib.sha256(stamp.encode()).hexdigest()[:12]
        return f"{self.family.replace(' ', '')}-{self.weight}-{digest}.ttf"


SANS = fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf"
SERIF = fontpkg_noto_serif.ROOT / "files" / "NotoSerif[wdth,wght].ttf"
INSTALLED = Path(__file__).with_name("fonts.conf")  # the system's typefaces that paper may use
SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts")  # as in fonts.conf
BOOK = 400
FACES = (
    Face("Paper Sans", 400, SANS),
    Face("Paper Sans", 700, SANS),
    Face("Paper Serif", 300, SERIF),
    Face("Paper Serif", 700, SERIF),
)


def prepare(folder: Path) -> dict[Face, Path]:
    """The cut files of all faces in ``folder``; missing ones are made now."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {face: folder / face.file_name for face in FACES}
    if all(path.exists() for path in files.values()):
        return files
    with _alone_in(folder):
        letters = functools.cache(_letters_of)
        for face, path in files.items():
            if not path.exists():
                part = path.with_suffix(f".{os.getpid()}")
                part.write_bytes(_cut(letters(face.source), face.weight))
                part.replace(path)
    return files


def arabic(weight: int) -> Path | None:
    """The installed Arabic typeface, whose letters are measured."""
    name = f"NotoSansArabic-{'Bold' if weight > BOOK else 'Regular'}.ttf"
    return next((path for folder in SYSTEM for path in Path(folder).rglob(name)), None)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _letters_of(source: Path) -> bytes:
    """The variable font reduced to the letters and features we use."""
    font = TTFont(source)
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
