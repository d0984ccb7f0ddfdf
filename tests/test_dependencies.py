"""What is locked: new enough, with hashes, from no named index, and each for a reason."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REASONS = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8")
LOCKS = ["base", "dev", "node"]


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pinned(name: str) -> list[tuple[str, str]]:
    return re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", lock(name), re.MULTILINE)


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def minimum_versions() -> dict[str, str]:
    """The table *Minimum versions* of docs/decisions/dependencies.md."""
    _, _, table = REASONS.partition("## Minimum versions")
    return dict(re.findall(r"^\| ([a-z0-9.-]+) \| ([0-9.]+) \|", table, re.MULTILINE))


def asked_for() -> list[str]:
    names = []
    for name in LOCKS:
        text = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8")
        names += re.findall(r"^([a-z0-9.-]+?)(?:\[.*\])?(?:<.*)?$", text, re.MULTILINE)
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return names + list(package["dependencies"] | package["devDependencies"])


def test_there_is_a_table_of_minimum_versions() -> None:
    assert {"weasyprint", "cryptography", "jinja2", "werkzeug"} <= minimum_versions().keys()


@pytest.mark.parametrize(("package", "minimum"), sorted(minimum_versions().items()))
def test_nothing_older_than_its_minimum_is_locked(package: str, minimum: str) -> None:
    locked = [version for name in LOCKS for found, version in pinned(name) if found == package]
    assert locked, f"{package} has a minimum version but is not locked at all"
    assert all(number(version) >= number(minimum) for version in locked), (package, locked)


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash_and_no_index(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock(name).strip())
    assert len(entries) == len(pinned(name)) > 0
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url.*|--find-links.*", lock(name)) == []


def test_the_tests_run_on_what_is_served() -> None:
    assert set(pinned("base")) <= set(pinned("dev"))


def test_front_end_parts_have_hashes_and_no_registry() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: part for name, part in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, part in packages.items() if "sha512-" not in part["integrity"]] == []
    assert "resolved" not in text


@pytest.mark.parametrize("package", asked_for())
def test_each_dependency_has_its_reason(package: str) -> None:
    assert re.search(rf"^\| {re.escape(package)} \| \S", REASONS, re.MULTILINE), package


def test_nothing_is_installed_that_nothing_uses() -> None:
    quietly = {
        "email-validator": "what WTForms' Email asks",
        "httptools": "uvicorn reads requests with it",
        "psycopg": "SQLAlchemy loads it by name",
        "tzdata": "zoneinfo reads it",
    }
    imported = {
        "argon2-cffi": "argon2",
        "bootstrap-flask": "flask_bootstrap",
        "zxing-cpp": "zxingcpp",
    }
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "trainings").rglob("*.py"))
    )
    text = (ROOT / "requirements" / "base.in").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9.-]+?)(?:\[.*\])?$", text, re.MULTILINE)
    unused = [
        name
        for name in names
        if name not in quietly
        and not re.search(
            rf"^\s*(?:import|from) {imported.get(name, name.replace('-', '_'))}\b",
            sources,
            re.MULTILINE,
        )
    ]
    assert names
    assert unused == []
