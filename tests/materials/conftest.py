"""Readers of a course's files, on SQLite and on each database."""

import pytest
from flask import Flask

from tests.materials.readers import People


@pytest.fixture
def people(app: Flask) -> People:
    return People(app)


@pytest.fixture
def each_people(each_app: Flask) -> People:
    return People(each_app)
