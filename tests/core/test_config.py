"""Production refuses to start on what is unsafe, with status 78 and the fault named (S24)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainings.core import config, keys


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "keys.json"
    keys.create(path)
    return {
        "TRAININGS_ENV": "production",
        "TRAININGS_INSTANCE": str(tmp_path),
        "BASE_URL": "https://trainings.example",
    }


def _refused(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stop:
        config.load(environ)
    assert stop.value.code == 78
    return capsys.readouterr().err


def test_a_sound_installation_starts(environ: dict[str, str]) -> None:
    settings = config.load(environ)
    assert settings.production
    assert settings.https


def test_no_keys(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "keys.json").unlink()
    assert "no key file" in _refused(environ, capsys)
    assert not (tmp_path / "keys.json").exists()


def test_keys_that_others_can_read(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "keys.json").chmod(0o640)
    assert "read by others" in _refused(environ, capsys)


@pytest.mark.parametrize(
    "change",
    [{"cookie": "short"}, {"index": "c2hvcnQ="}, {"seal": {"k1": "c2hvcnQ="}}, {"seal_id": "k9"}],
)
def test_short_or_missing_keys(
    environ: dict[str, str],
    tmp_path: Path,
    change: dict[str, object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert "too short or missing" in _refused(environ, capsys)


def test_broken_keys(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{}")
    assert "not whole" in _refused(environ, capsys)
    path.write_text("not json")
    assert "not valid JSON" in _refused(environ, capsys)


def test_debugging(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "FLASK_DEBUG" in _refused({**environ, "FLASK_DEBUG": "1"}, capsys)


def test_no_base_url(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    del environ["BASE_URL"]
    assert "BASE_URL is not set" in _refused(environ, capsys)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "trainings.example", "https://", "https://a.example:x", "https://[x"],
)
def test_a_base_url_that_is_none(
    environ: dict[str, str], url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "not an http or https address" in _refused({**environ, "BASE_URL": url}, capsys)


@pytest.mark.parametrize("url", ["http://trainings.example", "http://10.0.0.7:8000"])
def test_production_without_https(
    environ: dict[str, str], url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is not https" in _refused({**environ, "BASE_URL": url}, capsys)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]
)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_this_machine_may_be_reached_without_https(
    environ: dict[str, str], url: str, environment: str
) -> None:
    settings = config.load({**environ, "BASE_URL": url, "TRAININGS_ENV": environment})
    assert settings.base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://trainings.example",
        "http://0.0.0.0:8000",
        "http://192.0.2.7:8000",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://[2001:db8::1]:8000",
    ],
)
def test_development_beyond_this_machine(
    environ: dict[str, str], url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    open_to_all = {**environ, "BASE_URL": url, "TRAININGS_ENV": "development"}
    assert "not on this machine" in _refused(open_to_all, capsys)


def test_development_listening_to_everybody(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a BASE_URL it follows from HOST, and unset means development."""
    del environ["BASE_URL"], environ["TRAININGS_ENV"]
    assert "not on this machine" in _refused({**environ, "HOST": "0.0.0.0"}, capsys)  # noqa: S104


def test_an_unknown_environment(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "development or production" in _refused({**environ, "TRAININGS_ENV": "prod"}, capsys)


def test_development_makes_its_keys(tmp_path: Path) -> None:
    config.load({"TRAININGS_INSTANCE": str(tmp_path)})
    path = tmp_path / "keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    config.load({"TRAININGS_INSTANCE": str(tmp_path)})
    assert path.read_bytes() == before


def test_settings_do_not_print_secrets(environ: dict[str, str]) -> None:
    found = config.load({**environ, "SMTP_PASSWORD": "very-secret", "DATABASE_URL": "x://p@h"})
    parts = (found, found.smtp, found.keys)
    shown = repr(parts) + str([list(one.__rich_repr__()) for one in parts])
    assert "very-secret" not in shown
    assert "p@h" not in shown
    assert "cookie" not in shown


def test_the_folder_of_all_data_is_closed_to_others(environ: dict[str, str]) -> None:
    folder = Path(environ["TRAININGS_INSTANCE"])
    folder.chmod(0o755)
    config.load(environ)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_closed(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(environ["TRAININGS_INSTANCE"]).chmod(0o755)

    def not_ours(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", not_ours)
    assert "cannot be closed to others" in _refused(environ, capsys)
