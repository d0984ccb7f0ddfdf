"""Each answer of docs/where.md is where the page says."""

import re
from pathlib import Path

import pytest

from tests.test_docs import missing

PAGE = Path(__file__).parent.parent / "docs" / "where.md"
ROWS = re.findall(
    r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
)


def test_the_questions_are_numbered_and_each_has_an_answer() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, len(ROWS) + 1))
    assert len(ROWS) >= 20
    assert all(question.endswith("?") and answer for _, question, answer, _ in ROWS)


@pytest.mark.parametrize(("question", "places"), [(row[1], row[3]) for row in ROWS])
def test_file_and_function_exist(question: str, places: str) -> None:
    named = re.findall(r"`([^`]+)`", places)
    assert named
    for place in named:
        file, _, name = place.partition(":")
        assert name, f"{place} names no function"
        assert not missing(file, name), f"{question} {place} is not there"
