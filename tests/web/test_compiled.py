"""Compiled templates are kept, and only our own are run; addresses are compiled when asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, url_for
from jinja2 import DictLoader, Environment
from werkzeug.routing import Map, Rule

from trainings.web import compiled
from trainings.web.compiled import CompiledTemplates, LazyRule

KEY = "k" * 32


def shown(folder: Path, text: str = "old {{ 1 + 1 }}", key: str = KEY) -> str:
    cache = CompiledTemplates(folder, key)
    kept = Environment(autoescape=True, loader=DictLoader({"a.html": text}), bytecode_cache=cache)
    return kept.get_template("a.html").render()


@pytest.fixture
def compilings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each template that is compiled from here on."""
    done: list[str] = []
    real = Environment.compile

    def noted(self: Environment, source: str, *rest: object, **more: object) -> object:
        done.append(source)
        return real(self, source, *rest, **more)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(Environment, "compile", noted)
    return done


def test_a_template_is_compiled_once(tmp_path: Path, compilings: list[str]) -> None:
    folder = tmp_path / "kept"
    assert [shown(folder), shown(folder)] == ["old 2", "old 2"]
    assert len(compilings) == 1
    assert folder.stat().st_mode & 0o077 == 0


def test_a_changed_template_is_compiled_again(tmp_path: Path, compilings: list[str]) -> None:
    assert [shown(tmp_path), shown(tmp_path, "new {{ 2 + 2 }}")] == ["old 2", "new 4"]
    assert len(compilings) == 2


def test_what_others_put_there_is_not_run(tmp_path: Path, compilings: list[str]) -> None:
    """A file of another key, a changed one, another template's, a cut one: each is passed over."""
    shown(tmp_path, key="other" * 8)
    assert (shown(tmp_path), len(compilings)) == ("old 2", 2)
    (kept,) = tmp_path.iterdir()
    good = kept.read_bytes()
    for bad in (good[:-1] + bytes([good[-1] ^ 1]), good[:40], b"", b"x" * len(good)):
        kept.write_bytes(bad)
        compilings.clear()
        assert (shown(tmp_path), len(compilings)) == ("old 2", 1)
    two = {"b.html": "old {{ 1 + 1 }}"}
    cache = CompiledTemplates(tmp_path, KEY)
    kept.rename(tmp_path / cache.get_cache_key("b.html"))
    other = Environment(autoescape=True, loader=DictLoader(two), bytecode_cache=cache)
    compilings.clear()
    assert (other.get_template("b.html").render(), len(compilings)) == ("old 2", 1)


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    assert shown(tmp_path / "kept") == shown(tmp_path / "none" / "kept") == "old 2"


def test_the_application_keeps_its_templates(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "CompiledTemplates", CompiledTemplates)  # not the tests' own
    app = make_app("sqlite")
    assert isinstance(app.jinja_env.bytecode_cache, CompiledTemplates)
    app.test_client().get("/")
    folder = app.extensions["settings"].instance / compiled.FOLDER
    assert any(folder.iterdir())


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
