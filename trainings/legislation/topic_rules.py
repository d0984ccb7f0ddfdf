"""The fourteen topics that a register begins with, each with the question it asks."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trainings.core.i18n import LANGUAGES, Texts
from trainings.legislation.rules import Picture

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Topic:
    """A topic: its title and its question in each language, and how it can be drawn."""

    code: str
    position: int
    titles: Texts
    questions: Texts
    picture: Picture


def _texts(row: Mapping[str, str], prefix: str) -> Texts:
    return {code: row[f"{prefix}_{code.partition('_')[0]}"] for code in LANGUAGES}


def _topics() -> tuple[Topic, ...]:
    with (DATA / "topics.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Topic(
                row["topic"],
                position,
                _texts(row, "title"),
                _texts(row, "question"),
                Picture(row["picture"]),
            )
            for position, row in enumerate(csv.DictReader(file))
        )


TOPICS = _topics()
