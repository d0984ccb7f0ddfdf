"""Compiled templates are kept in the instance folder, and only our own are run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment

from trainings.core import compiled
from trainings.core.compiled import CompiledTemplates

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


def test_the_application_keeps_its_templates(make_app: Callable[..., Flask]) -> None:
    app = make_app("sqlite")
    assert isinstance(app.jinja_env.bytecode_cache, CompiledTemplates)
    app.test_client().get("/")
    folder = app.extensions["settings"].instance / compiled.FOLDER
    assert any(folder.iterdir())
