"""What is refused as unprintable where it is typed is what the typefaces lack, and nothing else.

After an upgrade of the fonts run this file as a program: it writes ``core/printable.txt`` anew.
"""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from textwrap import fill

import pytest
from fontTools.ttLib import TTFont
from msgspec.structs import replace

from tests.printing.samples import CERTIFICATE
from trainings.core import text
from trainings.printing.fonts import INSTALLED, prepare
from trainings.printing.pdf import Engine, Undrawable
from trainings.printing.rules import Reason

TABLE = Path(text.__file__).with_name("printable.txt")
UNSEEN = {0x200C, 0x200D, 0x180E, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def covered(fonts_folder: Path) -> set[int]:
    """What both the sans and the serif faces have, with all that they borrow from."""
    installed = subprocess.run(
        ["fc-list", ":", "file", "family", "index"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "FONTCONFIG_FILE": str(INSTALLED)},
    ).stdout
    shared: set[int] = set()
    sans, serif = set(), set()
    for face, path in prepare(fonts_folder).items():
        (sans if face.family == "Paper Sans" else serif).update(letters(path, -1))
    for line in set(installed.splitlines()):
        path, number = Path(line.split(":")[0]), int(line.rpartition("index=")[2])
        if path.stem.endswith(("-Regular", "-Bold")):
            kind = shared
            if "CJK" in path.name:
                kind = sans if "Sans" in path.name else serif
            kind.update(letters(path, number & 0xFFFF if path.suffix == ".ttc" else -1))
    return {
        code
        for code in UNSEEN | shared | (sans & serif) | (sans & shared) | (serif & shared)
        if unicodedata.category(chr(code)) not in {"Cn", "Co", "Cc", "Cs"}
    }


def letters(path: Path, number: int) -> set[int]:
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return set(font.getBestCmap())


def spans(codes: set[int]) -> str:
    """As the table has them."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return fill(" ".join(f"{a:x}-{b:x}" if a < b else f"{a:x}" for a, b in found), 99) + "\n"


def test_the_table_promises_no_more_than_the_typefaces_have(fonts_folder: Path) -> None:
    have = covered(fonts_folder)
    promised = {code for code in range(0x110000) if not text.unprintable(chr(code))}
    assert {f"U+{code:04X}" for code in promised - have if code > 0x7F} == set()
    assert len(promised) > 50_000


@pytest.mark.parametrize("character", ["\U00013000", "𐐀", "\uf0b7", "🙂", "ꦏ"])
def test_what_cannot_be_drawn_is_refused_where_it_is_typed(engine: Engine, character: str) -> None:
    assert text.unprintable(f"Ana {character}") == character
    with pytest.raises(text.Unprintable) as refused:
        text.clean(f"{character} Interviews", 60)
    assert character in str(refused.value) or f"U+{ord(character):04X}" in str(refused.value)
    with pytest.raises(Undrawable) as refusal:
        engine.draw(replace(CERTIFICATE, holder_name=f"Ana {character}"))
    assert refusal.value.reason is Reason.NO_GLYPH
    assert refusal.value.detail == character, "it says which"


@pytest.mark.parametrize(
    "name", ["葛\U000e0100城", "ശ്\u200dരീ", "علی\u200cرضا", "№ 5", "Ⅳ", "→ ✓ •"]
)
def test_what_passes_is_drawn(engine: Engine, name: str) -> None:
    assert text.clean(name, 60) == unicodedata.normalize("NFC", name)
    assert engine.draw(replace(CERTIFICATE, holder_name=name)).startswith(b"%PDF")


if __name__ == "__main__":
    TABLE.write_text(spans(covered(Path(sys.argv[1]))))
