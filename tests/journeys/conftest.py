"""Browser tests walk through a whole installation: its server, its worker, its mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.demo import template
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from trainings.core.db import db

Welcome = Callable[..., Visitor]


@pytest.fixture
def house(make_app: Callable[..., Flask]) -> Iterator[House]:
    """An installation with agencies and functions, and nothing else."""
    made = House()
    app = make_app("sqlite", BASE_URL=made.url)
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=True)
    with made.open(app):
        yield made


@pytest.fixture
def welcome(house: House, browser: Browser) -> Iterator[Welcome]:
    """Gives each person a browser of their own; what any of them complains of is a fault."""
    visitors: list[Visitor] = []

    def make(language: str = "en", **more: Any) -> Visitor:
        visitors.append(Visitor(house, browser, language, **more))
        return visitors[-1]

    yield make
    complaints = [fault for one in visitors for fault in one.complaints]
    for one in visitors:  # shown where a test fails
        print(one.at, one.page.locator("body").inner_text(), sep="\n", end="\n\n")
        one.context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation with the demo, for tests that only look at it."""
    made = House()
    app = template.copied(demo_template, tmp_path_factory.mktemp("demo"), made.url)
    said = (demo_template / template.SAID).read_text(encoding="utf-8")
    made.links = dict(re.findall(r"(?m)^(.+?) {2,}http\S+?(/sign-in/link/\S+)$", said))
    with made.open(app):
        yield made
    with app.app_context():
        db.engine.dispose()
