"""Who issues, quick paper instead of the warm renderers, and a register truly drawn and signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.certificates import graduates, pages, registry
from tests.certificates.paper import Paper
from tests.certificates.registry import Registry
from trainings.certificates import operations
from trainings.core.permissions import Role, Viewer


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> Paper:
    made = Paper()
    monkeypatch.setattr(operations, "workers", lambda: made)
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
    pages.send(client, pages.HERE)
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
