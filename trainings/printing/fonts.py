"""The typefaces of the paper: those cut once from the packaged Noto files, and those installed.

The packages ship one variable file per family. Cutting out the weights we use costs tens of
milliseconds per face and page, so it is done once, in the setup or at the first printing (about ten
seconds), and the result is kept in a folder of the installation. The other scripts come from the
system's Noto files, which ``fonts.conf`` names: each is opened when a page first needs it. Which
letters all of them have is written down in ``core/printable.txt``, so that a letter that paper
cannot show is refused where it is typed. ``Measure`` says how wide a text will be, and breaks it.
"""

import fcntl
import functools
import hashlib
import io
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_serif
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from msgspec import Struct

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


class Face(Struct, frozen=True):
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
IDEOGRAPH = 1.0
UNKNOWN = 0.62
TINY = 1e-9  # tolerance for widths added up in another order
JOINED = 0.87  # width of joined Arabic letters, relative to their width when isolated
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


class Measure(Struct, frozen=True):
    """The advance widths of one face, in ems."""

    advances: Mapping[int, float]

    def width(self, text: str) -> float:
        """The width of ``text`` set at one em."""
        return sum(self._advance(character) for character in text)

    def _advance(self, character: str) -> float:
        known = self.advances.get(ord(character))
        if known is not None:
            return known
        if unicodedata.combining(character):
            return 0.0
        if unicodedata.east_asian_width(character) in ("W", "F"):
            return IDEOGRAPH
        return UNKNOWN

    def lines(self, text: str, room: float) -> list[str]:
        """``text`` in the fewest lines of ``room`` ems, evened out so that none is very short.

        A word longer than a line stays whole here; the style sheet breaks it.
        """
        words = [
            (piece, joint, self.width(piece), self.width(joint))
            for word in text.split()
            for piece, joint in self._pieces(word, room)
        ]
        count = len(self._greedy(words, room))
        if count < 2:
            return [text]
        low, high = max(wide for _, _, wide, _ in words), room
        for _ in range(12):  # the narrowest measure that still gives as many lines
            middle = (low + high) / 2
            if len(self._greedy(words, middle)) <= count:
                high = middle
            else:
                low = middle
        return self._greedy(words, high)

    def _pieces(self, word: str, room: float) -> list[tuple[str, str]]:
        """A word, or the parts of one longer than a line; and what joins it to the next."""
        if self.width(word) <= room:
            return [(word, " ")]
        parts, part = [], ""
        for character in word:
            if (
                part
                and not unicodedata.combining(character)
                and (self.width(part + character) > room * 0.5)
            ):
                parts.append(part)
                part = ""
            part += character
        parts.append(part)
        return [(piece, " " if number == 0 else "") for number, piece in enumerate(parts)]

    def _greedy(self, words: Sequence[tuple[str, str, float, float]], room: float) -> list[str]:
        lines: list[str] = []
        filled = 0.0
        for word, joint, wide, gap in words:
            if lines and filled + gap + wide <= room + TINY:
                lines[-1] += joint + word
                filled += gap + wide
            else:
                lines.append(word)
                filled = wide
        return lines


def runs_rightward(text: str) -> bool:
    """False where the first letter with a direction is Arabic or Hebrew."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return False
        if direction == "L":
            return True
    return True


def measure(faces: dict[Face, Path], family: str, weight: int) -> Measure:
    """The widths of a face, read from its file, and of the Arabic letters used with it."""
    own = next(p for face, p in faces.items() if (face.family, face.weight) == (family, weight))
    beside = arabic(weight)
    joined = {code: width * JOINED for code, width in _advances(beside).items()} if beside else {}
    return Measure(joined | _advances(own))


def _advances(path: Path) -> dict[int, float]:
    with TTFont(path, lazy=True) as font:
        units, metrics, letters = font["head"].unitsPerEm, font["hmtx"].metrics, font.getBestCmap()
        return {code: metrics[name][0] / units for code, name in letters.items()}


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
