"""The desk of the tests of questions."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.questions import asking


@pytest.fixture
def desk(each_app: Flask) -> asking.Desk:
    """A course with somebody who confirmed, on either database."""
    return asking.desk()
