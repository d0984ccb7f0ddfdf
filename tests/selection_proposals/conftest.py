"""The course whose selection is proposed."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.selection_proposals import desk as desks
from tests.selection_proposals.desk import Desk


@pytest.fixture
def desk(each_app: Flask) -> Desk:
    """Three seats and five endorsed candidates, on either database."""
    return desks.desk()
