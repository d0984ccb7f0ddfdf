"""An engine and a cage, warm for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trainings.printing.cage import Workers
from trainings.printing.pdf import Engine


@pytest.fixture(scope="session")
def engine(fonts_folder: Path) -> Engine:
    return Engine(fonts_folder)


@pytest.fixture(scope="session")
def workers(fonts_folder: Path) -> Iterator[Workers]:
    with Workers(fonts_folder) as workers:
        yield workers
