"""Whose programme it is, and the programme, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.programmes import keeping
from trainings.core.permissions import Viewer


@pytest.fixture
def by(each_app: Flask) -> Viewer:
    """IOM's organiser, whose programme Spartacus is."""
    return keeping.organiser()


@pytest.fixture
def programme(by: Viewer) -> str:
    return keeping.programme(by)
