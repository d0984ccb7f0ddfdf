"""Measures how wide a text will be, and breaks it into even lines."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

IDEOGRAPH = 1.0
UNKNOWN = 0.62
TINY = 1e-9  # tolerance for widths added up in another order


@dataclass(frozen=True, slots=True)
class Measure:
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
