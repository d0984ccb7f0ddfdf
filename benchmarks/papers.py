"""The papers of a course of sixty and nine trainers, each as it is drawn while a browser waits."""

import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from msgspec.structs import replace

from benchmarks.certificates_pdf import documents as certificates
from benchmarks.certificates_pdf import memory_of, plain_loop
from benchmarks.rows import Row
from benchmarks.turns import compared, in_turns
from tests.printing.paper_samples import BADGES, BEARERS, LETTER, SHEET, TENTS
from trainings.printing.cage import Workers
from trainings.printing.fonts import prepare
from trainings.printing.paper_rules import Document

TITLE = "Papers of a course: 60 people, 9 trainers, four days"
PEOPLE, TRAINERS, DAYS, ROUNDS = 60, 9, 4, 5


def rows() -> Iterator[Row]:
    """Each paper from warm renderers, in turns with a plain loop; a renderer's memory."""
    with tempfile.TemporaryDirectory(prefix="trainings-bench-") as folder:
        prepare(Path(folder))
        with Workers(Path(folder)) as workers:
            workers.warm_up()
            ten = plain_loop(Path(folder), certificates()[:10])
            for what, documents in papers().items():
                taken, plainly = in_turns(
                    lambda documents=documents: draw(workers, documents), ten, turns=ROUNDS, each=1
                )
                name = "ten certificates in a plain loop"
                yield compared(what, taken, plainly, name, 5.5, "≤ 12 s")
            memory = max(map(memory_of, workers.processes()))
    yield Row("a renderer's memory afterwards", f"{memory} MB")


def papers() -> dict[str, list[Document]]:
    """What is printed for the room, and the letters."""
    bearers = tuple(islice(cycle(BEARERS), PEOPLE + TRAINERS))
    lines = tuple(islice(cycle(SHEET.tables[0].rows), PEOPLE))
    day = replace(SHEET.tables[0], rows=lines)
    return {
        f"attendance sheets, {DAYS} days": [replace(SHEET, tables=(day,) * DAYS)],
        f"badges, {len(bearers)}": [replace(BADGES, bearers=bearers)],
        f"tents, {len(bearers)}": [replace(TENTS, bearers=bearers)],
        f"letters, {PEOPLE}": [LETTER] * PEOPLE,
    }


def draw(workers: Workers, documents: list[Document]) -> None:
    """Draw a paper, or one document for each person, with both renderers."""
    for _number, drawn in workers.render(enumerate(documents)):
        assert isinstance(drawn, bytes), drawn
