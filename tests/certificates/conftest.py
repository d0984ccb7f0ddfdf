"""Who issues, and quick paper instead of the warm renderers."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories
from tests.certificates.paper import Paper
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
