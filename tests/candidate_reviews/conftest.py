"""The course whose candidates are read."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.candidate_reviews import desk as desks
from tests.candidate_reviews.desk import Desk


@pytest.fixture
def desk(each_app: Flask) -> Desk:
    """Two readers who were named, and two endorsed candidates, on either database."""
    return desks.desk()
