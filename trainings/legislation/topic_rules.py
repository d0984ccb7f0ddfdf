"""The fourteen topics that a register begins with, and what is refused of others."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, Texts, _l
from trainings.legislation.rules import Picture

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
DATA = Path(__file__).parent / "data"


class TopicCodeOdd(Refusal):
    """A code that no address and no column of a list could hold."""

    sentence = _l("Use small letters, digits and _ only, such as penalty_basic.")
    field = "code"


class TopicTaken(Refusal):
    """A second topic of the same code."""

    sentence = _l("There is already a topic with this code.")
    field = "code"


def check_code(code: str) -> None:
    """Raises ``TopicCodeOdd`` where a code could not stand in an address."""
    if _CODE.fullmatch(code) is None or code == "new":
        raise TopicCodeOdd


class Topic(Struct, frozen=True):
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
