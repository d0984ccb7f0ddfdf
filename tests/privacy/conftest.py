"""Somebody of whom everything is held."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.privacy import somebody
from tests.privacy.somebody import Somebody


@pytest.fixture
def who(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    return somebody.build(monkeypatch)
