"""Browser tests walk through a whole installation: its server, its worker, its mails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.journeys.house import House
from tests.journeys.visitor import Visitor

Welcome = Callable[..., Visitor]
expect.set_options(timeout=15_000)


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
