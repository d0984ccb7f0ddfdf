"""Who issues, quick paper instead of the warm renderers, and a register truly drawn and signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import asking, factories
from tests.certificates import graduates, pages, registry
from tests.certificates.paper import Paper
from tests.certificates.printing import registrations_of
from tests.certificates.registry import Registry
from tests.verification.forging import SAID
from trainings.certificates import operations, rendering_operations
from trainings.core.db import db, transaction
from trainings.core.permissions import Role, Viewer
from trainings.print_room import operations as print_operations
from trainings.printing.paper_rules import PaperDocument
from trainings.printing.pdf import Engine
from trainings.registrations.models import Registration


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Paper:
    made = Paper()
    monkeypatch.setattr(rendering_operations, "workers", lambda: made)
    return made


@pytest.fixture
def lead(each_app: Flask) -> Viewer:
    return factories.account(Role.ORGANISER, agency="IOM")


@pytest.fixture
def completed(client: FlaskClient, lead: Viewer) -> str:
    """A completed course of five people who have earned theirs; its organiser is signed in."""
    made = graduates.course_of(pages.NAMES)
    factories.sign_in(client, lead)
    return made


@pytest.fixture
def listed(app: Flask, client: FlaskClient, completed: str, paper: Paper) -> str:
    """The same, all five issued and their files made."""
    asking.send(client, pages.HERE)
    factories.run_jobs(app)
    return completed


@pytest.fixture(scope="module")
def issued(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    key_file: Path,
    fonts_folder: Path,
) -> Iterator[Registry]:
    """Made anew for each module: some seconds."""
    folder = tmp_path_factory.mktemp("registry")
    with registry.opened(folder, sqlite_template, key_file, fonts_folder) as made:
        yield made


@pytest.fixture(scope="module")
def engine(fonts_folder: Path) -> Engine:
    return Engine(fonts_folder)


@pytest.fixture
def told(issued: Registry, tmp_path: Path) -> Iterator[Callable[[bytes], str]]:
    """What is said of a dropped file: by the page and, the same, by the command line."""

    def ask(pdf: bytes) -> str:
        body = issued.drop(pdf)
        found = [verdict for verdict in SAID if verdict in body]
        assert len(found) == 1, found
        assert issued.verify(pdf, tmp_path) == SAID[found[0]]
        for part in ("María", "Núñez", "Álvarez", "Bolivia"):
            assert part not in body
        return found[0]

    yield ask
    issued.put_back()


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pages that were joined last."""
    found: list[bytes] = []

    def join(parts: Iterable[bytes], *_: str) -> bytes:
        found[:] = parts
        return b"%PDF joined"

    monkeypatch.setattr(print_operations.joining, "join", join)
    return found


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[PaperDocument]:
    """What was drawn beside the certificates."""
    found: list[PaperDocument] = []

    def draw_all(papers: Iterable[PaperDocument]) -> list[bytes]:
        fresh = list(papers)
        found.extend(fresh)
        return [f"%PDF {type(paper).__name__}".encode() for paper in fresh]

    monkeypatch.setattr(print_operations.cage, "draw_all", draw_all)
    return found


@pytest.fixture
def olga(app: Flask, paper: Paper) -> Viewer:
    """An organiser of the lead agency, on one database; quick paper."""
    return factories.account(Role.ORGANISER, agency="IOM", name=("Olga", "Muster"))


@pytest.fixture
def graduated(olga: Viewer) -> str:
    """Three graduates: Ana of Argentina, María José and D’Angelo of Bolivia."""
    made = graduates.course_of()
    with transaction() as session:
        session.get_one(Registration, registrations_of(made)["Ana"]).country = "AR"
    operations.issue_for_course(made, olga)
    rendering_operations.render(made)
    db.session.remove()
    return made
