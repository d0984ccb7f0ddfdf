"""Addresses are compiled when they are first asked for, and are the same."""

from __future__ import annotations

import inspect

import pytest
from flask import Flask, url_for
from werkzeug.routing import Map, Rule

from trainings.core.routes import LazyRule

RULES = ("/", "/courses/<code>", "/a/<int:number>/<path:rest>", "/é/<any(x, y):kind>")
VALUES = (
    {},
    {"code": "BUE 27/ñ", "page": "2"},
    {"number": 7, "rest": "a/b c", "q": "é&"},
    {"kind": "y"},
)


@pytest.mark.parametrize("kind", [Rule, LazyRule])
def test_addresses_are_those_of_the_library(kind: type[Rule]) -> None:
    routes = Map([kind(rule, endpoint=rule) for rule in RULES]).bind("here.example")
    built = [
        routes.build(rule, values, append_unknown=more)
        for rule, values in zip(RULES, VALUES, strict=True)
        for more in (True, False, True)
    ]
    assert built[3:9] == [
        "/courses/BUE%2027/%C3%B1?page=2",
        "/courses/BUE%2027/%C3%B1",
        "/courses/BUE%2027/%C3%B1?page=2",
        "/a/7/a/b%20c?q=%C3%A9%26",
        "/a/7/a/b%20c",
        "/a/7/a/b%20c?q=%C3%A9%26",
    ]


def test_a_start_compiles_none(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[Rule] = []
    real = Rule._compile_builder

    def noted(self: Rule, append_unknown: bool = True) -> object:
        compiled.append(self)
        return real(self, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    assert app.url_rule_class is LazyRule
    late = Flask("late")
    late.url_rule_class = LazyRule
    late.add_url_rule("/late/<code>", "late", lambda code: code)
    assert not any(isinstance(rule, LazyRule) for rule in compiled)
    compiled.clear()
    with late.test_request_context():
        assert [url_for("late", code="a"), url_for("late", code="b")] == ["/late/a", "/late/b"]
    assert len(compiled) == 1


def test_the_library_asks_for_them_as_we_answer() -> None:
    """A private method: when an upgrade moves it, addresses are only compiled early again."""
    assert "_compile_builder(False).__get__(self, None)" in inspect.getsource(Rule.compile)
